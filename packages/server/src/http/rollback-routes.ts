import { Readable } from 'node:stream';
import { z } from 'zod';
import { getApp } from '../apps/index.ts';
import {
  exportRollbackCsv,
  exportRollbackNdjson,
  getRollback,
  listProofs,
  listRollbacks,
  PROOF_STATES,
  type RolloutGround,
  verifyRollback,
} from '../rollout/index.ts';
import { appParams, operateApps, readApps } from './app-schemas.ts';
import type { HttpApp } from './http-app.ts';
import { buildPage, PAGE_QUERY, pageOf, parseCursor } from './page.ts';
import {
  rollbackParams as params,
  proofSchema,
  rollbackSchema,
  ROLLOUT_TAGS as tags,
  writeProof,
  writeRollback,
} from './rollout-schemas.ts';

const readProvisioning = { scope: 'provisioning:read' } as const;
const stateQuery = { state: z.enum(PROOF_STATES).optional() };

/** Ways back, with their proof from the target. */
export function registerRollbacks(api: HttpApp, ground: RolloutGround, watch: { wake(): void }): void {
  registerReports(api, ground, watch);
  registerProofs(api, ground);
}

function registerReports(api: HttpApp, ground: RolloutGround, watch: { wake(): void }): void {
  api.get(
    '/apps/:app/rollbacks',
    {
      config: readApps,
      schema: {
        summary: 'List the ways back of an app, newest first: rollbacks and stages that were undone',
        tags,
        params: appParams,
        querystring: z.strictObject(PAGE_QUERY),
        response: { 200: pageOf(rollbackSchema) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const { limit, cursor } = request.query;
      const position = parseCursor(cursor, 'rollbacks', z.tuple([z.int()]));
      const rows = await listRollbacks(ground.pool, app.id, { limit: limit + 1, before: position?.[0] });
      const page = buildPage(rows, limit, 'rollbacks', ({ id }) => [id]);
      return { ...page, items: page.items.map((rollback) => writeRollback(app, rollback)) };
    },
  );
  api.get(
    '/apps/:app/rollbacks/:rollback',
    {
      config: readApps,
      schema: { summary: 'Show a way back and how far its proof is', tags, params, response: { 200: rollbackSchema } },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      return writeRollback(app, await getRollback(ground, app, request.params.rollback));
    },
  );
  api.post(
    '/apps/:app/rollbacks/:rollback/verify',
    {
      config: operateApps,
      schema: {
        summary: 'Read every account of a way back again; nothing is written to the target',
        tags,
        params,
        response: { 202: rollbackSchema },
      },
    },
    async (request, reply) => {
      const app = await getApp(ground, request.params.app);
      const rollback = await verifyRollback(ground, app, request.params.rollback);
      watch.wake();
      reply.code(202);
      return writeRollback(app, rollback);
    },
  );
}

function registerProofs(api: HttpApp, ground: RolloutGround): void {
  api.get(
    '/apps/:app/rollbacks/:rollback/accounts',
    {
      config: readProvisioning,
      schema: {
        summary: 'List the accounts of a way back, each with what was read at the target',
        tags,
        params,
        querystring: z.strictObject({ ...stateQuery, ...PAGE_QUERY }),
        response: { 200: pageOf(proofSchema) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const { id } = await getRollback(ground, app, request.params.rollback);
      const { limit, cursor, state } = request.query;
      const position = parseCursor(cursor, 'rollback accounts', z.tuple([z.uuid()]));
      const rows = await listProofs(ground.pool, id, { state }, { limit: limit + 1, after: position?.[0] });
      const page = buildPage(rows, limit, 'rollback accounts', ({ userId }) => [userId]);
      return { ...page, items: page.items.map(writeProof) };
    },
  );
  api.get(
    '/apps/:app/rollbacks/:rollback/export',
    {
      config: readProvisioning,
      schema: {
        summary: 'The proof of a way back as a file: CSV for spreadsheets, or NDJSON',
        tags,
        params,
        querystring: z.strictObject({ format: z.enum(['csv', 'ndjson']).default('csv'), ...stateQuery }),
      },
    },
    async (request, reply) => {
      const app = await getApp(ground, request.params.app);
      const rollback = await getRollback(ground, app, request.params.rollback);
      const { format, state } = request.query;
      const rows = (format === 'csv' ? exportRollbackCsv : exportRollbackNdjson)(ground.pool, rollback.id, state);
      const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8';
      const name = `${app.name}-rollback-${rollback.id}.${format}`;
      reply.header('content-type', type).header('content-disposition', `attachment; filename="${name}"`);
      return reply.send(Readable.from(rows) as never);
    },
  );
}
