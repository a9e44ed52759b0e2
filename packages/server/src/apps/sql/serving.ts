import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { RuntimeHealing } from '../app-runtime.ts';

export interface Serving {
  id: number;
  version: number;
  baseVersion: number | null;
  isRunning: boolean;
  /** Attributes that its version writes and the one before does not name. */
  addedPaths: string[];
}

const SERVING = statement<Serving>(
  'app-serving-rollout',
  `select id, version, base_version as "baseVersion", state = 'running' as "isRunning",
     added_paths as "addedPaths" from rollout where id = $1`,
);

/** The rollout that decides which version serves whom. */
export function findServing(db: Queryable, rolloutId: number): Promise<Serving | undefined> {
  return SERVING.find(db, [rolloutId]);
}

const HEALING = statement<RuntimeHealing>(
  'app-healing',
  `select b.rollout_id as "rolloutId", b.from_version as version, r.added_paths as paths
   from (select * from rollback where app_id = $1 order by id desc limit 1) b
   join rollout r on r.id = b.rollout_id
   where b.to_version = $2 and r.added_paths <> '{}'`,
);

/** The way back to this version, where it needs more than the version itself says. */
export function findHealing(db: Queryable, appId: number, version: number): Promise<RuntimeHealing | undefined> {
  return HEALING.find(db, [appId, version]);
}

const IN_FORCE = statement<{ id: number }>(
  'rollout-insert-everyone',
  `with made as (
     insert into rollout (app_id, version, base_version, state, stage, settings, without_rollout, added_paths,
       created_at, created_by, started_at, ended_at, changed_at, changed_by, changed_how)
     values ($1, $2, $3, 'completed', 0, '{}', $4, $5, $6, $7, $6, $6, $6, $7, 'put it in force without a rollout')
     returning id
   ),
   stage as (
     insert into rollout_stage (rollout_id, ordinal, kind, started_at, started_by) select id, 0, 'everyone', $6, $7 from made
   )
   select id from made`,
);
const KEEP_OBSERVED = statement(
  'rollout-keep-observed',
  `insert into rollout_reach (rollout_id, user_id, stage, at, rev, because, observed)
   select $1, l.user_id, 0, $3, 0, 'everyone', l.observed from account_link l
   where l.app_id = $2 and l.remote_id is not null`,
);

export interface ForcedVersion {
  appId: number;
  version: number;
  baseVersion: number | null;
  reason: string;
  /** Attributes that it writes and the version before does not name. */
  addedPaths: string[];
}

/**
 * Notes that a version reached everyone at once, and why: it can be rolled back like any other. Accounts are kept as
 * they were last read where the version before does not say what they were.
 */
export async function noteForcedVersion(db: Queryable, forced: ForcedVersion, now: Date, by: string): Promise<void> {
  const { appId, version, baseVersion, reason, addedPaths } = forced;
  const row = await IN_FORCE.find(db, [appId, version, baseVersion, reason, addedPaths, now, by]);
  if (!row) throw new Error('An insert gives its row');
  if (addedPaths.length > 0) await KEEP_OBSERVED.run(db, [row.id, appId, now]);
}

const SUPERSEDE = statement(
  'rollout-supersede-by-force',
  `update rollout set state = 'superseded', ended_at = $2, revision = revision + 1, changed_at = $2, changed_by = $3,
     changed_how = 'put another version in force without a rollout'
   where id = $1 and state = 'rolled back'`,
);
const OPEN = statement<{ id: number; version: number; state: string }>(
  'rollout-open-of-app',
  `select id, version, state from rollout where app_id = $1 and state in ('running', 'paused', 'halted', 'stopped')`,
);

/** The rollout of an app that moves or stands still. */
export function findOpenRollout(
  db: Queryable,
  appId: number,
): Promise<{ id: number; version: number; state: string } | undefined> {
  return OPEN.find(db, [appId]);
}

/** A first version that was rolled back serves nobody any more once another one serves everyone. */
export async function supersedeRolledBack(db: Queryable, rolloutId: number, now: Date, by: string): Promise<void> {
  await SUPERSEDE.run(db, [rolloutId, now, by]);
}
