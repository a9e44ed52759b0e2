import { z } from 'zod';
import { findEntitlement, parseEntitlementKey } from '../assignments/index.ts';
import type { Actor } from '../audit/index.ts';
import {
  applyUserChanges,
  buildUserDocument,
  countUsers,
  describeUnknownField,
  type FieldFilter,
  findUser,
  isUserId,
  listUsers,
  loadUserFieldCatalog,
  parseUserDraft,
  STANDARD_USER_FIELDS,
  type UserChange,
  type UserDraft,
  type UserField,
  type UserFieldCatalog,
  type UserFilter,
  type UserView,
} from '../directory/index.ts';
import type { Ground } from '../ground.ts';
import { type FieldProblem, Refusal } from '../refusal.ts';
import { etagOf, requireIfMatch } from './entity-tag.ts';
import type { HttpApp, HttpReply, RouteFamily } from './http-app.ts';
import { buildPage, PAGE_QUERY, parseCursor } from './page.ts';

/** Custom fields come and go, so that the catalog rather than the schema judges the members. */
function describeFields(fields: readonly UserField[]): z.ZodObject {
  return z.looseObject(Object.fromEntries(fields.map((field) => [field.name, describeField(field)])));
}

function describeField(field: UserField): z.ZodType {
  const type = { boolean: 'boolean', number: 'number', multipicklist: 'array', names: 'array' }[field.type as string];
  return z
    .unknown()
    .optional()
    .meta({
      title: field.label,
      ...(field.note === undefined ? {} : { description: field.note }),
      type: [type ?? 'string', 'null'],
      ...(type === 'array' ? { items: { type: 'string' } } : {}),
      ...(field.length === undefined || type ? {} : { maxLength: field.length }),
      ...(field.picklist ? { enum: [...field.picklist, null] } : {}),
      ...(field.readOnly ? { readOnly: true } : {}),
    });
}

const userBody = describeFields(STANDARD_USER_FIELDS.filter((field) => !field.readOnly)).meta({
  id: 'UserChange',
  description: 'Fields of the Salesforce User object and custom fields. What is left out stays; null clears.',
});
export const userOut = describeFields(STANDARD_USER_FIELDS).meta({ id: 'User' });
export const userParams = z.strictObject({ user: z.string().min(1).max(255).describe('Id or Username') });

const pageOfUsers = z.object({
  items: z.array(userOut),
  nextCursor: z.string().nullable(),
  total: z.int().optional().describe('Only with count=true'),
});

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
/** Query members by which users are filtered; any field besides: filter[Department]=Sales. */
export const USER_FILTER_QUERY = {
  search: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Beginning of Username, Email, FirstName or LastName; several words: each the beginning of one; or a whole EmployeeNumber',
    ),
  isActive: flag.optional(),
  deleted: z.enum(['no', 'only', 'also']).default('no'),
  profile: z.string().max(255).optional().describe('Name or id'),
  permissionSet: z.string().max(80).optional().describe('Name or id; held directly and not expired'),
  permissionSetGroup: z.string().max(80).optional().describe('Name or id; held and not expired'),
};
const listQuery = z
  .object({
    ...PAGE_QUERY,
    ...USER_FILTER_QUERY,
    sort: z.enum(['Id', 'Username']).default('Id'),
    count: flag.default(false).describe('Also count all users that meet the conditions'),
  })
  .catchall(z.string().max(1000));
const filterQuery = z.object(USER_FILTER_QUERY).catchall(z.string().max(1000));
type FilterQuery = z.infer<typeof filterQuery>;

const read = { scope: 'directory:read' } as const;
const write = { scope: 'directory:write' } as const;
const tags = ['directory'];

export function userRoutes(ground: Ground): RouteFamily {
  return (app) => {
    registerReads(app, ground);
    registerChanges(app, ground);
  };
}

function registerReads(app: HttpApp, ground: Ground): void {
  app.get(
    '/users',
    {
      config: read,
      schema: {
        summary: 'List users',
        description:
          'Any field filters by its exact value: filter[Department]=Sales. Upper and lower case differ in EmployeeNumber and FederationIdentifier only. An empty value finds users without one.',
        tags,
        querystring: listQuery,
        response: { 200: pageOfUsers },
      },
    },
    async (request) => {
      const { limit, cursor, sort, count, ...query } = request.query;
      const catalog = await loadUserFieldCatalog(ground.pool);
      const filter = await buildUserFilter(ground, query, catalog);
      const list = `users by ${sort}`;
      const position = parseCursor(cursor, list, z.tuple([z.uuid(), z.string()]));
      const now = ground.clock.now();
      const users = await listUsers(ground.pool, {
        filter,
        order: sort,
        after: position && { id: position[0], username: position[1] },
        limit: limit + 1,
        now,
      });
      const page = buildPage(users, limit, list, (user) => [user.id, sort === 'Username' ? user.orderKey : '']);
      return {
        items: page.items.map((user) => buildUserDocument(user, catalog)),
        nextCursor: page.nextCursor,
        ...(count ? { total: await countUsers(ground.pool, filter, now) } : {}),
      };
    },
  );
  app.get(
    '/users/:user',
    { config: read, schema: { summary: 'Show a user', tags, params: userParams, response: { 200: userOut } } },
    async (request, reply) => await sendUser(ground, reply, await getUser(ground, request.params.user)),
  );
}

function registerChanges(app: HttpApp, ground: Ground): void {
  app.post(
    '/users',
    { config: write, schema: { summary: 'Create a user', tags, body: userBody, response: { 201: userOut } } },
    async (request, reply) => {
      const id = ground.clock.uuid();
      const draft = await parseDraft(ground, request.body);
      const user = await change(ground, request.actor, { kind: 'create', id, draft });
      reply.code(201).header('location', `/api/v1/users/${id}`);
      return await sendUser(ground, reply, user);
    },
  );
  app.patch(
    '/users/:user',
    {
      config: write,
      schema: { summary: 'Change a user', tags, params: userParams, body: userBody, response: { 200: userOut } },
    },
    async (request, reply) => {
      const expected = requireIfMatch(request);
      const { id } = await getUser(ground, request.params.user);
      const draft = await parseDraft(ground, request.body);
      return await sendUser(
        ground,
        reply,
        await change(ground, request.actor, { kind: 'update', id, draft, expected }),
      );
    },
  );
  app.delete(
    '/users/:user',
    {
      config: write,
      schema: {
        summary: 'Delete a user',
        description: 'The user loses every account, frees the Username, and can be restored.',
        tags,
        params: userParams,
        response: { 200: userOut },
      },
    },
    async (request, reply) => {
      const expected = requireIfMatch(request);
      const { id } = await getUser(ground, request.params.user);
      return await sendUser(ground, reply, await change(ground, request.actor, { kind: 'delete', id, expected }));
    },
  );
  app.post(
    '/users/:user/restore',
    {
      config: write,
      schema: { summary: 'Restore a deleted user', tags, params: userParams, response: { 200: userOut } },
    },
    async (request, reply) => {
      const expected = requireIfMatch(request);
      const { id } = await getUser(ground, request.params.user);
      return await sendUser(ground, reply, await change(ground, request.actor, { kind: 'restore', id, expected }));
    },
  );
}

async function change(ground: Ground, actor: Actor, wanted: UserChange): Promise<UserView> {
  await applyUserChanges(ground, actor, [wanted]);
  return await getUser(ground, wanted.id);
}

export async function getUser(ground: Ground, idOrUsername: string): Promise<UserView> {
  const user = await findUser(ground.pool, idOrUsername, ground.clock.now());
  if (user) return user;
  const problem = 'is neither the Id of a user nor the Username of one that is not deleted';
  throw new Refusal('not_found', `There is no user ${JSON.stringify(idOrUsername.slice(0, 80))}.`, [
    { field: 'path.user', problem, fix: 'GET /api/v1/users finds users.', place: 'users' },
  ]);
}

async function sendUser(ground: Ground, reply: HttpReply, user: UserView): Promise<Record<string, unknown>> {
  reply.header('etag', etagOf(user.revision));
  return buildUserDocument(user, await loadUserFieldCatalog(ground.pool));
}

async function parseDraft(ground: Ground, body: Record<string, unknown>): Promise<UserDraft> {
  const { draft, problems } = parseUserDraft(body, await loadUserFieldCatalog(ground.pool));
  if (problems.length > 0) {
    throw new Refusal('invalid_value', problems.map((p) => `${p.field} ${p.problem}`).join('; '), problems);
  }
  return draft;
}

/** What a query asks for; a Refusal names each member that is not understood. */
export async function buildUserFilter(
  ground: Ground,
  query: FilterQuery,
  catalog: UserFieldCatalog,
): Promise<UserFilter> {
  const problems: FieldProblem[] = [];
  const filter: { -readonly [Name in keyof UserFilter]: UserFilter[Name] } = {
    search: query.search,
    isActive: query.isActive,
    deleted: query.deleted,
    fields: [],
  };
  const named = async (member: 'profile' | 'permissionSet' | 'permissionSetGroup', text: string | undefined) => {
    if (text === undefined) return undefined;
    const kind = {
      profile: 'profile',
      permissionSet: 'permission set',
      permissionSetGroup: 'permission set group',
    } as const;
    const found = await findEntitlement(ground.pool, kind[member], parseEntitlementKey(text));
    if (!found) {
      const problem = `${JSON.stringify(text.slice(0, 80))} is not a ${kind[member]}`;
      problems.push({ field: `query.${member}`, problem, fix: 'Give the name or the id of one.' });
    }
    return found?.id;
  };
  filter.profileId = await named('profile', query.profile);
  filter.permissionSetId = await named('permissionSet', query.permissionSet);
  filter.permissionSetGroupId = await named('permissionSetGroup', query.permissionSetGroup);
  const fields: FieldFilter[] = [];
  for (const [key, value] of Object.entries(query)) {
    if (key in USER_FILTER_QUERY) continue;
    const name = /^filter\[(\w+)\]$/.exec(key)?.[1];
    const field = name === undefined ? undefined : catalog.find(name);
    if (!field) problems.push(describeUnknownQuery(key, name, catalog));
    else await placeCondition(ground, field, String(value), filter, fields, problems);
  }
  if (problems.length > 0) {
    throw new Refusal('invalid_request', problems.map((p) => `${p.field} ${p.problem}`).join('; '), problems);
  }
  return { ...filter, fields };
}

function describeUnknownQuery(key: string, name: string | undefined, catalog: UserFieldCatalog): FieldProblem {
  if (name !== undefined) return { field: `query.${key}`, ...describeUnknownField(name, catalog) };
  const fix = catalog.find(key) ? `Write filter[${key}]=…` : 'Leave it out, or correct its spelling.';
  return { field: `query.${key.slice(0, 80)}`, problem: 'is not known here', fix };
}

async function placeCondition(
  ground: Ground,
  field: UserField,
  value: string,
  filter: { -readonly [Name in keyof UserFilter]: UserFilter[Name] },
  fields: FieldFilter[],
  problems: FieldProblem[],
): Promise<void> {
  const say = (problem: string, fix: string) => problems.push({ field: `query.filter[${field.name}]`, problem, fix });
  if (field.name === 'Username') fields.push({ name: 'Username', place: 'column', value });
  else if (field.name === 'IsActive') {
    if (value === 'true' || value === 'false') filter.isActive = value === 'true';
    else say('is neither true nor false', 'Give true or false.');
  } else if (field.name === 'ManagerId' || field.name === 'Manager') {
    const id = isUserId(value) ? value : (await findUser(ground.pool, value, ground.clock.now()))?.id;
    if (id === undefined) say('is not a user', 'Give the Id or the Username of one.');
    else filter.managerId = id;
  } else if (field.place !== undefined || field.readOnly) {
    say('cannot be filtered by', 'Use profile, permissionSet, permissionSetGroup or deleted instead.');
  } else {
    fields.push({ name: field.name, place: field.type === 'multipicklist' ? 'list' : 'fields', value: value || null });
  }
}
