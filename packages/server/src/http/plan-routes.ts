import { Readable } from 'node:stream';
import { z } from 'zod';
import { type AppGround, CONFIGURATION_INPUT, type ConnectedApp, getApp } from '../apps/index.ts';
import {
  beginApplying,
  buildHeadline,
  cancelPlan,
  createPlan,
  exportCsv,
  exportNdjson,
  findOutlook,
  getPlan,
  listChanges,
  listPlans,
  PLANNED_OPERATIONS,
  type PlanFilter,
  type PlanRunner,
  type PopulationPlan,
} from '../plans/index.ts';
import { commandOf } from './app-command.ts';
import { appParams, findingSchema } from './app-schemas.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import { buildPage, PAGE_QUERY, pageOf, parseCursor } from './page.ts';
import { changeSchema, instant, reasonSchema, toWire } from './provisioning-schemas.ts';

const tags = ['plans'];
const planParams = appParams.extend({ plan: z.uuid() });
const names = z.array(z.string().trim().min(1).max(255)).max(1000).optional();
const note = z.string().trim().max(2000).optional();

const planRequest = z.strictObject({
  configuration: CONFIGURATION_INPUT.optional().describe('One that is not saved yet; applying the plan saves it'),
  version: z.int().positive().max(1_000_000_000).optional().describe('A saved one; absent: the one in force'),
  scopingFilter: z
    .string()
    .trim()
    .min(1)
    .max(10_000)
    .nullable()
    .optional()
    .describe('Another scoping filter, or null for none; everything else as it is: who enters, who leaves'),
  scope: z
    .strictObject({
      users: names.describe('Ids or Usernames'),
      profiles: names,
      permissionSets: names,
      permissionSetGroups: names,
    })
    .optional()
    .describe('Whoever is named, or has one of these; absent: everybody whom the app concerns'),
  note,
});

const counts = z.record(z.string(), z.number());
const summarySchema = z.object({
  id: z.string(),
  app: z.string(),
  state: z.enum(['waiting', 'running', 'ready', 'failed', 'cancelled', 'applying', 'applied']),
  headline: z.string().describe('12,403 people: 31 create, 940 update, 2 deactivate, 9 parked'),
  version: z.number().nullable().describe('Of the planned configuration; null: it is not saved yet'),
  baseVersion: z
    .number()
    .nullable()
    .describe('In force when the plan was asked for; applying demands that it still is'),
  plannedAt: instant.describe('The moment that it was made for'),
  ageSeconds: z.number(),
  createdAt: instant,
  createdBy: z.string(),
  note: z.string().nullable(),
  finishedAt: instant.nullable(),
  progress: z.object({ done: z.number(), total: z.number() }),
  problem: z.string().nullable(),
  applied: z
    .object({
      at: instant,
      by: z.string(),
      version: z.number(),
      marked: z.number().describe('Users that are due now'),
      leftOut: z.number().describe('Users that changed since the plan; listed with leftOut=true'),
    })
    .nullable(),
});
const planSchema = summarySchema
  .extend({
    scope: z
      .object({ users: names, profiles: names, permissionSets: names, permissionSetGroups: names })
      .nullable()
      .describe('Null: everybody'),
    byOperation: counts,
    byAttribute: counts.describe('Users whose attribute would be written'),
    byCause: counts,
    waiting: counts.describe('Users for whom nothing is sent on purpose, by reason code'),
    unchanged: z.number(),
    enters: z.number().describe('Will have a usable account and have none now'),
    leaves: z.number(),
    held: z.number().describe('Changes that a hold stops'),
    byConfiguration: z.number().describe('Changes that the configuration in force would not make'),
    collisions: z.object({
      count: z.number(),
      items: z
        .array(
          z.object({
            path: z.string(),
            value: z.string(),
            users: z.array(z.object({ userId: z.string(), username: z.string(), departed: z.boolean() })),
          }),
        )
        .describe('The first 1,000'),
    }),
    duration: z
      .object({
        calls: z.number(),
        callsPerSecond: z.number(),
        seconds: z.number(),
        basis: z.enum(['rate limit', 'recent latency', 'assumed latency']),
      })
      .describe('What sending it would take at the pace of the app'),
    guard: z
      .object({ wouldHold: z.boolean(), wanted: z.number(), usedInWindow: z.number(), limit: z.number() })
      .describe('Whether the deactivation guard would hold what it takes away'),
  })
  .meta({ id: 'PopulationPlan' });

const changeRowSchema = z.object({
  userId: z.string(),
  username: z.string(),
  operation: z.enum(PLANNED_OPERATIONS),
  cause: z.string(),
  movement: z.enum(['enters', 'leaves']).nullable(),
  held: z.boolean(),
  changes: z.array(changeSchema),
  reason: reasonSchema.nullable(),
  leftOut: z.string().nullable().describe('Why applying left the user out'),
});

const filterQuery = {
  operation: z.enum(PLANNED_OPERATIONS).optional(),
  attribute: z.string().min(1).max(500).optional().describe('Path of an attribute that would be written'),
  cause: z.string().min(1).max(200).optional(),
  movement: z.enum(['enters', 'leaves']).optional(),
  username: z.string().min(1).max(255).optional().describe('Its beginning'),
  leftOut: z.enum(['true', 'false']).optional(),
};

/** Population plans: what a configuration would do to everybody, and doing just that. */
export function planRoutes(ground: AppGround, runner: Pick<PlanRunner, 'wake'>): RouteFamily {
  return (api) => {
    registerMaking(api, ground, runner);
    registerReading(api, ground);
    registerExport(api, ground);
  };
}

function registerMaking(api: HttpApp, ground: AppGround, runner: Pick<PlanRunner, 'wake'>): void {
  api.post(
    '/apps/:app/plans',
    {
      config: { scope: 'apps:write' },
      schema: {
        summary: 'Plan what a configuration would do to everybody; nothing is sent',
        tags,
        params: appParams,
        body: planRequest.nullish(),
        response: { 202: summarySchema.extend({ warnings: z.array(findingSchema) }) },
      },
    },
    async (request, reply) => {
      const app = await getApp(ground, request.params.app);
      const { id, warnings } = await createPlan(ground, request.actor, request.params.app, request.body ?? {});
      runner.wake();
      reply.code(202).header('location', `/api/v1/apps/${encodeURIComponent(app.name)}/plans/${id}`);
      return { ...summarize(ground, app, await getPlan(ground, app, id)), warnings };
    },
  );
  api.post(
    '/apps/:app/plans/:plan/cancel',
    {
      config: { scope: 'apps:write' },
      schema: { summary: 'Stop a plan that is being made', tags, params: planParams, response: { 200: summarySchema } },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      await cancelPlan(ground, await getPlan(ground, app, request.params.plan));
      return summarize(ground, app, await getPlan(ground, app, request.params.plan));
    },
  );
  api.post(
    '/apps/:app/plans/:plan/apply',
    {
      config: { scope: 'apps:write' },
      schema: {
        summary:
          'Put the planned configuration in force, and mark just the users of the plan who have not changed since',
        tags,
        params: planParams,
        body: z
          .strictObject({ note: note.describe('Why; needed where the planned configuration is not in force already') })
          .nullish(),
        response: { 202: summarySchema },
      },
    },
    async (request, reply) => {
      const app = await getApp(ground, request.params.app);
      const plan = await getPlan(ground, app, request.params.plan);
      await beginApplying(ground, commandOf(request), plan, request.body?.note ?? null);
      runner.wake();
      reply.code(202);
      return summarize(ground, app, await getPlan(ground, app, plan.id));
    },
  );
}

function registerReading(api: HttpApp, ground: AppGround): void {
  api.get(
    '/apps/:app/plans',
    {
      config: { scope: 'provisioning:read' },
      schema: {
        summary: 'List the plans that are kept, newest first',
        tags,
        params: appParams,
        response: { 200: pageOf(summarySchema) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const plans = await listPlans(ground.pool, app.id);
      return { items: plans.map((plan) => summarize(ground, app, plan)), nextCursor: null };
    },
  );
  api.get(
    '/apps/:app/plans/:plan',
    {
      config: { scope: 'provisioning:read' },
      schema: { summary: 'Show a plan', tags, params: planParams, response: { 200: planSchema } },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const plan = await getPlan(ground, app, request.params.plan);
      const outlook = await findOutlook(ground, app, plan);
      const { counts: counted, scope, collisions } = plan;
      return toWire({
        ...summarize(ground, app, plan),
        ...counted,
        scope,
        collisions: collisions ?? { count: 0, items: [] },
        ...outlook,
      }) as z.output<typeof planSchema>;
    },
  );
  api.get(
    '/apps/:app/plans/:plan/changes',
    {
      config: { scope: 'provisioning:read' },
      schema: {
        summary: 'List the users of a plan for whom something would happen, with before and after',
        tags,
        params: planParams,
        querystring: z.strictObject({ ...filterQuery, ...PAGE_QUERY }),
        response: { 200: pageOf(changeRowSchema) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const plan = await getPlan(ground, app, request.params.plan);
      const { limit, cursor, ...query } = request.query;
      const position = parseCursor(cursor, 'plan changes', z.tuple([z.uuid()]));
      const rows = await listChanges(ground.pool, plan.id, readFilter(query), {
        limit: limit + 1,
        after: position?.[0],
      });
      const page = buildPage(rows, limit, 'plan changes', ({ userId }) => [userId]);
      const items = page.items.map(({ hash: _hash, paths: _paths, ...row }) => row);
      return toWire({ items, nextCursor: page.nextCursor }) as never;
    },
  );
}

function registerExport(api: HttpApp, ground: AppGround): void {
  api.get(
    '/apps/:app/plans/:plan/export',
    {
      config: { scope: 'provisioning:read' },
      schema: {
        summary: 'A plan as a file: CSV for spreadsheets, a line an attribute; or NDJSON, a line a user',
        tags,
        params: planParams,
        querystring: z.strictObject({ format: z.enum(['csv', 'ndjson']).default('csv'), ...filterQuery }),
      },
    },
    async (request, reply) => {
      const app = await getApp(ground, request.params.app);
      const plan = await getPlan(ground, app, request.params.plan);
      const { format, ...query } = request.query;
      const write = format === 'csv' ? exportCsv : exportNdjson;
      const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8';
      const name = `${app.name}-plan-${plan.createdAt.toISOString().slice(0, 10)}.${format}`;
      reply.header('content-type', type).header('content-disposition', `attachment; filename="${name}"`);
      return reply.send(Readable.from(write(ground.pool, plan.id, readFilter(query))) as never);
    },
  );
}

function readFilter(query: Omit<PlanFilter, 'leftOut'> & { leftOut?: 'true' | 'false' | undefined }): PlanFilter {
  const { leftOut, ...rest } = query;
  return { ...rest, leftOut: leftOut === undefined ? undefined : leftOut === 'true' };
}

function summarize({ clock }: AppGround, app: ConnectedApp, plan: PopulationPlan): z.output<typeof summarySchema> {
  const { id, state, version, baseVersion, createdBy, note: why, problem, done, total } = plan;
  const age = clock.now().getTime() - plan.plannedAt.getTime();
  const { appliedAt, appliedBy, appliedVersion, marked, leftOut } = plan;
  const applied = appliedAt && { at: appliedAt, by: appliedBy ?? '', version: appliedVersion ?? 0, marked, leftOut };
  return toWire({
    id,
    app: app.name,
    state,
    headline: buildHeadline(done, plan.counts),
    version,
    baseVersion,
    plannedAt: plan.plannedAt,
    ageSeconds: Math.max(0, Math.round(age / 1000)),
    createdAt: plan.createdAt,
    createdBy,
    note: why,
    finishedAt: plan.finishedAt,
    progress: { done, total },
    problem,
    applied,
  });
}
