import { Readable } from 'node:stream';
import { z } from 'zod';
import { writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import { exportUsersCsv, exportUsersJsonLines, loadUserFieldCatalog } from '../directory/index.ts';
import type { Ground } from '../ground.ts';
import type { RouteFamily } from './http-app.ts';
import { buildUserFilter, USER_FILTER_QUERY } from './user-routes.ts';

const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson; charset=utf-8' };

/** Users as a file: the filtered set whole, however large. */
export function userExportRoutes(ground: Ground): RouteFamily {
  return (app) => {
    app.get(
      '/users/export',
      {
        config: { scope: 'directory:read' },
        schema: {
          summary: 'Users as a file: CSV for spreadsheets, or JSON lines; by Username',
          description: 'That they were exported, and by which filter, is an event of the audit.',
          tags: ['directory'],
          querystring: z
            .object({ format: z.enum(['csv', 'jsonl']).default('csv'), ...USER_FILTER_QUERY })
            .catchall(z.string().max(1000)),
        },
      },
      async (request, reply) => {
        const { format, ...query } = request.query;
        const now = ground.clock.now();
        const catalog = await loadUserFieldCatalog(ground.pool);
        const filter = await buildUserFilter(ground, query, catalog);
        await inTransaction(ground.pool, (db) =>
          writeAudit(db, now, request.actor, [
            { action: 'users.exported', entityKind: 'users', entityId: 'users', after: { format, filter: query } },
          ]),
        );
        const write = format === 'csv' ? exportUsersCsv : exportUsersJsonLines;
        const name = `usher-users-${now.toISOString().slice(0, 10)}.${format}`;
        reply.header('content-type', TYPES[format]).header('content-disposition', `attachment; filename="${name}"`);
        return reply.send(Readable.from(write(ground.pool, { filter, catalog, now })) as never);
      },
    );
  };
}
