import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { CredentialProblem } from '../health.ts';

/*
 * The intent is committed before the refresh token is spent. Its deadline is by the database's clock: until then whoever
 * wrote it is at work, and afterwards nobody is. An intent that is found open after its deadline may have spent the token.
 */
const CLAIM = statement<{ lostSince: Date | null; takenOver: boolean }>(
  'renewal-claim',
  `with before as (
     select app_id, attempt_id, attempt_started_at from credential_health
     where app_id = $1 and generation = $2 and state <> 'dead'
       and (attempt_id is null or attempt_deadline < clock_timestamp())
     for update
   )
   update credential_health h set
     lost_since = case when b.attempt_id is null then h.lost_since else coalesce(h.lost_since, b.attempt_started_at) end,
     attempt_id = $3, attempt_started_at = $4, attempt_deadline = clock_timestamp() + make_interval(secs => $5 / 1000.0)
   from before b where h.app_id = b.app_id
   returning h.lost_since as "lostSince", b.attempt_id is not null as "takenOver"`,
);
const RELEASE = statement(
  'renewal-release',
  `update credential_health set attempt_id = null, attempt_started_at = null, attempt_deadline = null,
     failures = failures + 1, retry_at = $4, problem = $5, state = $6
   where app_id = $1 and generation = $2 and attempt_id = $3`,
);
const LOSE = statement(
  'renewal-lose',
  `update credential_health set attempt_id = null, attempt_started_at = null, attempt_deadline = null,
     lost_since = coalesce(lost_since, $4), failures = failures + 1, retry_at = $5, problem = $6
   where app_id = $1 and generation = $2 and attempt_id = $3`,
);
/* Fenced by the generation alone: an answer that came late is stored as long as no other set of tokens was. */
const STORE = statement<{ generation: number }>(
  'renewal-store',
  `update credential_health set generation = generation + 1, state = 'live', obtained_at = $3, access_expires_at = $4,
     refresh_issued_at = case when $5 then $3 else refresh_issued_at end, has_refresh_token = has_refresh_token or $5,
     rotates = coalesce($6, rotates), refreshes = refreshes + 1, scopes_granted = coalesce($7, scopes_granted),
     suspended = false, died_at = null, problem = null, failures = 0, retry_at = null, lost_since = null,
     attempt_id = null, attempt_started_at = null, attempt_deadline = null
   where app_id = $1 and generation = $2 returning generation`,
);
const DIE = statement(
  'renewal-die',
  `update credential_health set state = 'dead', died_at = $3, problem = $4, keep_alive_at = null, retry_at = null,
     predicted_death_at = $3, attempt_id = null, attempt_started_at = null, attempt_deadline = null
   where app_id = $1 and generation = $2 and state <> 'dead'`,
);
const DURABLE = statement('renewal-durable', 'set local synchronous_commit = on');
const SAVE_TOKEN = statement(
  'renewal-save-access-token',
  `update app_credential set sealed = $2, key_id = $3, updated_at = $4 where app_id = $1 and kind = 'oauth'`,
);
const FIND_DUE = statement<{ appId: number; generation: number }>(
  'keep-alive-due',
  `select app_id as "appId", generation from credential_health
   where keep_alive_at <= $1 and state <> 'dead' and not suspended and (retry_at is null or retry_at <= $1)
   order by keep_alive_at limit 50`,
);
const NOTIFY = statement('renewal-notify-app', `select pg_notify('usher_app', $1::text)`);

/** The commit that follows is on disk when it returns, however the database is set up. */
export async function demandDurability(db: Queryable): Promise<void> {
  await DURABLE.run(db);
}

export interface Attempt {
  readonly appId: number;
  readonly generation: number;
  readonly id: string;
}

/** Writes the intent to spend the refresh token of a generation; undefined while another replica is at it, or past it. */
export function claimRenewal(
  db: Queryable,
  { appId, generation, id }: Attempt,
  now: Date,
  lastsMs: number,
): Promise<{ lostSince: Date | null; takenOver: boolean } | undefined> {
  return CLAIM.find(db, [appId, generation, id, now, lastsMs]);
}

/** The intent ends: nothing was spent. */
export async function releaseRenewal(
  db: Queryable,
  { appId, generation, id }: Attempt,
  after: { retryAt: Date; problem: CredentialProblem; state: 'live' | 'refused' },
): Promise<void> {
  await RELEASE.run(db, [appId, generation, id, after.retryAt, JSON.stringify(after.problem), after.state]);
}

/** The intent ends: what it spent may be spent, and its answer was lost. */
export async function loseRenewal(
  db: Queryable,
  { appId, generation, id }: Attempt,
  after: { since: Date; retryAt: Date; problem: CredentialProblem },
): Promise<void> {
  await LOSE.run(db, [appId, generation, id, after.since, after.retryAt, JSON.stringify(after.problem)]);
}

export interface RenewedTokens {
  readonly accessExpiresAt: Date | null;
  readonly hasNewRefreshToken: boolean;
  readonly rotates: boolean | null;
  readonly scopesGranted: readonly string[] | null;
}

/** Gives the new generation; undefined: another set of tokens was stored meanwhile, and this one is of no use. */
export async function storeRenewal(
  db: Queryable,
  { appId, generation }: Pick<Attempt, 'appId' | 'generation'>,
  now: Date,
  tokens: RenewedTokens,
): Promise<number | undefined> {
  const { accessExpiresAt, hasNewRefreshToken, rotates, scopesGranted } = tokens;
  const row = await STORE.find(db, [
    appId,
    generation,
    now,
    accessExpiresAt,
    hasNewRefreshToken,
    rotates,
    scopesGranted,
  ]);
  return row?.generation;
}

export async function saveAccessToken(
  db: Queryable,
  appId: number,
  sealed: string,
  keyId: string,
  now: Date,
): Promise<void> {
  await SAVE_TOKEN.run(db, [appId, sealed, keyId, now]);
}

/** False: it was dead already, or another set of tokens was stored meanwhile. */
export async function endLife(
  db: Queryable,
  { appId, generation }: Pick<Attempt, 'appId' | 'generation'>,
  now: Date,
  problem: CredentialProblem,
): Promise<boolean> {
  return (await DIE.run(db, [appId, generation, now, JSON.stringify(problem)])) === 1;
}

/** Credentials that are to be kept alive now. */
export function listKeepAlive(db: Queryable, now: Date): Promise<{ appId: number; generation: number }[]> {
  return FIND_DUE.rows(db, [now]);
}

/** Pumps look at the app again when this commits. */
export async function notifyApp(db: Queryable, appId: number): Promise<void> {
  await NOTIFY.run(db, [String(appId)]);
}
