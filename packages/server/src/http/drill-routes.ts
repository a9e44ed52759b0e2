import { z } from 'zod';
import { type AppGround, getApp, getVersion } from '../apps/index.ts';
import {
  cancelDrill,
  DRILL_STEPS,
  type Drill,
  type DrillRunner,
  fingerprintOf,
  getDrill,
  listDrills,
  listSteps,
  listTestUsers,
  markTestUser,
} from '../drill/index.ts';
import { checkReadiness, LEVELS, PIECES, startDrill } from '../readiness/index.ts';
import { PLACES } from '../refusal.ts';
import { appParams, readApps } from './app-schemas.ts';
import { getUserId } from './find-named.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import { pageOf } from './page.ts';
import { exchangeSchema, instant, toWire } from './provisioning-schemas.ts';

const tags = ['readiness'];
const drillParams = appParams.extend({ drill: z.uuid() });
const userParams = z.strictObject({ user: z.string().min(1).max(200).describe('Id or Username') });
const version = z.coerce.number().int().positive().max(1_000_000_000);

const place = z.enum(PLACES).nullable().describe('Where the console does it, when that is not where the piece is');
const checkSchema = z.object({
  check: z.string(),
  ok: z.boolean(),
  message: z.string(),
  fix: z.string().nullable().describe('What to do; null when it is in order'),
  place,
});
const blockerSchema = z.object({ piece: z.string(), problem: z.string(), fix: z.string(), place });
const levelSchema = z.object({ open: z.boolean(), blockers: z.array(blockerSchema) });
const readinessSchema = z
  .object({
    app: z.string(),
    version: z.number().nullable().describe('Of the configuration that was looked at'),
    checkedAt: instant,
    pieces: z
      .array(
        z.object({
          piece: z.enum(PIECES),
          title: z.string(),
          ok: z.boolean(),
          checks: z.array(checkSchema),
          warnings: z.array(z.object({ message: z.string(), fix: z.string() })),
        }),
      )
      .describe('The six, in the order in which they are wired up'),
    levels: z
      .object(
        Object.fromEntries(LEVELS.map((level) => [level, levelSchema])) as Record<
          'drill' | 'pilot' | 'promotion',
          typeof levelSchema
        >,
      )
      .describe(
        'drill: the first five pieces; pilot: a passed drill and a named pilot besides; promotion: the drill still holds',
      ),
  })
  .meta({ id: 'Readiness' });

const drillSchema = z
  .object({
    id: z.string(),
    app: z.string(),
    userId: z.string(),
    username: z.string(),
    version: z.number(),
    state: z.enum(['waiting', 'running', 'passed', 'failed', 'cancelled']),
    holds: z.boolean().describe('It passed, and proves something about the app as it is configured now'),
    createdAt: instant,
    createdBy: z.string(),
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    remoteId: z.string().nullable().describe('The account that it made and left at the target'),
    problem: z.string().nullable(),
    nextStep: z.string().nullable(),
  })
  .meta({ id: 'Drill' });
const stepSchema = z.object({
  ordinal: z.number(),
  step: z.enum(DRILL_STEPS),
  state: z.enum(['running', 'passed', 'failed', 'skipped']),
  message: z.string(),
  startedAt: instant,
  finishedAt: instant.nullable(),
  exchanges: z.array(exchangeSchema).describe('What was sent and answered, the credential redacted'),
});
const testUserSchema = z.object({
  id: z.string(),
  username: z.string(),
  isActive: z.boolean(),
  isTest: z.boolean(),
});

/** Whether an app is ready for the next step, and the trial of taking access away. */
export function drillRoutes(ground: AppGround, runner: Pick<DrillRunner, 'wake'>): RouteFamily {
  return (api) => {
    registerReadiness(api, ground);
    registerDrills(api, ground, runner);
    registerTestUsers(api, ground);
  };
}

function registerReadiness(api: HttpApp, ground: AppGround): void {
  api.get(
    '/apps/:app/readiness',
    {
      config: readApps,
      schema: {
        summary: 'Look at the six pieces of an app now, and tell what is red and what to do',
        tags,
        params: appParams,
        querystring: z.strictObject({
          version: version.optional().describe('Absent: the one that is rolled out, or in force'),
        }),
        response: { 200: readinessSchema },
      },
    },
    async (request) => toWire(await checkReadiness(ground, request.params.app, request.query.version)) as never,
  );
}

function registerDrills(api: HttpApp, ground: AppGround, runner: Pick<DrillRunner, 'wake'>): void {
  api.post(
    '/apps/:app/drills',
    {
      config: { scope: 'provisioning:write' },
      schema: {
        summary: 'Try on a test user whether an account can be taken away and given back; this writes to the target',
        tags,
        params: appParams,
        body: z.strictObject({
          user: z.string().min(1).max(200).describe('Id or Username of a test user'),
          version: z.int().positive().max(1_000_000_000).optional().describe('Absent: the one in force'),
        }),
        response: { 202: drillSchema },
      },
    },
    async (request, reply) => {
      const app = await getApp(ground, request.params.app);
      const userId = await getUserId(ground.pool, request.body.user);
      const asked = { userId, version: request.body.version };
      const id = await startDrill(ground, request.actor, request.params.app, asked);
      runner.wake();
      reply.code(202).header('location', `/api/v1/apps/${encodeURIComponent(app.name)}/drills/${id}`);
      return writeDrill(ground, request.params.app, await getDrill(ground, app, id));
    },
  );
  api.get(
    '/apps/:app/drills',
    {
      config: { scope: 'provisioning:read' },
      schema: { summary: 'List drills, newest first', tags, params: appParams, response: { 200: pageOf(drillSchema) } },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const items = [];
      for (const drill of await listDrills(ground.pool, app.id)) {
        items.push(await writeDrill(ground, request.params.app, drill));
      }
      return { items, nextCursor: null };
    },
  );
  api.get(
    '/apps/:app/drills/:drill',
    {
      config: { scope: 'provisioning:read' },
      schema: {
        summary: 'Show a drill with its steps and every exchange',
        tags,
        params: drillParams,
        response: { 200: drillSchema.extend({ steps: z.array(stepSchema) }) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const drill = await getDrill(ground, app, request.params.drill);
      const steps = (await listSteps(ground.pool, drill.id)).map(({ exchanges, ...step }) => ({
        ...step,
        exchanges: exchanges ?? [],
      }));
      return { ...(await writeDrill(ground, request.params.app, drill)), ...(toWire({ steps }) as object) } as never;
    },
  );
  api.post(
    '/apps/:app/drills/:drill/cancel',
    {
      config: { scope: 'provisioning:write' },
      schema: {
        summary: 'Stop a drill after its present step; what it made is cleaned up',
        tags,
        params: drillParams,
        response: { 200: drillSchema },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      await cancelDrill(ground, await getDrill(ground, app, request.params.drill));
      return writeDrill(ground, request.params.app, await getDrill(ground, app, request.params.drill));
    },
  );
}

function registerTestUsers(api: HttpApp, ground: AppGround): void {
  api.get(
    '/test-users',
    {
      config: { scope: 'directory:read' },
      schema: { summary: 'List the users who are marked for tests', tags, response: { 200: pageOf(testUserSchema) } },
    },
    async () => ({ items: await listTestUsers(ground.pool), nextCursor: null }),
  );
  api.put(
    '/users/:user/test-user',
    {
      config: { scope: 'directory:write' },
      schema: {
        summary: 'Mark a user as one for tests, whose accounts drills may take away; or take the mark away',
        tags,
        params: userParams,
        body: z.strictObject({ isTest: z.boolean() }),
        response: { 200: testUserSchema },
      },
    },
    async (request) => {
      const userId = await getUserId(ground.pool, request.params.user);
      return markTestUser(ground, request.actor, userId, request.body.isTest);
    },
  );
}

/** A drill holds for every configuration that takes accounts away in the same manner. */
async function writeDrill(ground: AppGround, idOrName: string, drill: Drill): Promise<z.output<typeof drillSchema>> {
  const app = await getApp(ground, idOrName);
  const { appId: _app, fingerprint, connector: _c, baseUrl: _b, cancelRequested: _r, ...rest } = drill;
  const inForce =
    app.activeVersion === null ? undefined : (await getVersion(ground, app.id, app.name, app.activeVersion)).document;
  const holds = drill.state === 'passed' && inForce !== undefined && fingerprintOf(app, inForce) === fingerprint;
  return toWire({ ...rest, app: app.name, holds });
}
