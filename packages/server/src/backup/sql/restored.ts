import type pg from 'pg';
import { type Pool, type PoolClient, type Queryable, statement } from '../../db/index.ts';

/** What is noted of a restore, in the settings of the restored instance. */
export interface RestoreNote {
  readonly takenAt: string;
  readonly restoredAt: string;
  /** The apps that worked when the backup was taken, and were paused. */
  readonly apps: readonly string[];
  /** Its links are marked as unverified. */
  readonly completed: boolean;
}

const SETTING = 'restored';

const PAUSE = statement<{ id: number; name: string }>(
  'restore-pause-apps',
  `update connected_app set state = 'paused', revision = revision + 1, updated_at = $1 where state = 'active'
   returning id, name`,
);
const CLEAR_LEASES = statement('restore-clear-leases', 'delete from pump_lease');
const SAVE = statement(
  'restore-save-note',
  `insert into instance_setting (name, value, updated_at) values ('${SETTING}', $1, $2)
   on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at`,
);
const LOAD = statement<{ value: RestoreNote }>(
  'restore-load-note',
  `select value from instance_setting where name = '${SETTING}'`,
);
const LOCK = statement<{ value: RestoreNote }>(
  'restore-lock-note',
  `select value from instance_setting where name = '${SETTING}' for update`,
);
/* Every link has a row from now on, also one that was never worked: its account may have been made since the backup. */
const UNVERIFY = statement(
  'restore-unverify-links',
  `insert into account_link (app_id, user_id, unverified, updated_at) select app_id, user_id, true, $1 from link_schedule
   on conflict (app_id, user_id) do update set unverified = true`,
);
/* Transactions are counted anew in this server: rows that seem to come from the future would be followed late, or never. */
const SETTLE_LOG = statement(
  'restore-settle-log',
  `update provisioning_log set tx = '3' where tx >= pg_current_xact_id()`,
);
const PAUSED = statement<{ name: string }>(
  'restore-still-paused',
  `select name from connected_app where state = 'paused' and name = any ($1::text[]) order by name`,
);
const SEALED_UNDER = statement<{ key_id: string; apps: string[] }>(
  'restore-sealing-keys',
  `select c.key_id, array_agg(distinct a.name order by a.name) as apps
   from (select app_id, key_id from app_credential union select app_id, key_id from sealed_secret) c
   join connected_app a on a.id = c.app_id group by c.key_id order by c.key_id`,
);
/* The instance that the backup is of may live on with the same refresh tokens: the use of one here would end both. */
const SUSPEND_CREDENTIALS = statement(
  'restore-suspend-credentials',
  `update credential_health set suspended = true where kind = 'oauth'`,
);

/*
 * Calls that were about to be made, or under way, when the backup was taken: what came of them is unknown, as after a takeover.
 * Told apart while the log still has the transactions of then, and taken over here once and for all.
 */
const TAKE_OVER_INTENTS = statement(
  'restore-take-over-intents',
  `with batch as (delete from open_intent returning *),
   open as materialized (
     select distinct on (b.app_id, i.user_id) b.app_id, i.*
     from batch b,
       unnest(b.request_ids, b.created_ats, b.user_ids, b.operations, b.causes, b.versions, b.attempts)
         as i (id, created_at, user_id, operation, cause, version, attempt)
     where not exists (
       select 1 from provisioning_log l where l.request_id = i.id and l.attempt >= i.attempt and l.tx > b.tx
     )
     order by b.app_id, i.user_id, b.tx desc
   ), request as (
     insert into provisioning_request (id, created_at, app_id, user_id, operation, state, cause, version, attempts)
     select id, created_at, app_id, user_id, operation, 'Requested', cause, version, attempt from open
     on conflict (id, created_at) do nothing
   ), schedule as (
     update link_schedule s set read_first = true, next_due_at = least(s.next_due_at, $1) from open o
     where s.app_id = o.app_id and s.user_id = o.user_id
   )
   insert into account_link (app_id, user_id, request_id, request_created_at, updated_at)
   select app_id, user_id, id, created_at, $1 from open
   on conflict (app_id, user_id) do update
     set request_id = excluded.request_id, request_created_at = excluded.request_created_at`,
);
/* What a plan of then would do today is another matter: it is asked for anew. */
const END_PLANS = statement(
  'restore-end-plans',
  `with drills as (
     update drill set state = 'failed', finished_at = $1, problem = 'The instance was restored from a backup meanwhile',
       next_step = 'Look at the target for the account of the test user, and begin a new drill'
     where state in ('waiting', 'running')
   ),
   reports as (
     update matching_report set state = 'failed', finished_at = $1, retry_at = null,
       problem = 'The instance was restored from a backup meanwhile; make a new report'
     where state in ('waiting', 'reading', 'matching')
   ),
   resolutions as (
     update matching_resolution set state = 'failed', finished_at = $1,
       problem = 'The instance was restored from a backup meanwhile; decide anew on a new report'
     where state in ('waiting', 'running')
   )
   update population_plan set state = 'failed', finished_at = $1,
     problem = 'The instance was restored from a backup meanwhile; ask for the plan again'
   where state in ('waiting', 'running', 'applying')`,
);

/** Pauses every app that works, and gives them. Needs no column that came after the first migration. */
export function pauseAllApps(db: pg.ClientBase, now: Date): Promise<{ id: number; name: string }[]> {
  return PAUSE.rows(db as PoolClient, [now]);
}

export async function clearLeases(db: pg.ClientBase): Promise<void> {
  await CLEAR_LEASES.run(db as PoolClient);
}

export async function saveRestoreNote(db: pg.ClientBase, note: RestoreNote, now: Date): Promise<void> {
  await SAVE.run(db as PoolClient, [JSON.stringify(note), now]);
}

export async function findRestoreNote(db: Queryable): Promise<RestoreNote | undefined> {
  return (await LOAD.find(db))?.value;
}

export async function lockRestoreNote(db: Queryable): Promise<RestoreNote | undefined> {
  return (await LOCK.find(db))?.value;
}

export async function unverifyLinks(db: Queryable, now: Date): Promise<number> {
  return await UNVERIFY.run(db, [now]);
}

export async function endPlans(db: Queryable, now: Date): Promise<void> {
  await END_PLANS.run(db, [now]);
}

/** Gives how many links have a write whose outcome is unknown. */
export function takeOverIntents(db: Queryable, now: Date): Promise<number> {
  return TAKE_OVER_INTENTS.run(db, [now]);
}

export async function settleLog(db: Queryable): Promise<void> {
  await SETTLE_LOG.run(db);
}

export async function listStillPaused(db: Pool, apps: readonly string[]): Promise<string[]> {
  return (await PAUSED.rows(db, [apps])).map((row) => row.name);
}

/** Which master keys the stored credentials need, and the apps that they are of. */
export async function listSealingKeys(db: Queryable): Promise<{ keyId: string; apps: string[] }[]> {
  return (await SEALED_UNDER.rows(db)).map(({ key_id, apps }) => ({ keyId: key_id, apps }));
}

/** Authorizations are not kept alive here before a person resumes their app. */
export async function suspendCredentials(db: Queryable): Promise<void> {
  await SUSPEND_CREDENTIALS.run(db);
}
