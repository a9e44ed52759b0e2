import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { BehindAccount } from '../account-behind.ts';
import type { CredentialProblem, LifePolicy } from '../health.ts';

/** The life of the credential in force of one app. */
export interface HealthRow {
  readonly appId: number;
  readonly kind: string;
  readonly grantType: string | null;
  readonly generation: number;
  readonly state: 'live' | 'refused' | 'dead';
  readonly obtainedAt: Date;
  readonly accessExpiresAt: Date | null;
  readonly hasRefreshToken: boolean;
  readonly refreshIssuedAt: Date | null;
  readonly rotates: boolean | null;
  readonly refreshes: number;
  readonly account: BehindAccount | null;
  readonly ownerUserId: string | null;
  readonly authorizedAt: Date;
  readonly authorizedBy: string;
  readonly scopesRequested: string[];
  readonly scopesGranted: string[];
  readonly verifiedAt: Date | null;
  readonly verification: Verification | null;
  readonly policy: LifePolicy | null;
  readonly learned: LifePolicy | null;
  readonly lastUsedAt: Date | null;
  readonly predictedDeathAt: Date | null;
  readonly predictedWhy: string | null;
  readonly keepAliveAt: Date | null;
  readonly suspended: boolean;
  readonly diedAt: Date | null;
  readonly problem: CredentialProblem | null;
  readonly failures: number;
  readonly retryAt: Date | null;
  readonly lostSince: Date | null;
}

/** What a harmless call with the credential found. */
export interface Verification {
  readonly ok: boolean;
  readonly message: string;
  readonly fix?: string | undefined;
}

const COLUMNS = `app_id as "appId", kind, grant_type as "grantType", generation, state, obtained_at as "obtainedAt",
  access_expires_at as "accessExpiresAt", has_refresh_token as "hasRefreshToken", refresh_issued_at as "refreshIssuedAt",
  rotates, refreshes, account, owner_user_id as "ownerUserId", authorized_at as "authorizedAt",
  authorized_by as "authorizedBy", scopes_requested as "scopesRequested", scopes_granted as "scopesGranted",
  verified_at as "verifiedAt", verification, policy, learned, last_used_at as "lastUsedAt",
  predicted_death_at as "predictedDeathAt", predicted_why as "predictedWhy", keep_alive_at as "keepAliveAt", suspended,
  died_at as "diedAt", problem, failures, retry_at as "retryAt", lost_since as "lostSince"`;

const FIND = statement<HealthRow>('health-find', `select ${COLUMNS} from credential_health where app_id = $1`);
const LOCK = statement<HealthRow>(
  'health-lock',
  `select ${COLUMNS} from credential_health where app_id = $1 for update`,
);
const LIST = statement<HealthRow>('health-list', `select ${COLUMNS} from credential_health order by app_id`);
/* The policy that a person entered outlives the credential; what was learned does too. */
const BEGIN = statement(
  'health-begin',
  `insert into credential_health (app_id, kind, grant_type, obtained_at, authorized_at, authorized_by, access_expires_at,
     has_refresh_token, refresh_issued_at, scopes_requested, scopes_granted, account, owner_user_id, generation)
   values ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)
   on conflict (app_id) do update set kind = $2, grant_type = $3, obtained_at = $4, authorized_at = $4, authorized_by = $5,
     access_expires_at = $6, has_refresh_token = $7, refresh_issued_at = $8, scopes_requested = $9, scopes_granted = $10,
     account = $11, owner_user_id = $12, generation = credential_health.generation + 1, state = 'live', rotates = null,
     refreshes = 0, verified_at = null, verification = null, suspended = false, died_at = null, problem = null,
     failures = 0, retry_at = null, attempt_id = null, attempt_started_at = null, attempt_deadline = null,
     lost_since = null, last_used_at = null`,
);
const PREDICT = statement(
  'health-predict',
  `update credential_health set predicted_death_at = $2, predicted_why = $3, keep_alive_at = $4, learned = $5
   where app_id = $1`,
);
const SET_POLICY = statement('health-set-policy', 'update credential_health set policy = $2 where app_id = $1');
const NOTE_USE = statement(
  'health-note-use',
  `update credential_health set last_used_at = $2 where app_id = $1 and (last_used_at is null or last_used_at < $2)`,
);
const VERIFIED = statement(
  'health-verified',
  'update credential_health set verified_at = $2, verification = $3 where app_id = $1',
);
const SET_ACCOUNT = statement(
  'health-set-account',
  'update credential_health set account = $2, owner_user_id = $3 where app_id = $1',
);
const FORGET = statement('health-forget', 'delete from credential_health where app_id = $1');
const ADD_LIFE = statement(
  'life-add',
  `insert into credential_life (app_id, kind, authorized_at, died_at, idle_seconds, age_seconds, cause, message)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const LIVES = statement<Life>(
  'lives-list',
  `select authorized_at as "authorizedAt", died_at as "diedAt", idle_seconds as "idleSeconds", age_seconds as "ageSeconds",
     cause, message from credential_life where app_id = $1 order by id desc limit 20`,
);

export interface Life {
  readonly authorizedAt: Date;
  readonly diedAt: Date;
  readonly idleSeconds: number | null;
  readonly ageSeconds: number;
  readonly cause: string;
  readonly message: string;
}

export function findHealth(db: Queryable, appId: number): Promise<HealthRow | undefined> {
  return FIND.find(db, [appId]);
}

export function lockHealth(db: Queryable, appId: number): Promise<HealthRow | undefined> {
  return LOCK.find(db, [appId]);
}

export function listHealth(db: Queryable): Promise<HealthRow[]> {
  return LIST.rows(db);
}

export interface NewLife {
  readonly kind: string;
  readonly grantType: string | null;
  readonly author: string;
  readonly accessExpiresAt: Date | null;
  readonly hasRefreshToken: boolean;
  readonly scopesRequested: readonly string[];
  readonly scopesGranted: readonly string[];
  readonly account: BehindAccount | null;
  readonly ownerUserId: string | null;
}

/** A credential begins to be in force, instead of the one before. */
export async function beginLife(db: Queryable, appId: number, now: Date, life: NewLife): Promise<void> {
  const { kind, grantType, author, accessExpiresAt, hasRefreshToken, scopesRequested, scopesGranted } = life;
  await BEGIN.run(db, [
    ...[appId, kind, grantType, now, author, accessExpiresAt, hasRefreshToken, hasRefreshToken ? now : null],
    ...[scopesRequested, scopesGranted, life.account && JSON.stringify(life.account), life.ownerUserId],
  ]);
}

export interface Prediction {
  readonly deathAt: Date | null;
  readonly why: string | null;
  readonly keepAliveAt: Date | null;
  readonly learned: LifePolicy | null;
}

export async function savePrediction(db: Queryable, appId: number, prediction: Prediction): Promise<void> {
  const { deathAt, why, keepAliveAt, learned } = prediction;
  await PREDICT.run(db, [appId, deathAt, why, keepAliveAt, learned && JSON.stringify(learned)]);
}

export async function savePolicy(db: Queryable, appId: number, policy: LifePolicy | null): Promise<void> {
  await SET_POLICY.run(db, [appId, policy && JSON.stringify(policy)]);
}

export async function noteUse(db: Queryable, appId: number, now: Date): Promise<void> {
  await NOTE_USE.run(db, [appId, now]);
}

export async function saveVerification(db: Queryable, appId: number, now: Date, found: Verification): Promise<void> {
  await VERIFIED.run(db, [appId, now, JSON.stringify(found)]);
}

export async function saveAccount(
  db: Queryable,
  appId: number,
  account: BehindAccount | null,
  ownerUserId: string | null,
): Promise<void> {
  await SET_ACCOUNT.run(db, [appId, account && JSON.stringify(account), ownerUserId]);
}

export async function forgetHealth(db: Queryable, appId: number): Promise<void> {
  await FORGET.run(db, [appId]);
}

export async function addLife(db: Queryable, appId: number, kind: string, life: Life): Promise<void> {
  const { authorizedAt, diedAt, idleSeconds, ageSeconds, cause, message } = life;
  await ADD_LIFE.run(db, [appId, kind, authorizedAt, diedAt, idleSeconds, ageSeconds, cause, message]);
}

/** Ended lives of an app's credentials, the last one first. */
export function listLives(db: Queryable, appId: number): Promise<Life[]> {
  return LIVES.rows(db, [appId]);
}
