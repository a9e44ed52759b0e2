import { z } from 'zod';
import { includesScope } from '../access/index.ts';
import type { Ground } from '../ground.ts';
import { REASON_CODES, type ReasonCode } from '../planning/index.ts';
import {
  completeRequest,
  countByCause,
  findRequest,
  listLogOfRequest,
  listRequests,
  maskExchange,
  type RequestFilter,
  retryCause,
  retryRequest,
  showMasked,
} from '../provisioning/index.ts';
import { Refusal } from '../refusal.ts';
import { getApp, getUserId } from './find-named.ts';
import type { HttpRequest, RouteFamily } from './http-app.ts';
import { buildPage, PAGE_QUERY, pageOf, parseCursor } from './page.ts';
import { changeSchema, exchangeSchema, instant, requestSchema, toWire } from './provisioning-schemas.ts';

const TAGS = ['requests'];
const ID = z.strictObject({ id: z.uuid() });
const FILTER = {
  app: z.string().max(200).optional(),
  user: z.string().max(200).optional().describe('Id or Username'),
  operation: z.enum(['create', 'update', 'deactivate', 'reactivate', 'delete', 'link']).optional(),
  state: z.enum(['New', 'Requested', 'Completed', 'Failed', 'Retried', 'Manually Completed']).optional(),
  cause: z.string().max(100).optional().describe('Reason code, as in docs/errors.md'),
  from: instant.optional(),
  to: instant.optional(),
};
type FilterQuery = { [Name in keyof typeof FILTER]?: string | undefined };

const POSITION = z.tuple([z.iso.datetime(), z.uuid()]);

const logSchema = z.object({
  id: z.number(),
  at: instant,
  attempt: z.number(),
  operation: z.string(),
  outcome: z.string(),
  reasonCode: z.string().nullable(),
  message: z.string(),
  nextStep: z.string().nullable(),
  exchanges: z.array(exchangeSchema).nullable(),
});

/** A key for programs may be given whole exchanges; people open what is masked one by one. */
function seesWhole(request: HttpRequest): boolean {
  const { caller } = request;
  return caller !== null && caller.kind === 'key' && includesScope(caller.scopes, 'exchanges:read');
}

function maskLine(line: LogLine): LogLine {
  return { ...line, exchanges: line.exchanges?.map(maskExchange) ?? null };
}
type LogLine = Awaited<ReturnType<typeof listLogOfRequest>>[number];

/** Provisioning requests: what was sent for whom, why it failed, and trying again. */
export function requestRoutes(ground: Ground): RouteFamily {
  const { pool } = ground;

  async function readFilter(query: FilterQuery): Promise<RequestFilter> {
    return {
      appId: query.app === undefined ? undefined : (await getApp(pool, query.app)).id,
      userId: query.user === undefined ? undefined : await getUserId(pool, query.user),
      operation: query.operation,
      state: query.state,
      reasonCode: query.cause,
      from: query.from === undefined ? undefined : new Date(query.from),
      to: query.to === undefined ? undefined : new Date(query.to),
    };
  }

  return (api) => {
    api.route({
      method: 'GET',
      url: '/requests',
      config: { scope: 'reasons:read' },
      schema: {
        tags: TAGS,
        summary: 'Provisioning requests, newest first',
        querystring: z.strictObject({ ...FILTER, ...PAGE_QUERY }),
        response: { 200: pageOf(requestSchema) },
      },
      handler: async (request) => {
        const { limit, cursor, ...query } = request.query;
        const position = parseCursor(cursor, 'requests', POSITION);
        const after = position && { createdAt: new Date(position[0]), id: position[1] };
        const rows = await listRequests(pool, await readFilter(query), { limit: limit + 1, after });
        return toWire(buildPage(rows, limit, 'requests', (item) => [item.createdAt, item.id]));
      },
    });

    api.route({
      method: 'GET',
      url: '/requests/causes',
      config: { scope: 'reasons:read' },
      schema: {
        tags: TAGS,
        summary: 'Requests grouped by app, cause and operation, which together are the key of a group',
        querystring: z.strictObject(FILTER),
        response: {
          200: z.object({
            items: z.array(
              z.object({
                key: z.string().describe('app, operation and cause: what is grouped by, and nothing else'),
                app: z.string(),
                reasonCode: z.string(),
                operation: z.string(),
                message: z.string().describe('The cause in plain words'),
                nextStep: z.string().nullable().describe('What to do about it'),
                requests: z.number(),
                users: z.number(),
                failedUsers: z.number().describe('Who a retry of the group would concern'),
                firstAt: instant,
                lastAt: instant,
                example: z.string().nullable(),
              }),
            ),
          }),
        },
      },
      handler: async (request) => {
        const causes = await countByCause(pool, await readFilter(request.query));
        return toWire({
          items: causes.map((cause) => ({
            ...cause,
            key: `${cause.app} ${cause.operation} ${cause.reasonCode}`,
            message: REASON_CODES[cause.reasonCode as ReasonCode] ?? cause.example ?? cause.reasonCode,
          })),
        });
      },
    });

    api.route({
      method: 'GET',
      url: '/requests/:id',
      config: { scope: 'provisioning:read' },
      schema: {
        tags: TAGS,
        summary: 'One request with its changes and every attempt',
        params: ID,
        response: {
          200: requestSchema.extend({ changes: z.array(changeSchema).nullable(), log: z.array(logSchema) }),
        },
      },
      handler: async (request) => {
        const found = await findRequest(pool, request.params.id);
        if (!found) throw new Refusal('not_found', `There is no provisioning request ${request.params.id}.`);
        const log = await listLogOfRequest(pool, found.id);
        return toWire({ ...found, log: seesWhole(request) ? log : log.map(maskLine) }) as never;
      },
    });

    api.route({
      method: 'POST',
      url: '/requests/:id/unmask',
      config: { scope: 'exchanges:unmask' },
      schema: {
        tags: TAGS,
        summary:
          'Show one masked value of an exchange, for a reason; the audit keeps who, which and why, not the value',
        params: ID,
        body: z.strictObject({
          logId: z.int().positive().describe('The attempt’s line'),
          exchange: z.int().min(0).max(1000).describe('Which of its exchanges, from 0'),
          part: z.enum(['url', 'request', 'response']),
          path: z.string().max(2000).describe('One of `masked`: a JSON pointer, or "" for the whole'),
          reason: z.string().trim().min(5).max(500).describe('Why it has to be seen'),
        }),
        response: { 200: z.object({ value: z.json() }) },
      },
      handler: async (request) => {
        const { reason, ...place } = request.body;
        const value = await showMasked(ground, request.actor, request.params.id, place, reason);
        return { value: value as never };
      },
    });

    api.route({
      method: 'POST',
      url: '/requests/:id/retry',
      config: { scope: 'provisioning:write' },
      schema: {
        tags: TAGS,
        summary: 'Try one failed request again, now',
        params: ID,
        response: { 202: z.object({ retried: z.number() }) },
      },
      handler: async (request, reply) => {
        await retryRequest(ground, request.actor, request.params.id);
        return reply.code(202).send({ retried: 1 });
      },
    });

    api.route({
      method: 'POST',
      url: '/requests/retry',
      config: { scope: 'provisioning:write' },
      schema: {
        tags: TAGS,
        summary: 'Try everything that failed for one cause again, now',
        body: z.strictObject({
          app: z.string().max(200),
          cause: z.string().min(1).max(100),
          operation: FILTER.operation.describe('Only those of one group'),
        }),
        response: { 202: z.object({ retried: z.number().describe('Users') }) },
      },
      handler: async (request, reply) => {
        const app = await getApp(pool, request.body.app);
        const retried = await retryCause(ground, request.actor, app.id, request.body.cause, request.body.operation);
        return reply.code(202).send({ retried });
      },
    });

    api.route({
      method: 'POST',
      url: '/requests/:id/complete',
      config: { scope: 'provisioning:write' },
      schema: {
        tags: TAGS,
        summary: 'Record that a person did at the target by hand what failed here',
        params: ID,
        body: z.strictObject({ note: z.string().trim().min(1).max(2000).describe('What was done') }),
        response: { 200: requestSchema },
      },
      handler: async (request) => {
        await completeRequest(ground, request.actor, request.params.id, request.body.note);
        const found = await findRequest(pool, request.params.id);
        if (!found) throw new Refusal('not_found', `There is no provisioning request ${request.params.id}.`);
        return toWire(found);
      },
    });
  };
}
