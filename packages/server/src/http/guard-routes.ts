import { z } from 'zod';
import { type AppGround, changeGuards, findGuards, getApp, type ShownGuards, showGuards } from '../apps/index.ts';
import { GUARDED_OPERATIONS } from '../guards/index.ts';
import { describeUsage } from '../provisioning/index.ts';
import { commandOf } from './app-command.ts';
import { changeApps, findingSchema, appParams as params, readApps } from './app-schemas.ts';
import { etagOf } from './entity-tag.ts';
import type { HttpReply, RouteFamily } from './http-app.ts';
import { instant, toWire } from './provisioning-schemas.ts';

const tags = ['guards'];
const count = z.int().min(0).max(1_000_000);
const percent = z.number().min(0).max(100).describe('Of the accounts that can be used; the larger of both is allowed');
const operation = z.enum(GUARDED_OPERATIONS);

const slowBleed = z
  .strictObject({ hours: z.int().min(2).max(720), count, percent })
  .nullable()
  .describe('What the hour lets pass little by little; null is off');
const threshold = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .regex(/^[^:]+$/, 'must not have a colon')
    .describe('Names the guard in holds; unique within the app'),
  operation: operation.optional().describe('Absent is any'),
  attribute: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('Changes that give this target attribute another value; * counts each attribute by itself'),
  clears: z.boolean().optional().describe('Only changes that take the value away'),
  windowMinutes: z.int().min(1).max(43_200),
  count,
  percent,
});
const approval = z.strictObject({
  operation,
  manager: z.boolean().describe("The user's manager may"),
  named: z
    .array(z.string().trim().min(1).max(255))
    .max(100)
    .describe('These may: e-mail addresses of people, names of keys'),
});
const names = z.array(z.string().trim().min(1).max(255)).max(1000);
const edit = z.strictObject({
  deactivation: z
    .strictObject({ count: count.optional(), percent: percent.optional() })
    .optional()
    .describe('More deactivations than the larger of both within an hour are held'),
  slowBleed: slowBleed.optional(),
  thresholds: z.array(threshold).max(50).optional().describe('All of them'),
  protectedUsers: z
    .strictObject({ users: names, profiles: names, permissionSets: names })
    .optional()
    .describe('Names or ids; nobody takes their access without a person’s word'),
  approvals: z.array(approval).max(5).optional().describe('All of them'),
});

const entity = z.object({ id: z.string(), name: z.string() });
const guardsSchema = z
  .object({
    app: z.string(),
    deactivation: z.object({ count: z.number(), percent: z.number() }),
    slowBleed,
    thresholds: z.array(threshold),
    protectedUsers: z.object({
      users: z.array(entity),
      profiles: z.array(entity),
      permissionSets: z.array(entity),
    }),
    approvals: z.array(approval),
    changed: z.object({ at: instant, by: z.string() }).nullable().describe('Null: they are the defaults'),
    usage: z
      .array(
        z.object({
          guard: z.string(),
          budget: z.string().describe('A threshold for every attribute has one for each'),
          during: z.string(),
          used: z.number(),
          limit: z.number(),
        }),
      )
      .describe('How far each limit is used up now'),
  })
  .meta({ id: 'Guards' });

/** What may stop a change before it is sent: limits, protected users, approval. */
export function guardRoutes(ground: AppGround): RouteFamily {
  const { pool, clock } = ground;
  const show = async (reply: HttpReply, name: string) => {
    const guards: ShownGuards = await showGuards(ground, name);
    const app = await getApp(ground, name);
    const usage = await describeUsage(pool, app, await findGuards(pool, app.id), clock.now());
    reply.header('etag', etagOf(guards.revision));
    const { revision: _, ...shown } = guards;
    return toWire({ ...shown, usage });
  };
  return (api) => {
    api.get(
      '/apps/:app/guards',
      {
        config: readApps,
        schema: {
          summary: 'Show the guards of an app, and how far their limits are used',
          tags,
          params,
          response: { 200: guardsSchema },
        },
      },
      async (request, reply) => show(reply, request.params.app),
    );
    api.put(
      '/apps/:app/guards',
      {
        config: changeApps,
        schema: {
          summary: 'Change the guards of an app, effective at once; what is left out stays, what is held stays held',
          tags,
          params,
          body: edit,
          response: { 200: guardsSchema.extend({ warnings: z.array(findingSchema) }).meta({ id: 'ChangedGuards' }) },
        },
      },
      async (request, reply) => {
        const warnings = await changeGuards(ground, commandOf(request), request.body);
        return { ...(await show(reply, request.params.app)), warnings };
      },
    );
  };
}
