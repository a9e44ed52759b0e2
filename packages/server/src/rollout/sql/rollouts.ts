import type { Queryable } from '../../db/index.ts';
import { statement } from '../../db/index.ts';
import type { HaltNote, Pilot, Rollout, RolloutSettings, RolloutState, Stage, StageKind } from '../rollout.ts';

interface StageRow {
  ordinal: number;
  kind: StageKind;
  percent: number | null;
  startedAt: string | null;
  startedBy: string | null;
  overrideReason: string | null;
  overridden: string[] | null;
  soakedMs: number;
  seenAgoMs: number | null;
  seenBy: string | null;
  reached: number;
}

interface Row {
  id: number;
  app_id: number;
  version: number;
  base_version: number | null;
  state: RolloutState;
  stage: number;
  settings: RolloutSettings;
  without_rollout: string | null;
  added_paths: string[];
  halt: HaltNote | null;
  revision: string;
  note: string | null;
  created_at: Date;
  created_by: string;
  started_at: Date | null;
  ended_at: Date | null;
  changed_at: Date;
  changed_by: string;
  changed_how: string;
  stages: StageRow[];
}

const STAGES = `(select coalesce(json_agg(json_build_object('ordinal', s.ordinal, 'kind', s.kind, 'percent', s.percent,
     'startedAt', s.started_at, 'startedBy', s.started_by, 'overrideReason', s.override_reason, 'overridden', s.overridden,
     'soakedMs', s.soaked_ms, 'seenAgoMs', extract(epoch from clock_timestamp() - s.seen_at)::float8 * 1000, 'seenBy', s.seen_by, 'reached', s.reached) order by s.ordinal), '[]'::json)
   from rollout_stage s where s.rollout_id = r.id) as stages`;
const BY_ID = statement<Row>('rollout-by-id', `select r.*, ${STAGES} from rollout r where r.id = $1`);
const LOCKED = statement<Row>(
  'rollout-lock',
  `select r.*, ${STAGES} from (select * from rollout where id = $1 for update) r`,
);
const LIST = statement<Row>(
  'rollouts-of-app',
  `select r.*, ${STAGES} from rollout r where r.app_id = $1 and ($2::int is null or r.id < $2) order by r.id desc limit $3`,
);
const OPEN = statement<{ id: number }>(
  'rollout-open',
  `select id from rollout where app_id = $1 and state in ('running', 'paused', 'halted', 'stopped')`,
);
/* What the watch told of the present stage says since when somebody is waited for. */
const OPEN_OF_ALL = statement<Row & { app: string; label: string; ready_at: Date | null }>(
  'rollouts-open',
  `select r.*, ${STAGES}, c.name as app, c.label, a.created_at as ready_at
   from rollout r join connected_app c on c.id = r.app_id
   left join alert a on a.key = concat_ws(' ', 'rollout_ready', r.id, r.stage, r.revision) and a.resolved_at is null
   where r.state in ('running', 'paused', 'halted', 'stopped') order by lower(c.name)`,
);
const LATEST = statement<{ id: number }>(
  'rollout-latest-in-force',
  `select id from rollout where app_id = $1 and state = 'completed' and version = $2 order by id desc limit 1`,
);
const INSERT = statement<{ id: number }>(
  'rollout-insert',
  `insert into rollout (app_id, version, state, settings, note, created_at, created_by, changed_at, changed_by, changed_how)
   values ($1, $2, 'planned', $3, $4, $5, $6, $5, $6, 'made it') returning id`,
);
const INSERT_STAGES = statement(
  'rollout-stages-insert',
  `insert into rollout_stage (rollout_id, ordinal, kind, percent)
   select $1, s.ordinal, s.kind, s.percent from unnest($2::int[], $3::text[], $4::real[]) s (ordinal, kind, percent)`,
);
const INSERT_PILOT = statement(
  'rollout-pilot-insert',
  `insert into rollout_pilot (rollout_id, user_id, profile_id, permission_set_id)
   select $1::int, u, null::int, null::int from unnest($2::uuid[]) u
   union all select $1, null, p, null from unnest($3::int[]) p
   union all select $1, null, null, s from unnest($4::int[]) s`,
);
const DELETE = statement('rollout-delete', 'delete from rollout where id = $1');
const SAVE = statement(
  'rollout-save',
  `update rollout set state = $2, stage = $3, base_version = $4, halt = $5, started_at = $6, ended_at = $7,
     added_paths = $8, revision = revision + 1, changed_at = $9, changed_by = $10, changed_how = $11
   where id = $1`,
);
const SAVE_STAGE = statement(
  'rollout-stage-save',
  `update rollout_stage set started_at = $3, started_by = $4, override_reason = $5, overridden = $6, soaked_ms = $7,
     reached = $8, seen_by = $9, seen_at = clock_timestamp()
   where rollout_id = $1 and ordinal = $2`,
);
const LEAVE = statement('rollout-stages-leave', 'update rollout_stage set seen_by = null where seen_by = $1');
const PILOT = statement<{ kind: 'user' | 'profile' | 'permission set'; id: string; name: string }>(
  'rollout-pilot',
  `select 'user' as kind, u.id::text as id, u.username as name
     from rollout_pilot p join directory_user u on u.id = p.user_id where p.rollout_id = $1
   union all
   select 'profile', x.id::text, x.name from rollout_pilot p join profile x on x.id = p.profile_id where p.rollout_id = $1
   union all
   select 'permission set', s.id::text, s.name from rollout_pilot p join permission_set s on s.id = p.permission_set_id
     where p.rollout_id = $1
   order by kind, name`,
);

export async function findRollout(db: Queryable, id: number): Promise<Rollout | undefined> {
  const row = await BY_ID.find(db, [id]);
  return row && toRollout(row);
}

/** The rollout, locked until the transaction ends. */
export async function lockRollout(db: Queryable, id: number): Promise<Rollout | undefined> {
  const row = await LOCKED.find(db, [id]);
  return row && toRollout(row);
}

/** Newest first. */
export async function listRolloutRows(
  db: Queryable,
  appId: number,
  page: { limit: number; before?: number | undefined },
): Promise<Rollout[]> {
  return (await LIST.rows(db, [appId, page.before ?? null, page.limit])).map(toRollout);
}

/** The one that moves or stands still. */
export async function findOpenRollout(db: Queryable, appId: number): Promise<Rollout | undefined> {
  const row = await OPEN.find(db, [appId]);
  return row && findRollout(db, row.id);
}

export interface OpenRow {
  rollout: Rollout;
  app: string;
  label: string;
  /** When it was told that the present stage was watched for long enough. */
  readyAt: Date | null;
}

/** Those that move or stand still, of all apps. */
export async function listOpenRows(db: Queryable): Promise<OpenRow[]> {
  const rows = await OPEN_OF_ALL.rows(db);
  return rows.map((row) => ({ rollout: toRollout(row), app: row.app, label: row.label, readyAt: row.ready_at }));
}

/** The rollout that brought the version in force. */
export async function findRolloutInForce(db: Queryable, appId: number, version: number): Promise<Rollout | undefined> {
  const row = await LATEST.find(db, [appId, version]);
  return row && findRollout(db, row.id);
}

export interface NewRollout {
  appId: number;
  version: number;
  settings: RolloutSettings;
  note: string | null;
  stages: { kind: StageKind; percent: number | null }[];
  pilot: { userIds: string[]; profileIds: number[]; permissionSetIds: number[] };
}

export async function insertRollout(db: Queryable, made: NewRollout, now: Date, by: string): Promise<number> {
  const { appId, version, settings, note, stages, pilot } = made;
  const row = await INSERT.find(db, [appId, version, JSON.stringify(settings), note, now, by]);
  if (!row) throw new Error('An insert gives its row');
  const kinds = stages.map(({ kind }) => kind);
  const percents = stages.map(({ percent }) => percent);
  await INSERT_STAGES.run(db, [row.id, stages.map((_, ordinal) => ordinal), kinds, percents]);
  await INSERT_PILOT.run(db, [row.id, pilot.userIds, pilot.profileIds, pilot.permissionSetIds]);
  return row.id;
}

export async function deleteRollout(db: Queryable, id: number): Promise<void> {
  await DELETE.run(db, [id]);
}

/** Writes what commands change, and raises the revision. */
export async function saveRollout(db: Queryable, rollout: Rollout): Promise<void> {
  await SAVE.run(db, [
    rollout.id,
    rollout.state,
    rollout.stage,
    rollout.baseVersion,
    rollout.halt && JSON.stringify(rollout.halt),
    rollout.startedAt,
    rollout.endedAt,
    rollout.addedPaths,
    rollout.changedAt,
    rollout.changedBy,
    rollout.changedHow,
  ]);
}

export async function saveStage(db: Queryable, rolloutId: number, stage: Stage): Promise<void> {
  await SAVE_STAGE.run(db, [
    rolloutId,
    stage.ordinal,
    stage.startedAt,
    stage.startedBy,
    stage.overrideReason,
    JSON.stringify(stage.overridden),
    stage.soakedMs,
    stage.reached,
    stage.seenBy,
  ]);
}

/** A watcher that stops leaves what it watched to another one at once. */
export async function leaveStages(db: Queryable, watcher: string): Promise<void> {
  await LEAVE.run(db, [watcher]);
}

export async function loadPilot(db: Queryable, rolloutId: number): Promise<Pilot> {
  const rows = await PILOT.rows(db, [rolloutId]);
  const of = (kind: string) => rows.filter((row) => row.kind === kind);
  return {
    users: of('user').map(({ id, name }) => ({ id, name })),
    profiles: of('profile').map(({ id, name }) => ({ id: Number(id), name })),
    permissionSets: of('permission set').map(({ id, name }) => ({ id: Number(id), name })),
  };
}

function toRollout(row: Row): Rollout {
  return {
    id: row.id,
    appId: row.app_id,
    version: row.version,
    baseVersion: row.base_version,
    state: row.state,
    stage: row.stage,
    stages: row.stages.map(toStage),
    settings: row.settings,
    withoutRollout: row.without_rollout,
    addedPaths: row.added_paths,
    halt: row.halt,
    revision: Number(row.revision),
    note: row.note,
    createdAt: row.created_at,
    createdBy: row.created_by,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    changedAt: row.changed_at,
    changedBy: row.changed_by,
    changedHow: row.changed_how,
  };
}

function toStage({ startedAt, overridden, ...row }: StageRow): Stage {
  return {
    ...row,
    startedAt: startedAt === null ? null : new Date(startedAt),
    overridden: overridden ?? [],
  };
}
