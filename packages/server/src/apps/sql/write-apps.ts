import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { ConfigurationDocument, ConnectedApp } from '../connected-app.ts';

const INSERT = statement<{ id: number }>(
  'app-insert',
  `insert into connected_app (name, label, description, connector, base_url, max_concurrency, max_per_second,
     created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $8) returning id`,
);
/*
 * Whatever a person changed may be what the app was quarantined for: it is looked at again at once. The pumps' own
 * findings (stopped_until, quarantine) are theirs to write.
 */
const UPDATE = statement(
  'app-update',
  `with changed as (
     update connected_app set
       label = $2, description = $3, connector = $4, base_url = $5, state = $6, active_version = $7,
       create_enabled = $8, update_enabled = $9, deactivate_enabled = $10, reactivate_enabled = $11,
       deactivation_limit_count = $12, deactivation_limit_percent = $13, max_concurrency = $14, max_per_second = $15, rollout_id = $17,
       probe_at = case when quarantined_at is null then probe_at else $16 end,
       probe_attempts = case when quarantined_at is null then probe_attempts else 0 end,
       revision = revision + 1, updated_at = $16
     where id = $1 returning id
   )
   select pg_notify('usher_app', id::text) from changed`,
);
const INSERT_VERSION = statement<{ version: number }>(
  'app-version-insert',
  `insert into app_configuration (app_id, version, document, author, note, created_at)
   select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5 from app_configuration where app_id = $1
   returning version`,
);
const MARK_UNVERIFIED = statement(
  'app-mark-unverified',
  `with schedule as (update link_schedule set read_first = true where app_id = $1)
   update account_link set unverified = true where app_id = $1`,
);
const END_STOP = statement('app-end-stop', 'update connected_app set stopped_until = null where id = $1');

export interface NewApp {
  name: string;
  label: string;
  description: string | null;
  connector: string;
  baseUrl: string;
  maxConcurrency: number;
  maxPerSecond: number | null;
}

export async function insertApp(db: Queryable, app: NewApp, now: Date): Promise<number> {
  const { name, label, description, connector, baseUrl, maxConcurrency, maxPerSecond } = app;
  const values = [name, label, description, connector, baseUrl, maxConcurrency, maxPerSecond, now];
  const row = await INSERT.find(db, values);
  if (!row) throw new Error('An insert gives its row');
  return row.id;
}

/** Writes what a person may change of an app, raises its revision and tells the pumps when this commits. */
export async function updateApp(db: Queryable, app: ConnectedApp, now: Date): Promise<void> {
  const { triggers, deactivationLimit } = app;
  await UPDATE.run(db, [
    app.id,
    app.label,
    app.description,
    app.connector,
    app.baseUrl,
    app.state,
    app.activeVersion,
    triggers.create,
    triggers.update,
    triggers.deactivate,
    triggers.reactivate,
    deactivationLimit.count,
    deactivationLimit.percent,
    app.maxConcurrency,
    app.maxPerSecond,
    now,
    app.rolloutId,
  ]);
}

/** Gives the number of the new version. The caller holds the app's lock, so no two are the same. */
export async function insertVersion(
  db: Queryable,
  appId: number,
  document: ConfigurationDocument,
  author: string,
  note: string | null,
  now: Date,
): Promise<number> {
  const row = await INSERT_VERSION.find(db, [appId, JSON.stringify(document), author, note, now]);
  if (!row) throw new Error('An insert gives its row');
  return row.version;
}

/** Every link is read at the target before anything is written there. */
export async function markUnverified(db: Queryable, appId: number): Promise<void> {
  await MARK_UNVERIFIED.run(db, [appId]);
}

/** The target's wish to be left alone was another target's. */
export async function endStop(db: Queryable, appId: number): Promise<void> {
  await END_STOP.run(db, [appId]);
}
