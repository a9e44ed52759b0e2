import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import { DEFAULT_GUARDS, type GuardSettings } from '../../guards/index.ts';

const FIND = statement<{ document: GuardSettings }>('app-guards', 'select document from app_guards where app_id = $1');
const CHANGED = statement<{ at: Date; by: string }>(
  'app-guards-changed',
  'select updated_at as at, updated_by as by from app_guards where app_id = $1',
);
const SAVE = statement(
  'app-guards-save',
  `insert into app_guards (app_id, document, updated_at, updated_by) values ($1, $2, $3, $4)
   on conflict (app_id) do update
   set document = excluded.document, updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
);
/* By name or by id; of users, those who are deleted protect nobody. */
const RESOLVE = statement<{ kind: GuardKind; name: string; id: string | null }>(
  'app-guards-resolve',
  `select 'users' as kind, w.name, (
       select id::text from directory_user
       where deleted_at is null and (lower(username) = lower(w.name) or id::text = lower(w.name)) limit 1) as id
   from unnest($1::text[]) w (name)
   union all
   select 'profiles', w.name, (select id::text from profile where lower(name) = lower(w.name) or id::text = w.name
       order by lower(name) = lower(w.name) desc limit 1)
   from unnest($2::text[]) w (name)
   union all
   select 'permissionSets', w.name, (select id::text from permission_set where lower(name) = lower(w.name) or id::text = w.name
       order by lower(name) = lower(w.name) desc limit 1)
   from unnest($3::text[]) w (name)`,
);
const NAMES = statement<{ kind: GuardKind; id: string; name: string }>(
  'app-guards-names',
  `select 'users' as kind, id::text, username as name from directory_user where id = any ($1::uuid[])
   union all select 'profiles', id::text, name from profile where id = any ($2::int[])
   union all select 'permissionSets', id::text, name from permission_set where id = any ($3::int[])
   order by 1, 3`,
);

type GuardKind = 'users' | 'profiles' | 'permissionSets';

export interface NamedEntity {
  id: string;
  name: string;
}

/** The guard limits of an app: those that somebody chose, or the defaults. */
export async function findGuards(db: Queryable, appId: number): Promise<GuardSettings> {
  const row = await FIND.find(db, [appId]);
  return { ...DEFAULT_GUARDS, ...row?.document };
}

/** Who chose them; undefined: they are the defaults. */
export function findGuardsRow(db: Queryable, appId: number): Promise<{ at: Date; by: string } | undefined> {
  return CHANGED.find(db, [appId]);
}

export async function saveGuards(
  db: Queryable,
  appId: number,
  settings: GuardSettings,
  now: Date,
  by: string,
): Promise<void> {
  await SAVE.run(db, [appId, JSON.stringify(settings), now, by]);
}

/** The ids of these names; those that name nothing by themselves. */
export async function resolveGuardNames(
  db: Queryable,
  wanted: { users: string[]; profiles: string[]; permissionSets: string[] },
): Promise<{ found: GuardSettings['protectedUsers']; unknown: { kind: GuardKind; name: string }[] }> {
  const rows = await RESOLVE.rows(db, [wanted.users, wanted.profiles, wanted.permissionSets]);
  const idsOf = (kind: GuardKind) => [...new Set(rows.flatMap((row) => (row.kind === kind ? (row.id ?? []) : [])))];
  return {
    found: {
      userIds: idsOf('users'),
      profileIds: idsOf('profiles').map(Number),
      permissionSetIds: idsOf('permissionSets').map(Number),
    },
    unknown: rows.filter(({ id }) => id === null).map(({ kind, name }) => ({ kind, name })),
  };
}

/** Whom settings protect, by name. */
export async function findGuardNames(
  db: Queryable,
  { userIds, profileIds, permissionSetIds }: GuardSettings['protectedUsers'],
): Promise<Record<GuardKind, NamedEntity[]>> {
  const rows = await NAMES.rows(db, [userIds, profileIds, permissionSetIds]);
  const of = (kind: GuardKind) => rows.flatMap((row) => (row.kind === kind ? [{ id: row.id, name: row.name }] : []));
  return { users: of('users'), profiles: of('profiles'), permissionSets: of('permissionSets') };
}
