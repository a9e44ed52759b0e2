import { type Queryable, statement } from '../../db/index.ts';
import type { Entitlement, EntitlementDraft, EntitlementKind } from '../entitlement.ts';

interface Row {
  id: number;
  name: string;
  label: string | null;
  description: string | null;
  revision: number | bigint;
  created_at: Date;
  updated_at: Date;
  permission_sets: string[] | null;
  order_key: string;
}

const TABLES: Record<EntitlementKind, string> = {
  profile: 'profile',
  'permission set': 'permission_set',
  'permission set group': 'permission_set_group',
};

const COMPONENTS = `(select coalesce(array_agg(s.name order by lower(s.name)), '{}') from permission_set_group_component c
  join permission_set s on s.id = c.permission_set_id where c.permission_set_group_id = t.id)`;

function buildStatements(kind: EntitlementKind) {
  const table = TABLES[kind];
  const hasLabel = kind !== 'profile';
  const name = (verb: string) => `${verb}-${table}`;
  const columns = `t.id, t.name, ${hasLabel ? 't.label' : 'null::text as label'}, t.description, t.revision, t.created_at,
    t.updated_at, ${kind === 'permission set group' ? COMPONENTS : 'null::text[]'} as permission_sets, lower(t.name) as order_key`;
  const select = `select ${columns} from ${table} t`;
  const label = hasLabel ? 'label, ' : '';
  return {
    find: statement<Row>(name('find'), `${select} where t.id = $1 or lower(t.name) = lower($2)`),
    lock: statement<Row>(name('lock'), `${select} where t.id = $1 or lower(t.name) = lower($2) for no key update of t`),
    list: statement<Row>(
      name('list'),
      `${select} where starts_with(lower(t.name), lower($1)) and ($2::text is null or lower(t.name) > $2)
       order by lower(t.name) limit $3`,
    ),
    resolve: statement<{ asked: string; id: number; name: string }>(
      name('resolve'),
      `select n.asked, t.id, t.name from unnest($1::text[]) n (asked) join ${table} t on lower(t.name) = lower(n.asked)`,
    ),
    names: statement<{ name: string }>(
      name('names'),
      `select t.name from ${table} t order by lower(t.name) limit 2000`,
    ),
    namesById: statement<{ id: number; name: string }>(
      name('names-by-id'),
      `select t.id, t.name from ${table} t where t.id = any ($1::int[])`,
    ),
    insert: statement<{ id: number }>(
      name('insert'),
      `insert into ${table} (name, ${label}description, created_at, updated_at)
       values ($2, ${hasLabel ? '$4, ' : ''}$3, $1, $1) returning id`,
    ),
    update: statement(
      name('update'),
      `update ${table} set name = $3, description = $4, ${hasLabel ? 'label = $5, ' : ''}revision = revision + 1,
         updated_at = $2 where id = $1`,
    ),
    touch: statement(name('touch'), `update ${table} set revision = revision + 1, updated_at = $2 where id = $1`),
    delete: statement(name('delete'), `delete from ${table} where id = $1`),
  };
}

const STATEMENTS = {
  profile: buildStatements('profile'),
  'permission set': buildStatements('permission set'),
  'permission set group': buildStatements('permission set group'),
};

export type EntitlementKey = { id: number } | { name: string };

function keyValues(key: EntitlementKey): [number | null, string | null] {
  return 'id' in key ? [key.id, null] : [null, key.name];
}

export async function findEntitlement(
  db: Queryable,
  kind: EntitlementKind,
  key: EntitlementKey,
): Promise<Entitlement | undefined> {
  const row = await STATEMENTS[kind].find.find(db, keyValues(key));
  return row && toEntitlement(row);
}

/** Holds the record until the transaction ends, so that two changes of it follow each other. */
export async function lockEntitlement(
  db: Queryable,
  kind: EntitlementKind,
  key: EntitlementKey,
): Promise<Entitlement | undefined> {
  const row = await STATEMENTS[kind].lock.find(db, keyValues(key));
  return row && toEntitlement(row);
}

/** Ordered by name; `after` is the lower-case name of the last one of the page before. */
export async function listEntitlements(
  db: Queryable,
  kind: EntitlementKind,
  request: { search: string; after: string | null; limit: number },
): Promise<Entitlement[]> {
  const rows = await STATEMENTS[kind].list.rows(db, [request.search, request.after, request.limit]);
  return rows.map(toEntitlement);
}

/** The ids of names, by the name as it was asked for; those that do not exist are absent. */
export async function resolveEntitlements(
  db: Queryable,
  kind: EntitlementKind,
  names: readonly string[],
): Promise<Map<string, { id: number; name: string }>> {
  if (names.length === 0) return new Map();
  const rows = await STATEMENTS[kind].resolve.rows(db, [names]);
  return new Map(rows.map((row) => [row.asked, { id: row.id, name: row.name }]));
}

/** For suggestions. */
export async function listEntitlementNames(db: Queryable, kind: EntitlementKind): Promise<string[]> {
  return (await STATEMENTS[kind].names.rows(db)).map((row) => row.name);
}

export async function loadEntitlementNames(
  db: Queryable,
  kind: EntitlementKind,
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await STATEMENTS[kind].namesById.rows(db, [ids]);
  return new Map(rows.map((row) => [row.id, row.name]));
}

export async function insertEntitlement(
  db: Queryable,
  now: Date,
  kind: EntitlementKind,
  draft: EntitlementDraft,
): Promise<number> {
  const values: unknown[] = [now, draft.name, draft.description ?? null];
  if (kind !== 'profile') values.push(draft.label ?? draft.name);
  const row = await STATEMENTS[kind].insert.find(db, values);
  if (!row) throw new Error('The insert returned no id');
  return row.id;
}

export async function updateEntitlement(
  db: Queryable,
  now: Date,
  kind: EntitlementKind,
  record: Pick<Entitlement, 'id' | 'name' | 'label' | 'description'>,
): Promise<void> {
  const values: unknown[] = [record.id, now, record.name, record.description];
  if (kind !== 'profile') values.push(record.label);
  await STATEMENTS[kind].update.run(db, values);
}

export async function raiseEntitlementRevision(
  db: Queryable,
  now: Date,
  kind: EntitlementKind,
  id: number,
): Promise<void> {
  await STATEMENTS[kind].touch.run(db, [id, now]);
}

export async function deleteEntitlementRow(db: Queryable, kind: EntitlementKind, id: number): Promise<void> {
  await STATEMENTS[kind].delete.run(db, [id]);
}

function toEntitlement(row: Row): Entitlement {
  return {
    id: row.id,
    name: row.name,
    label: row.label,
    description: row.description,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    permissionSets: row.permission_sets,
    orderKey: row.order_key,
  };
}
