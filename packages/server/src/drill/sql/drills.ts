import { type Queryable, statement } from '../../db/index.ts';
import type { Exchange } from '../../transport/index.ts';
import type { Drill, DrillState, DrillStep, DrillStepName } from '../drill.ts';

const COLUMNS = `id, app_id as "appId", user_id as "userId", username, version, fingerprint, connector, base_url as "baseUrl", state,
  created_at as "createdAt", created_by as "createdBy", started_at as "startedAt", finished_at as "finishedAt",
  remote_id as "remoteId", problem, next_step as "nextStep", cancel_requested as "cancelRequested"`;

const INSERT = statement(
  'drill-insert',
  `insert into drill (id, app_id, user_id, username, version, fingerprint, connector, base_url, state, created_at, created_by)
   values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $10)`,
);
const BY_ID = statement<Drill>('drill-by-id', `select ${COLUMNS} from drill where id = $1`);
const LIST = statement<Drill>(
  'drill-list',
  `select ${COLUMNS} from drill where app_id = $1 order by created_at desc, id limit 100`,
);
const UNFINISHED = statement<{ id: string }>(
  'drill-unfinished',
  `select id from drill where state in ('waiting', 'running') order by created_at, id`,
);
const OPEN = statement<{ id: string }>(
  'drill-open',
  `select id from drill where app_id = $1 and state in ('waiting', 'running') limit 1`,
);
const LATEST_PASSED = statement<Drill>(
  'drill-latest-passed',
  `select ${COLUMNS} from drill where app_id = $1 and state = 'passed' order by created_at desc, id limit 1`,
);
const PASSED_WITH = statement<Drill>(
  'drill-passed-with',
  `select ${COLUMNS} from drill where app_id = $1 and state = 'passed' and fingerprint = $2 order by created_at desc, id limit 1`,
);
/* Accounts that drills made and did not delete: they may be used again, and are nobody else's. */
const LEFTOVERS = statement<{ remote_id: string }>(
  'drill-leftovers',
  `select distinct remote_id from drill
   where app_id = $1 and user_id = $2 and base_url = $3 and connector = $4 and remote_id is not null`,
);
const START = statement(
  'drill-start',
  `update drill set state = 'running', started_at = coalesce(started_at, $2) where id = $1 and state in ('waiting', 'running')`,
);
const NOTE_ACCOUNT = statement('drill-note-account', 'update drill set remote_id = $2 where id = $1');
const FINISH = statement(
  'drill-finish',
  `update drill set state = $2, finished_at = $3, problem = $4, next_step = $5 where id = $1 and state in ('waiting', 'running')`,
);
const CANCEL = statement<{ state: string }>(
  'drill-cancel',
  `update drill set cancel_requested = true, state = case when state = 'waiting' then 'cancelled' else state end,
     finished_at = case when state = 'waiting' then $2 else finished_at end
   where id = $1 and state in ('waiting', 'running') returning state`,
);
const IS_CANCELLED = statement<{ cancelled: boolean }>(
  'drill-is-cancelled',
  `select cancel_requested as cancelled from drill where id = $1`,
);
const BEGIN_STEP = statement(
  'drill-step-begin',
  `insert into drill_step (drill_id, ordinal, step, state, message, started_at) values ($1, $2, $3, 'running', '', $4)
   on conflict (drill_id, ordinal) do update set state = 'running', message = '', started_at = $4, finished_at = null`,
);
const END_STEP = statement(
  'drill-step-end',
  `update drill_step set state = $3, message = $4, finished_at = $5, exchanges = $6 where drill_id = $1 and ordinal = $2`,
);
const STEPS = statement<DrillStep>(
  'drill-steps',
  `select ordinal, step, state, message, started_at as "startedAt", finished_at as "finishedAt", exchanges
   from drill_step where drill_id = $1 order by ordinal`,
);
const DELETE_OLD = statement(
  'drill-delete-old',
  `delete from drill where id in (
     select id from drill where app_id = $1 and state not in ('waiting', 'running') order by created_at desc, id offset $2)
   and id not in (select id from drill where app_id = $1 and state = 'passed' order by created_at desc, id limit 1)`,
);

export async function insertDrill(
  db: Queryable,
  drill: Pick<
    Drill,
    | 'id'
    | 'appId'
    | 'userId'
    | 'username'
    | 'version'
    | 'fingerprint'
    | 'connector'
    | 'baseUrl'
    | 'createdAt'
    | 'createdBy'
  >,
): Promise<void> {
  const { id, appId, userId, username, version, fingerprint, connector, baseUrl, createdAt, createdBy } = drill;
  const values = [id, appId, userId, username, version, fingerprint, connector, baseUrl, createdAt, createdBy];
  await INSERT.run(db, values);
}

export function findDrill(db: Queryable, id: string): Promise<Drill | undefined> {
  return BY_ID.find(db, [id]);
}

/** Newest first. */
export function listDrills(db: Queryable, appId: number): Promise<Drill[]> {
  return LIST.rows(db, [appId]);
}

export async function listUnfinishedDrills(db: Queryable): Promise<string[]> {
  return (await UNFINISHED.rows(db)).map(({ id }) => id);
}

export async function hasOpenDrill(db: Queryable, appId: number): Promise<boolean> {
  return (await OPEN.find(db, [appId])) !== undefined;
}

export function findLatestPassed(db: Queryable, appId: number): Promise<Drill | undefined> {
  return LATEST_PASSED.find(db, [appId]);
}

export function findPassedWith(db: Queryable, appId: number, fingerprint: string): Promise<Drill | undefined> {
  return PASSED_WITH.find(db, [appId, fingerprint]);
}

export async function listLeftovers(
  db: Queryable,
  { appId, userId, baseUrl, connector }: Pick<Drill, 'appId' | 'userId' | 'baseUrl' | 'connector'>,
): Promise<string[]> {
  return (await LEFTOVERS.rows(db, [appId, userId, baseUrl, connector])).map((row) => row.remote_id);
}

export async function startDrillRow(db: Queryable, id: string, now: Date): Promise<void> {
  await START.run(db, [id, now]);
}

export async function noteAccount(db: Queryable, id: string, remoteId: string | null): Promise<void> {
  await NOTE_ACCOUNT.run(db, [id, remoteId]);
}

export async function finishDrill(
  db: Queryable,
  id: string,
  end: {
    state: Extract<DrillState, 'passed' | 'failed' | 'cancelled'>;
    now: Date;
    problem?: string;
    nextStep?: string;
  },
): Promise<void> {
  await FINISH.run(db, [id, end.state, end.now, end.problem ?? null, end.nextStep ?? null]);
}

/** The state after it; undefined when there is nothing to cancel. */
export async function cancelDrillRow(db: Queryable, id: string, now: Date): Promise<string | undefined> {
  return (await CANCEL.find(db, [id, now]))?.state;
}

export async function isCancelled(db: Queryable, id: string): Promise<boolean> {
  return (await IS_CANCELLED.find(db, [id]))?.cancelled ?? true;
}

export async function beginStep(
  db: Queryable,
  drillId: string,
  step: { ordinal: number; name: DrillStepName; now: Date },
): Promise<void> {
  await BEGIN_STEP.run(db, [drillId, step.ordinal, step.name, step.now]);
}

export async function endStep(
  db: Queryable,
  drillId: string,
  step: {
    ordinal: number;
    state: 'passed' | 'failed' | 'skipped';
    message: string;
    now: Date;
    exchanges: readonly Exchange[];
  },
): Promise<void> {
  const { ordinal, state, message, now, exchanges } = step;
  await END_STEP.run(db, [
    drillId,
    ordinal,
    state,
    message,
    now,
    exchanges.length === 0 ? null : JSON.stringify(exchanges),
  ]);
}

export function listSteps(db: Queryable, drillId: string): Promise<DrillStep[]> {
  return STEPS.rows(db, [drillId]);
}

/** Keeps so many of an app's finished drills, and the last that passed. */
export async function deleteOldDrills(db: Queryable, appId: number, keep: number): Promise<void> {
  await DELETE_OLD.run(db, [appId, keep]);
}
