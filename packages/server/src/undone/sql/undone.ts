import type { Attributes } from '@usher/connector-sdk';
import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { PlannedChange, Reason, TriggerName } from '../../planning/index.ts';

const COUNT = statement<{ code: string; users: number }>(
  'undone-count',
  `select reason ->> 'code' as code, count(*)::int as users from account_link
   where app_id = $1 and standing = 'waiting' and reason ->> 'code' = any ($2::text[]) group by 1`,
);
const LIST = statement<UndoneRow>(
  'undone-list',
  `select l.user_id as "userId", u.username, l.reason ->> 'code' as code, l.updated_at as since
   from account_link l join directory_user u on u.id = l.user_id
   where l.app_id = $1 and l.standing = 'waiting' and l.reason ->> 'code' = any ($2::text[])
     and ($3::uuid is null or l.user_id > $3) and ($5::uuid[] is null or l.user_id = any ($5))
   order by l.user_id limit $4`,
);
/*
 * In the order of the key, as outcomes lock. Of an update what is wanted today becomes what was applied; of the rest it is
 * kept that a person does not want it.
 */
const DISMISS = statement<{ user_id: string }>(
  'undone-dismiss',
  `with wanted as materialized (
     select * from json_to_recordset($2) as d ("userId" uuid, applied json, dismissed text, reason json) order by "userId"
   ),
   locked as materialized (
     select l.user_id from account_link l join wanted w on w."userId" = l.user_id
     where l.app_id = $1 order by l.user_id for update of l
   )
   update account_link l
   set applied = coalesce(w.applied, l.applied), dismissed = coalesce(w.dismissed, l.dismissed), reason = w.reason,
     standing = case when w.reason is null then 'settled' else 'waiting' end,
     delete_at = case when w.dismissed = 'delete' then null else l.delete_at end, updated_at = $3
   from wanted w join locked k on k.user_id = w."userId"
   where l.app_id = $1 and l.user_id = w."userId"
   returning l.user_id`,
);
const RECORD = statement(
  'dismissals-record',
  `insert into dismissal (app_id, user_id, operation, changes, reason, at, by)
   select $1, d."userId", d.operation, d.changes, $3, $4, $5
   from json_to_recordset($2) as d ("userId" uuid, operation text, changes json)`,
);
const DISMISSALS = statement<Dismissal>(
  'dismissals-list',
  `select d.id, d.user_id as "userId", u.username, d.operation, d.changes, d.reason, d.at, d.by, d.undone_at as "undoneAt",
     d.undone_by as "undoneBy"
   from dismissal d join directory_user u on u.id = d.user_id
   where d.app_id = $1 and ($2::bigint is null or d.id < $2) order by d.id desc limit $3`,
);
const TAKE_BACK = statement<{ userId: string; operation: string; changes: PlannedChange[] | null }>(
  'dismissal-take-back',
  `update dismissal set undone_at = $3, undone_by = $4 where id = $1 and app_id = $2 and undone_at is null
   returning user_id as "userId", operation, changes`,
);
const FIND_DISMISSAL = statement<{ undoneBy: string | null }>(
  'dismissal-find',
  'select undone_by as "undoneBy" from dismissal where id = $1 and app_id = $2',
);
const LOCK_APPLIED = statement<{ applied: Attributes | null }>(
  'undone-lock-applied',
  'select applied from account_link where app_id = $1 and user_id = $2 for update',
);
const WRITE_APPLIED = statement(
  'undone-write-applied',
  'update account_link set applied = $3, updated_at = $4 where app_id = $1 and user_id = $2',
);
const WANT_AGAIN = statement(
  'undone-want-again',
  `update account_link set dismissed = null, updated_at = $4 where app_id = $1 and user_id = $2 and dismissed = $3`,
);

export interface UndoneRow {
  userId: string;
  username: string;
  code: string;
  since: Date;
}

/** Something that a person decided not to have. */
export interface Dismissal {
  id: number;
  userId: string;
  username: string;
  operation: string;
  changes: PlannedChange[] | null;
  reason: string;
  at: Date;
  by: string;
  undoneAt: Date | null;
  undoneBy: string | null;
}

/** What is written of a link whose undone change is dismissed. */
export interface DismissedLink {
  userId: string;
  operation: string;
  changes: PlannedChange[];
  /** What counts as applied from now on; null: as it is. */
  applied: Attributes | null;
  /** What is not done until the user leaves or returns; null: later differences are sent. */
  dismissed: Exclude<TriggerName, 'update'> | 'delete' | null;
  reason: Reason | null;
}

export async function countUndoneByCode(db: Queryable, appId: number, codes: string[]): Promise<Map<string, number>> {
  const rows = await COUNT.rows(db, [appId, codes]);
  return new Map(rows.map(({ code, users }) => [code, users]));
}

export function listUndoneRows(
  db: Queryable,
  appId: number,
  codes: string[],
  page: { limit: number; after?: string | undefined; userIds?: string[] | undefined },
): Promise<UndoneRow[]> {
  return LIST.rows(db, [appId, codes, page.after ?? null, page.limit, page.userIds ?? null]);
}

/** Writes links that are dismissed and keeps what was; gives whose they are. */
export async function writeDismissed(
  db: Queryable,
  appId: number,
  links: readonly DismissedLink[],
  { reason, now, by }: { reason: string; now: Date; by: string },
): Promise<string[]> {
  const rows = await DISMISS.rows(db, [appId, JSON.stringify(links), now]);
  const written = new Set(rows.map(({ user_id }) => user_id));
  const records = links.filter(({ userId }) => written.has(userId));
  await RECORD.run(db, [appId, JSON.stringify(records), reason, now, by]);
  return [...written];
}

export async function listDismissals(
  db: Queryable,
  appId: number,
  page: { limit: number; before?: number | undefined },
): Promise<Dismissal[]> {
  const rows = await DISMISSALS.rows(db, [appId, page.before ?? null, page.limit]);
  return rows.map((row) => ({ ...row, id: Number(row.id) }));
}

/** Undefined: there is none of this app that is not taken back. */
export function takeBackRow(
  db: Queryable,
  appId: number,
  id: number,
  { now, by }: { now: Date; by: string },
): Promise<{ userId: string; operation: string; changes: PlannedChange[] | null } | undefined> {
  return TAKE_BACK.find(db, [id, appId, now, by]);
}

export function findDismissal(
  db: Queryable,
  appId: number,
  id: number,
): Promise<{ undoneBy: string | null } | undefined> {
  return FIND_DISMISSAL.find(db, [id, appId]);
}

export async function lockApplied(db: Queryable, appId: number, userId: string): Promise<Attributes | null> {
  return (await LOCK_APPLIED.find(db, [appId, userId]))?.applied ?? null;
}

export async function writeApplied(
  db: Queryable,
  appId: number,
  userId: string,
  applied: Attributes,
  now: Date,
): Promise<void> {
  await WRITE_APPLIED.run(db, [appId, userId, JSON.stringify(applied), now]);
}

export async function wantAgain(
  db: Queryable,
  appId: number,
  userId: string,
  operation: string,
  now: Date,
): Promise<void> {
  await WANT_AGAIN.run(db, [appId, userId, operation, now]);
}
