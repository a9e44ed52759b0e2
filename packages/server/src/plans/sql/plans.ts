import { type Queryable, statement } from '../../db/index.ts';
import { type Collisions, emptyCounts, type PopulationPlan } from '../population-plan.ts';

const COLUMNS = `id, app_id as "appId", state, document, version, base_version as "baseVersion", connector,
  base_url as "baseUrl", scope, planned_at as "plannedAt", created_at as "createdAt", created_by as "createdBy", note,
  finished_at as "finishedAt", total, done, at_user as "atUser", counts, collisions, problem,
  cancel_requested as "cancelRequested", applied_at as "appliedAt", applied_by as "appliedBy",
  applied_version as "appliedVersion", marked, left_out as "leftOut"`;

const INSERT = statement(
  'plan-insert',
  `insert into population_plan (id, app_id, state, document, version, base_version, connector, base_url, scope,
     planned_at, created_at, created_by, note, counts)
   values ($1, $2, 'waiting', $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12)`,
);
const BY_ID = statement<PopulationPlan>('plan-by-id', `select ${COLUMNS} from population_plan where id = $1`);
const LIST = statement<PopulationPlan>(
  'plan-list',
  `select ${COLUMNS} from population_plan where app_id = $1 order by created_at desc, id limit 100`,
);
const UNFINISHED = statement<{ id: string }>(
  'plan-unfinished',
  `select id from population_plan where state in ('waiting', 'running', 'applying') order by created_at, id`,
);
const START = statement(
  'plan-start',
  `update population_plan set state = 'running', planned_at = $2, total = $3, done = 0, at_user = null, counts = $4
   where id = $1 and state in ('waiting', 'running')`,
);
const FINISH = statement(
  'plan-finish',
  `update population_plan set state = $2, finished_at = $3, collisions = coalesce($4, collisions), problem = $5
   where id = $1 and state in ('waiting', 'running', 'applying')`,
);
const CANCEL = statement<{ state: string }>(
  'plan-cancel',
  `update population_plan set cancel_requested = true,
     state = case when state = 'waiting' then 'cancelled' else state end,
     finished_at = case when state = 'waiting' then $2 else finished_at end
   where id = $1 and state in ('waiting', 'running') returning state`,
);
const BEGIN_APPLY = statement(
  'plan-begin-apply',
  `update population_plan set state = 'applying', applied_at = $2, applied_by = $3, applied_version = $4, at_user = null
   where id = $1 and state = 'ready'`,
);
const ADVANCE_APPLY = statement(
  'plan-advance-apply',
  `update population_plan set at_user = $2, marked = marked + $3, left_out = left_out + $4
   where id = $1 and state = 'applying'`,
);
const DELETE_OLD = statement(
  'plan-delete-old',
  `delete from population_plan where id in (
     select id from population_plan where app_id = $1 and state not in ('waiting', 'running', 'applying')
     order by created_at desc, id offset $2)`,
);
const LATENCY = statement<{ ms: number | null }>(
  'plan-recent-latency',
  `select avg((e ->> 'latencyMs')::float8) as ms
   from (select app_id, exchanges from provisioning_log order by id desc limit 2000) l,
     lateral json_array_elements(l.exchanges) e
   where l.app_id = $1 and json_typeof(l.exchanges) = 'array'`,
);
const USABLE = statement<{ usable: number; used: number }>(
  'plan-deactivation-window',
  `select (select count(*)::int from account_link where app_id = $1 and account_state = 'active') as usable,
     (select count(distinct user_id)::int from deactivation_ledger
      where app_id = $1 and at > $2 and not released) as used`,
);

export type NewPlan = Pick<
  PopulationPlan,
  | 'id'
  | 'appId'
  | 'document'
  | 'version'
  | 'baseVersion'
  | 'connector'
  | 'baseUrl'
  | 'scope'
  | 'createdAt'
  | 'createdBy'
  | 'note'
  | 'counts'
>;

export async function insertPlan(db: Queryable, plan: NewPlan): Promise<void> {
  await INSERT.run(db, [
    plan.id,
    plan.appId,
    JSON.stringify(plan.document),
    plan.version,
    plan.baseVersion,
    plan.connector,
    plan.baseUrl,
    plan.scope && JSON.stringify(plan.scope),
    plan.createdAt,
    plan.createdBy,
    plan.note,
    JSON.stringify(plan.counts),
  ]);
}

export function findPlan(db: Queryable, id: string): Promise<PopulationPlan | undefined> {
  return BY_ID.find(db, [id]);
}

/** Newest first. */
export function listPlans(db: Queryable, appId: number): Promise<PopulationPlan[]> {
  return LIST.rows(db, [appId]);
}

/** Plans that somebody has to work on, oldest first. */
export async function listUnfinished(db: Queryable): Promise<string[]> {
  return (await UNFINISHED.rows(db)).map(({ id }) => id);
}

export async function startPlan(db: Queryable, id: string, now: Date, total: number): Promise<void> {
  await START.run(db, [id, now, total, JSON.stringify(emptyCounts())]);
}

export async function finishPlan(
  db: Queryable,
  id: string,
  end: {
    state: 'ready' | 'failed' | 'cancelled' | 'applied';
    now: Date;
    collisions?: Collisions;
    problem?: string;
  },
): Promise<void> {
  const collisions = end.collisions ? JSON.stringify(end.collisions) : null;
  await FINISH.run(db, [id, end.state, end.now, collisions, end.problem ?? null]);
}

/** The state after it; undefined when there is nothing to cancel. */
export async function cancelPlanRow(db: Queryable, id: string, now: Date): Promise<string | undefined> {
  return (await CANCEL.find(db, [id, now]))?.state;
}

/** False: it is not ready to be applied, or is being applied already. */
export async function beginApply(
  db: Queryable,
  id: string,
  apply: { now: Date; by: string; version: number },
): Promise<boolean> {
  return (await BEGIN_APPLY.run(db, [id, apply.now, apply.by, apply.version])) === 1;
}

export async function advanceApply(
  db: Queryable,
  id: string,
  step: { atUser: string; marked: number; leftOut: number },
): Promise<boolean> {
  return (await ADVANCE_APPLY.run(db, [id, step.atUser, step.marked, step.leftOut])) === 1;
}

/** Keeps so many of an app's finished plans. */
export async function deleteOldPlans(db: Queryable, appId: number, keep: number): Promise<void> {
  await DELETE_OLD.run(db, [appId, keep]);
}

/** The mean time of an app's latest calls, in milliseconds; null when there were none lately. */
export async function findRecentLatencyMs(db: Queryable, appId: number): Promise<number | null> {
  return (await LATENCY.find(db, [appId]))?.ms ?? null;
}

/** Accounts that can be used now, and those deactivated since. */
export async function readDeactivations(
  db: Queryable,
  appId: number,
  since: Date,
): Promise<{ usable: number; used: number }> {
  return (await USABLE.find(db, [appId, since])) ?? { usable: 0, used: 0 };
}
