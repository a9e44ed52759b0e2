import { z } from 'zod';
import type { Ground } from '../ground.ts';
import { GUARDED_OPERATIONS } from '../guards/index.ts';
import {
  decideHold,
  decideHoldsOfApp,
  findHold,
  listHeldCauses,
  listHolds,
  snoozeHold,
} from '../provisioning/index.ts';
import { Refusal } from '../refusal.ts';
import { getApp } from './find-named.ts';
import type { RouteFamily } from './http-app.ts';
import { buildPage, PAGE_QUERY, pageOf, parseCursor } from './page.ts';
import { holdSchema, instant, toWire } from './provisioning-schemas.ts';
import { timeIn } from './wire.ts';

const TAGS = ['holds'];
const ID = z.strictObject({ id: z.coerce.number().int().positive() });
const DECISION = z.strictObject({ note: z.string().trim().max(2000).optional().describe('Why; kept with the hold') });
const PICK = {
  guard: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'deactivation threshold, slow bleed, protected user, approval, unlinked account, or the name of a threshold',
    ),
  cause: z.string().min(1).max(700).optional().describe('As GET /holds/causes gives it'),
  operation: z.enum(GUARDED_OPERATIONS).optional(),
};
const CAUSE = z.object({
  app: z.string(),
  cause: z.string(),
  guard: z.string(),
  operation: z.string(),
  holds: z.number(),
  oldestAt: instant,
  reason: z.string().describe('Of the newest'),
});
const DECIDED = z.object({
  decided: z.number(),
  refused: z
    .array(z.object({ holds: z.number(), who: z.string() }))
    .describe('Left open, because somebody else must agree to them'),
});
const POSITION = z.tuple([z.number().int()]);

/** Changes that a guard stopped: look, release, reject; one by one or all of an app. */
export function holdRoutes(ground: Ground): RouteFamily {
  const { pool } = ground;
  return (api) => {
    api.route({
      method: 'GET',
      url: '/holds',
      config: { scope: 'provisioning:read' },
      schema: {
        tags: TAGS,
        summary: 'Holds, newest first; the open ones unless told otherwise',
        querystring: z.strictObject({
          app: z.string().max(200).optional(),
          state: z.enum(['open', 'released', 'rejected', 'closed', 'all']).default('open'),
          ...PICK,
          ...PAGE_QUERY,
        }),
        response: { 200: pageOf(holdSchema) },
      },
      handler: async (request) => {
        const { app, state, guard, cause, operation, limit, cursor } = request.query;
        const appId = app === undefined ? undefined : (await getApp(pool, app)).id;
        const before = parseCursor(cursor, 'holds', POSITION)?.[0];
        const filter = { appId, guard, cause, operation, state: state === 'all' ? undefined : state };
        const rows = await listHolds(pool, filter, { limit: limit + 1, before });
        return toWire(buildPage(rows, limit, 'holds', (hold) => [hold.id]));
      },
    });

    api.route({
      method: 'GET',
      url: '/holds/causes',
      config: { scope: 'provisioning:read' },
      schema: {
        tags: TAGS,
        summary: 'Open holds by what they wait for, those with most users first',
        querystring: z.strictObject({ app: z.string().max(200).optional() }),
        response: { 200: z.object({ items: z.array(CAUSE) }) },
      },
      handler: async (request) => {
        const { app } = request.query;
        const appId = app === undefined ? undefined : (await getApp(pool, app)).id;
        return toWire({ items: await listHeldCauses(pool, appId) });
      },
    });

    api.route({
      method: 'GET',
      url: '/holds/:id',
      config: { scope: 'provisioning:read' },
      schema: { tags: TAGS, summary: 'One hold', params: ID, response: { 200: holdSchema } },
      handler: async (request) => {
        const hold = await findHold(pool, request.params.id);
        if (!hold) throw new Refusal('not_found', `There is no hold ${request.params.id}.`);
        return toWire(hold);
      },
    });

    api.route({
      method: 'POST',
      url: '/holds/:id/snooze',
      config: { scope: 'holds:release' },
      schema: {
        tags: TAGS,
        summary: 'Leave an open hold as it is, and remind nobody of it before then; a week at most',
        params: ID,
        body: DECISION.extend({ until: timeIn.describe('When people are reminded again') }),
        response: { 200: holdSchema },
      },
      handler: async (request) => {
        const { until, note = null } = request.body;
        return toWire(await snoozeHold(ground, request.actor, request.params.id, { until, note }));
      },
    });

    for (const [verb, state, summary] of [
      ['release', 'released', 'Let the change through; it is planned anew and sent only if it is still the same'],
      ['reject', 'rejected', 'Refuse the change; it is not sent until another change takes its place'],
    ] as const) {
      api.route({
        method: 'POST',
        url: `/holds/:id/${verb}`,
        config: { scope: 'holds:release' },
        schema: { tags: TAGS, summary, params: ID, body: DECISION, response: { 200: holdSchema } },
        handler: async (request) => {
          const decision = { state, note: request.body.note ?? null };
          return toWire(await decideHold(ground, request.actor, request.params.id, decision));
        },
      });
      api.route({
        method: 'POST',
        url: `/apps/:app/holds/${verb}`,
        config: { scope: 'holds:release' },
        schema: {
          tags: TAGS,
          summary: `${verb === 'release' ? 'Release' : 'Reject'} every open hold of an app, or those of one guard, cause or operation`,
          params: z.strictObject({ app: z.string().max(200) }),
          body: DECISION.extend({
            ...PICK,
            expected: z.int().min(0).optional().describe('How many you saw; another number refuses the decision'),
          }),
          response: { 200: DECIDED },
        },
        handler: async (request) => {
          const app = await getApp(pool, request.params.app);
          const { note = null, ...wanted } = request.body;
          return decideHoldsOfApp(ground, request.actor, app.id, wanted, { state, note });
        },
      });
    }
  };
}
