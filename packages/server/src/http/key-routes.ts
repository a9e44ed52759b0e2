import { z } from 'zod';
import {
  createKey,
  expandScopes,
  listKeys,
  ROLE_DESCRIPTIONS,
  ROLE_SCOPES,
  ROLES,
  revokeKey,
} from '../access/index.ts';
import type { Ground } from '../ground.ts';
import type { HttpApp, HttpRequest, RouteFamily } from './http-app.ts';
import { describeKey, keyOut, newKey } from './key-schemas.ts';
import { buildPage, PAGE_QUERY, pageOf, parseCursor } from './page.ts';
import { timeOut, writeTime } from './wire.ts';

export function keyRoutes(ground: Ground): RouteFamily {
  return (app) => {
    app.get(
      '/me',
      {
        config: { scope: 'any' },
        schema: {
          summary: 'Show who asks, and what they may do',
          tags: ['keys'],
          response: {
            200: z.object({
              id: z.uuid().describe('Of the key, or of the person'),
              kind: z.enum(['key', 'person']),
              name: z.string(),
              email: z.string().nullable(),
              role: z.enum(ROLES).nullable(),
              scopes: z.array(z.string()).describe('As they were given'),
              allScopes: z.array(z.string()).describe('With every scope that those include'),
              expiresAt: timeOut.nullable(),
            }),
          },
        },
      },
      async (request) => {
        const { id, kind, name, scopes, expiresAt, signedIn } = callerOf(request);
        return {
          id: signedIn?.personId ?? id,
          kind,
          name: signedIn?.name ?? name,
          email: signedIn?.email ?? null,
          role: signedIn?.role ?? null,
          scopes: [...scopes],
          allScopes: expandScopes(scopes),
          expiresAt: writeTime(expiresAt),
        };
      },
    );
    app.get(
      '/roles',
      {
        config: { scope: 'any' },
        schema: {
          summary: 'What people of each role may do',
          tags: ['people'],
          response: {
            200: z.object({
              items: z.array(z.object({ role: z.enum(ROLES), description: z.string(), scopes: z.array(z.string()) })),
            }),
          },
        },
      },
      async () => ({
        items: ROLES.map((role) => ({
          role,
          description: ROLE_DESCRIPTIONS[role],
          scopes: expandScopes(ROLE_SCOPES[role]),
        })),
      }),
    );
    registerKeyRoutes(app, ground);
  };
}

function registerKeyRoutes(app: HttpApp, ground: Ground): void {
  const config = { scope: 'keys:write' } as const;
  app.get(
    '/keys',
    {
      config: { scope: 'keys:read' },
      schema: {
        summary: 'List API keys',
        tags: ['keys'],
        querystring: z.strictObject(PAGE_QUERY),
        response: { 200: pageOf(keyOut) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const position = parseCursor(cursor, 'keys', z.tuple([z.uuid()]));
      const rows = await listKeys(ground, position?.[0], limit + 1);
      return buildPage(rows.map(describeKey), limit, 'keys', (key) => [key.id]);
    },
  );
  app.post(
    '/keys',
    {
      config,
      schema: {
        summary: 'Make an API key',
        description: 'The answer shows the key. It is stored only as a hash, so that nobody can show it again.',
        tags: ['keys'],
        body: newKey,
        response: { 201: keyOut.extend({ key: z.string() }).meta({ id: 'NewApiKey' }) },
      },
    },
    async (request, reply) => {
      const { key, stored } = await createKey(ground, callerOf(request), request.body);
      return reply.code(201).send({ ...describeKey(stored), key });
    },
  );
  app.delete(
    '/keys/:id',
    {
      config,
      schema: {
        summary: 'Revoke an API key',
        description: 'At once and for good. The last key with the scope "all" cannot be revoked.',
        tags: ['keys'],
        params: z.strictObject({ id: z.uuid() }),
        response: { 200: keyOut },
      },
    },
    async (request) => describeKey(await revokeKey(ground, callerOf(request), request.params.id)),
  );
}

function callerOf(request: HttpRequest) {
  if (!request.caller) throw new Error('A route of keys was reached without a caller');
  return request.caller;
}
