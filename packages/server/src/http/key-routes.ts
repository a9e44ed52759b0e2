import { z } from 'zod';
import { type ApiKey, createKey, listKeys, revokeKey, SCOPES } from '../access/index.ts';
import type { Ground } from '../ground.ts';
import type { HttpApp, HttpRequest, RouteFamily } from './http-app.ts';
import { buildPage, PAGE_QUERY, pageOf, parseCursor } from './page.ts';
import { timeIn, timeOut, writeTime } from './wire.ts';

const scope = z.enum([...SCOPES, 'all']);

const keyOut = z
  .object({
    id: z.uuid(),
    name: z.string(),
    prefix: z.string().describe('The first characters of the key, to tell keys apart'),
    scopes: z.array(z.string()),
    createdAt: timeOut,
    createdBy: z.string(),
    expiresAt: timeOut.nullable(),
    lastUsedAt: timeOut.nullable().describe('To the minute'),
    revokedAt: timeOut.nullable(),
  })
  .meta({ id: 'ApiKey' });

const newKey = z.strictObject({
  name: z.string().trim().min(1).max(100).describe('Who or what uses it; the audit shows it'),
  scopes: z.array(scope).min(1).max(20),
  expiresAt: timeIn.optional(),
});

export function keyRoutes(ground: Ground): RouteFamily {
  return (app) => {
    app.get(
      '/me',
      {
        config: { scope: 'any' },
        schema: {
          summary: 'Show what the key that is sent may do',
          tags: ['keys'],
          response: {
            200: z.object({
              id: z.uuid(),
              name: z.string(),
              scopes: z.array(z.string()),
              expiresAt: timeOut.nullable(),
            }),
          },
        },
      },
      async (request) => {
        const { keyId, name, scopes, expiresAt } = callerOf(request);
        return { id: keyId, name, scopes: [...scopes], expiresAt: writeTime(expiresAt) };
      },
    );
    registerKeyRoutes(app, ground);
  };
}

function registerKeyRoutes(app: HttpApp, ground: Ground): void {
  const config = { scope: 'keys:write' } as const;
  app.get(
    '/keys',
    {
      config,
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

function describeKey(key: ApiKey): z.infer<typeof keyOut> {
  const { id, name, prefix, scopes, createdBy } = key;
  return {
    id,
    name,
    prefix,
    scopes,
    createdAt: writeTime(key.createdAt),
    createdBy,
    expiresAt: writeTime(key.expiresAt),
    lastUsedAt: writeTime(key.lastUsedAt),
    revokedAt: writeTime(key.revokedAt),
  };
}
