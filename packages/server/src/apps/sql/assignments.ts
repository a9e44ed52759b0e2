import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

export const GRANT_KINDS = ['profile', 'permission set', 'permission set group'] as const;
export type GrantKind = (typeof GRANT_KINDS)[number];

/** The fact that a profile, permission set or permission set group grants an app. */
export interface AppAssignment {
  id: number;
  kind: GrantKind;
  name: string;
  createdAt: Date;
}

export interface Grant {
  kind: GrantKind;
  id: number;
  name: string;
}

interface Row {
  id: number;
  kind: GrantKind;
  name: string;
  created_at: Date;
}

const TABLES: Record<GrantKind, { table: string; column: string }> = {
  profile: { table: 'profile', column: 'profile_id' },
  'permission set': { table: 'permission_set', column: 'permission_set_id' },
  'permission set group': { table: 'permission_set_group', column: 'permission_set_group_id' },
};

const LIST = statement<Row>(
  'app-assignments',
  `select a.id, a.created_at, coalesce(p.name, s.name, g.name) as name,
     case when a.profile_id is not null then 'profile'
          when a.permission_set_id is not null then 'permission set'
          else 'permission set group' end as kind
   from app_assignment a
   left join profile p on p.id = a.profile_id
   left join permission_set s on s.id = a.permission_set_id
   left join permission_set_group g on g.id = a.permission_set_group_id
   where a.app_id = $1 order by 4, lower(coalesce(p.name, s.name, g.name))`,
);

const STATEMENTS = Object.fromEntries(
  GRANT_KINDS.map((kind) => {
    const { table, column } = TABLES[kind];
    const find = statement<{ id: number; name: string }>(
      `app-grant-${table}`,
      `select id, name from ${table} where lower(name) = lower($1) for share`,
    );
    const insert = statement<{ id: number }>(
      `app-assign-${table}`,
      `insert into app_assignment (app_id, ${column}, created_at) values ($1, $2, $3)
       on conflict do nothing returning id`,
    );
    const remove = statement(
      `app-unassign-${table}`,
      `delete from app_assignment where app_id = $1 and ${column} = $2`,
    );
    return [kind, { find, insert, remove }];
  }),
) as Record<
  GrantKind,
  {
    find: ReturnType<typeof statement<{ id: number; name: string }>>;
    insert: ReturnType<typeof statement<{ id: number }>>;
    remove: ReturnType<typeof statement>;
  }
>;

export async function listAssignments(db: Queryable, appId: number): Promise<AppAssignment[]> {
  return (await LIST.rows(db, [appId])).map(({ created_at: createdAt, ...row }) => ({ ...row, createdAt }));
}

/** The profile, permission set or group of this name, kept from deletion until the transaction ends. */
export async function findGrant(db: Queryable, kind: GrantKind, name: string): Promise<Grant | undefined> {
  const row = await STATEMENTS[kind].find.find(db, [name]);
  return row && { kind, ...row };
}

/** False: it was assigned already. */
export async function insertAssignment(db: Queryable, appId: number, grant: Grant, now: Date): Promise<boolean> {
  return (await STATEMENTS[grant.kind].insert.find(db, [appId, grant.id, now])) !== undefined;
}

/** False: it was not assigned. */
export async function deleteAssignment(db: Queryable, appId: number, grant: Grant): Promise<boolean> {
  return (await STATEMENTS[grant.kind].remove.run(db, [appId, grant.id])) > 0;
}
