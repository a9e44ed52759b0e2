import { z } from 'zod';
import { listAudit } from '../audit/index.ts';
import type { Ground } from '../ground.ts';
import type { RouteFamily } from './http-app.ts';
import { buildPage, PAGE_QUERY, pageOf, parseCursor } from './page.ts';
import { timeIn, timeOut, writeTime } from './wire.ts';

const auditOut = z
  .object({
    id: z.int(),
    at: timeOut,
    actorKind: z.enum(['api key', 'person', 'command line', 'system']),
    actor: z.string(),
    origin: z.string().nullable(),
    action: z.string(),
    entityKind: z.string(),
    entityId: z.string(),
    app: z.string().nullable(),
    userId: z.uuid().nullable(),
    before: z.unknown(),
    after: z.unknown(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'AuditEvent' });

const text = z.string().min(1).max(300).optional();
const query = z.strictObject({
  ...PAGE_QUERY,
  action: text.describe('Such as `user.created`; `user` finds every action on users'),
  actor: text.describe('The name of the key or person'),
  entityKind: text,
  entityId: text,
  app: text.describe("An app's name"),
  userId: z.uuid().optional(),
  from: timeIn.optional(),
  to: timeIn.optional().describe('Exclusive'),
});

export function auditRoutes(ground: Ground): RouteFamily {
  return (app) => {
    app.get(
      '/audit',
      {
        config: { scope: 'audit:read' },
        schema: {
          summary: 'List who changed what, the newest first',
          tags: ['audit'],
          querystring: query,
          response: { 200: pageOf(auditOut) },
        },
      },
      async (request) => {
        const { limit, cursor, ...filter } = request.query;
        const position = parseCursor(cursor, 'audit', z.tuple([z.int().positive()]));
        const rows = await listAudit(ground.pool, filter, position?.[0], limit + 1);
        const items = rows.map((row) => ({ ...row, at: writeTime(row.at) }));
        return buildPage(items, limit, 'audit', (item) => [item.id]);
      },
    );
  };
}
