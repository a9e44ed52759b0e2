import { z } from 'zod';
import {
  type AppGround,
  activateApp,
  describeApp,
  getApp,
  pauseApp,
  probeNow,
  resumeApp,
  type TestStep,
  testApp,
} from '../apps/index.ts';
import { findBlockers, toFieldProblem } from '../readiness/index.ts';
import { type FieldProblem, Refusal } from '../refusal.ts';
import { commandOf } from './app-command.ts';
import {
  appSchema,
  operateApps,
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

const activateBody = z
  .strictObject({
    withoutRollout: z
      .string()
      .trim()
      .min(1)
      .max(2000)
      .optional()
      .describe('Why everyone is reached at once instead of by a rollout; kept in the audit'),
  })
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

/** What keeps a draft from being ready for a pilot; nothing for an app that works already. */
async function listRedPieces(ground: AppGround, idOrName: string): Promise<FieldProblem[]> {
  const app = await getApp(ground, idOrName);
  if (app.state !== 'draft') return [];
  const blockers = await findBlockers(ground, app, 'pilot');
  return blockers.map((blocker) => toFieldProblem(blocker, `readiness.${blocker.piece}`));
}

/** Whether an app works, and whether it could. */
export function appRunRoutes(ground: AppGround): RouteFamily {
  return (api) => {
    api.post(
      '/apps/:app/activate',
      {
        config: writeApps,
        schema: {
          summary: 'Let a draft work for everyone at once',
          description:
            'Needs the reason in withoutRollout. The careful way is to start a rollout, whose pilot activates the app: POST /apps/{app}/rollouts.',
          tags,
          params,
          body: activateBody,
          response: { 200: startedAppSchema },
        },
      },
      async (request, reply) => {
        // What is red is told here too: whoever passes over a pilot has the most to lose by it.
        const red = await listRedPieces(ground, request.params.app);
        const started = await activateApp(ground, commandOf(request), request.body ?? {}).catch((error: unknown) => {
          throw error instanceof Refusal ? new Refusal(error.code, error.message, [...error.problems, ...red]) : error;
        });
        const warnings = [...started.warnings, ...red];
        return sendStarted(reply, await describeApp(ground, request.params.app), { ...started, warnings });
      },
    );
    api.post(
      '/apps/:app/resume',
      {
        config: operateApps,
        schema: {
          summary: 'Go on with everything that became due during the pause',
          tags,
          params,
          response: { 200: startedAppSchema },
        },
      },
      async (request, reply) => {
        const started = await resumeApp(ground, commandOf(request));
        return sendStarted(reply, await describeApp(ground, request.params.app), started);
      },
    );
    api.post(
      '/apps/:app/pause',
      {
        config: operateApps,
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
        config: operateApps,
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
