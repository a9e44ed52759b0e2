import { z } from 'zod';
import { type AppGround, type ConnectedApp, getApp } from '../apps/index.ts';
import { TRIGGERS } from '../planning/index.ts';
import type { AppRuntime, OpenApp } from '../provisioning/index.ts';
import { Refusal } from '../refusal.ts';
import {
  decideDeletions,
  describeDeletions,
  dismissUndone,
  listDeletionDays,
  listDeletions,
  listDismissals,
  listSwitches,
  listUndone,
  MOST_DISMISSED,
  takeBackDismissal,
} from '../undone/index.ts';
import { commandOf } from './app-command.ts';
import { appParams as params, readApps } from './app-schemas.ts';
import { getUserId } from './find-named.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import { buildPage, PAGE_QUERY, pageOf, parseCursor } from './page.ts';
import { changeSchema, instant, toWire } from './provisioning-schemas.ts';

const tags = ['undone'];
const read = { scope: 'provisioning:read' } as const;
const write = { scope: 'provisioning:write' } as const;
const trigger = z.enum(TRIGGERS as unknown as readonly ['create', 'update', 'deactivate', 'reactivate']);
const reason = z.string().trim().min(1).max(2000).describe('Why; kept with what was decided');
const users = z
  .array(z.string().min(1).max(200))
  .min(1)
  .max(1000)
  .optional()
  .describe('Ids or Usernames; absent: everybody');
const expected = z.int().min(0).optional().describe('How many you saw; another number refuses the decision');

const switchSchema = z.object({
  trigger,
  on: z.boolean(),
  effect: z.string().describe('What it does as it stands: "Leavers keep access"'),
  otherwise: z.string().describe('What its other position would do'),
  undone: z.number().describe('Users for whom something is left undone because it is off'),
});
const undoneSchema = z.object({
  userId: z.string(),
  username: z.string(),
  trigger,
  since: instant,
  operation: z.string().nullable().describe('Null: the user has changed since, and is looked at again'),
  changes: z.array(changeSchema),
});
const dismissalSchema = z.object({
  id: z.number(),
  userId: z.string(),
  username: z.string(),
  operation: z.string(),
  changes: z.array(changeSchema).nullable(),
  reason: z.string(),
  at: instant,
  by: z.string(),
  undoneAt: instant.nullable().describe('When it was taken back'),
  undoneBy: z.string().nullable(),
});
const deletionSchema = z.object({
  app: z.string(),
  userId: z.string(),
  username: z.string(),
  remoteUsername: z.string().nullable(),
  remoteId: z.string().nullable(),
  deleteAt: instant,
  since: instant,
});
const daySchema = z.object({
  app: z.string(),
  label: z.string(),
  days: z.number().describe('From now; 0 is within the day'),
  accounts: z.number(),
  firstAt: instant,
  sentence: z.string().describe('CRM: 42 accounts will be deleted in 3 days'),
});

/** What was left undone: by triggers that are off, and deletions that wait for their day. */
export function undoneRoutes(ground: AppGround, openApp: OpenApp): RouteFamily {
  return (api) => {
    registerUndone(api, ground, openApp);
    registerDismissals(api, ground);
    registerDeletions(api, ground);
  };
}

function registerUndone(api: HttpApp, ground: AppGround, openApp: OpenApp): void {
  const { pool, clock } = ground;
  api.get(
    '/apps/:app/switches',
    {
      config: readApps,
      schema: {
        summary: 'The triggers as switches that name their effect, with what each left undone',
        tags,
        params,
        response: { 200: z.object({ items: z.array(switchSchema) }) },
      },
    },
    async (request) => ({ items: await listSwitches(pool, await getApp(ground, request.params.app)) }),
  );
  api.get(
    '/apps/:app/undone',
    {
      config: read,
      schema: {
        summary: 'What triggers that are off left undone, user by user, with the change that would be sent',
        tags,
        params,
        querystring: z.strictObject({ trigger: trigger.optional(), ...PAGE_QUERY }),
        response: { 200: pageOf(undoneSchema) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const { trigger: of, limit, cursor } = request.query;
      const after = parseCursor(cursor, 'undone', z.tuple([z.uuid()]))?.[0];
      const rows = await withRuntime(openApp, app, (runtime) =>
        listUndone(pool, runtime, of, { limit: limit + 1, after }, clock.now()),
      );
      return toWire(buildPage(rows, limit, 'undone', ({ userId }) => [userId]));
    },
  );
  api.post(
    '/apps/:app/undone/dismiss',
    {
      config: write,
      schema: {
        summary: 'Leave undone what an off trigger left undone, also when it is turned on',
        description: `Of updates, the values that are wanted today become the baseline, from which only later differences are sent. Anything else is left until the user leaves or returns. At most ${MOST_DISMISSED} users a request.`,
        tags,
        params,
        body: z.strictObject({ trigger, users, reason }),
        response: {
          200: z.object({
            dismissed: z.number(),
            passedOver: z.number().describe('Of the users named: nothing of the kind is undone for them'),
            isComplete: z.boolean().describe('False: send it again for the rest'),
          }),
        },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const { trigger: of, users: named, reason: why } = request.body;
      const userIds = named && (await findUserIds(ground, named));
      return withRuntime(openApp, app, (runtime) => {
        if (!runtime) throw new Refusal('conflict', `${app.name} has no configuration yet: nothing is left undone.`);
        return dismissUndone(ground, commandOf(request), runtime, { trigger: of, userIds, reason: why });
      });
    },
  );
}

function registerDismissals(api: HttpApp, ground: AppGround): void {
  api.get(
    '/apps/:app/dismissals',
    {
      config: read,
      schema: {
        summary: 'What people decided not to have done, newest first',
        tags,
        params,
        querystring: z.strictObject(PAGE_QUERY),
        response: { 200: pageOf(dismissalSchema) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const { limit, cursor } = request.query;
      const before = parseCursor(cursor, 'dismissals', z.tuple([z.number().int()]))?.[0];
      const rows = await listDismissals(ground.pool, app.id, { limit: limit + 1, before });
      return toWire(buildPage(rows, limit, 'dismissals', ({ id }) => [id]));
    },
  );
  api.post(
    '/apps/:app/dismissals/:id/take-back',
    {
      config: write,
      schema: {
        summary: 'Want again what was dismissed; it is sent when its trigger is on',
        tags,
        params: params.extend({ id: z.coerce.number().int().positive() }),
        response: { 204: z.null().describe('Taken back') },
      },
    },
    async (request, reply) => {
      await takeBackDismissal(ground, commandOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function registerDeletions(api: HttpApp, ground: AppGround): void {
  const { pool, clock } = ground;
  const querystring = z.strictObject({ app: z.string().max(200).optional() });
  const appIdOf = async (app: string | undefined) => (app === undefined ? undefined : (await getApp(ground, app)).id);
  api.get(
    '/deletions/days',
    {
      config: read,
      schema: {
        summary: 'The inbox of delayed deletions: how many accounts of which app go on which day',
        tags,
        querystring,
        response: { 200: z.object({ items: z.array(daySchema) }) },
      },
    },
    async (request) => {
      const days = await listDeletionDays(pool, await appIdOf(request.query.app), clock.now());
      const items = days.map(({ appId: _, ...day }) => ({ ...day, sentence: describeDeletions(day) }));
      return toWire({ items });
    },
  );
  api.get(
    '/deletions',
    {
      config: read,
      schema: {
        summary: 'Accounts that will be deleted, the next ones first',
        tags,
        querystring: querystring.extend({ before: z.iso.datetime().optional(), ...PAGE_QUERY }),
        response: { 200: pageOf(deletionSchema) },
      },
    },
    async (request) => {
      const { app: name, before, limit, cursor } = request.query;
      const position = parseCursor(cursor, 'deletions', z.tuple([z.iso.datetime(), z.string(), z.uuid()]));
      const after = position && {
        deleteAt: new Date(position[0]),
        appId: (await getApp(ground, position[1])).id,
        userId: position[2],
      };
      const filter = { appId: await appIdOf(name), before: before === undefined ? undefined : new Date(before) };
      const rows = await listDeletions(pool, filter, { limit: limit + 1, after });
      return toWire(buildPage(rows, limit, 'deletions', (row) => [row.deleteAt, row.app, row.userId]));
    },
  );
  for (const [decision, summary] of [
    ['keep', 'Keep accounts that would be deleted: they stay deactivated, until their user leaves or returns again'],
    ['now', 'Delete accounts without waiting for their day; the guards still count'],
  ] as const) {
    api.post(
      `/apps/:app/deletions/${decision}`,
      {
        config: write,
        schema: {
          summary,
          tags,
          params,
          body: z.strictObject({
            users,
            before: z.iso.datetime().optional().describe('Only those that are due up to then'),
            expected,
            reason,
          }),
          response: { 200: z.object({ decided: z.number() }) },
        },
      },
      async (request) => {
        const { users: named, before, ...rest } = request.body;
        const userIds = named && (await findUserIds(ground, named));
        const until = before === undefined ? undefined : new Date(before);
        const wanted = { decision, userIds, before: until, ...rest };
        return { decided: await decideDeletions(ground, commandOf(request), wanted) };
      },
    );
  }
}

async function findUserIds({ pool }: AppGround, named: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const user of named) ids.push(await getUserId(pool, user));
  return [...new Set(ids)];
}

async function withRuntime<Result>(
  openApp: OpenApp,
  app: ConnectedApp,
  work: (runtime: AppRuntime | undefined) => Promise<Result>,
): Promise<Result> {
  const runtime = await openApp(app.id);
  try {
    return await work(runtime);
  } finally {
    await runtime?.close();
  }
}
