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
 * or no longer granted is urgent, since it may take access away. An upsert takes its rows in the order in which they are
 * given, so that they are locked in the order of their key, as outcomes lock them, and the two never wait for each other
 * in a circle. It goes from the affected users to what they hold, so that one user costs as little among a million as
 * among ten; who is gone is looked up in two small indexes instead of in wide rows. Runs in the transaction of the change;
 * the notification reaches the pumps when that commits.
 */
const MARK = (affected: string, onlyApp = '') => `
with affected as materialized (select distinct f.user_id from (${affected}) f order by f.user_id),
granting as materialized (
  select aa.app_id, aa.profile_id, aa.permission_set_id, aa.permission_set_group_id
  from app_assignment aa
  join connected_app c on c.id = aa.app_id and c.state <> 'draft'
  ${onlyApp && `where aa.app_id = ${onlyApp}`}
  union
  select aa.app_id, null, null, gc.permission_set_group_id
  from app_assignment aa
  join connected_app c on c.id = aa.app_id and c.state <> 'draft'
  join permission_set_group_component gc on gc.permission_set_id = aa.permission_set_id
  ${onlyApp && `where aa.app_id = ${onlyApp}`}
),
wanted as (
  select l.app_id, l.user_id, bool_or(l.linked) as linked, bool_or(l.granted) as granted
  from (
    select s.app_id, s.user_id, true as linked, false as granted
    from affected f join link_schedule s on s.user_id = f.user_id
    ${onlyApp && `where s.app_id = ${onlyApp}`}
    union all
    select g.app_id, a.user_id, false, true
    from affected f
    join permission_set_assignment a on a.user_id = f.user_id and (a.expires_at is null or a.expires_at > $1)
    join granting g on g.permission_set_id = a.permission_set_id or g.permission_set_group_id = a.permission_set_group_id
    union all
    select g.app_id, u.id, false, true
    from affected f
    join directory_user u on u.id = f.user_id
    join granting g on g.profile_id = u.profile_id
    where (select exists (select from granting where profile_id is not null))
  ) l group by l.app_id, l.user_id
),
raised as (
  insert into link_schedule as s (app_id, user_id, next_due_at, urgency)
  select w.app_id, w.user_id, $1, case when not w.linked then 2 when not w.granted
    or (select true from directory_user u where u.id = w.user_id and not u.is_active and u.deleted_at is null)
    or (select true from directory_user u where u.id = w.user_id and u.deleted_at is not null) then 0 else 2 end
  from wanted w
  order by w.user_id, w.app_id
  on conflict (user_id, app_id) do update
    set wanted_rev = s.wanted_rev + 1, next_due_at = least(s.next_due_at, $1), urgency = least(s.urgency, excluded.urgency)
  returning app_id
),
marked as (select app_id, count(*) as links from raised group by app_id)
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
