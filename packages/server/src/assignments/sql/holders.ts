import { type Queryable, statement } from '../../db/index.ts';

const COUNT_MEMBERS = statement<{ present: number | bigint; deleted: number | bigint }>(
  'count-members-of-profile',
  `select count(*) filter (where deleted_at is null) as present, count(*) filter (where deleted_at is not null) as deleted
   from directory_user where profile_id = $1`,
);

const HOLDERS_OF_SET = statement<{ user_id: string }>(
  'holders-of-permission-set',
  `select user_id from permission_set_assignment where permission_set_id = $1
   union
   select a.user_id from permission_set_group_component c
   join permission_set_assignment a on a.permission_set_group_id = c.permission_set_group_id
   where c.permission_set_id = $1`,
);

const HOLDERS_OF_GROUP = statement<{ user_id: string }>(
  'holders-of-permission-set-group',
  'select user_id from permission_set_assignment where permission_set_group_id = $1',
);

const APPS_GRANTED = statement<{ name: string }>(
  'apps-granted-by',
  `select a.name from app_assignment aa join connected_app a on a.id = aa.app_id
   where aa.profile_id = $1 or aa.permission_set_id = $2 or aa.permission_set_group_id = $3 order by a.name`,
);

/** Deleted users count apart: they keep their profile, for they may be restored. */
export async function countMembersOfProfile(
  db: Queryable,
  profileId: number,
): Promise<{ present: number; deleted: number }> {
  const row = await COUNT_MEMBERS.find(db, [profileId]);
  return { present: Number(row?.present ?? 0), deleted: Number(row?.deleted ?? 0) };
}

/** Everyone who holds the permission set, themselves or through a group. */
export async function listHoldersOfPermissionSet(db: Queryable, id: number): Promise<string[]> {
  return (await HOLDERS_OF_SET.rows(db, [id])).map((row) => row.user_id);
}

export async function listHoldersOfPermissionSetGroup(db: Queryable, id: number): Promise<string[]> {
  return (await HOLDERS_OF_GROUP.rows(db, [id])).map((row) => row.user_id);
}

/** Names of the apps that the record is assigned to. */
export async function listAppsGrantedBy(
  db: Queryable,
  by: { profileId?: number; permissionSetId?: number; permissionSetGroupId?: number },
): Promise<string[]> {
  const values = [by.profileId ?? null, by.permissionSetId ?? null, by.permissionSetGroupId ?? null];
  return (await APPS_GRANTED.rows(db, values)).map((row) => row.name);
}
