import { copyRows, MANY_ROWS } from '../../db/copy.ts';
import { type PoolClient, type Queryable, statement } from '../../db/index.ts';
import type { StoredUser, UserFields } from '../user.ts';

interface Row {
  id: string;
  username: string;
  is_active: boolean;
  profile_id: number;
  manager_id: string | null;
  fields: UserFields;
  revision: number | bigint;
  is_deleted: boolean;
}

const LOAD_TEXT = `select id, username, is_active, profile_id, manager_id, fields, revision, deleted_at is not null as is_deleted
   from directory_user where id = any ($1::uuid[])`;
const LOAD = statement<Row>('load-users', LOAD_TEXT);
const LOCK = statement<Row>('lock-users', `${LOAD_TEXT} order by id for no key update`);

/** `c` gives id, username, is_active, profile_id, manager_id, fields, is_deleted; `$1` is now. */
export const INSERT_USERS = (c: string) =>
  `insert into directory_user (id, username, is_active, profile_id, manager_id, fields, created_at, updated_at)
   select c.id, c.username, c.is_active, c.profile_id, c.manager_id, c.fields, $1, $1 from ${c} c`;

export const UPDATE_USERS = (c: string) =>
  `update directory_user u
   set username = c.username, is_active = c.is_active, profile_id = c.profile_id, manager_id = c.manager_id,
     fields = c.fields, revision = u.revision + 1, updated_at = $1,
     deleted_at = case when c.is_deleted then coalesce(u.deleted_at, $1) end
   from ${c} c where u.id = c.id`;

const ROWS = `(select id, username, "isActive" as is_active, "profileId" as profile_id, "managerId" as manager_id, fields,
    "isDeleted" as is_deleted
  from json_to_recordset($2) as r (id uuid, username text, "isActive" boolean, "profileId" int, "managerId" uuid,
    fields jsonb, "isDeleted" boolean))`;
const INSERT = statement('insert-users', INSERT_USERS(ROWS));
const UPDATE = statement('update-users', UPDATE_USERS(ROWS));

/** The users of these ids; with `lock` they stay as they are until the transaction ends. */
export async function loadUsers(
  db: Queryable,
  ids: readonly string[],
  options: { lock: boolean },
): Promise<Map<string, StoredUser>> {
  if (ids.length === 0) return new Map();
  const rows = await (options.lock ? LOCK : LOAD).rows(db, [ids]);
  return new Map(rows.map((row) => [row.id, toStoredUser(row)]));
}

export async function insertUsers(tx: PoolClient, now: Date, users: readonly StoredUser[]): Promise<void> {
  if (users.length === 0) return;
  if (users.length < MANY_ROWS) await INSERT.run(tx, [now, formatRows(users)]);
  else {
    const columns = 'id, username, is_active, profile_id, manager_id, fields, created_at, updated_at';
    await copyRows(tx, `directory_user (${columns})`, users, (user) => [
      ...[user.id, user.username, user.isActive, user.profileId, user.managerId, JSON.stringify(user.fields), now, now],
    ]);
  }
}

/** Writes the whole users and raises their revisions. */
export async function updateUsers(db: Queryable, now: Date, users: readonly StoredUser[]): Promise<void> {
  if (users.length > 0) await UPDATE.run(db, [now, formatRows(users)]);
}

function formatRows(users: readonly StoredUser[]): string {
  return JSON.stringify(
    users.map(({ id, username, isActive, profileId, managerId, fields, isDeleted }) => ({
      id,
      username,
      isActive,
      profileId,
      managerId,
      fields,
      isDeleted,
    })),
  );
}

function toStoredUser(row: Row): StoredUser {
  return {
    id: row.id,
    username: row.username,
    isActive: row.is_active,
    profileId: row.profile_id,
    managerId: row.manager_id,
    fields: row.fields,
    revision: row.revision,
    isDeleted: row.is_deleted,
  };
}
