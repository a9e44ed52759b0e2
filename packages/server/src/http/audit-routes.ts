import { Readable } from 'node:stream';
import { z } from 'zod';
import {
  type AuditFilter,
  type AuditRow,
  diffValues,
  exportAuditCsv,
  exportAuditJsonLines,
  listAudit,
  writeAudit,
} from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import { buildPage, PAGE_QUERY, pageOf, parseCursor } from './page.ts';
import { timeIn, timeOut, writeTime } from './wire.ts';

const actorKind = z.enum(['api key', 'person', 'command line', 'system']);
const through = z.enum(['console', 'api', 'command line', 'system']);

const auditOut = z
  .object({
    id: z.int(),
    at: timeOut,
    actorKind,
    actor: z.string().describe('The name of the key, or the person’s e-mail address'),
    personId: z.uuid().nullable().describe('Who did it, or whose key it was'),
    role: z.string().nullable().describe('The person’s role at that moment'),
    through: through.nullable(),
    origin: z.string().nullable().describe('Address or host'),
    userAgent: z.string().nullable(),
    requestId: z.uuid().nullable().describe('As in X-Request-Id and in the log'),
    action: z.string(),
    entityKind: z.string(),
    entityId: z.string(),
    app: z.string().nullable(),
    userId: z.uuid().nullable(),
    username: z.string().nullable().describe('As the user is called now'),
    before: z.unknown(),
    after: z.unknown(),
    changes: z
      .array(z.object({ path: z.string(), before: z.unknown(), after: z.unknown() }))
      .describe('What differs between before and after'),
    reason: z.string().nullable(),
  })
  .meta({ id: 'AuditEvent' });

const text = z.string().min(1).max(300).optional();
const filterQuery = {
  action: text.describe('Such as `user.created`; `user` finds every action on users'),
  actor: text.describe('The name of the key, or the e-mail address of the person'),
  actorKind: actorKind.optional(),
  personId: z.uuid().optional(),
  role: text,
  through: through.optional(),
  origin: text,
  entityKind: text,
  entityId: text,
  app: text.describe("An app's name"),
  userId: z.uuid().optional(),
  requestId: z.uuid().optional(),
  from: timeIn.optional(),
  to: timeIn.optional().describe('Exclusive'),
};

export function auditRoutes(ground: Ground): RouteFamily {
  return (app) => {
    app.get(
      '/audit',
      {
        config: { scope: 'audit:read' },
        schema: {
          summary: 'List who changed what, the newest first',
          tags: ['audit'],
          querystring: z.strictObject({ ...PAGE_QUERY, ...filterQuery }),
          response: { 200: pageOf(auditOut) },
        },
      },
      async (request) => {
        const { limit, cursor, ...filter } = request.query;
        const position = parseCursor(cursor, 'audit', z.tuple([z.int().positive()]));
        const rows = await listAudit(ground.pool, filter, position?.[0], limit + 1);
        return buildPage(rows.map(writeRow), limit, 'audit', (item) => [item.id]);
      },
    );
    registerExport(app, ground);
  };
}

function registerExport(app: HttpApp, ground: Ground): void {
  app.get(
    '/audit/export',
    {
      config: { scope: 'audit:read' },
      schema: {
        summary: 'The audit as a file: CSV for spreadsheets, or JSON lines with every value whole; the newest first',
        description: 'That it was exported, and by which filter, is an event of the audit itself.',
        tags: ['audit'],
        querystring: z.strictObject({ format: z.enum(['csv', 'jsonl']).default('csv'), ...filterQuery }),
      },
    },
    async (request, reply) => {
      const { format, ...filter } = request.query;
      const now = ground.clock.now();
      await noteExport(ground, request.actor, now, format, filter);
      const write = format === 'csv' ? exportAuditCsv : exportAuditJsonLines;
      const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8';
      const name = `usher-audit-${now.toISOString().slice(0, 10)}.${format}`;
      reply.header('content-type', type).header('content-disposition', `attachment; filename="${name}"`);
      return reply.send(Readable.from(write(ground.pool, filter)) as never);
    },
  );
}

/** Whoever takes the audit along takes what it tells of people along too. */
async function noteExport(
  ground: Ground,
  actor: Parameters<typeof writeAudit>[2],
  now: Date,
  format: string,
  filter: AuditFilter,
): Promise<void> {
  await inTransaction(ground.pool, (db) =>
    writeAudit(db, now, actor, [
      { action: 'audit.exported', entityKind: 'audit', entityId: 'audit', after: { format, filter } },
    ]),
  );
}

function writeRow(row: AuditRow): z.infer<typeof auditOut> {
  return { ...row, at: writeTime(row.at), changes: diffValues(row.before, row.after) };
}
