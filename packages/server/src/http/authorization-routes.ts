import { z } from 'zod';
import { type AppGround, changeCredential, createCredentialChanger, getApp, verifyCredential } from '../apps/index.ts';
import {
  authorizeByGrant,
  beginAuthorization,
  CALLBACK_PATH,
  completeAuthorization,
  findHealth,
  findOAuth,
  forgetAuthorization,
  listLives,
  MissingPieceError,
  RefusedAnswer,
  renewToken,
  revokeAtTarget,
  setLifePolicy,
} from '../credentials/index.ts';
import { Refusal } from '../refusal.ts';
import { commandOf } from './app-command.ts';
import { appParams, findingSchema, readApps, APP_TAGS as tags, writeApps } from './app-schemas.ts';
import { buildCallbackPage } from './callback-page.ts';
import type { ListeningPlace } from './check-host.ts';
import type { HttpApp, HttpReply, RouteFamily } from './http-app.ts';
import { authorizationSchema, findMissingScopes, writeAuthorization } from './oauth-schemas.ts';
import { authorizationSecretOf, setAuthorizationCookie } from './session-cookies.ts';
import { timeIn, timeOut } from './wire.ts';

const begunSchema = z.object({
  kind: z.enum(['visit', 'authorized']),
  url: z.string().nullable().describe('Open it in a browser and consent there; null when that is not needed'),
  callbackUrl: z.string().nullable(),
  expiresAt: timeOut.nullable(),
  authorization: authorizationSchema.nullable(),
  warnings: z.array(findingSchema),
});
const doneSchema = z.object({ authorization: authorizationSchema, warnings: z.array(findingSchema) });

const policyBody = z
  .strictObject({
    lifetimeSeconds: z.int().min(60).max(3_153_600_000).optional().describe('From the authorization on'),
    idleSeconds: z.int().min(60).max(3_153_600_000).optional().describe('Since the last refresh'),
    untilRevoked: z.literal(true).optional(),
    expiresAt: timeIn.optional().describe('The same as a lifetime, as the target shows it'),
  })
  .refine(({ lifetimeSeconds, expiresAt }) => lifetimeSeconds === undefined || expiresAt === undefined, {
    message: 'give lifetimeSeconds or expiresAt, not both',
  })
  .describe('An empty object leaves it to what is learned');

/** The authorization of an app at its target: begun, answered, looked at, renewed, ended. Under `/api/v1`. */
export function authorizationRoutes(ground: AppGround, place: ListeningPlace): RouteFamily {
  return (api) => {
    registerBegin(api, ground, place);
    registerLook(api, ground);
    registerEnd(api, ground);
  };
}

async function describeAuthorization(
  ground: AppGround,
  appId: number,
  name: string,
): Promise<z.output<typeof authorizationSchema>> {
  const health = await findHealth(ground.pool, appId);
  if (!health) {
    throw new Refusal('not_found', `${name} has no credential in force. Authorize it, or enter a credential.`, [
      {
        ...{ field: 'authorization', problem: 'is missing', place: 'credential' },
        fix: `POST /api/v1/apps/${name}/authorize begins one.`,
      },
    ]);
  }
  return writeAuthorization(health, await listLives(ground.pool, appId), ground.clock.now());
}

async function warnOfAuthorization(ground: AppGround, appId: number): Promise<z.output<typeof findingSchema>[]> {
  const health = await findHealth(ground.pool, appId);
  if (!health) return [];
  const warnings: z.output<typeof findingSchema>[] = [];
  const missing = findMissingScopes(health);
  if (missing.length > 0) {
    const problem = `the target did not grant ${missing.join(', ')}`;
    warnings.push({
      field: 'scopes',
      problem,
      fix: 'Authorize again with an account that may give them, or do not ask for them.',
    });
  }
  if (health.grantType === 'authorization_code' && !health.hasRefreshToken) {
    const problem = 'the target gave no refresh token, so the authorization ends with its access token';
    const fix =
      'Ask for the scope with which this target gives them (refresh_token, offline_access), and authorize again.';
    warnings.push({ field: 'scopes', problem, fix });
  }
  if (health.account?.personal) {
    warnings.push({
      field: 'account',
      problem: health.account.personal,
      fix: 'Authorize with an account that is nobody’s.',
    });
  }
  if (health.verification && !health.verification.ok) {
    const { message, fix = 'Test the connection to see more.' } = health.verification;
    warnings.push({ field: 'verification', problem: message, fix });
  }
  return warnings;
}

function registerBegin(api: HttpApp, ground: AppGround, place: ListeningPlace): void {
  api.post(
    '/apps/:app/authorize',
    {
      config: writeApps,
      schema: {
        summary:
          "Begin an authorization: gives the target's own page to open, or is done at once where no person is needed",
        description:
          'The answer is taken in the browser that sent this request (a cookie binds it), or pasted by the same caller under authorize/answer.',
        tags,
        params: appParams,
        body: z
          .strictObject({
            returnTo: z.string().max(500).optional().describe('A path of this server to go on at afterwards'),
          })
          .nullish(),
        response: { 200: begunSchema },
      },
    },
    async (request, reply) => {
      const app = await getApp(ground, request.params.app);
      const stored = await findOAuth(ground.pool, app.id);
      const command = commandOf(request);
      if (stored && stored.settings.grant !== 'authorization_code') {
        command.checkRevision(app.revision);
        await authorizeByGrant(ground, app.id, request.actor, createCredentialChanger(ground, request.actor));
        await verifyCredential(ground, app.id);
        const authorization = await describeAuthorization(ground, app.id, app.name);
        const warnings = await warnOfAuthorization(ground, app.id);
        return { kind: 'authorized' as const, url: null, callbackUrl: null, expiresAt: null, authorization, warnings };
      }
      const begun = await changeCredential(ground, command, (change) =>
        beginAuthorization(ground, change, {
          browserSecret: authorizationSecretOf(request, place),
          returnTo: request.body?.returnTo,
          begunBy: request.actor,
        }),
      );
      setAuthorizationCookie(reply, place, begun.browserSecret);
      const { url, callbackUrl, expiresAt } = begun;
      return {
        kind: 'visit' as const,
        url,
        callbackUrl,
        expiresAt: expiresAt.toISOString(),
        authorization: null,
        warnings: [],
      };
    },
  );
  api.post(
    '/apps/:app/authorize/answer',
    {
      config: writeApps,
      schema: {
        summary: 'Give the answer of an authorization: the whole address that the target led the browser to',
        description: 'For a server that no browser reaches. Only who began the authorization may give its answer.',
        tags,
        params: appParams,
        body: z.strictObject({ answer: z.string().min(1).max(20_000) }),
        response: { 200: doneSchema },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const { path, parameters } = readAnswer(request.body.answer);
      const { actor } = request;
      const bearer = { kind: 'caller', actor } as const;
      const changer = createCredentialChanger(ground, actor);
      const done = await completeAuthorization(ground, { path, parameters, bearer, actor, appId: app.id }, changer);
      await verifyCredential(ground, done.appId);
      return {
        authorization: await describeAuthorization(ground, done.appId, done.appName),
        warnings: await warnOfAuthorization(ground, done.appId),
      };
    },
  );
}

/** The callback URL with its parameters, as a browser's address line shows it. */
function readAnswer(text: string): { path: string; parameters: URLSearchParams } {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  const at = url?.pathname.lastIndexOf(CALLBACK_PATH) ?? -1;
  if (!url || at < 0) {
    throw new RefusedAnswer('malformed', { particulars: `It is not an address with ${CALLBACK_PATH}.` });
  }
  return { path: url.pathname.slice(at), parameters: url.searchParams };
}

function registerLook(api: HttpApp, ground: AppGround): void {
  api.get(
    '/apps/:app/authorization',
    {
      config: readApps,
      schema: {
        summary: 'Whose authorization an app has, with which scopes, how old it is, and when it is likely to end',
        tags,
        params: appParams,
        response: { 200: doneSchema },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const authorization = await describeAuthorization(ground, app.id, app.name);
      return { authorization, warnings: await warnOfAuthorization(ground, app.id) };
    },
  );
  api.post(
    '/apps/:app/authorization/verify',
    {
      config: writeApps,
      schema: { summary: 'Make a harmless call with it now', tags, params: appParams, response: { 200: doneSchema } },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      await verifyCredential(ground, app.id);
      const authorization = await describeAuthorization(ground, app.id, app.name);
      return { authorization, warnings: await warnOfAuthorization(ground, app.id) };
    },
  );
  api.post(
    '/apps/:app/authorization/refresh',
    {
      config: writeApps,
      schema: {
        summary: 'Renew the access token now; once in the whole fleet, whoever else asks',
        tags,
        params: appParams,
        response: { 200: doneSchema },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const health = await findHealth(ground.pool, app.id);
      if (health?.kind !== 'oauth') {
        throw new MissingPieceError('authorization', `${app.name} is not authorized by OAuth.`, 'Authorize it first.');
      }
      const renewal = await renewToken(ground, app.id, health.generation, { force: true });
      if (renewal.kind !== 'renewed') {
        throw new MissingPieceError('authorization', renewal.problem.message, renewal.problem.nextStep);
      }
      const authorization = await describeAuthorization(ground, app.id, app.name);
      return { authorization, warnings: await warnOfAuthorization(ground, app.id) };
    },
  );
  api.put(
    '/apps/:app/authorization/policy',
    {
      config: writeApps,
      schema: {
        summary: 'Enter how long the credential in force lives, as the target documents it',
        tags,
        params: appParams,
        body: policyBody,
        response: { 200: doneSchema },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const health = await findHealth(ground.pool, app.id);
      const { expiresAt, lifetimeSeconds, idleSeconds, untilRevoked } = request.body;
      const given = expiresAt
        ? Math.round((expiresAt.getTime() - (health?.authorizedAt ?? expiresAt).getTime()) / 1000)
        : lifetimeSeconds;
      const isEmpty = given === undefined && idleSeconds === undefined && untilRevoked === undefined;
      const policy = isEmpty ? null : { lifetimeSeconds: given, idleSeconds, untilRevoked, source: 'entered' as const };
      await changeCredential(ground, commandOf(request), (change) => setLifePolicy(change, policy));
      const authorization = await describeAuthorization(ground, app.id, app.name);
      return { authorization, warnings: await warnOfAuthorization(ground, app.id) };
    },
  );
}

function registerEnd(api: HttpApp, ground: AppGround): void {
  api.delete(
    '/apps/:app/authorization',
    {
      config: writeApps,
      schema: {
        summary: 'End the authorization at the target (RFC 7009) and forget it here',
        tags,
        params: appParams,
        response: { 200: z.object({ endedAtTarget: z.boolean(), problem: z.string().nullable() }) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      commandOf(request).checkRevision(app.revision);
      const problem = await revokeAtTarget(ground, app.id);
      const command = { ...commandOf(request), checkRevision: () => {} };
      const had = await changeCredential(ground, command, (change) => forgetAuthorization(change, 'Asked for'));
      if (!had) throw new Refusal('not_found', `${app.name} is not authorized by OAuth.`);
      return { endedAtTarget: problem === undefined, problem: problem ?? null };
    },
  );
}

/** Where targets send people back to; outside of `/api`, for it is registered there once and for all. */
export function callbackRoutes(ground: AppGround, place: ListeningPlace): RouteFamily {
  return (root) => {
    for (const url of [CALLBACK_PATH, `${CALLBACK_PATH}/:app`]) {
      root.get(
        url,
        {
          config: { scope: 'none' },
          schema: { hide: true, ...(url.endsWith(':app') ? { params: appParams } : {}) } as never,
        },
        async (request, reply) => {
          const { pathname, searchParams: parameters } = new URL(request.url, 'http://usher.invalid');
          const address = request.socket.remoteAddress;
          const actor = { kind: 'person', name: 'a browser', origin: address, requestId: request.id } as const;
          const bearer = { kind: 'browser', secret: authorizationSecretOf(request, place) } as const;
          return await answerBrowser(ground, reply, async () => {
            const changer = createCredentialChanger(ground, actor);
            const done = await completeAuthorization(ground, { path: pathname, parameters, bearer, actor }, changer);
            await verifyCredential(ground, done.appId);
            return done;
          });
        },
      );
    }
  };
}

async function answerBrowser(
  ground: AppGround,
  reply: HttpReply,
  complete: () => Promise<{ appId: number; appName: string; returnTo: string | null }>,
): Promise<unknown> {
  reply.type('text/html; charset=utf-8');
  try {
    const done = await complete();
    if (done.returnTo !== null) return await reply.redirect(done.returnTo, 303);
    const authorization = await describeAuthorization(ground, done.appId, done.appName);
    const warnings = await warnOfAuthorization(ground, done.appId);
    return await reply.send(buildCallbackPage({ ok: true, app: done.appName, authorization, warnings }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return await reply.code(error instanceof RefusedAnswer && error.reason === 'other_browser' ? 403 : 400).send(
      buildCallbackPage({
        ok: false,
        problem: error.problems[0]?.problem ?? error.message,
        fix: error.problems[0]?.fix ?? '',
      }),
    );
  }
}
