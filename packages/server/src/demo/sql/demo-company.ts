import { type PoolClient, type Queryable, statement } from '../../db/index.ts';

const SETTING = 'demo_company';

export interface StoredCompany {
  loadedAt: string;
  by: string;
}

const FIND = statement<{ value: StoredCompany }>('demo-find', 'select value from instance_setting where name = $1');
const NOTE = statement(
  'demo-note',
  'insert into instance_setting (name, value, updated_at) values ($1, $2, $3) on conflict (name) do nothing',
);
const FORGET = statement('demo-forget', 'delete from instance_setting where name = $1');
const ANYBODY = statement('demo-anybody', 'select from directory_user limit 1');
const FIND_USERS = statement<{ id: string }>(
  'demo-users',
  'select id from directory_user where lower(username) = any ($1::text[]) order by id',
);
const LOCK_USERS = statement(
  'demo-lock',
  'select from directory_user where id = any ($1::uuid[]) order by id for update',
);

export async function findCompany(db: Queryable): Promise<StoredCompany | undefined> {
  return (await FIND.find(db, [SETTING]))?.value;
}

/** False: it is there already, or comes at this moment. */
export async function noteCompany(db: Queryable, company: StoredCompany, now: Date): Promise<boolean> {
  return (await NOTE.run(db, [SETTING, JSON.stringify(company), now])) === 1;
}

export async function forgetCompany(db: Queryable): Promise<void> {
  await FORGET.run(db, [SETTING]);
}

/** Deleted users count too. */
export async function hasUsers(db: Queryable): Promise<boolean> {
  return (await ANYBODY.run(db, [])) > 0;
}

export async function listCompanyUsers(db: Queryable, usernames: readonly string[]): Promise<string[]> {
  return (await FIND_USERS.rows(db, [usernames])).map(({ id }) => id);
}

export async function lockUsers(db: PoolClient, userIds: readonly string[]): Promise<void> {
  await LOCK_USERS.run(db, [userIds]);
}

const IN_USE = statement<{ app: string; problem: string }>(
  'demo-in-use',
  `select a.name as app, count(*) || ' accounts of demo users are remembered there' as problem
   from account_link l join connected_app a on a.id = l.app_id
   where l.user_id = any ($1::uuid[]) and l.remote_id is not null group by a.name
   union all
   select a.name, 'it is active, and concerns demo users'
   from connected_app a where a.state = 'active'
     and exists (select from link_schedule s where s.app_id = a.id and s.user_id = any ($1::uuid[]))
     and not exists (select from account_link l
                     where l.app_id = a.id and l.user_id = any ($1::uuid[]) and l.remote_id is not null)
   union all
   select a.name, 'a call for a demo user is under way'
   from open_intent i join connected_app a on a.id = i.app_id where i.user_ids && $1::uuid[]
   order by 1`,
);
const HELD_BY_OTHERS = statement<{ name: string; users: number }>(
  'demo-held-by-others',
  `select coalesce(s.name, g.name) as name, count(*)::int as users
   from permission_set_assignment a
   left join permission_set s on s.id = a.permission_set_id
   left join permission_set_group g on g.id = a.permission_set_group_id
   where a.user_id <> all ($1::uuid[]) and (s.name = any ($2::text[]) or g.name = $3) group by 1 order by 1`,
);

/** What is real about the company by now: apps that hold accounts of it, or might make some. */
export function listAppsInUse(db: Queryable, userIds: readonly string[]): Promise<{ app: string; problem: string }[]> {
  return IN_USE.rows(db, [userIds]);
}

/** Which of its entitlements others hold. */
export function listHeldByOthers(
  db: Queryable,
  userIds: readonly string[],
  permissionSets: readonly string[],
  group: string,
): Promise<{ name: string; users: number }[]> {
  return HELD_BY_OTHERS.rows(db, [userIds, permissionSets, group]);
}

/** What tells of these users, in an order that the keys between tables allow. The audit stays: it says what was done. */
const OWN = [
  'rollout_pilot',
  'rollout_reach',
  'rollback_account',
  'population_plan_change',
  'population_plan_user',
  'population_plan_value',
  'matching_item',
  'matching_user',
  'drill',
  'hold',
  'dismissal',
  'guard_ledger',
  'deactivation_ledger',
  'provisioning_log',
  'provisioning_request',
  'account_link',
  'link_schedule',
  'access_link',
  'permission_set_assignment',
] as const;
const DELETE_OWN = OWN.map((table) =>
  statement(`demo-delete-${table}`, `delete from ${table} where user_id = any ($1::uuid[])`),
);
const UNMANAGE = statement(
  'demo-unmanage',
  `update directory_user set manager_id = null, updated_at = $2, revision = revision + 1
   where manager_id = any ($1::uuid[]) and id <> all ($1::uuid[])`,
);
const DELETE_USERS = statement('demo-delete-users', 'delete from directory_user where id = any ($1::uuid[])');
const DELETE_GROUP = statement('demo-delete-group', 'delete from permission_set_group where name = $1');
const DELETE_SETS = statement('demo-delete-sets', 'delete from permission_set where name = any ($1::text[])');

/** Deletes the company whole. Gives how many others had one of its people as their manager. */
export async function deleteCompany(
  db: PoolClient,
  now: Date,
  { userIds, permissionSets, group }: { userIds: readonly string[]; permissionSets: readonly string[]; group: string },
): Promise<number> {
  for (const remove of DELETE_OWN) await remove.run(db, [userIds]);
  const unmanaged = await UNMANAGE.run(db, [userIds, now]);
  await DELETE_USERS.run(db, [userIds]);
  await DELETE_GROUP.run(db, [group]);
  await DELETE_SETS.run(db, [permissionSets]);
  await FORGET.run(db, [SETTING]);
  return unmanaged;
}
