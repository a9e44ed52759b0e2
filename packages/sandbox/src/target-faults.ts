/** What a target under a fault does with a request: answers with a status, cuts the connection, or never answers. */
export type FaultAnswer = { status: number; retryAfter?: string | number; detail?: string } | 'reset' | 'hang';

export interface FaultRule {
  answer: FaultAnswer;
  /** Only the next so many requests that match; without it, every one until the faults are set anew. */
  times?: number;
  method?: string;
  /** Only requests whose path, below the base URL, begins so: `/Users`. */
  path?: string;
  /** The target does what it was asked first, and only its answer is lost or replaced: what makes a create ambiguous. */
  afterApplying?: boolean;
}

export interface TargetFaults {
  rules: FaultRule[];
  /** Added to every answer, on top of the target's own latency. */
  delayMs?: number;
}

export const noFaults: TargetFaults = { rules: [] };

/** Every request is refused as if the credential had been revoked. */
export const refuseAuth: FaultRule = { answer: { status: 401, detail: 'The bearer credential was revoked' } };

/** The target is there but every connection is cut. */
export const goDead: FaultRule = { answer: 'reset' };

export class FaultSwitch {
  #rules: FaultRule[] = [];
  #delayMs = 0;

  get delayMs(): number {
    return this.#delayMs;
  }

  set(faults: TargetFaults): void {
    this.#rules = faults.rules.map((rule) => ({ ...rule }));
    this.#delayMs = faults.delayMs ?? 0;
  }

  /** The first rule that matches, one use of which is taken. */
  take(method: string, path: string): FaultRule | undefined {
    const rule = this.#rules.find(
      (candidate) =>
        (candidate.times ?? 1) > 0 &&
        (candidate.method ?? method).toUpperCase() === method &&
        path.startsWith(candidate.path ?? ''),
    );
    if (rule?.times !== undefined) rule.times -= 1;
    return rule;
  }
}

export function parseTargetFaults(value: unknown): TargetFaults {
  if (!isRecord(value)) throw new TypeError('faults: expected an object { rules, delayMs }');
  const { rules = [], delayMs = 0, ...unknown } = value;
  assertNothingElse('faults', unknown);
  if (!Array.isArray(rules)) throw new TypeError('rules: expected a list');
  if (!isWholeNumber(delayMs)) throw new TypeError('delayMs: expected a whole number of milliseconds');
  return { rules: rules.map(parseFaultRule), delayMs };
}

function parseFaultRule(value: unknown, index: number): FaultRule {
  const at = `rules[${index}]`;
  if (!isRecord(value)) throw new TypeError(`${at}: expected an object`);
  const { answer, times, method, path, afterApplying, ...unknown } = value;
  assertNothingElse(at, unknown);
  if (times !== undefined && !isWholeNumber(times)) throw new TypeError(`${at}.times: expected a whole number`);
  if (method !== undefined && typeof method !== 'string') throw new TypeError(`${at}.method: expected a string`);
  if (path !== undefined && typeof path !== 'string') throw new TypeError(`${at}.path: expected a string`);
  if (afterApplying !== undefined && typeof afterApplying !== 'boolean') {
    throw new TypeError(`${at}.afterApplying: expected true or false`);
  }
  return {
    answer: parseFaultAnswer(answer, at),
    ...(times === undefined ? {} : { times }),
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { path }),
    ...(afterApplying === undefined ? {} : { afterApplying }),
  };
}

function parseFaultAnswer(value: unknown, at: string): FaultAnswer {
  if (value === 'reset' || value === 'hang') return value;
  if (!isRecord(value)) throw new TypeError(`${at}.answer: expected { status }, "reset" or "hang"`);
  const { status, retryAfter, detail, ...unknown } = value;
  assertNothingElse(`${at}.answer`, unknown);
  if (!isWholeNumber(status) || status < 200 || status > 599) {
    throw new TypeError(`${at}.answer.status: expected an HTTP status from 200 to 599`);
  }
  if (retryAfter !== undefined && typeof retryAfter !== 'string' && typeof retryAfter !== 'number') {
    throw new TypeError(`${at}.answer.retryAfter: expected seconds or an HTTP date`);
  }
  if (detail !== undefined && typeof detail !== 'string') throw new TypeError(`${at}.answer.detail: expected a string`);
  return {
    status,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(detail === undefined ? {} : { detail }),
  };
}

function assertNothingElse(at: string, unknown: Record<string, unknown>): void {
  const names = Object.keys(unknown);
  if (names.length > 0) throw new TypeError(`${at}: unknown field '${names[0]}'`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWholeNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
