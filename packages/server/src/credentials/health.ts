/** How long a credential lives, as far as anybody knows: a fixed age, an idle time that each use begins anew, or both. */
export interface LifePolicy {
  /** From the authorization on, whatever is done. */
  readonly lifetimeSeconds?: number | undefined;
  /** From the last refresh on. */
  readonly idleSeconds?: number | undefined;
  /** It ends only when somebody ends it. */
  readonly untilRevoked?: boolean | undefined;
  readonly source: 'entered' | 'learned';
  /** How it was learned, in words. */
  readonly how?: string | undefined;
}

export const PROBLEM_CODES = [
  'lost_answer',
  'answer_lost_once',
  'ended_at_target',
  'ran_out',
  'consumer_refused',
  'refused',
  'unreachable',
  'busy',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** What is wrong with a credential, and what a person can do. */
export interface CredentialProblem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly nextStep: string;
  readonly status?: number | undefined;
  readonly targetSaid?: string | undefined;
  /** ISO 8601. */
  readonly since: string;
}

export interface LifeFacts {
  readonly kind: string;
  readonly grantType: string | null;
  readonly authorizedAt: Date;
  /** When the tokens in force were given. */
  readonly obtainedAt: Date;
  readonly accessExpiresAt: Date | null;
  readonly hasRefreshToken: boolean;
}

export interface LifePrediction {
  /** Null: it does not end by itself, or nobody knows when. */
  readonly deathAt: Date | null;
  readonly why: string | null;
  /** When to refresh it, used or not. Null: that would not prolong anything. */
  readonly keepAliveAt: Date | null;
  /** Each refresh puts the end off. */
  readonly isPutOff: boolean;
}

const DAY_SECONDS = 86_400;
/** Even where nothing is known to end: a death is then noticed within a week rather than by the next leaver. */
const LONGEST_REST_SECONDS = 7 * DAY_SECONDS;
/** Of an unknown policy: shorter idle lifetimes than two days are rare, and a refresh a day harms nobody. */
const REST_OF_UNKNOWN_SECONDS = DAY_SECONDS;

/** When a credential ends unless something is done, and when to refresh it so that it does not. */
export function predictLife(facts: LifeFacts, entered: LifePolicy | null, learned: LifePolicy | null): LifePrediction {
  const policy = entered ?? learned;
  if (facts.kind !== 'oauth') return predictFixed(facts, policy);
  if (facts.grantType !== 'authorization_code') return { deathAt: null, why: null, keepAliveAt: null, isPutOff: false };
  if (!facts.hasRefreshToken) {
    const why = 'The target gave no refresh token, so the access token is all there is.';
    return { deathAt: facts.accessExpiresAt, why: facts.accessExpiresAt && why, keepAliveAt: null, isPutOff: false };
  }
  const ends: { at: Date; why: string; isPutOff: boolean }[] = [];
  const known = policy?.source === 'entered' ? 'entered' : 'learned';
  if (policy?.lifetimeSeconds !== undefined) {
    const at = addSeconds(facts.authorizedAt, policy.lifetimeSeconds);
    ends.push({
      at,
      why: `It lives ${describeSpan(policy.lifetimeSeconds)} from the authorization (${known}).`,
      isPutOff: false,
    });
  }
  if (policy?.idleSeconds !== undefined) {
    const at = addSeconds(facts.obtainedAt, policy.idleSeconds);
    ends.push({
      at,
      why: `It ends when it is not refreshed for ${describeSpan(policy.idleSeconds)} (${known}).`,
      isPutOff: true,
    });
  }
  const [first] = ends.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const isKnown = policy?.untilRevoked === true || policy?.lifetimeSeconds !== undefined;
  const restSeconds =
    policy?.idleSeconds !== undefined
      ? Math.min(policy.idleSeconds / 2, LONGEST_REST_SECONDS)
      : isKnown
        ? LONGEST_REST_SECONDS
        : REST_OF_UNKNOWN_SECONDS;
  return {
    deathAt: first?.at ?? null,
    why: first?.why ?? null,
    keepAliveAt: addSeconds(facts.obtainedAt, restSeconds),
    isPutOff: first?.isPutOff ?? false,
  };
}

function predictFixed({ authorizedAt }: LifeFacts, policy: LifePolicy | null): LifePrediction {
  if (policy?.lifetimeSeconds === undefined) return { deathAt: null, why: null, keepAliveAt: null, isPutOff: false };
  const how = policy.source === 'entered' ? 'as was entered' : (policy.how ?? 'as was learned');
  const deathAt = addSeconds(authorizedAt, policy.lifetimeSeconds);
  return {
    deathAt,
    why: `It lives ${describeSpan(policy.lifetimeSeconds)}, ${how}.`,
    keepAliveAt: null,
    isPutOff: false,
  };
}

/** What an answer of the token endpoint tells, beside what was known. Of the first one only that it lives so long. */
export function learnFromAnswer(
  known: LifePolicy | null,
  announced: { seconds: number; at: Date },
  before: { seconds: number; at: Date } | undefined,
  authorizedAt: Date,
): LifePolicy {
  const { seconds } = announced;
  const elapsed = before ? (announced.at.getTime() - before.at.getTime()) / 1000 : 0;
  if (!before || elapsed < 5) {
    const how = 'the target said so with the token; whether refreshing prolongs it is not known yet';
    return known?.lifetimeSeconds !== undefined ? known : { idleSeconds: seconds, source: 'learned', how };
  }
  const isSliding = Math.abs(seconds - before.seconds) < Math.abs(seconds - (before.seconds - elapsed));
  if (isSliding) {
    const how = 'the target said so, and each refresh began it anew';
    return { idleSeconds: seconds, source: 'learned', how };
  }
  const lifetimeSeconds = Math.round((announced.at.getTime() - authorizedAt.getTime()) / 1000 + seconds);
  return { lifetimeSeconds, source: 'learned', how: 'the target said so, and refreshing did not prolong it' };
}

export interface EndedLife {
  readonly ageSeconds: number;
  readonly idleSeconds: number | null;
  readonly cause: string;
}

const ALIKE = 0.05;
const SHORTEST_SECONDS = 600;

/** Two lives that the target ended at about the same age, or after about the same rest, were hardly ended by a person. */
export function learnFromLives(lives: readonly EndedLife[]): LifePolicy | null {
  const [last, before] = lives.filter(({ cause }) => cause === 'ended_at_target');
  if (!last || !before) return null;
  if (isAlike(last.ageSeconds, before.ageSeconds)) {
    const how = 'the last two ended at this age';
    return { lifetimeSeconds: Math.min(last.ageSeconds, before.ageSeconds), source: 'learned', how };
  }
  if (last.idleSeconds !== null && before.idleSeconds !== null && isAlike(last.idleSeconds, before.idleSeconds)) {
    const how = 'the last two ended after this rest';
    return { idleSeconds: Math.min(last.idleSeconds, before.idleSeconds), source: 'learned', how };
  }
  return null;
}

function isAlike(a: number, b: number): boolean {
  return Math.min(a, b) >= SHORTEST_SECONDS && Math.abs(a - b) <= ALIKE * Math.max(a, b);
}

/** `30 days`, `12 hours`, `90 seconds`: in the largest unit that says it without a fraction. */
export function describeSpan(seconds: number): string {
  for (const [size, name] of [
    [DAY_SECONDS, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ] as const) {
    if (seconds >= size && seconds % size === 0) return `${seconds / size} ${name}${seconds === size ? '' : 's'}`;
  }
  if (seconds > 2 * DAY_SECONDS) return `about ${Math.round(seconds / DAY_SECONDS)} days`;
  return `${Math.round(seconds)} seconds`;
}

function addSeconds(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000);
}

/** Before an access token ends it is replaced: early enough for clocks that differ, late enough for short lives. */
export function refreshFrom(obtainedAt: Date, accessExpiresAt: Date | null): Date | null {
  if (!accessExpiresAt) return null;
  const lifeMs = accessExpiresAt.getTime() - obtainedAt.getTime();
  const marginMs = Math.min(Math.max(lifeMs / 10, 30_000), lifeMs / 2, 300_000);
  return new Date(accessExpiresAt.getTime() - marginMs);
}
