import type { components } from './generated/openapi.ts';

export type Problem = components['schemas']['Problem'];

/** A refusal or a failure of a call, in the words of the server where it answered. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: Problem['code'] | 'unreachable' | 'unreadable';
  /** Each field that is wrong, with its fix. */
  readonly fields: Problem['errors'];
  /** Finds the call in the server's log. */
  readonly requestId: string | undefined;
  /** Milliseconds until another try makes sense, when the server named them. */
  readonly retryAfterMs: number | undefined;

  constructor(options: {
    status: number;
    code: ApiError['code'];
    message: string;
    fields?: Problem['errors'];
    requestId?: string | undefined;
    retryAfterMs?: number | undefined;
  }) {
    super(options.message);
    this.name = 'ApiError';
    this.status = options.status;
    this.code = options.code;
    this.fields = options.fields ?? [];
    this.requestId = options.requestId;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** What is wrong with one field, as `field` or `body.field` of the refusal names it. */
  fieldText(name: string): string | undefined {
    const found = this.fields.filter(({ field }) => field === name || field === `body.${name}`);
    // Where there is a place, the fix speaks to callers of the API.
    const told = found.map(({ problem, fix, place }) => (place ? sentence(problem) : `${sentence(problem)} ${fix}`));
    return found.length === 0 ? undefined : told.join(' ');
  }
}

/** "is missing" → "Is missing." */
export function sentence(text: string): string {
  const closed = /[.!?]$/.test(text) ? text : `${text}.`;
  return `${closed.charAt(0).toUpperCase()}${closed.slice(1)}`;
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}

/** Refused by the server, in its words; not a server that failed, or that could not be asked. */
export function isRefusal({ status, code }: ApiError): boolean {
  return status >= 400 && status < 500 && code !== 'unreadable';
}

/** The refusal that an answer holds; answers of proxies are no JSON of ours. */
export function toApiError(response: Response, body: unknown): ApiError {
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const retryAfter = Number(response.headers.get('retry-after'));
  const retryAfterMs = Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter * 1000 : undefined;
  if (isProblem(body)) {
    const { status, code, detail, errors } = body;
    return new ApiError({ status, code, message: detail, fields: errors, requestId, retryAfterMs });
  }
  const message = `The server answered ${response.status} ${response.statusText}`.trim();
  return new ApiError({ status: response.status, code: 'unreadable', message, requestId, retryAfterMs });
}

function isProblem(body: unknown): body is Problem {
  return (
    typeof body === 'object' &&
    body !== null &&
    typeof (body as Problem).detail === 'string' &&
    typeof (body as Problem).code === 'string' &&
    Array.isArray((body as Problem).errors)
  );
}
