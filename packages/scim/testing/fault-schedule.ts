import type { RequestOperation, TargetAnswer, TargetRequest } from './target-state.ts';

/** Every form of `Retry-After` that targets send: seconds, a date so many milliseconds from now, or nonsense. */
export type RetryAfter =
  | number
  | { dateInMs: number }
  | 'negative'
  | 'ten-years'
  | 'ten-years-date'
  | 'garbage'
  | 'empty';

/** What goes wrong. Those marked "alters" act on the true answer, so their phase is always `after`. */
export type FaultEffect =
  /** The socket closes without an answer: after the change it is the lost answer. */
  | { kind: 'destroy'; reset?: boolean }
  | {
      kind: 'status';
      status: number;
      retryAfter?: RetryAfter;
      scimType?: string;
      detail?: string;
      headers?: Record<string, string>;
    }
  /** No answer for so long (30 s unless told), then the socket closes. */
  | { kind: 'hang'; ms?: number }
  /** Waits, then goes on. */
  | { kind: 'delay'; ms: number }
  /** Waits until `release(rule id)`, then goes on. */
  | { kind: 'barrier' }
  /** An HTML page with 200 (or another status). */
  | { kind: 'html'; status?: number }
  | { kind: 'body'; status?: number; contentType?: string; body: string }
  /** Nothing with 200, or another status; after a refusal with the status of that. */
  | { kind: 'empty-body'; status?: number }
  /** A body that does not end before `maxBytes` (1 GiB unless told) or the reader's closing. */
  | { kind: 'endless-body'; maxBytes?: number }
  /** A small gzip answer that unpacks to so many bytes. */
  | { kind: 'gzip-bomb'; bytes: number }
  | { kind: 'redirect'; location: string; status?: number }
  /** Alters: the head announces the whole body, the socket closes after a part (half unless told). */
  | { kind: 'cut-body'; bytes?: number }
  /** Alters: half of the JSON, with the length of that half. */
  | { kind: 'truncated-json' }
  | { kind: 'wrong-content-type'; contentType?: string }
  /** Alters: the body comes a byte at a time (one every 50 ms unless told). */
  | { kind: 'slow-loris'; bytesPerChunk?: number; everyMs?: number }
  /** Alters: a list without records and total. */
  | { kind: 'empty-list' }
  /** Alters: totalResults is 0 though the page has records. */
  | { kind: 'shrinking-total' }
  | { kind: 'duplicate-records' }
  /** Alters: the first record of the page is left out. */
  | { kind: 'missing-record' }
  /** Alters: the answer carries the id of the oldest other record. */
  | { kind: 'reuse-id' }
  /** Alters: userName and emails come back in upper case. */
  | { kind: 'wrong-case' }
  | { kind: 'string-booleans' }
  | { kind: 'extra-schemas' }
  | { kind: 'missing-schemas' }
  /** Acts before: every page is the first one, and its cursor leads back to it. */
  | { kind: 'same-page' }
  /** Acts before a create: the account is found by no read for so long. */
  | { kind: 'hide'; ms: number }
  /** Any other answer; undefined leaves the true one. Not available over JSON. */
  | { kind: 'custom'; run: (context: FaultContext) => TargetAnswer | undefined | Promise<TargetAnswer | undefined> };

/** What a rule sees of a request. */
export interface FaultContext {
  request: TargetRequest;
  operation: RequestOperation;
  /** Userlike names in the request: record id, and userName, externalId, displayName of body or record. */
  names: string[];
  /** The true answer; undefined in phase `before`. */
  answer: TargetAnswer | undefined;
  /** How often this rule has matched such a request (same method, path and name), this one included. */
  attempt: number;
}

export interface FaultRule {
  id: string;
  match?: {
    method?: string | string[];
    operation?: RequestOperation | RequestOperation[];
    /** Under the base path, as sent; a string is whole, with `*` for any characters: "/Users/*". */
    path?: string | RegExp;
    /** 1 is the first attempt; a list names several. */
    attempt?: number | number[];
    /** A record id, userName, externalId or displayName. */
    user?: string;
    /** Fires by chance, drawn from the target's seed. */
    probability?: number;
    predicate?: (context: FaultContext) => boolean;
  };
  /** Before the change is applied (then it is not, if the effect answers) or after. */
  phase?: 'before' | 'after';
  effect: FaultEffect;
  /** `verifyRequired()` fails below it; 1 unless told. */
  minFires?: number;
  /** 1 unless told. */
  maxFires?: number;
}

const ALTERING: ReadonlySet<FaultEffect['kind']> = new Set([
  'cut-body',
  'truncated-json',
  'wrong-content-type',
  'slow-loris',
  'empty-list',
  'shrinking-total',
  'duplicate-records',
  'missing-record',
  'reuse-id',
  'wrong-case',
  'string-booleans',
  'extra-schemas',
  'missing-schemas',
]);
const BEFORE_ONLY: ReadonlySet<FaultEffect['kind']> = new Set(['same-page', 'hide']);

interface ArmedRule {
  rule: FaultRule;
  phase: 'before' | 'after';
  path: RegExp | undefined;
  fires: number;
  attempts: Map<string, number>;
}

/** A rule that has matched a request, in wait for its phase. */
export interface Candidate {
  armed: ArmedRule;
  attempt: number;
}

/** A scripted list of faults, as a test states it. Rules act in their order; the first that answers ends the phase. */
export class FaultSchedule {
  readonly #rules: ArmedRule[];
  readonly #random: () => number;

  constructor(rules: FaultRule[], random: () => number) {
    const ids = new Set<string>();
    for (const { id } of rules) {
      if (ids.has(id)) throw new Error(`Two fault rules have the id "${id}"; give each its own`);
      ids.add(id);
    }
    this.#rules = rules.map(armRule);
    this.#random = random;
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** The rules that concern a request; counts it as one attempt at each. Call it once a request. */
  select(context: Omit<FaultContext, 'attempt' | 'answer'>, path: string): Candidate[] {
    const candidates: Candidate[] = [];
    for (const armed of this.#rules) {
      if (!concerns(armed, context, path)) continue;
      const key = `${context.request.method} ${path} ${context.operation === 'create' ? context.names.join(' ') : ''}`;
      const attempt = (armed.attempts.get(key) ?? 0) + 1;
      armed.attempts.set(key, attempt);
      candidates.push({ armed, attempt });
    }
    return candidates;
  }

  /** Whether the candidate fires now; if so it is counted. */
  fires({ armed, attempt }: Candidate, context: FaultContext): boolean {
    const { match = {}, maxFires = 1 } = armed.rule;
    if (armed.fires >= maxFires) return false;
    const wanted = match.attempt;
    if (wanted !== undefined && !(Array.isArray(wanted) ? wanted.includes(attempt) : wanted === attempt)) return false;
    if (match.predicate !== undefined && !match.predicate(context)) return false;
    if (match.probability !== undefined && this.#random() >= match.probability) return false;
    armed.fires++;
    return true;
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#rules.map(({ rule, fires }) => [rule.id, fires]));
  }

  /** Throws when a fault that had to fire did not: the test has then tested nothing. */
  verifyRequired(): void {
    const missing = this.#rules.filter(({ rule, fires }) => fires < (rule.minFires ?? 1));
    if (missing.length === 0) return;
    const list = missing.map(({ rule, fires }) => `"${rule.id}" fired ${fires} of ${rule.minFires ?? 1} times`);
    throw new Error(
      `Faults that had to fire did not: ${list.join('; ')}. Mend the rule's match, or the test's scenario`,
    );
  }
}

function armRule(rule: FaultRule): ArmedRule {
  const { kind } = rule.effect;
  const natural = ALTERING.has(kind) ? 'after' : 'before';
  const phase = rule.phase ?? natural;
  if (ALTERING.has(kind) && phase === 'before')
    throw new Error(`Fault "${rule.id}": ${kind} alters the answer, so its phase is "after"`);
  if (BEFORE_ONLY.has(kind) && phase === 'after')
    throw new Error(`Fault "${rule.id}": ${kind} acts on the request, so its phase is "before"`);
  const { path } = rule.match ?? {};
  return { rule, phase, path: typeof path === 'string' ? compileGlob(path) : path, fires: 0, attempts: new Map() };
}

function compileGlob(glob: string): RegExp {
  const escaped = glob.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`);
}

function concerns(
  { rule, path: wanted }: ArmedRule,
  context: Omit<FaultContext, 'attempt' | 'answer'>,
  path: string,
): boolean {
  const { method, operation, user } = rule.match ?? {};
  if (method !== undefined && !oneOrMany(method).includes(context.request.method)) return false;
  if (operation !== undefined && !oneOrMany(operation).includes(context.operation)) return false;
  if (wanted !== undefined) {
    wanted.lastIndex = 0;
    if (!wanted.test(path)) return false;
  }
  return user === undefined || context.names.some((name) => name.toLowerCase() === user.toLowerCase());
}

function oneOrMany<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

/** A generator of numbers in [0, 1) that a seed repeats (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
