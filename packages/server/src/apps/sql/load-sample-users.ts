import type { Queryable } from '../../db/index.ts';
import { statement } from '../../db/index.ts';
import type { SourceRecord } from '../../mapping/index.ts';

interface Row {
  asked: string;
  id: string;
  username: string;
  is_active: boolean;
  fields: Record<string, unknown>;
  profile: string;
  manager_id: string | null;
  manager_username: string;
  manager_is_active: boolean;
  manager_fields: Record<string, unknown>;
  manager_remote_id: string | null;
  permission_sets: string[] | null;
  permission_set_groups: string[] | null;
}

const LOAD = statement<Row>(
  'load-sample-users',
  `select d.asked, u.id, u.username, u.is_active, u.fields, p.name as profile, m.id as manager_id,
     m.username as manager_username, m.is_active as manager_is_active, m.fields as manager_fields,
     ml.remote_id as manager_remote_id, e.permission_sets, e.permission_set_groups
   from unnest($2::text[]) d (asked)
   join directory_user u on lower(u.username) = lower(d.asked) and u.deleted_at is null
   join profile p on p.id = u.profile_id
   left join directory_user m on m.id = u.manager_id and m.deleted_at is null
   left join account_link ml on ml.app_id = $1 and ml.user_id = m.id and ml.account_state <> 'deleted'
   left join lateral (
     select array_agg(distinct s.name order by s.name) filter (where s.name is not null) as permission_sets,
            array_agg(distinct g.name order by g.name) filter (where g.name is not null) as permission_set_groups
     from permission_set_assignment a
     left join permission_set_group g on g.id = a.permission_set_group_id
     left join permission_set_group_component c on c.permission_set_group_id = g.id
     left join permission_set s on s.id = coalesce(a.permission_set_id, c.permission_set_id)
     where a.user_id = u.id and (a.expires_at is null or a.expires_at > $3)
   ) e on true`,
);

/** The users of the directory with these Usernames, as mappings see them; by the Username that was asked for. */
export async function loadSampleUsers(
  db: Queryable,
  appId: number,
  usernames: string[],
  now: Date,
): Promise<Map<string, SourceRecord>> {
  const rows = await LOAD.rows(db, [appId, usernames, now]);
  return new Map(rows.map((row) => [row.asked, toRecord(row)]));
}

function toRecord(row: Row): SourceRecord {
  return {
    id: row.id,
    username: row.username,
    isActive: row.is_active,
    fields: row.fields,
    profile: row.profile,
    permissionSets: row.permission_sets ?? [],
    permissionSetGroups: row.permission_set_groups ?? [],
    manager:
      row.manager_id === null
        ? null
        : {
            id: row.manager_id,
            username: row.manager_username,
            isActive: row.manager_is_active,
            fields: row.manager_fields,
            remoteId: row.manager_remote_id,
          },
  };
}
