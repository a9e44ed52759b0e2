import { copyRows, MANY_ROWS } from '../../db/copy.ts';
import { type PoolClient, type Queryable, statement } from '../../db/index.ts';
import type { HeldAssignment } from '../entitlement.ts';

interface Row {
  id: number | bigint;
  user_id: string;
  permission_set_id: number | null;
  permission_set_group_id: number | null;
  name: string;
  expires_at: Date | null;
  created_at: Date;
}

// The lateral join makes it a look-up by user, whatever the statistics say of a table that was just filled.
const HELD = statement<Row>(
  'held-assignments',
  `select a.id, a.user_id, a.permission_set_id, a.permission_set_group_id, coalesce(s.name, g.name) as name, a.expires_at,
     a.created_at
   from unnest($1::uuid[]) k (id)
   cross join lateral (select * from permission_set_assignment h where h.user_id = k.id offset 0) a
   left join permission_set s on s.id = a.permission_set_id
   left join permission_set_group g on g.id = a.permission_set_group_id
   order by a.id`,
);

const REMOVE = statement('remove-assignments', 'delete from permission_set_assignment where id = any ($1::bigint[])');

const ADD = statement(
  'add-assignments',
  `insert into permission_set_assignment (user_id, permission_set_id, permission_set_group_id, expires_at, created_at)
   select a."userId", a."permissionSetId", a."permissionSetGroupId", a."expiresAt", $1
   from json_to_recordset($2) as a ("userId" uuid, "permissionSetId" int, "permissionSetGroupId" int, "expiresAt" timestamptz)`,
);

const CHANGE_EXPIRY = statement(
  'change-assignment-expiry',
  'update permission_set_assignment set expires_at = $2 where id = $1',
);

const LOCK_USER = statement<{ id: string; username: string; revision: number | bigint; is_deleted: boolean }>(
  'lock-user-for-assignment',
  `select id, username, revision, deleted_at is not null as is_deleted from directory_user where id = $1 for no key update`,
);

const RAISE_USER = statement<{ revision: number | bigint }>(
  'raise-user-for-assignment',
  'update directory_user set revision = revision + 1, updated_at = $2 where id = $1 returning revision',
);

export interface NewAssignment {
  readonly userId: string;
  readonly permissionSetId?: number;
  readonly permissionSetGroupId?: number;
  readonly expiresAt?: Date | null;
}

export async function loadHeldAssignments(db: Queryable, userIds: readonly string[]): Promise<HeldAssignment[]> {
  if (userIds.length === 0) return [];
  return (await HELD.rows(db, [userIds])).map((row) => ({
    id: row.id,
    userId: row.user_id,
    permissionSetId: row.permission_set_id,
    permissionSetGroupId: row.permission_set_group_id,
    name: row.name,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
  }));
}

/** Takes away and gives, in this order. Marking and audit are the caller's. */
export async function writeAssignments(
  tx: PoolClient,
  now: Date,
  { remove, add }: { remove: readonly (number | bigint)[]; add: readonly NewAssignment[] },
): Promise<void> {
  if (remove.length > 0) await REMOVE.run(tx, [remove.map(String)]);
  if (add.length === 0) return;
  if (add.length < MANY_ROWS) await ADD.run(tx, [now, JSON.stringify(add)]);
  else {
    const columns = 'user_id, permission_set_id, permission_set_group_id, expires_at, created_at';
    await copyRows(tx, `permission_set_assignment (${columns})`, add, (one) => [
      ...[one.userId, one.permissionSetId, one.permissionSetGroupId, one.expiresAt, now],
    ]);
  }
}

export async function changeAssignmentExpiry(
  db: Queryable,
  id: number | bigint,
  expiresAt: Date | null,
): Promise<void> {
  await CHANGE_EXPIRY.run(db, [String(id), expiresAt]);
}

export async function lockAssignee(db: Queryable, userId: string) {
  return await LOCK_USER.find(db, [userId]);
}

/** The assignments of a user are under the user's ETag. */
export async function raiseAssignee(db: Queryable, now: Date, userId: string): Promise<number | bigint> {
  const row = await RAISE_USER.find(db, [userId, now]);
  if (!row) throw new Error('The locked user is gone');
  return row.revision;
}
