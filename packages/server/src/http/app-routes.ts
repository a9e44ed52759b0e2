import { z } from 'zod';
import {
  type AppGround,
  createApp,
  deleteApp,
  describeApp,
  describeApps,
  dropCredential,
  editApp,
  setCredential,
  setTriggers,
} from '../apps/index.ts';
import { appAssignmentRoutes } from './app-assignment-routes.ts';
import { commandOf } from './app-command.ts';
import { appConfigurationRoutes } from './app-configuration-routes.ts';
import { appRunRoutes } from './app-run-routes.ts';
import {
  appSchema,
  changeApps,
  changedAppSchema,
  appParams as params,
  readApps,
  sendApp,
  APP_TAGS as tags,
  triggersSchema,
  writeApp,
  writeApps,
} from './app-schemas.ts';
import { connectorRoutes } from './connector-routes.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import { mappingRoutes } from './mapping-routes.ts';
import { oauthRoutes } from './oauth-routes.ts';
import { pageOf } from './page.ts';
import { presentationRoutes } from './presentation-routes.ts';
import { targetRoutes } from './target-routes.ts';

const label = z.string().trim().min(1).max(200);
const description = z.string().trim().max(2000).nullable();
const baseUrl = z.string().min(1).max(2000);
const maxConcurrency = z.int().min(1).max(256).describe('Most requests at once');
const maxPerSecond = z.number().positive().max(10_000).nullable().describe('Most requests a second; null is no limit');

const newApp = z.strictObject({
  name: z
    .string()
    .max(80)
    .regex(/^[A-Za-z][A-Za-z0-9_]*$/)
    .describe('Letters, digits and _, a letter first; it stays'),
  label: label.optional().describe('For people; the name unless given'),
  description: description.optional(),
  connector: z.string().max(100).default('scim2'),
  baseUrl: baseUrl.describe("The target's address, as it documents it"),
  maxConcurrency: maxConcurrency.default(8),
  maxPerSecond: maxPerSecond.default(null),
});

const appEdit = z.strictObject({
  label: label.optional(),
  description: description.optional(),
  connector: z.string().max(100).optional().describe('Another one pauses the app'),
  baseUrl: baseUrl.optional().describe('Another one pauses the app, and its origin needs the credential again'),
  deactivationLimit: z
    .strictObject({
      count: z.int().min(0).max(1_000_000).optional(),
      percent: z.number().min(0).max(100).optional(),
    })
    .optional(),
  maxConcurrency: maxConcurrency.optional(),
  maxPerSecond: maxPerSecond.optional(),
});

/** Connected apps: what they are, their credential and triggers, their configuration, assignments and state. */
export function appRoutes(ground: AppGround): RouteFamily {
  const families = [
    appRunRoutes,
    appConfigurationRoutes,
    mappingRoutes,
    appAssignmentRoutes,
    connectorRoutes,
    targetRoutes,
    oauthRoutes,
    presentationRoutes,
  ];
  return async (app) => {
    registerReads(app, ground);
    registerChanges(app, ground);
    registerCredential(app, ground);
    for (const family of families) await family(ground)(app);
  };
}

function registerReads(api: HttpApp, ground: AppGround): void {
  api.get(
    '/apps',
    { config: readApps, schema: { summary: 'List connected apps', tags, response: { 200: pageOf(appSchema) } } },
    async () => ({ items: (await describeApps(ground)).map(writeApp), nextCursor: null }),
  );
  api.get(
    '/apps/:app',
    { config: readApps, schema: { summary: 'Show a connected app', tags, params, response: { 200: appSchema } } },
    async (request, reply) => sendApp(reply, await describeApp(ground, request.params.app)),
  );
}

function registerChanges(api: HttpApp, ground: AppGround): void {
  api.post(
    '/apps',
    {
      config: writeApps,
      schema: {
        summary: 'Create a connected app as a draft; it sends nothing until it is activated',
        tags,
        body: newApp,
        response: { 201: appSchema },
      },
    },
    async (request, reply) => {
      const { name, description: text = null, label: shown = name, ...rest } = request.body;
      const id = await createApp(ground, request.actor, { name, label: shown, description: text, ...rest });
      reply.code(201).header('location', `/api/v1/apps/${encodeURIComponent(name)}`);
      return sendApp(reply, await describeApp(ground, String(id)));
    },
  );
  api.patch(
    '/apps/:app',
    {
      config: changeApps,
      schema: {
        summary: 'Change a connected app, effective at once',
        tags,
        params,
        body: appEdit,
        response: { 200: changedAppSchema },
      },
    },
    async (request, reply) => {
      const warnings = await editApp(ground, commandOf(request), request.body);
      return { ...sendApp(reply, await describeApp(ground, request.params.app)), warnings };
    },
  );
  api.put(
    '/apps/:app/triggers',
    {
      config: changeApps,
      schema: {
        summary: 'Turn triggers on or off, effective at once; what is left out stays',
        tags,
        params,
        body: z.strictObject(triggersSchema.partial().shape),
        response: { 200: appSchema },
      },
    },
    async (request, reply) => {
      await setTriggers(ground, commandOf(request), request.body);
      return sendApp(reply, await describeApp(ground, request.params.app));
    },
  );
  api.delete(
    '/apps/:app',
    {
      config: changeApps,
      schema: {
        summary: 'Delete a draft or paused app with its configuration, credential and links',
        tags,
        params,
        querystring: z.strictObject({
          accounts: z.enum(['leave']).optional().describe('Its accounts at the target may stay as they are'),
        }),
        response: { 204: z.null().describe('Deleted') },
      },
    },
    async (request, reply) => {
      await deleteApp(ground, commandOf(request), request.query.accounts === 'leave');
      return reply.code(204).send(null);
    },
  );
}

function registerCredential(api: HttpApp, ground: AppGround): void {
  api.put(
    '/apps/:app/credential',
    {
      config: changeApps,
      schema: {
        summary: "Enter the credential; it is sealed for the app's origin and never read back",
        tags,
        params,
        // The vault reads it: its words of what is wrong repeat no secret.
        body: z
          .record(z.string(), z.unknown())
          .describe('{kind: "bearer", token}, {kind: "basic", username, password} or {kind: "header", name, value}'),
        response: { 200: appSchema },
      },
    },
    async (request, reply) => {
      await setCredential(ground, commandOf(request), request.body);
      return sendApp(reply, await describeApp(ground, request.params.app));
    },
  );
  api.delete(
    '/apps/:app/credential',
    { config: changeApps, schema: { summary: 'Forget the credential', tags, params, response: { 200: appSchema } } },
    async (request, reply) => {
      await dropCredential(ground, commandOf(request));
      return sendApp(reply, await describeApp(ground, request.params.app));
    },
  );
}
