import { z } from 'zod';
import { type AppGround, changeCredential, findReachSettings, getApp } from '../apps/index.ts';
import {
  applyStaged,
  callbackUrlOf,
  discardStaged,
  discoverServer,
  dropClientCertificate,
  dropOAuth,
  enterConsumer,
  findCertificate,
  findOAuth,
  generateConsumer,
  hasConsumerSecret,
  listPublicKeys,
  MissingPieceError,
  OAUTH_INPUT,
  pinSettings,
  type StoredOAuth,
  saveOAuth,
  setClientCertificate,
  stageConsumer,
} from '../credentials/index.ts';
import { Refusal } from '../refusal.ts';
import { commandOf } from './app-command.ts';
import { appParams, changeApps, findingSchema, readApps, APP_TAGS as tags, writeApps } from './app-schemas.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import {
  certificateSchema,
  oauthSchema,
  savedOAuthSchema,
  shownConsumerSchema,
  writeCertificate,
  writeOAuth,
  writeShownConsumer,
} from './oauth-schemas.ts';
import { timeIn } from './wire.ts';

const consumerKey = z.string().min(1).max(500).describe('The client id that the target gave');
const consumerSecret = z.string().min(1).max(2000).describe('The client secret; sealed, and never shown again');

/** How an app is known to its target's authorization server. */
export function oauthRoutes(ground: AppGround): RouteFamily {
  return (api) => {
    registerSettings(api, ground);
    registerConsumer(api, ground);
    registerStaged(api, ground);
    registerCertificate(api, ground);
  };
}

async function describeOAuth(ground: AppGround, idOrName: string): Promise<z.output<typeof oauthSchema>> {
  const app = await getApp(ground, idOrName);
  const stored = await findOAuth(ground.pool, app.id);
  if (!stored) {
    throw new Refusal('not_found', `${app.name} has no OAuth settings. Save some with PUT first.`);
  }
  return writeOAuth(stored, {
    callbackUrl: findCallbackUrl(ground, app.name, stored),
    hasConsumerSecret: await hasConsumerSecret(ground.pool, app.id),
    publicKeys: await listPublicKeys(ground, ground.pool, app.id),
  });
}

function findCallbackUrl(ground: AppGround, name: string, { settings }: StoredOAuth): string | null {
  try {
    return callbackUrlOf(ground, name, settings);
  } catch (error) {
    if (error instanceof MissingPieceError) return null;
    throw error;
  }
}

function registerSettings(api: HttpApp, ground: AppGround): void {
  api.get(
    '/apps/:app/oauth',
    {
      config: readApps,
      schema: { summary: 'Show the OAuth settings', tags, params: appParams, response: { 200: oauthSchema } },
    },
    async (request) => describeOAuth(ground, request.params.app),
  );
  api.put(
    '/apps/:app/oauth',
    {
      config: changeApps,
      schema: {
        summary: 'Save the OAuth settings: they are checked, discovered now, and pinned',
        description:
          'Secrets are bound to the origins of the endpoints: where these change, the consumer secret has to be entered and the app authorized again.',
        tags,
        params: appParams,
        body: OAUTH_INPUT,
        response: { 200: savedOAuthSchema },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const { privateCa: extraCa } = await findReachSettings(ground, app);
      const pinned = await pinSettings(ground, app, request.body, { extraCa });
      if (!pinned.ok) {
        ground.log.warn({ app: app.name, problems: pinned.problems }, 'Refused OAuth settings');
        const told = pinned.problems.map(({ field, problem }) => `${field}: ${problem}`).join('; ');
        throw new Refusal('invalid_value', `The OAuth settings cannot be used: ${told}.`, pinned.problems);
      }
      const warnings = await changeCredential(ground, commandOf(request), (change) =>
        saveOAuth(ground, change, pinned.settings),
      );
      return { ...(await describeOAuth(ground, request.params.app)), warnings: [...pinned.warnings, ...warnings] };
    },
  );
  api.delete(
    '/apps/:app/oauth',
    {
      config: changeApps,
      schema: {
        summary: 'Forget the OAuth settings, the consumer key with its secrets, and the authorization',
        tags,
        params: appParams,
        response: { 204: z.null().describe('Forgotten') },
      },
    },
    async (request, reply) => {
      const had = await changeCredential(ground, commandOf(request), (change) => dropOAuth(change));
      if (!had) throw new Refusal('not_found', `${request.params.app} has no OAuth settings.`);
      return reply.code(204).send(null);
    },
  );
  api.post(
    '/apps/:app/oauth/discover',
    {
      config: writeApps,
      schema: {
        summary: 'Read the discovery document of an issuer (OpenID or RFC 8414); nothing is kept',
        tags,
        params: appParams,
        body: z.strictObject({ issuer: z.string().trim().min(1).max(2000) }),
        response: {
          200: z.object({
            ok: z.boolean(),
            problems: z.array(findingSchema),
            issuer: z.string().nullable(),
            kind: z.enum(['openid', 'oauth']).nullable(),
            endpoints: z.record(z.string(), z.string()),
            origins: z
              .array(z.string())
              .describe('All origins that the document leads to; name those that are the target’s'),
            promises: z.record(z.string(), z.json()),
          }),
        },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const { privateCa: extraCa } = await findReachSettings(ground, app);
      const read = await discoverServer(ground, request.body.issuer, { extraCa });
      if (!read.ok) {
        const nothing = { issuer: null, kind: null, endpoints: {}, origins: [], promises: {} };
        return { ok: false, problems: [read.problem], ...nothing };
      }
      const { issuer, kind, endpoints, promises } = read.found;
      const origins = [
        ...new Set(Object.values(endpoints).flatMap((url) => (URL.canParse(url) ? new URL(url).origin : []))),
      ];
      return {
        ok: true,
        problems: [],
        issuer,
        kind,
        endpoints: endpoints as Record<string, string>,
        origins,
        promises: promises as never,
      };
    },
  );
}

function registerConsumer(api: HttpApp, ground: AppGround): void {
  api.post(
    '/apps/:app/oauth/consumer',
    {
      config: changeApps,
      schema: {
        summary: 'Generate a consumer key and secret, for the target to be told; the secret is shown once',
        tags,
        params: appParams,
        response: { 201: shownConsumerSchema },
      },
    },
    async (request, reply) => {
      const shown = await changeCredential(ground, commandOf(request), (change) => generateConsumer(ground, change));
      return reply.code(201).send(writeShownConsumer(shown));
    },
  );
  api.put(
    '/apps/:app/oauth/consumer',
    {
      config: changeApps,
      schema: {
        summary: 'Enter the client id and secret that the target gave',
        tags,
        params: appParams,
        body: z.strictObject({
          consumerKey,
          consumerSecret: consumerSecret.optional(),
          secretExpiresAt: timeIn.optional(),
        }),
        response: { 200: oauthSchema },
      },
    },
    async (request) => {
      await changeCredential(ground, commandOf(request), (change) => enterConsumer(ground, change, request.body));
      return describeOAuth(ground, request.params.app);
    },
  );
}

function registerStaged(api: HttpApp, ground: AppGround): void {
  api.post(
    '/apps/:app/oauth/staged',
    {
      config: changeApps,
      schema: {
        summary: 'Stage a second pair: both work until it is applied or discarded, for at most 30 days',
        description: 'What is left out is made: the same key with a new secret. The secret is shown once.',
        tags,
        params: appParams,
        body: z
          .strictObject({ consumerKey: consumerKey.optional(), consumerSecret: consumerSecret.optional() })
          .nullish(),
        response: { 201: shownConsumerSchema },
      },
    },
    async (request, reply) => {
      const shown = await changeCredential(ground, commandOf(request), (change) =>
        stageConsumer(ground, change, request.body ?? {}),
      );
      return reply.code(201).send(writeShownConsumer(shown));
    },
  );
  api.post(
    '/apps/:app/oauth/staged/apply',
    {
      config: changeApps,
      schema: {
        summary: 'Use the staged pair first from now on; the replaced one stays as its fallback for 30 days',
        tags,
        params: appParams,
        response: { 200: oauthSchema },
      },
    },
    async (request) => {
      await changeCredential(ground, commandOf(request), (change) => applyStaged(ground, change));
      return describeOAuth(ground, request.params.app);
    },
  );
  api.delete(
    '/apps/:app/oauth/staged',
    {
      config: changeApps,
      schema: { summary: 'Forget the second pair', tags, params: appParams, response: { 200: oauthSchema } },
    },
    async (request) => {
      await changeCredential(ground, commandOf(request), (change) => discardStaged(change));
      return describeOAuth(ground, request.params.app);
    },
  );
}

function registerCertificate(api: HttpApp, ground: AppGround): void {
  api.get(
    '/apps/:app/client-certificate',
    {
      config: readApps,
      schema: { summary: 'Show the client certificate', tags, params: appParams, response: { 200: certificateSchema } },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const found = await findCertificate(ground.pool, app.id);
      if (!found) throw new Refusal('not_found', `${app.name} has no client certificate.`);
      return writeCertificate(found);
    },
  );
  api.put(
    '/apps/:app/client-certificate',
    {
      config: changeApps,
      schema: {
        summary: 'Enter the certificate that is shown to the target and its authorization server (mutual TLS)',
        tags,
        params: appParams,
        body: z.strictObject({
          certificate: z.string().min(1).max(100_000).describe('PEM; its chain may follow it'),
          privateKey: z.string().min(1).max(50_000).describe('PEM without a passphrase; sealed, and never shown again'),
        }),
        response: { 200: certificateSchema },
      },
    },
    async (request) =>
      writeCertificate(
        await changeCredential(ground, commandOf(request), (change) =>
          setClientCertificate(ground, change, request.body),
        ),
      ),
  );
  api.delete(
    '/apps/:app/client-certificate',
    {
      config: changeApps,
      schema: {
        summary: 'Forget the client certificate and its key',
        tags,
        params: appParams,
        response: { 204: z.null().describe('Forgotten') },
      },
    },
    async (request, reply) => {
      await changeCredential(ground, commandOf(request), (change) => dropClientCertificate(change));
      return reply.code(204).send(null);
    },
  );
}
