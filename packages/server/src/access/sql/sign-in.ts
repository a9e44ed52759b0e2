import { type Queryable, statement } from '../../db/index.ts';

/** What is remembered between two steps of a sign-in. */
export interface Attempt {
  readonly personId: string | null;
  readonly proved: 'password' | null;
  readonly failures: number;
  readonly challenge: string | null;
  readonly payload: Readonly<Record<string, unknown>> | null;
  readonly expiresAt: Date;
}

const FIND = statement<Attempt>(
  'find-sign-in-attempt',
  `select person_id as "personId", proved, failures, challenge, payload, expires_at as "expiresAt"
   from sign_in_attempt where token_hash = $1`,
);
/* Taken rather than read: what a step answers may be answered once. */
const TAKE_CHALLENGE = statement<{ challenge: string | null }>(
  'take-challenge',
  `update sign_in_attempt a set challenge = null
   from (select token_hash, challenge from sign_in_attempt where token_hash = $1 for update) b
   where a.token_hash = b.token_hash returning b.challenge`,
);
const INSERT = statement(
  'insert-sign-in-attempt',
  `insert into sign_in_attempt (token_hash, person_id, proved, challenge, payload, created_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7)`,
);
const SET_CHALLENGE = statement('set-challenge', 'update sign_in_attempt set challenge = $2 where token_hash = $1');
const FAILED = statement(
  'sign-in-attempt-failed',
  'update sign_in_attempt set failures = failures + 1 where token_hash = $1',
);
const DELETE = statement<Attempt>(
  'delete-sign-in-attempt',
  `delete from sign_in_attempt where token_hash = $1
   returning person_id as "personId", proved, failures, challenge, payload, expires_at as "expiresAt"`,
);
const DELETE_OF_PERSON = statement(
  'delete-sign-in-attempts-of-person',
  'delete from sign_in_attempt where person_id = $1',
);
const DELETE_OLD = statement('delete-old-sign-in-attempts', 'delete from sign_in_attempt where expires_at <= $1');

export function findAttempt(db: Queryable, hash: Buffer): Promise<Attempt | undefined> {
  return FIND.find(db, [hash]);
}

/** The challenge, which no later answer can use again. */
export async function takeChallenge(db: Queryable, hash: Buffer): Promise<string | undefined> {
  return (await TAKE_CHALLENGE.find(db, [hash]))?.challenge ?? undefined;
}

export async function insertAttempt(
  db: Queryable,
  hash: Buffer,
  attempt: Omit<Attempt, 'failures'>,
  now: Date,
): Promise<void> {
  const { personId, proved, challenge, payload, expiresAt } = attempt;
  await INSERT.run(db, [hash, personId, proved, challenge, payload && JSON.stringify(payload), now, expiresAt]);
}

export async function setChallenge(db: Queryable, hash: Buffer, challenge: string): Promise<void> {
  await SET_CHALLENGE.run(db, [hash, challenge]);
}

export async function noteAttemptFailed(db: Queryable, hash: Buffer): Promise<void> {
  await FAILED.run(db, [hash]);
}

/** Ends it; gives what it was, to the one who ends it. */
export function takeAttempt(db: Queryable, hash: Buffer): Promise<Attempt | undefined> {
  return DELETE.find(db, [hash]);
}

export async function deleteAttemptsOf(db: Queryable, personId: string): Promise<void> {
  await DELETE_OF_PERSON.run(db, [personId]);
}

export async function deleteOldAttempts(db: Queryable, now: Date): Promise<void> {
  await DELETE_OLD.run(db, [now]);
}

/* Counted before the attempt is looked at, so that many at once count as many. */
const COUNT = statement<{ wrong: number }>(
  'count-sign-in-attempt',
  `insert into sign_in_limit as l (subject, wrong, at) values ($1, 1, $2)
   on conflict (subject) do update
     set wrong = least($4::real, greatest(0, l.wrong - extract(epoch from $2::timestamptz - l.at) / $3::real) + 1), at = $2
   returning wrong::float8 as wrong`,
);
const UNCOUNT = statement(
  'uncount-sign-in-attempt',
  'update sign_in_limit set wrong = greatest(0, wrong - 1) where subject = $1',
);
const FORGIVE = statement('forgive-sign-in', 'delete from sign_in_limit where subject = $1');
const FORGET_LIMITS = statement('forget-sign-in-limits', 'delete from sign_in_limit where at < $1');

/** The attempts that count, this one included; one is forgotten every `forgiveSeconds`, and never more than `most` count. */
export async function countAttempt(
  db: Queryable,
  subject: string,
  now: Date,
  { forgiveSeconds, most }: { forgiveSeconds: number; most: number },
): Promise<number> {
  return (await COUNT.find(db, [subject, now, forgiveSeconds, most]))?.wrong ?? 1;
}

export async function uncountAttempt(db: Queryable, subject: string): Promise<void> {
  await UNCOUNT.run(db, [subject]);
}

export async function forgiveAttempts(db: Queryable, subject: string): Promise<void> {
  await FORGIVE.run(db, [subject]);
}

export async function forgetLimits(db: Queryable, before: Date): Promise<void> {
  await FORGET_LIMITS.run(db, [before]);
}
