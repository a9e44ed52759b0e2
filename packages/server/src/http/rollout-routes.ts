import { z } from 'zod';
import type { Scope } from '../access/index.ts';
import { type AppCommand, getApp } from '../apps/index.ts';
import { Refusal } from '../refusal.ts';
import {
  commandRollout,
  countNewcomers,
  createRollout,
  describeLastChange,
  describeRollout,
  describeStage,
  discardRollout,
  explainPlace,
  getRollout,
  listOpenRollouts,
  listReachedUsers,
  listRolloutRows,
  loadProgress,
  type Rollout,
  type RolloutCommand,
  type RolloutGround,
  rollBackApp,
  type Seen,
  type SeenReadiness,
  USER_WORK,
} from '../rollout/index.ts';
import { appParams, operateApps, readApps, writeApps } from './app-schemas.ts';
import { assertRevision, etagOf, requireIfMatch } from './entity-tag.ts';
import { getUserId } from './find-named.ts';
import type { HttpApp, HttpReply, HttpRequest, RouteFamily } from './http-app.ts';
import { buildPage, PAGE_QUERY, pageOf, parseCursor } from './page.ts';
import { toWire } from './provisioning-schemas.ts';
import { registerRollbacks } from './rollback-routes.ts';
import {
  draftBody,
  openRolloutSchema,
  rolloutParams as params,
  placeSchema,
  reachedUserSchema,
  reasonText,
  rolloutSchema,
  rolloutSummarySchema,
  stageOutlookSchema,
  ROLLOUT_TAGS as tags,
  writeRollout,
  writeSummary,
} from './rollout-schemas.ts';

const userParams = params.extend({ user: z.string().min(1).max(200).describe('Id or Username') });

/** How long what was seen may be shown; commands look anew. */
const SHOWN_MS = 30_000;
/** Counting everyone may take this share of the time while somebody watches, unless it is quick anyway. */
const COUNTING_SHARE = 0.1;
const QUICK_MS = 100;

const changeRollout = { ...writeApps, ifMatch: true } as const;
const operateRollout = { ...operateApps, ifMatch: true } as const;

/** Rollouts: how a configuration version reaches people by stages, and the way back. */
export function rolloutRoutes(ground: RolloutGround, watch: { wake(): void }): RouteFamily {
  const seen = rememberSeen(ground);
  return (api) => {
    registerReads(api, ground, seen);
    registerStages(api, ground);
    registerMaking(api, ground, seen);
    registerCommands(api, ground, { seen, watch });
    registerUsers(api, ground);
    registerRollbacks(api, ground, watch);
  };
}

/** A page that is watched asks every few seconds: the target need not be asked each time, nor everyone be counted. */
function rememberSeen(ground: RolloutGround): Seen {
  const { pool, clock } = ground;
  return {
    readiness: remember(
      ground,
      ([app, level, version]: Parameters<SeenReadiness>) => [app.id, app.revision, level, version],
      async ([app, level, version]) => {
        const at = clock.now();
        return { blockers: await ground.checkReadiness(app, level, version), at };
      },
      () => SHOWN_MS,
    ),
    progress: remember(
      ground,
      ([{ id, revision }]: [Rollout]) => [id, revision],
      ([{ id }]) => loadProgress(pool, id),
      (tookMs) => (tookMs < QUICK_MS ? 0 : Math.min(tookMs / COUNTING_SHARE, SHOWN_MS)),
    ),
  };
}

/** Shares what is being looked at, and keeps it for as long as `keepMs` says of the time that it took. */
function remember<Asked extends unknown[], Found>(
  { clock }: Pick<RolloutGround, 'clock'>,
  keyOf: (asked: Asked) => unknown[],
  look: (asked: Asked) => Promise<Found>,
  keepMs: (tookMs: number) => number,
): (...asked: Asked) => Promise<Found> {
  const known = new Map<string, { until: number; found: Promise<Found> }>();
  return (...asked) => {
    const key = JSON.stringify(keyOf(asked));
    const begunMs = clock.monotonicMs();
    for (const [old, { until }] of known) if (until <= begunMs) known.delete(old);
    const kept = known.get(key);
    if (kept) return kept.found;
    const found = look(asked);
    const entry = { until: Number.POSITIVE_INFINITY, found };
    known.set(key, entry);
    found.then(
      () => {
        const nowMs = clock.monotonicMs();
        entry.until = nowMs + keepMs(nowMs - begunMs);
      },
      () => known.delete(key),
    );
    return found;
  };
}

function registerReads(api: HttpApp, ground: RolloutGround, seen: Seen): void {
  api.get(
    '/rollouts',
    {
      config: readApps,
      schema: {
        summary: 'List the rollouts that move or stand still, of every app, each with what it waits for',
        tags,
        response: { 200: pageOf(openRolloutSchema) },
      },
    },
    async () => toWire({ items: await listOpenRollouts(ground.pool), nextCursor: null }) as never,
  );
  api.get(
    '/apps/:app/rollouts',
    {
      config: readApps,
      schema: {
        summary: 'List the rollouts of an app, newest first',
        tags,
        params: appParams,
        querystring: z.strictObject(PAGE_QUERY),
        response: { 200: pageOf(rolloutSummarySchema) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const { limit, cursor } = request.query;
      const position = parseCursor(cursor, 'rollouts', z.tuple([z.int()]));
      const rows = await listRolloutRows(ground.pool, app.id, { limit: limit + 1, before: position?.[0] });
      const page = buildPage(rows, limit, 'rollouts', ({ id }) => [id]);
      return { ...page, items: page.items.map((rollout) => writeSummary(app, rollout)) };
    },
  );
  api.get(
    '/apps/:app/rollouts/:rollout',
    {
      config: readApps,
      schema: {
        summary: 'Show a rollout: stages with their work, gates with what opens them, and what may be done now',
        tags,
        params,
        response: { 200: rolloutSchema },
      },
    },
    async (request, reply) => {
      const app = await getApp(ground, request.params.app);
      return sendRollout(ground, reply, app.name, await getRollout(ground, app, request.params.rollout), seen);
    },
  );
}

function registerStages(api: HttpApp, ground: RolloutGround): void {
  api.get(
    '/apps/:app/rollouts/:rollout/stages',
    {
      config: readApps,
      schema: {
        summary: 'How many users each stage would bring in now, before anybody decides about it',
        tags,
        params,
        response: { 200: z.object({ items: z.array(stageOutlookSchema) }) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const rollout = await getRollout(ground, app, request.params.rollout);
      const newcomers = await countNewcomers(ground.pool, rollout.id, app.id, ground.clock.now());
      return {
        items: rollout.stages.map(({ ordinal, kind, percent, startedAt, ...stage }) => ({
          ...{ ordinal, kind, percent, name: describeStage({ kind, percent }), hasBegun: startedAt !== null },
          ...{ reached: stage.reached, newcomers: newcomers.get(ordinal) ?? 0 },
        })),
      };
    },
  );
}

function registerMaking(api: HttpApp, ground: RolloutGround, seen: Seen): void {
  api.post(
    '/apps/:app/rollouts',
    {
      config: writeApps,
      schema: {
        summary:
          'Plan how a saved version reaches people: a pilot, shares of everyone, everyone. Nobody is reached yet',
        tags,
        params: appParams,
        body: draftBody,
        response: { 201: rolloutSchema },
      },
    },
    async (request, reply) => {
      const app = await getApp(ground, request.params.app);
      const rollout = await createRollout(ground, commandOf(request), request.body);
      reply.code(201).header('location', `/api/v1/apps/${encodeURIComponent(app.name)}/rollouts/${rollout.id}`);
      return sendRollout(ground, reply, app.name, rollout, seen);
    },
  );
  api.delete(
    '/apps/:app/rollouts/:rollout',
    {
      config: changeRollout,
      schema: { summary: 'Discard a rollout that was never started', tags, params, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await discardRollout(ground, commandOf(request), request.params.rollout, checkRevisionOf(request));
      return reply.code(204).send(null);
    },
  );
}

const optionalReason = z
  .strictObject({ reason: reasonText.optional().describe('Why; kept with the rollout and in the audit') })
  .nullish();
const neededReason = z.strictObject({ reason: reasonText.describe('Why; kept with the report and in the audit') });
const override = z
  .strictObject({ override: reasonText.optional().describe('Why to go on although a gate is closed; kept') })
  .nullish();

/** In the order in which a rollout lives. Whoever runs apps may hold back and go back; to let people in is to configure. */
const ROUTES = [
  ['start', 'start', 'Let the pilot begin; of a draft it is the activation', changeRollout, override],
  ['pause', 'pause', 'Reach nobody else until it is continued', operateRollout, optionalReason],
  ['continue', 'continue', 'Go on in the same stage; after a halt, say what was done', changeRollout, optionalReason],
  ['advance', 'advance', 'Go on to the next stage, or from the last one to the end', changeRollout, override],
  [
    'stop',
    'stop',
    'Reach nobody else, for good; whoever was reached keeps the version',
    operateRollout,
    optionalReason,
  ],
  [
    'undo-stage',
    'undo',
    'Take the users of the present stage back to what served them before',
    operateRollout,
    neededReason,
  ],
  ['roll-back', 'roll back', 'Take everybody back to the version before, and prove it', operateRollout, neededReason],
] as const satisfies readonly (readonly [string, RolloutCommand, ...unknown[]])[];

function registerCommands(
  api: HttpApp,
  ground: RolloutGround,
  { seen, watch }: { seen: Seen; watch: { wake(): void } },
): void {
  for (const [path, command, summary, config, body] of ROUTES) {
    api.post(
      `/apps/:app/rollouts/:rollout/${path}`,
      {
        config: config as { scope: Scope; ifMatch: true },
        schema: { summary, tags, params, body, response: { 200: rolloutSchema } },
      },
      async (request, reply) => {
        const given = { command, checkRevision: checkRevisionOf(request), ...request.body };
        const rollout = await commandRollout(ground, commandOf(request), request.params.rollout, given);
        watch.wake();
        return sendRollout(ground, reply, request.params.app, rollout, seen);
      },
    );
  }
  api.post(
    '/apps/:app/roll-back',
    {
      config: operateApps,
      schema: {
        summary: 'One command back: takes everybody back from the version that is rolled out, or in force since',
        tags,
        params: appParams,
        body: neededReason,
        response: { 200: rolloutSchema },
      },
    },
    async (request, reply) => {
      const rollout = await rollBackApp(ground, commandOf(request), request.body.reason);
      watch.wake();
      return sendRollout(ground, reply, request.params.app, rollout, seen);
    },
  );
}

function registerUsers(api: HttpApp, ground: RolloutGround): void {
  api.get(
    '/apps/:app/rollouts/:rollout/users',
    {
      config: { scope: 'provisioning:read' },
      schema: {
        summary: 'List whom a rollout has reached, with how far each is',
        tags,
        params,
        querystring: z.strictObject({
          stage: z.coerce.number().int().min(0).max(100).optional().describe('Ordinal of the stage that reached them'),
          work: z.enum(USER_WORK).optional(),
          ...PAGE_QUERY,
        }),
        response: { 200: pageOf(reachedUserSchema) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const { id } = await getRollout(ground, app, request.params.rollout);
      const { limit, cursor, ...filter } = request.query;
      const position = parseCursor(cursor, 'rollout users', z.tuple([z.uuid()]));
      const rows = await listReachedUsers(ground.pool, id, filter, { limit: limit + 1, after: position?.[0] });
      return toWire(buildPage(rows, limit, 'rollout users', ({ userId }) => [userId])) as never;
    },
  );
  api.get(
    '/apps/:app/rollouts/:rollout/users/:user',
    {
      config: { scope: 'reasons:read' },
      schema: {
        summary: 'Why a user is in the stage that they are in, or in none yet',
        tags,
        params: userParams,
        response: { 200: placeSchema },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const { id } = await getRollout(ground, app, request.params.rollout);
      const userId = await getUserId(ground.pool, request.params.user);
      return toWire({ ...(await explainPlace(ground, id, userId)), userId }) as never;
    },
  );
}

/** A rollout has a revision of its own; that of its app does not matter here. */
function commandOf(request: HttpRequest & { params: { app: string } }): AppCommand {
  return { actor: request.actor, app: request.params.app, checkRevision: () => {} };
}

/** Who decided on what is no longer so is told what the other one did. */
function checkRevisionOf(request: HttpRequest): (rollout: Rollout) => void {
  const expected = requireIfMatch(request);
  return (rollout) => {
    try {
      assertRevision(expected, rollout.revision);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const message = `Rollout ${rollout.id} was changed meanwhile: ${describeLastChange(rollout)}.`;
      throw new Refusal(error.code, message, error.problems);
    }
  };
}

async function sendRollout(
  ground: RolloutGround,
  reply: HttpReply,
  idOrName: string,
  rollout: Rollout,
  seen: Seen,
): Promise<z.output<typeof rolloutSchema>> {
  const app = await getApp(ground, idOrName);
  const described = await describeRollout(ground, app, rollout, seen);
  reply.header('etag', etagOf(rollout.revision));
  return writeRollout(app, described);
}
