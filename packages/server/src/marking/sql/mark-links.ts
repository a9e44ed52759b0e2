import type pg from 'pg';
import { crashPoint } from '../../crash-point.ts';

/** Which users a change touched, as a query with its parameters; `$1` is taken by now. */
interface Affected {
  name: string;
  text: string;
  values: unknown[];
  /** Further conditions on the app: a change of one app touches no other. */
  onlyApp?: string;
}

/**
 * The one statement that makes work: every link of the affected users is raised to a new wanted revision and due now,
 * and links come into being where a user is granted an app for the first time. A link whose user is no longer active
 * or no longer granted is urgent, since it may take access away. Rows are locked in the order of their key, as outcomes
 * lock them, so that the two never wait for each other in a circle. Runs in the transaction of the change; the
 * notification reaches the pumps when that commits.
 */
const MARK = (affected: string, onlyApp = '') => `
with affected as materialized (select distinct f.user_id from (${affected}) f),
granted as materialized (
  select distinct g.app_id, g.user_id
  from effective_grant g
  join connected_app a on a.id = g.app_id and a.state <> 'draft'
  where g.user_id in (select user_id from affected) and (g.expires_at is null or g.expires_at > $1)
    ${onlyApp && `and g.app_id = ${onlyApp}`}
),
known as materialized (
  select s.app_id, s.user_id, g.user_id is not null and u.is_active and u.deleted_at is null as keeps
  from link_schedule s
  join affected f on f.user_id = s.user_id
  join directory_user u on u.id = s.user_id
  left join granted g on g.app_id = s.app_id and g.user_id = s.user_id
  ${onlyApp && `where s.app_id = ${onlyApp}`}
  order by s.app_id, s.user_id for no key update of s
),
raised as (
  update link_schedule s
  set wanted_rev = s.wanted_rev + 1,
      next_due_at = least(s.next_due_at, $1),
      urgency = least(s.urgency, case when k.keeps then 2 else 0 end)
  from known k
  where s.app_id = k.app_id and s.user_id = k.user_id
  returning s.app_id
),
begun as (
  insert into link_schedule as s (app_id, user_id, next_due_at, urgency)
  select g.app_id, g.user_id, $1, 2
  from granted g
  where not exists (select 1 from known k where k.app_id = g.app_id and k.user_id = g.user_id)
  order by g.app_id, g.user_id
  on conflict (app_id, user_id) do update set wanted_rev = s.wanted_rev + 1, next_due_at = least(s.next_due_at, $1)
  returning app_id
),
marked as (select app_id, count(*) as links from (select app_id from raised union all select app_id from begun) m group by app_id)
select m.links, pg_notify('usher_due', m.app_id::text) from marked m`;

async function mark(db: pg.ClientBase, now: Date, affected: Affected): Promise<number> {
  const { rows } = await db.query<{ links: string }>({
    name: `mark-${affected.name}`,
    text: MARK(affected.text, affected.onlyApp),
    values: [now, ...affected.values],
  });
  crashPoint('after-marking');
  return rows.reduce((sum, row) => sum + Number(row.links), 0);
}

/** Marks the links of these users due. Gives the number of links. */
export function markUsers(db: pg.ClientBase, now: Date, userIds: string[]): Promise<number> {
  return mark(db, now, { name: 'users', text: 'select unnest($2::uuid[]) as user_id', values: [userIds] });
}

/** Marks the links of everyone whose manager is one of these users: the mapping may show the manager's name or id. */
export function markReportsOf(db: pg.ClientBase, now: Date, managerIds: string[]): Promise<number> {
  return mark(db, now, {
    name: 'reports',
    text: 'select id as user_id from directory_user where manager_id = any ($2::uuid[])',
    values: [managerIds],
  });
}

export function markMembersOfProfile(db: pg.ClientBase, now: Date, profileId: number): Promise<number> {
  return mark(db, now, {
    name: 'profile',
    text: 'select id as user_id from directory_user where profile_id = $2',
    values: [profileId],
  });
}

/** Marks everyone who holds the permission set, themselves or through a group. */
export function markHoldersOfPermissionSet(db: pg.ClientBase, now: Date, permissionSetId: number): Promise<number> {
  return mark(db, now, {
    name: 'permission-set',
    text: `select user_id from permission_set_assignment where permission_set_id = $2
      union all
      select a.user_id from permission_set_group_component c
      join permission_set_assignment a on a.permission_set_group_id = c.permission_set_group_id
      where c.permission_set_id = $2`,
    values: [permissionSetId],
  });
}

export function markHoldersOfPermissionSetGroup(db: pg.ClientBase, now: Date, groupId: number): Promise<number> {
  return mark(db, now, {
    name: 'permission-set-group',
    text: 'select user_id from permission_set_assignment where permission_set_group_id = $2',
    values: [groupId],
  });
}

/** Marks everyone who is granted the app or has a link with it: its configuration, state or assignment changed. */
export function markApp(db: pg.ClientBase, now: Date, appId: number): Promise<number> {
  return mark(db, now, {
    name: 'app',
    text: 'select user_id from effective_grant where app_id = $2 union all select user_id from link_schedule where app_id = $2',
    values: [appId],
    onlyApp: '$2',
  });
}

/** Marks the links of these users with one app, and no others of theirs. */
export function markUsersOfApp(db: pg.ClientBase, now: Date, appId: number, userIds: string[]): Promise<number> {
  return mark(db, now, {
    name: 'app-users',
    text: 'select unnest($3::uuid[]) as user_id',
    values: [appId, userIds],
    onlyApp: '$2::int',
  });
}
