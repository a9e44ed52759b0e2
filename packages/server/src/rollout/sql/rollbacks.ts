import { type Queryable, statement } from '../../db/index.ts';

export const PROOF_STATES = [
  'healing',
  'as before',
  'differs',
  'gone',
  'no account',
  'held',
  'parked',
  'left',
  'could not be read',
] as const;
export type ProofState = (typeof PROOF_STATES)[number];

export const ROLLBACK_STATES = ['healing', 'done'] as const;
export type RollbackState = (typeof ROLLBACK_STATES)[number];

export interface Rollback {
  id: number;
  rolloutId: number;
  appId: number;
  fromStage: number;
  fromVersion: number;
  toVersion: number | null;
  state: RollbackState;
  at: Date;
  by: string;
  reason: string;
  marked: number;
  finishedAt: Date | null;
  counts: Partial<Record<ProofState, number>>;
}

const COLUMNS = `b.id, b.rollout_id as "rolloutId", b.app_id as "appId", b.from_stage as "fromStage",
  b.from_version as "fromVersion", b.to_version as "toVersion", b.state, b.at, b.by, b.reason, b.marked,
  b.finished_at as "finishedAt",
  (select coalesce(json_object_agg(c.state, c.count), '{}'::json) from (
     select state, count(*)::int as count from rollback_account a where a.rollback_id = b.id group by state) c) as counts`;
const INSERT = statement<{ id: number }>(
  'rollback-insert',
  `insert into rollback (rollout_id, app_id, from_stage, from_version, to_version, state, at, by, reason)
   values ($1, $2, $3, $4, $5, 'healing', $6, $7, $8) returning id`,
);
const MARKED = statement('rollback-marked', 'update rollback set marked = $2 where id = $1');
const LATEST = statement<Rollback>(
  'rollback-latest',
  `select ${COLUMNS} from rollback b where b.rollout_id = $1 order by b.id desc limit 1`,
);
const OF_APP = statement<Rollback>(
  'rollbacks-of-app',
  `select ${COLUMNS} from rollback b where b.app_id = $1 and ($2::int is null or b.id < $2) order by b.id desc limit $3`,
);
const BY_ID = statement<Rollback>('rollback-by-id', `select ${COLUMNS} from rollback b where b.id = $1`);
const UNFINISHED = statement<{ id: number }>(
  'rollbacks-unfinished',
  `select id from rollback where state <> 'done' order by id`,
);
const AGAIN = statement(
  'rollback-prove-again',
  `with accounts as (
     update rollback_account set state = 'healing', differences = null, detail = null, read_at = null where rollback_id = $1
   )
   update rollback set state = 'healing', finished_at = null where id = $1`,
);
const FINISH = statement(
  'rollback-finish',
  `update rollback set state = 'done', finished_at = $2
   where id = $1 and not exists (select from rollback_account where rollback_id = $1 and state = 'healing')`,
);
const READY = statement<{ userId: string }>(
  'rollback-ready',
  `select a.user_id as "userId" from rollback_account a
   join rollback b on b.id = a.rollback_id
   join link_schedule s on s.app_id = b.app_id and s.user_id = a.user_id
   left join account_link l on l.app_id = b.app_id and l.user_id = a.user_id
   where a.rollback_id = $1 and a.state = 'healing' and s.done_rev >= a.rev
   order by a.user_id limit $2`,
);
const WRITE = statement(
  'rollback-write-proof',
  `update rollback_account a set state = p.state, differences = p.differences, detail = p.detail, read_at = $2
   from json_to_recordset($3) p ("userId" uuid, state text, differences json, detail text)
   where a.rollback_id = $1 and a.user_id = p."userId"`,
);
export interface ProofRow {
  userId: string;
  username: string;
  state: ProofState;
  differences: { path: string; expected: unknown; found: unknown }[] | null;
  detail: string | null;
  readAt: Date | null;
}
const ACCOUNTS = statement<ProofRow>(
  'rollback-accounts',
  `select a.user_id as "userId", u.username, a.state, a.differences, a.detail, a.read_at as "readAt"
   from rollback_account a join directory_user u on u.id = a.user_id
   where a.rollback_id = $1 and ($2::text is null or a.state = $2) and ($3::uuid is null or a.user_id > $3)
   order by a.user_id limit $4`,
);

export interface NewRollback {
  rolloutId: number;
  appId: number;
  fromStage: number;
  fromVersion: number;
  toVersion: number | null;
  reason: string;
}

export async function insertRollback(db: Queryable, made: NewRollback, now: Date, by: string): Promise<number> {
  const { rolloutId, appId, fromStage, fromVersion, toVersion, reason } = made;
  const row = await INSERT.find(db, [rolloutId, appId, fromStage, fromVersion, toVersion, now, by, reason]);
  if (!row) throw new Error('An insert gives its row');
  return row.id;
}

export async function saveMarked(db: Queryable, id: number, marked: number): Promise<void> {
  await MARKED.run(db, [id, marked]);
}

/** The latest way back of a rollout. */
export function findLatestRollback(db: Queryable, rolloutId: number): Promise<Rollback | undefined> {
  return LATEST.find(db, [rolloutId]);
}

/** The ways back of an app, newest first. */
export function listRollbacks(
  db: Queryable,
  appId: number,
  page: { limit: number; before?: number | undefined },
): Promise<Rollback[]> {
  return OF_APP.rows(db, [appId, page.before ?? null, page.limit]);
}

export function findRollback(db: Queryable, id: number): Promise<Rollback | undefined> {
  return BY_ID.find(db, [id]);
}

export async function listUnfinishedRollbacks(db: Queryable): Promise<number[]> {
  return (await UNFINISHED.rows(db)).map(({ id }) => id);
}

/** Every account is read again. */
export async function proveAgain(db: Queryable, id: number): Promise<void> {
  await AGAIN.run(db, [id]);
}

/** Users whose way back has been worked and whose account was not read since. */
export async function listReadyForProof(db: Queryable, id: number, limit: number): Promise<string[]> {
  return (await READY.rows(db, [id, limit])).map(({ userId }) => userId);
}

export type Proof = Pick<ProofRow, 'userId' | 'state' | 'differences' | 'detail'>;

export async function writeProofs(db: Queryable, id: number, proofs: readonly Proof[], now: Date): Promise<void> {
  await WRITE.run(db, [id, now, JSON.stringify(proofs)]);
}

/** Ends the proving once every account was looked at. */
export async function finishRollback(db: Queryable, id: number, now: Date): Promise<boolean> {
  return (await FINISH.run(db, [id, now])) === 1;
}

export function listProofs(
  db: Queryable,
  id: number,
  filter: { state?: string | undefined },
  page: { limit: number; after?: string | undefined },
): Promise<ProofRow[]> {
  return ACCOUNTS.rows(db, [id, filter.state ?? null, page.after ?? null, page.limit]);
}
