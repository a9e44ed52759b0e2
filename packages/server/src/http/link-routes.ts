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
import { getApp, getUserId } from './find-named.ts';
import type { RouteFamily } from './http-app.ts';
import {
  changeSchema,
  exchangeSchema,
  instant,
  linkStateSchema,
  reasonSchema,
  toWire,
} from './provisioning-schemas.ts';

const APP = z.strictObject({ app: z.string().max(200) });
const APP_USER = z.strictObject({ app: z.string().max(200), user: z.string().max(200) });
const TAGS = ['provisioning'];

const previewSchema = z.object({
  app: z.string(),
  userId: z.string(),
  plan: z.enum(['settled', 'waiting', 'parked', 'correlate', 'unlink', 'change']),
  operation: z.string().nullable(),
  version: z.number().describe('Of the configuration that it is made under'),
  grants: z
    .array(
      z.object({
        kind: z.string(),
        name: z.string(),
        through: z.string().nullable().describe('The permission set group that brings the set'),
        expiresAt: instant.nullable(),
      }),
    )
    .describe('What grants the app to the user now'),
  reason: reasonSchema.nullable(),
  changes: z.array(changeSchema),
  request: z
    .object({
      method: z.string(),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string().optional(),
    })
    .nullable()
    .describe('The write exactly as it would be sent; the credential is redacted'),
  reads: z.array(exchangeSchema),
  matches: z
    .array(z.object({ attribute: z.string(), value: z.string(), remoteIds: z.array(z.string()) }))
    .describe('Searches for an existing account, and what they found'),
  obstacles: z.array(z.string()).describe('What would keep it from being sent now: the app, a hold, a guard'),
  notes: z.array(z.string()),
  attributes: z.array(
    z.object({
      target: z.string(),
      formula: z.string(),
      required: z.boolean(),
      apply: z.string(),
      blank: z.string(),
      authority: z.enum(['ours', 'initial']),
      sources: z.array(
        z.object({
          field: z.string(),
          value: z.json(),
          state: z
            .enum(['value', 'empty', 'missing', 'no manager'])
            .describe('missing: the user does not have the field; empty: it is there without content'),
        }),
      ),
      value: z.json().describe('What the formula gave, as the target takes it; null is blank'),
      error: z.string().nullable(),
      fate: z.enum([
        'sent',
        'default sent',
        'cleared',
        'unchanged',
        'nothing to clear',
        'left alone',
        'first value only',
        'parks',
        'failed',
        'not in this operation',
      ]),
      applied: z.json().describe('As it was last written; null is nothing'),
      atTarget: z.object({ value: z.json() }).optional().describe('What the target shows now, if it could be read'),
      note: z.string().nullable(),
    }),
  ),
});

/** Why and why not, preview, provision now. */
export function linkRoutes(ground: Ground, openApp: OpenApp): RouteFamily {
  const { pool, clock } = ground;
  return (api) => {
    api.route({
      method: 'GET',
      url: '/apps/:app/users/:user/why',
      config: { scope: 'provisioning:read' },
      schema: {
        tags: TAGS,
        summary: 'Why a user has, or has not, what they should have at an app',
        params: APP_USER,
        response: { 200: linkStateSchema },
      },
      handler: async (request) => {
        const app = await getApp(pool, request.params.app);
        const userId = await getUserId(pool, request.params.user);
        const found = await explainUser(pool, app.id, userId, clock.now());
        if (!found) throw new Refusal('not_found', 'The user or the app was deleted meanwhile.');
        return stateOf(userId, found.situation, found.explanation);
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
      config: { scope: 'provisioning:write' },
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
          operation: z
            .enum(['create', 'update', 'deactivate', 'reactivate'])
            .optional()
            .describe('As if this came next; absent: what really comes next'),
        }),
        response: { 200: previewSchema },
      },
      handler: async (request) => {
        const app = await getApp(pool, request.params.app);
        const userId = await getUserId(pool, request.body.user);
        const runtime = await openApp(app.id);
        if (!runtime) throw new Refusal('conflict', `${app.name} has no configuration yet: save one to preview it.`);
        try {
          const preview = await previewLink(ground, runtime, userId, request.body.operation);
          if (!preview) throw new Refusal('not_found', 'The user was deleted meanwhile.');
          return toWire({ app: app.name, userId, ...preview }) as z.output<typeof previewSchema>;
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
