import { z } from 'zod';
import type { Ground } from '../ground.ts';
import {
  type Explanation,
  explainUser,
  type LinkSituation,
  linkAccount,
  type OpenApp,
  previewLink,
  provisionNow,
  unlinkAccount,
} from '../provisioning/index.ts';
import { Refusal } from '../refusal.ts';
import { explainPlace } from '../rollout/index.ts';
import { getApp, getUserId } from './find-named.ts';
import type { RouteFamily } from './http-app.ts';
import { previewOperation, previewSchema } from './preview-schema.ts';
import { linkStateSchema, toWire } from './provisioning-schemas.ts';
import { placeSchema } from './rollout-schemas.ts';

const APP = z.strictObject({ app: z.string().max(200) });
const APP_USER = z.strictObject({ app: z.string().max(200), user: z.string().max(200) });
const TAGS = ['provisioning'];

/** Why and why not, preview, provision now. */
export function linkRoutes(ground: Ground, openApp: OpenApp): RouteFamily {
  const { pool, clock } = ground;
  return (api) => {
    api.route({
      method: 'GET',
      url: '/apps/:app/users/:user/why',
      config: { scope: 'reasons:read' },
      schema: {
        tags: TAGS,
        summary: 'Why a user has, or has not, what they should have at an app',
        params: APP_USER,
        response: {
          200: linkStateSchema.extend({
            rollout: placeSchema
              .nullable()
              .describe('The user’s place in the rollout that decides which version serves whom'),
          }),
        },
      },
      handler: async (request) => {
        const app = await getApp(pool, request.params.app);
        const userId = await getUserId(pool, request.params.user);
        const found = await explainUser(pool, app.id, userId, clock.now());
        if (!found) throw new Refusal('not_found', 'The user or the app was deleted meanwhile.');
        const place = app.rolloutId === null ? null : await explainPlace(ground, app.rolloutId, userId);
        const rollout = place && toWire({ ...place, userId });
        return { ...stateOf(userId, found.situation, found.explanation), rollout };
      },
    });

    api.route({
      method: 'PUT',
      url: '/apps/:app/users/:user/link',
      config: { scope: 'provisioning:write' },
      schema: {
        tags: TAGS,
        summary: 'Link an account of the target to a user by hand, also one of a user who has left (a re-hire)',
        params: APP_USER,
        body: z.strictObject({ remoteId: z.string().min(1).max(500), note: z.string().trim().max(2000).optional() }),
        response: { 200: linkStateSchema },
      },
      handler: async (request) => {
        const app = await getApp(pool, request.params.app);
        const userId = await getUserId(pool, request.params.user);
        const runtime = await openApp(app.id);
        if (!runtime) throw new Refusal('conflict', `${app.name} has no configuration yet: save one first.`);
        try {
          const { remoteId, note } = request.body;
          await linkAccount(ground, request.actor, runtime, userId, remoteId, note);
        } finally {
          await runtime.close();
        }
        const found = await explainUser(pool, app.id, userId, clock.now());
        if (!found) throw new Refusal('not_found', 'The user or the app was deleted meanwhile.');
        return stateOf(userId, found.situation, found.explanation);
      },
    });

    api.route({
      method: 'DELETE',
      url: '/apps/:app/users/:user/link',
      config: { scope: 'provisioning:write' },
      schema: {
        tags: TAGS,
        summary: 'Forget that an account is the user’s; at the target nothing happens',
        params: APP_USER,
        response: { 204: z.null() },
      },
      handler: async (request, reply) => {
        const app = await getApp(pool, request.params.app);
        await unlinkAccount(ground, request.actor, app, await getUserId(pool, request.params.user), undefined);
        return reply.code(204).send(null);
      },
    });

    api.route({
      method: 'POST',
      url: '/apps/:app/provision',
      config: { scope: 'provision:now' },
      schema: {
        tags: TAGS,
        summary: 'Provision these users now, before the others; answers within two seconds',
        params: APP,
        body: z.strictObject({
          users: z.array(z.string().min(1).max(200)).min(1).max(1000).describe('Ids or Usernames'),
        }),
        response: {
          200: z.object({ results: z.array(linkStateSchema.extend({ answered: z.boolean() })) }),
        },
      },
      handler: async (request) => {
        const app = await getApp(pool, request.params.app);
        const userIds: string[] = [];
        for (const user of request.body.users) userIds.push(await getUserId(pool, user));
        const results = await provisionNow(ground, request.actor, app, [...new Set(userIds)]);
        return {
          results: results.map(({ userId, situation, explanation, answered }) => ({
            ...stateOf(userId, situation, explanation),
            answered,
          })),
        };
      },
    });

    api.route({
      method: 'POST',
      url: '/apps/:app/preview',
      config: { scope: 'provisioning:read' },
      schema: {
        tags: TAGS,
        summary: 'The exact exchange that would be sent for a user; nothing is written at the target',
        params: APP,
        body: z.strictObject({
          user: z.string().min(1).max(200).describe('Id or Username'),
          operation: previewOperation,
        }),
        response: {
          200: previewSchema.extend({
            rollout: placeSchema
              .nullable()
              .describe('The user’s place in the rollout that decides which version serves whom'),
          }),
        },
      },
      handler: async (request) => {
        const app = await getApp(pool, request.params.app);
        const userId = await getUserId(pool, request.body.user);
        const runtime = await openApp(app.id);
        if (!runtime) throw new Refusal('conflict', `${app.name} has no configuration yet: save one to preview it.`);
        try {
          const preview = await previewLink(ground, runtime, userId, request.body.operation);
          if (!preview) throw new Refusal('not_found', 'The user was deleted meanwhile.');
          const place = app.rolloutId === null ? null : await explainPlace(ground, app.rolloutId, userId);
          const rollout = place && toWire({ ...place, userId });
          return { ...(toWire({ app: app.name, userId, ...preview }) as z.output<typeof previewSchema>), rollout };
        } finally {
          await runtime.close();
        }
      },
    });
  };
}

function stateOf(userId: string, situation: LinkSituation, explanation: Explanation) {
  const { link } = situation;
  return toWire({
    app: situation.app.name,
    userId,
    username: situation.user.username,
    ...explanation,
    grants: situation.grants,
    account: link && {
      remoteId: link.remoteId,
      remoteUsername: link.remoteUsername,
      state: link.accountState,
      deleteAt: link.deleteAt,
      requestId: link.requestId,
    },
  });
}
