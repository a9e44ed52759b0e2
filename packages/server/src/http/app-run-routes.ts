import { z } from 'zod';
import {
  type AppGround,
  activateApp,
  describeApp,
  pauseApp,
  probeNow,
  resumeApp,
  type TestStep,
  testApp,
} from '../apps/index.ts';
import { commandOf } from './app-command.ts';
import {
  appSchema,
  appParams as params,
  readApps,
  sendApp,
  sendStarted,
  startedAppSchema,
  APP_TAGS as tags,
  writeApps,
} from './app-schemas.ts';
import type { RouteFamily } from './http-app.ts';

const pauseBody = z
  .strictObject({ reason: z.string().trim().max(2000).optional().describe('Why; kept in the audit') })
  .nullish();

const testSchema = z.object({
  ok: z.boolean(),
  steps: z.array(
    z.object({
      step: z.enum(['address', 'connect', 'tls', 'http', 'credential', 'discovery', 'read']),
      ok: z.boolean(),
      message: z.string(),
      fix: z.string().optional(),
      detail: z.string().optional().describe('What the target itself said'),
    }),
  ),
});

/** Whether an app works, and whether it could. */
export function appRunRoutes(ground: AppGround): RouteFamily {
  return (api) => {
    for (const [verb, start, summary] of [
      ['activate', activateApp, 'Let a draft work'],
      ['resume', resumeApp, 'Go on with everything that became due during the pause'],
    ] as const) {
      api.post(
        `/apps/:app/${verb}`,
        { config: writeApps, schema: { summary, tags, params, response: { 200: startedAppSchema } } },
        async (request, reply) => {
          const started = await start(ground, commandOf(request));
          return sendStarted(reply, await describeApp(ground, request.params.app), started);
        },
      );
    }
    api.post(
      '/apps/:app/pause',
      {
        config: writeApps,
        schema: {
          summary: 'Send nothing more after the calls that are under way',
          tags,
          params,
          body: pauseBody,
          response: { 200: appSchema },
        },
      },
      async (request, reply) => {
        await pauseApp(ground, commandOf(request), request.body?.reason);
        return sendApp(reply, await describeApp(ground, request.params.app));
      },
    );
    api.post(
      '/apps/:app/quarantine/probe',
      {
        config: writeApps,
        schema: {
          summary: 'Ask the target at once whether the quarantine can end',
          tags,
          params,
          response: { 200: appSchema },
        },
      },
      async (request, reply) => {
        await probeNow(ground, commandOf(request));
        return sendApp(reply, await describeApp(ground, request.params.app));
      },
    );
    api.post(
      '/apps/:app/test',
      {
        // It sends the credential and asks the target, though it changes nothing.
        config: writeApps,
        schema: {
          summary: 'Test the connection: address, TLS, credential, discovery and a harmless read',
          tags,
          params,
          response: { 200: testSchema },
        },
      },
      async (request) => {
        const steps: TestStep[] = await testApp(ground, request.params.app);
        return { ok: steps.every((step) => step.ok), steps };
      },
    );
    api.get(
      '/apps/:app/triggers',
      {
        config: readApps,
        schema: { summary: 'Show the triggers', tags, params, response: { 200: appSchema.shape.triggers } },
      },
      async (request, reply) => sendApp(reply, await describeApp(ground, request.params.app)).triggers,
    );
  };
}
