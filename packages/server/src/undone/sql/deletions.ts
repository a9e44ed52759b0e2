import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

const PENDING = `l.delete_at is not null and l.account_state = 'deactivated'`;
const LIST = statement<PendingDeletion>(
  'deletions-list',
  `select a.name as app, l.user_id as "userId", u.username, l.remote_username as "remoteUsername", l.remote_id as "remoteId",
     l.delete_at as "deleteAt", l.updated_at as since
   from account_link l join connected_app a on a.id = l.app_id join directory_user u on u.id = l.user_id
   where ${PENDING} and ($1::int is null or l.app_id = $1) and ($2::timestamptz is null or l.delete_at <= $2)
     and ($3::timestamptz is null or (l.delete_at, l.app_id, l.user_id) > ($3, $4::int, $5::uuid))
   order by l.delete_at, l.app_id, l.user_id limit $6`,
);
const SUMMARY = statement<DeletionDay>(
  'deletions-summary',
  `select a.id as "appId", a.name as app, a.label, greatest(0, ceil(extract(epoch from l.delete_at - $2) / 86400))::int as days,
     count(*)::int as accounts, min(l.delete_at) as "firstAt"
   from account_link l join connected_app a on a.id = l.app_id
   where ${PENDING} and ($1::int is null or l.app_id = $1)
   group by a.id, 4 order by min(l.delete_at), a.name`,
);
const PICK = statement<{ userId: string; deleteAt: Date; remoteId: string | null }>(
  'deletions-pick',
  `select l.user_id as "userId", l.delete_at as "deleteAt", l.remote_id as "remoteId" from account_link l
   where l.app_id = $1 and ${PENDING} and ($2::uuid[] is null or l.user_id = any ($2))
     and ($3::timestamptz is null or l.delete_at <= $3)
   order by l.user_id limit $4 for update of l`,
);
const DELETE_NOW = statement(
  'deletions-now',
  `update account_link set delete_at = $3, updated_at = $3 where app_id = $1 and user_id = any ($2::uuid[])`,
);

/** A deactivated account that will be deleted. */
export interface PendingDeletion {
  app: string;
  userId: string;
  username: string;
  remoteUsername: string | null;
  remoteId: string | null;
  deleteAt: Date;
  since: Date;
}

/** Accounts of one app that will be deleted on the same day. */
export interface DeletionDay {
  appId: number;
  app: string;
  label: string;
  /** From now; 0 is within the day. */
  days: number;
  accounts: number;
  firstAt: Date;
}

export function listDeletions(
  db: Queryable,
  filter: { appId?: number | undefined; before?: Date | undefined },
  page: { limit: number; after?: { deleteAt: Date; appId: number; userId: string } | undefined },
): Promise<PendingDeletion[]> {
  const { deleteAt = null, appId = null, userId = null } = page.after ?? {};
  return LIST.rows(db, [filter.appId ?? null, filter.before ?? null, deleteAt, appId, userId, page.limit]);
}

/** The inbox: what will be deleted, by app and day. */
export function listDeletionDays(db: Queryable, appId: number | undefined, now: Date): Promise<DeletionDay[]> {
  return SUMMARY.rows(db, [appId ?? null, now]);
}

/** Locks pending deletions of an app: of these users, or all up to a moment. */
export function pickDeletions(
  db: Queryable,
  appId: number,
  wanted: { userIds?: string[] | undefined; before?: Date | undefined },
  limit: number,
): Promise<{ userId: string; deleteAt: Date; remoteId: string | null }[]> {
  return PICK.rows(db, [appId, wanted.userIds ?? null, wanted.before ?? null, limit]);
}

export async function hastenDeletions(db: Queryable, appId: number, userIds: string[], now: Date): Promise<void> {
  await DELETE_NOW.run(db, [appId, userIds, now]);
}
