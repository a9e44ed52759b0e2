import { z } from 'zod';
import { type AccessGround, endStatusLinksOf, makeStatusLink, openStatusLink } from '../access/index.ts';
import { findUser } from '../directory/index.ts';
import { type AppStanding, listStandings, STANDINGS } from '../provisioning/index.ts';
import { Refusal } from '../refusal.ts';
import type { ListeningPlace } from './check-host.ts';
import { getUserId } from './find-named.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import { reasonSchema, toWire } from './provisioning-schemas.ts';
import { ownOriginOf, visitOf } from './session-cookies.ts';
import { timeOut, writeTime } from './wire.ts';

const tags = ['provisioning'];
const params = z.strictObject({ user: z.string().max(200).describe('Id or Username') });

const standingOut = z
  .object({
    app: z.string(),
    label: z.string(),
    state: z.enum(STANDINGS),
    sentence: z.string().describe('Why, in one sentence'),
    sayToCaller: z.string().describe('What to tell the user, with nothing in it that is not theirs to know'),
    since: timeOut.nullable(),
    nextAttemptAt: timeOut.nullable(),
    reason: reasonSchema.nullable(),
    remoteUsername: z.string().nullable(),
    contact: z
      .object({ name: z.string().nullable(), email: z.string().nullable(), phone: z.string().nullable() })
      .nullable()
      .describe('Whom to ask about the app'),
  })
  .meta({ id: 'AppStanding' });

/** "Where is my account?": for the help desk, and by a link for the one who asks. */
export function helpDeskRoutes(ground: AccessGround, place: ListeningPlace): RouteFamily {
  return (app) => {
    app.get(
      '/users/:user/apps',
      {
        config: { scope: 'reasons:read' },
        schema: {
          summary: 'Where a user stands at each app: one state, one sentence, and what to say to them',
          description: 'From what is on record; nothing is run. Apps that concern the user come first.',
          tags,
          params,
          querystring: z.strictObject({
            all: z
              .enum(['true', 'false'])
              .default('true')
              .describe('false leaves out apps that nothing grants and that hold nothing of the user'),
          }),
          response: { 200: z.object({ items: z.array(standingOut) }) },
        },
      },
      async (request) => {
        const userId = await getUserId(ground.pool, request.params.user);
        const all = request.query.all === 'true';
        return toWire({ items: await listStandings(ground.pool, userId, ground.clock.now(), { all }) }) as never;
      },
    );
    registerStatusLinks(app, ground, place);
    registerStatus(app, ground, place);
  };
}

function registerStatusLinks(app: HttpApp, ground: AccessGround, place: ListeningPlace): void {
  const config = { scope: 'status-links:write' } as const;
  app.post(
    '/users/:user/status-link',
    {
      config,
      schema: {
        summary: 'Make a link that shows a user where their own accounts stand, and nothing else',
        tags,
        params,
        body: z.strictObject({ hours: z.int().min(1).max(168).default(24) }),
        response: {
          201: z.object({ url: z.string().describe('Shown only now'), expiresAt: timeOut }).meta({ id: 'StatusLink' }),
        },
      },
    },
    async (request, reply) => {
      const userId = await getUserId(ground.pool, request.params.user);
      const { path, expiresAt } = await makeStatusLink(ground, request.actor, userId, request.body.hours);
      const url = `${ownOriginOf(request, place)}${path}`;
      return reply.code(201).send({ url, expiresAt: writeTime(expiresAt) });
    },
  );
  app.delete(
    '/users/:user/status-link',
    {
      config,
      schema: {
        summary: 'End every status link of a user',
        tags,
        params,
        response: { 200: z.object({ ended: z.int() }) },
      },
    },
    async (request) => {
      const userId = await getUserId(ground.pool, request.params.user);
      return { ended: await endStatusLinksOf(ground, request.actor, userId) };
    },
  );
}

function registerStatus(app: HttpApp, ground: AccessGround, place: ListeningPlace): void {
  app.post(
    '/status',
    {
      config: { scope: 'none' },
      schema: {
        summary: 'What a status link shows: the standing of its one user, without a session',
        tags,
        body: z.strictObject({ token: z.string().min(1).max(200).describe('What stands behind # in the link') }),
        response: {
          200: z
            .object({
              name: z.string(),
              expiresAt: timeOut,
              apps: z.array(
                z.object({
                  label: z.string(),
                  state: z.enum(STANDINGS),
                  sentence: z.string(),
                  since: timeOut.nullable(),
                  nextAttemptAt: timeOut.nullable(),
                }),
              ),
            })
            .meta({ id: 'OwnStatus' }),
        },
      },
    },
    async (request) => {
      const { userId, expiresAt } = await openStatusLink(ground, visitOf(request, place), request.body.token);
      const now = ground.clock.now();
      const user = await findUser(ground.pool, userId, now);
      if (!user || user.deletedAt !== null) {
        throw new Refusal('unauthenticated', 'This link has expired or was ended. Ask the help desk for another.');
      }
      const standings = await listStandings(ground.pool, userId, now, { all: false });
      const { FirstName, LastName } = user.fields as Record<string, unknown>;
      const name = [FirstName, LastName].filter((part) => typeof part === 'string' && part !== '').join(' ');
      return { name: name || user.username, expiresAt: writeTime(expiresAt), apps: standings.map(describeOwn) };
    },
  );
}

/** In the words that the help desk would say: what is inside is not the user's to read. */
function describeOwn({ label, state, sayToCaller, since, nextAttemptAt }: AppStanding) {
  return { label, state, sentence: sayToCaller, since: writeTime(since), nextAttemptAt: writeTime(nextAttemptAt) };
}
