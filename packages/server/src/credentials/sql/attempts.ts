import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

/** An authorization that was begun and has not come back yet. */
export interface AuthorizationAttempt {
  readonly id: string;
  readonly appId: number;
  readonly callbackUrl: string;
  readonly browserHash: Buffer | null;
  readonly begunBy: string;
  readonly sealed: string;
  readonly settingsHash: string;
  readonly returnTo: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
}

const INSERT = statement(
  'attempt-insert',
  `insert into authorization_attempt (id, state_hash, app_id, callback_url, browser_hash, begun_by, sealed, settings_hash,
     return_to, created_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);
const FIND = statement<AuthorizationAttempt>(
  'attempt-find',
  `select id, app_id as "appId", callback_url as "callbackUrl", browser_hash as "browserHash", begun_by as "begunBy", sealed,
     settings_hash as "settingsHash", return_to as "returnTo", created_at as "createdAt", expires_at as "expiresAt",
     used_at as "usedAt"
   from authorization_attempt where state_hash = $1`,
);
/* Of two answers with one state, one passes. */
const TAKE = statement(
  'attempt-take',
  'update authorization_attempt set used_at = $2 where id = $1 and used_at is null',
);
const FORGET_OLD = statement('attempts-forget-old', 'delete from authorization_attempt where expires_at < $1');

export interface NewAttempt extends Omit<AuthorizationAttempt, 'usedAt'> {
  readonly stateHash: Buffer;
}

export async function insertAttempt(db: Queryable, attempt: NewAttempt): Promise<void> {
  const { id, stateHash, appId, callbackUrl, browserHash, begunBy, sealed, settingsHash, returnTo } = attempt;
  await INSERT.run(db, [
    ...[id, stateHash, appId, callbackUrl, browserHash, begunBy, sealed, settingsHash, returnTo],
    ...[attempt.createdAt, attempt.expiresAt],
  ]);
}

export function findAttempt(db: Queryable, stateHash: Buffer): Promise<AuthorizationAttempt | undefined> {
  return FIND.find(db, [stateHash]);
}

/** False: it was taken before. */
export async function takeAttempt(db: Queryable, id: string, now: Date): Promise<boolean> {
  return (await TAKE.run(db, [id, now])) === 1;
}

export async function forgetOldAttempts(db: Queryable, before: Date): Promise<void> {
  await FORGET_OLD.run(db, [before]);
}
