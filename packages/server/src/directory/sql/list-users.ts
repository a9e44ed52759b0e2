import type { QueryResultRow } from 'pg';
import type { Queryable } from '../../db/index.ts';
import type { UserFields } from '../user.ts';

/** A user with the names of what it refers to, as the API shows it. */
export interface UserView {
  readonly id: string;
  readonly username: string;
  readonly isActive: boolean;
  readonly profileId: number;
  readonly profile: string;
  readonly managerId: string | null;
  readonly manager: string | null;
  readonly fields: UserFields;
  readonly revision: number | bigint;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
  /** Held directly and not expired, sorted. */
  readonly permissionSets: string[];
  readonly permissionSetGroups: string[];
  /** The Username as the database orders it. */
  readonly orderKey: string;
}

/** A comparison of one field with one value; upper and lower case differ in identifiers only. */
export interface FieldFilter {
  readonly name: string;
  readonly place: 'column' | 'fields' | 'list';
  /** null: the field is blank. */
  readonly value: string | null;
}

export interface UserFilter {
  /** Beginning of Username, Email, FirstName or LastName, or of several of them; or an EmployeeNumber. */
  readonly search?: string | undefined;
  readonly isActive?: boolean | undefined;
  readonly deleted: 'no' | 'only' | 'also';
  readonly profileId?: number | undefined;
  readonly permissionSetId?: number | undefined;
  readonly permissionSetGroupId?: number | undefined;
  readonly managerId?: string | undefined;
  readonly fields: readonly FieldFilter[];
}

export type UserOrder = 'Id' | 'Username';

export interface UserListRequest {
  readonly filter: UserFilter;
  readonly order: UserOrder;
  /** Where the page before ended: the id, and the lower-case Username when ordered by it. */
  readonly after?: { readonly id: string; readonly username?: string } | undefined;
  readonly limit: number;
  readonly now: Date;
}

interface Row extends QueryResultRow {
  id: string;
  username: string;
  is_active: boolean;
  profile_id: number;
  profile: string;
  manager_id: string | null;
  manager: string | null;
  fields: UserFields;
  revision: number | bigint;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
  permission_sets: string[];
  permission_set_groups: string[];
  order_key: string;
}

class Parameters {
  readonly values: unknown[] = [];
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** How many users in order are looked through before an index is used: a condition that many meet is answered from these. */
const LOOK_THROUGH = 3_000;

/**
 * A page of users. First it looks through the next users in order, which answers what many users meet; what few meet is then
 * found by the condition's own index and put in order. Either way the time does not grow with the directory.
 */
export async function listUsers(db: Queryable, request: UserListRequest): Promise<UserView[]> {
  const ids = await findPage(db, request);
  return await loadViews(db, ids, request.now);
}

async function findPage(db: Queryable, request: UserListRequest): Promise<string[]> {
  const probe = await runIdQuery(db, request, LOOK_THROUGH);
  if (probe.length >= request.limit || !hasConditions(request.filter)) return probe;
  return await runIdQuery(db, request, undefined);
}

function hasConditions(filter: UserFilter): boolean {
  const { deleted: _, fields, ...rest } = filter;
  return fields.length > 0 || Object.values(rest).some((value) => value !== undefined) || filter.deleted !== 'no';
}

async function runIdQuery(db: Queryable, request: UserListRequest, lookThrough: number | undefined): Promise<string[]> {
  const parameters = new Parameters();
  const { order } = request;
  const position = buildPosition(parameters, request);
  const conditions = buildConditions(parameters, request.filter, request.now);
  const key = order === 'Id' ? 'u.id' : 'lower(u.username), u.id';
  const limit = parameters.add(request.limit);
  // Ordered by Username only those that are not deleted have an index.
  const scope = `${position}${order === 'Username' && request.filter.deleted === 'no' ? ' and u.deleted_at is null' : ''}`;
  const text =
    lookThrough === undefined
      ? `with met as materialized (select u.id, u.username from directory_user u where ${position} and ${conditions})
         select u.id from met u order by ${key} limit ${limit}`
      : `select u.id from (
           select u.* from directory_user u where ${scope} order by ${key} limit ${parameters.add(lookThrough)}
         ) u where ${conditions} order by ${key} limit ${limit}`;
  const { rows } = await db.query<{ id: string }>(text, parameters.values);
  return rows.map((row) => row.id);
}

function buildPosition(parameters: Parameters, { order, after }: UserListRequest): string {
  if (!after) return 'true';
  if (order === 'Id') return `u.id > ${parameters.add(after.id)}::uuid`;
  return `(lower(u.username), u.id) > (${parameters.add(after.username ?? '')}, ${parameters.add(after.id)}::uuid)`;
}

function buildConditions(parameters: Parameters, filter: UserFilter, now: Date): string {
  const all: string[] = [];
  if (filter.deleted === 'no') all.push('u.deleted_at is null');
  if (filter.deleted === 'only') all.push('u.deleted_at is not null');
  if (filter.isActive !== undefined) all.push(filter.isActive ? 'u.is_active' : 'not u.is_active');
  if (filter.profileId !== undefined) all.push(`u.profile_id = ${parameters.add(filter.profileId)}`);
  if (filter.managerId !== undefined) all.push(`u.manager_id = ${parameters.add(filter.managerId)}::uuid`);
  if (filter.search !== undefined) all.push(buildSearch(parameters, filter.search));
  const holds = (column: string, id: number) => `exists (select from permission_set_assignment a where a.user_id = u.id
    and a.${column} = ${parameters.add(id)} and (a.expires_at is null or a.expires_at > ${parameters.add(now)}))`;
  if (filter.permissionSetId !== undefined) all.push(holds('permission_set_id', filter.permissionSetId));
  if (filter.permissionSetGroupId !== undefined)
    all.push(holds('permission_set_group_id', filter.permissionSetGroupId));
  for (const field of filter.fields) all.push(buildFieldCondition(parameters, field));
  return all.length > 0 ? all.join(' and ') : 'true';
}

const IDENTIFIERS = new Set(['EmployeeNumber', 'FederationIdentifier']);
const WITH_PREFIX_INDEX = new Set(['Email', 'LastName', 'FirstName']);

/** The names of fields come from the catalog, never from a caller, and are made of letters, digits and underscores. */
function buildFieldCondition(parameters: Parameters, { name, place, value }: FieldFilter): string {
  if (!/^\w+$/.test(name)) throw new Error(`"${name}" is no name of a field`);
  if (place === 'column') return `lower(u.username) = lower(${parameters.add(value ?? '')})`;
  if (place === 'list') {
    return value === null ? `not u.fields ? '${name}'` : `u.fields -> '${name}' ? ${parameters.add(value)}`;
  }
  if (value === null) return `not u.fields ? '${name}'`;
  // Identifiers are compared exactly, by the index that keys of imports are found by.
  if (IDENTIFIERS.has(name)) return `u.fields ->> '${name}' = ${parameters.add(value)} and u.fields ? '${name}'`;
  const collation = WITH_PREFIX_INDEX.has(name) ? ' collate "C"' : '';
  return `lower(u.fields ->> '${name}')${collation} = lower(${parameters.add(value)})`;
}

const MOST_WORDS = 5;

/**
 * What is typed is the beginning of one name or address as a whole (`von neu`), or each of its words is the beginning of one, or of
 * its second part (`jane do`, `do jane`, `neumann`), or it is an employee number. Each comparison has an index; those with the "C" collation know beginnings
 * whatever the database's language is.
 */
function buildSearch(parameters: Parameters, search: string): string {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
  const whole = buildBeginning(parameters, search.toLowerCase().trim());
  const number = `(u.fields ->> 'EmployeeNumber' = ${parameters.add(search.trim())} and u.fields ? 'EmployeeNumber')`;
  if (words.length < 2) return `(${whole} or ${number})`;
  const each = words.map((word) => `(${buildBeginning(parameters, word)})`);
  return `(${whole} or ${number} or (${each.join(' and ')}))`;
}

function buildBeginning(parameters: Parameters, beginning: string): string {
  const pattern = parameters.add(`${beginning.replace(/[\\%_]/g, '\\$&')}%`);
  const begins = (expression: string) => `lower(${expression}) collate "C" like ${pattern}`;
  const whole = ['u.username', ...['Email', 'LastName', 'FirstName'].map((name) => `(u.fields ->> '${name}')`)];
  const parts = ['LastName', 'FirstName'].map((name) => `substring(u.fields ->> '${name}' from '[ -](.*)$')`);
  const after = parts.map((part) => `(${begins(part)} and ${part} is not null)`);
  return [...whole.map(begins), ...after].join(' or ');
}

export async function countUsers(db: Queryable, filter: UserFilter, now: Date): Promise<number> {
  const parameters = new Parameters();
  const conditions = buildConditions(parameters, filter, now);
  const text = `select count(*)::int as users from directory_user u where ${conditions}`;
  const { rows } = await db.query<{ users: number }>(text, parameters.values);
  return rows[0]?.users ?? 0;
}

const VIEW = `select u.id, u.username, u.is_active, u.profile_id, p.name as profile, m.id as manager_id,
    m.username as manager, u.fields, u.revision, u.created_at, u.updated_at, u.deleted_at, lower(u.username) as order_key,
    coalesce(e.permission_sets, '{}') as permission_sets, coalesce(e.permission_set_groups, '{}') as permission_set_groups
  from unnest($1::uuid[]) with ordinality k (id, place)
  join directory_user u on u.id = k.id
  join profile p on p.id = u.profile_id
  left join directory_user m on m.id = u.manager_id and m.deleted_at is null
  left join lateral (
    select array_agg(s.name order by lower(s.name)) filter (where s.id is not null) as permission_sets,
      array_agg(g.name order by lower(g.name)) filter (where g.id is not null) as permission_set_groups
    from permission_set_assignment a
    left join permission_set s on s.id = a.permission_set_id
    left join permission_set_group g on g.id = a.permission_set_group_id
    where a.user_id = u.id and (a.expires_at is null or a.expires_at > $2)
  ) e on true
  order by k.place`;

async function loadViews(db: Queryable, ids: readonly string[], now: Date): Promise<UserView[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.query<Row>({ name: 'view-users', text: VIEW, values: [ids, now] });
  return rows.map(toView);
}

/** By id, deleted users too; or by Username, which deleted users give up. */
export async function findUser(db: Queryable, idOrUsername: string, now: Date): Promise<UserView | undefined> {
  const { rows } = await db.query<{ id: string }>(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(idOrUsername)
      ? { name: 'find-user-by-id', text: 'select id from directory_user where id = $1', values: [idOrUsername] }
      : {
          name: 'find-user-by-username',
          text: 'select id from directory_user where lower(username) = lower($1) and deleted_at is null',
          values: [idOrUsername],
        },
  );
  return (
    await loadViews(
      db,
      rows.map((row) => row.id),
      now,
    )
  )[0];
}

function toView(row: Row): UserView {
  return {
    id: row.id,
    username: row.username,
    isActive: row.is_active,
    profileId: row.profile_id,
    profile: row.profile,
    managerId: row.manager_id,
    manager: row.manager,
    fields: row.fields,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at,
    permissionSets: row.permission_sets,
    permissionSetGroups: row.permission_set_groups,
    orderKey: row.order_key,
  };
}
