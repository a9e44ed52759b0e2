import { z } from 'zod';
import {
  type AppGround,
  activateVersion,
  CONFIGURATION_INPUT,
  type ConfigurationVersion,
  describeApp,
  diffConfigurations,
  dryRunConfiguration,
  getApp,
  getVersion,
  listConfigurationVersions,
  restoreConfiguration,
  saveConfiguration,
  toInput,
} from '../apps/index.ts';
import { type Effect, estimateEffect } from '../plans/index.ts';
import { commandOf } from './app-command.ts';
import { appParams, changeApps, findingSchema, readApps, APP_TAGS as tags, writeApps } from './app-schemas.ts';
import { etagOf } from './entity-tag.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import { testResultSchema } from './mapping-schemas.ts';
import { pageOf } from './page.ts';
import { toWire } from './provisioning-schemas.ts';
import { timeOut } from './wire.ts';

const note = z.string().trim().max(2000);
const version = z.coerce.number().int().positive().max(1_000_000_000);
const versionParams = appParams.extend({ version });

const summarySchema = z.object({
  version: z.number(),
  isActive: z.boolean(),
  author: z.string(),
  note: z.string().nullable(),
  createdAt: timeOut,
  rules: z.number(),
});
const versionSchema = summarySchema
  .extend({ configuration: z.record(z.string(), z.json()).describe('In the form in which it can be saved again') })
  .meta({ id: 'ConfigurationVersion' });
const changeSchema = z.object({
  path: z.string().describe('mapping[userName].formula, deprovisioning.user deleted.action, …'),
  before: z.json().optional(),
  after: z.json().optional(),
});
const estimateSchema = z.object({ count: z.number(), low: z.number(), high: z.number() });
const effectSchema = z.object({
  headline: z.string(),
  people: z.number(),
  lookedAt: z.number(),
  isExact: z.boolean().describe('False: counted up from a random sample; low and high hold 19 times out of 20'),
  changed: estimateSchema.describe('Whose account would be written otherwise than the version in force says'),
  enters: estimateSchema,
  leaves: estimateSchema,
  byOperation: z.record(z.string(), estimateSchema),
});
const force = z
  .string()
  .trim()
  .min(1)
  .max(2000)
  .optional()
  .describe('Why it is saved although mapping tests fail; kept with the version');
const withoutRollout = z
  .string()
  .trim()
  .min(1)
  .max(2000)
  .describe('Why everyone is reached at once instead of by a rollout; kept in the audit');
const savedSchema = z.object({
  saved: z.boolean().describe('False after a dry run'),
  version: z.number().nullable(),
  inForce: z.boolean().describe('False: it serves nobody until a rollout brings it to them'),
  links: z.number().describe('How many are compared with the new version now; those it leaves alike are not sent'),
  problems: z.array(findingSchema).describe('In a dry run only: a save with problems is refused'),
  warnings: z.array(findingSchema),
  tests: z.array(testResultSchema).optional().describe('In a dry run only'),
  effect: effectSchema.nullish().describe('In a dry run only: what saving it would do'),
});

/** Configuration versions: each save is one, none ever changes. */
export function appConfigurationRoutes(ground: AppGround): RouteFamily {
  return (api) => {
    registerReads(api, ground);
    registerSave(api, ground);
    registerActivation(api, ground);
  };
}

function registerReads(api: HttpApp, ground: AppGround): void {
  api.get(
    '/apps/:app/configurations',
    {
      config: readApps,
      schema: {
        summary: 'List configuration versions, newest first',
        tags,
        params: appParams,
        response: { 200: pageOf(summarySchema) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const versions = await listConfigurationVersions(ground.pool, app.id);
      return { items: versions.map((found) => summarize(found, app.activeVersion)), nextCursor: null };
    },
  );
  api.get(
    '/apps/:app/configurations/:version',
    {
      config: readApps,
      schema: {
        summary: 'Show a configuration version',
        tags,
        params: versionParams,
        response: { 200: versionSchema },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const found = await getVersion(ground, app.id, app.name, request.params.version);
      return toWire({ ...summarize(found, app.activeVersion), configuration: toInput(found.document) }) as never;
    },
  );
  api.get(
    '/apps/:app/configurations/:version/diff/:other',
    {
      config: readApps,
      schema: {
        summary: 'What changed from one version to another',
        tags,
        params: versionParams.extend({ other: version }),
        response: { 200: z.object({ from: z.number(), to: z.number(), changes: z.array(changeSchema) }) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const from = await getVersion(ground, app.id, app.name, request.params.version);
      const to = await getVersion(ground, app.id, app.name, request.params.other);
      const changes = diffConfigurations(from.document, to.document);
      return toWire({ from: from.version, to: to.version, changes }) as never;
    },
  );
}

function registerSave(api: HttpApp, ground: AppGround): void {
  api.post(
    '/apps/:app/configurations',
    {
      config: writeApps,
      schema: {
        summary: 'Save a configuration as a new version, or check it as a dry run',
        description:
          'Of a draft, the app starts with it. Of a working app it serves nobody yet: make a rollout of it, or say in withoutRollout why everyone is reached at once.',
        tags,
        params: appParams,
        querystring: z.strictObject({ dryRun: z.enum(['true', 'false']).default('false') }),
        body: CONFIGURATION_INPUT.extend({
          note: note.optional().describe('Why; kept with the version'),
          force,
          withoutRollout: withoutRollout.optional(),
          baseVersion: z
            .int()
            .min(0)
            .max(1_000_000_000)
            .optional()
            .describe('The version that it was made of, 0 for none: refused (412) when another was saved meanwhile'),
        }),
        response: { 200: savedSchema, 201: savedSchema },
      },
    },
    async (request, reply) => {
      const { note: why = null, force: reason, withoutRollout: everyone, baseVersion, ...input } = request.body;
      if (request.query.dryRun === 'true') {
        const verdict = await dryRunConfiguration(ground, request.params.app, input);
        const { warnings, tests } = verdict;
        const problems = reason === undefined ? [...verdict.problems, ...verdict.testFailures] : verdict.problems;
        const effect: Effect | null =
          verdict.document === undefined ? null : await estimateEffect(ground, request.params.app, verdict.document);
        const { counts } = await describeApp(ground, request.params.app);
        return { saved: false, version: null, inForce: false, links: counts.linked, problems, warnings, tests, effect };
      }
      const options = { force: reason, withoutRollout: everyone, baseVersion };
      const saved = await saveConfiguration(ground, commandOf(request), input, why, options);
      await sendTag(reply, ground, request.params.app);
      reply.code(201).header('location', `${request.url.split('?', 1)[0]}/${saved.version}`);
      return { saved: true, problems: [], ...saved };
    },
  );
  api.post(
    '/apps/:app/configurations/:version/restore',
    {
      config: writeApps,
      schema: {
        summary: 'Save an older version anew, as the newest',
        tags,
        params: versionParams,
        body: z.strictObject({ note: note.optional(), force, withoutRollout: withoutRollout.optional() }).nullish(),
        response: { 201: savedSchema },
      },
    },
    async (request, reply) => {
      const why = request.body?.note ?? null;
      const saved = await restoreConfiguration(ground, commandOf(request), request.params.version, why, {
        force: request.body?.force,
        withoutRollout: request.body?.withoutRollout,
      });
      await sendTag(reply, ground, request.params.app);
      reply.code(201);
      return { saved: true, problems: [], ...saved };
    },
  );
}

function registerActivation(api: HttpApp, ground: AppGround): void {
  api.post(
    '/apps/:app/configurations/:version/activate',
    {
      config: changeApps,
      schema: {
        summary: 'Put a saved version in force for everyone at once, without a rollout',
        description:
          'The careful way is a rollout: POST /apps/{app}/rollouts. It can be rolled back afterwards all the same.',
        tags,
        params: versionParams,
        body: z.strictObject({ withoutRollout }),
        response: { 200: savedSchema },
      },
    },
    async (request, reply) => {
      const { version: wanted } = request.params;
      const saved = await activateVersion(ground, commandOf(request), wanted, request.body.withoutRollout);
      await sendTag(reply, ground, request.params.app);
      return { saved: true, problems: [], ...saved };
    },
  );
}

async function sendTag(
  reply: { header(name: string, value: string): unknown },
  ground: AppGround,
  app: string,
): Promise<void> {
  reply.header('etag', etagOf((await getApp(ground, app)).revision));
}

function summarize(found: ConfigurationVersion, activeVersion: number | null): z.output<typeof summarySchema> {
  const { document, createdAt, ...rest } = found;
  const isActive = found.version === activeVersion;
  return { ...rest, createdAt: createdAt.toISOString(), isActive, rules: document.mapping.length };
}
