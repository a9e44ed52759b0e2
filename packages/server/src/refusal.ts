/**
 * Why a call was refused, for the person or program that made it. A closed list: `docs/errors.md` carries it, and a
 * test keeps both equal. Expected outcomes only; anything else that is thrown is our bug and shows as `internal`.
 */
export const REFUSAL_CODES = {
  invalid_request: { status: 400, title: 'The request cannot be understood' },
  unauthenticated: { status: 401, title: 'No valid credential was sent' },
  forbidden: { status: 403, title: 'The credential does not allow this' },
  confirmation_required: { status: 403, title: 'A fresh proof of who you are is required' },
  cross_site: { status: 403, title: 'The request comes from another site' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'The path does not take this method' },
  already_exists: { status: 409, title: 'It exists already' },
  conflict: { status: 409, title: 'The present state does not allow this' },
  precondition_failed: { status: 412, title: 'It was changed meanwhile' },
  too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported' },
  invalid_value: { status: 422, title: 'A value is not allowed' },
  precondition_required: { status: 428, title: 'If-Match is required' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Usher failed' },
  unavailable: { status: 503, title: 'Not ready' },
} as const;

export type RefusalCode = keyof typeof REFUSAL_CODES;

/**
 * Where a thing is mended, for a caller that has places rather than routes or commands: it says its own fix there, instead of
 * `fix`, which speaks to callers of the API and the command line.
 */
export const PLACES = [
  'apps',
  'setup',
  'users',
  'credential',
  'mapping',
  'versions',
  'plans',
  'matching',
  'drill',
  'drills',
  'test users',
  'rollouts',
  'pilot',
] as const;
export type Place = (typeof PLACES)[number];

/** One field that is wrong: where, what is wrong with its value, and what to do. */
export interface FieldProblem {
  /** Path in the request: `Email`, `mapping[3].target`, `users.csv line 12, column ManagerId`. */
  field: string;
  problem: string;
  fix: string;
  place?: Place;
}

export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly problems: FieldProblem[];

  constructor(code: RefusalCode, message: string, problems: FieldProblem[] = []) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.problems = problems;
  }
}

/** The refusal of a single field. */
export function refuseField(code: RefusalCode, field: string, problem: string, fix: string, place?: Place): Refusal {
  return new Refusal(code, `${field}: ${problem}`, [{ field, problem, fix, ...(place ? { place } : {}) }]);
}

/** What a person is told of work that failed: a refusal in its own words, a fault of ours by where to look. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Refusal)) return 'It failed through a fault of Usher: see the log.';
  return [error.message, ...error.problems.map(({ field, problem }) => `${field}: ${problem}.`)].join(' ');
}
