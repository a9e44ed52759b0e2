import { z } from 'zod';
import {
  changeComponents,
  changeEntitlement,
  createEntitlement,
  deleteEntitlement,
  type Entitlement,
  type EntitlementKind,
  getEntitlement,
  listEntitlements,
  parseEntitlementKey,
} from '../assignments/index.ts';
import type { Ground } from '../ground.ts';
import { etagOf, requireIfMatch } from './entity-tag.ts';
import type { HttpApp, HttpReply, RouteFamily } from './http-app.ts';
import { buildPage, PAGE_QUERY, pageOf, parseCursor } from './page.ts';
import { timeOut, writeTime } from './wire.ts';

const names = z.array(z.string().min(1).max(80)).max(1000);
const profileMembers = {
  Id: z.string(),
  Name: z.string(),
  Description: z.string().nullable(),
  CreatedDate: timeOut,
  LastModifiedDate: timeOut,
};
const outputs = {
  profile: z.object(profileMembers).meta({ id: 'Profile' }),
  'permission set': z.object({ ...profileMembers, Label: z.string() }).meta({ id: 'PermissionSet' }),
  'permission set group': z
    .object({ ...profileMembers, Label: z.string(), PermissionSets: z.array(z.string()).describe('Its components') })
    .meta({ id: 'PermissionSetGroup' }),
};
const profileChange = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().nullable().optional(),
});
const setChange = profileChange.extend({ Label: z.string().optional() });
const groupChange = setChange.extend({ PermissionSets: names.optional().describe('The whole list of its components') });
const bodies = { profile: profileChange, 'permission set': setChange, 'permission set group': groupChange };

const PATHS: Record<EntitlementKind, string> = {
  profile: '/profiles',
  'permission set': '/permission-sets',
  'permission set group': '/permission-set-groups',
};
const params = z.strictObject({ key: z.string().min(1).max(255).describe('Id or Name') });
const read = { scope: 'directory:read' } as const;
const write = { scope: 'directory:write' } as const;
const tags = ['directory'];

/** What a body of any of the three kinds may hold. */
interface Body {
  Name?: string | undefined;
  Label?: string | undefined;
  Description?: string | null | undefined;
  PermissionSets?: string[] | undefined;
}

export function entitlementRoutes(ground: Ground): RouteFamily {
  return (app) => {
    for (const kind of Object.keys(PATHS) as EntitlementKind[]) {
      registerReads(app, ground, kind);
      registerChanges(app, ground, kind);
    }
    registerComponents(app, ground);
  };
}

function registerReads(app: HttpApp, ground: Ground, kind: EntitlementKind): void {
  const output: z.ZodType = outputs[kind];
  app.get(
    PATHS[kind],
    {
      config: read,
      schema: {
        summary: `List ${kind}s`,
        tags,
        querystring: z.strictObject({
          ...PAGE_QUERY,
          search: z.string().max(80).default('').describe('Beginning of the name'),
        }),
        response: { 200: pageOf(output) },
      },
    },
    async (request) => {
      const { limit, cursor, search } = request.query;
      const position = parseCursor(cursor, PATHS[kind], z.tuple([z.string()]));
      const request_ = { search, after: position?.[0] ?? null, limit: limit + 1 };
      const rows = await listEntitlements(ground.pool, kind, request_);
      const page = buildPage(rows, limit, PATHS[kind], (record) => [record.orderKey]);
      return { items: page.items.map(describeEntitlement), nextCursor: page.nextCursor };
    },
  );
  app.get(
    `${PATHS[kind]}/:key`,
    { config: read, schema: { summary: `Show a ${kind}`, tags, params, response: { 200: output } } },
    async (request, reply) =>
      sendEntitlement(reply, await getEntitlement(ground, kind, parseEntitlementKey(request.params.key))),
  );
}

function registerChanges(app: HttpApp, ground: Ground, kind: EntitlementKind): void {
  const output: z.ZodType = outputs[kind];
  const body = bodies[kind];
  app.post(
    PATHS[kind],
    {
      config: write,
      schema: {
        summary: `Create a ${kind}`,
        tags,
        body: body.extend({ Name: z.string() }),
        response: { 201: output },
      },
    },
    async (request, reply) => {
      const { Name, ...rest } = request.body as Body & { Name: string };
      const created = await createEntitlement(ground, request.actor, kind, {
        ...readDraft(rest),
        name: Name,
        permissionSets: rest.PermissionSets,
      });
      reply.code(201).header('location', `/api/v1${PATHS[kind]}/${created.id}`);
      return sendEntitlement(reply, created);
    },
  );
  app.patch(
    `${PATHS[kind]}/:key`,
    { config: write, schema: { summary: `Change a ${kind}`, tags, params, body, response: { 200: output } } },
    async (request, reply) => {
      const expected = requireIfMatch(request);
      const key = parseEntitlementKey(request.params.key);
      const sent = request.body as Body;
      const draft = { ...readDraft(sent), permissionSets: sent.PermissionSets };
      return sendEntitlement(reply, await changeEntitlement(ground, request.actor, { kind, key, expected, draft }));
    },
  );
  app.delete(
    `${PATHS[kind]}/:key`,
    {
      config: write,
      schema: {
        summary: `Delete a ${kind}`,
        description:
          kind === 'profile'
            ? 'Refused while users have it.'
            : 'It is taken from everyone who holds it; accounts follow.',
        tags,
        params,
        response: { 200: z.object({ holders: z.int().describe('How many users held it') }) },
      },
    },
    async (request) => {
      const expected = requireIfMatch(request);
      return await deleteEntitlement(ground, request.actor, {
        kind,
        key: parseEntitlementKey(request.params.key),
        expected,
      });
    },
  );
}

function registerComponents(app: HttpApp, ground: Ground): void {
  const output = outputs['permission set group'];
  app.post(
    '/permission-set-groups/:key/components',
    {
      config: write,
      schema: {
        summary: 'Add permission sets to a group and take others out',
        tags,
        params,
        body: z.strictObject({ add: names.optional(), remove: names.optional() }),
        response: { 200: output as z.ZodType },
      },
    },
    async (request, reply) => {
      const expected = requireIfMatch(request);
      const key = parseEntitlementKey(request.params.key);
      const { add = [], remove = [] } = request.body;
      return sendEntitlement(
        reply,
        await changeComponents(ground, request.actor, { key, expected, change: { add, remove } }),
      );
    },
  );
}

function readDraft(body: Body) {
  return { name: body.Name, label: body.Label, description: body.Description };
}

function sendEntitlement(reply: HttpReply, record: Entitlement): Record<string, unknown> {
  reply.header('etag', etagOf(record.revision));
  return describeEntitlement(record);
}

function describeEntitlement(record: Entitlement): Record<string, unknown> {
  return {
    Id: String(record.id),
    Name: record.name,
    ...(record.label === null ? {} : { Label: record.label }),
    Description: record.description,
    ...(record.permissionSets === null ? {} : { PermissionSets: record.permissionSets }),
    CreatedDate: writeTime(record.createdAt),
    LastModifiedDate: writeTime(record.updatedAt),
  };
}
