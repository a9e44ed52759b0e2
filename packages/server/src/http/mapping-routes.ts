import { z } from 'zod';
import {
  type AppGround,
  assertSavable,
  CONFIGURATION_INPUT,
  checkConfiguration,
  getApp,
  getVersion,
  listCompletions,
  openUnderConfiguration,
  testMapping,
  tryAppFormula,
} from '../apps/index.ts';
import { loadLinks, previewLink } from '../provisioning/index.ts';
import { Refusal } from '../refusal.ts';
import { appParams, findingSchema, readApps, APP_TAGS as tags, writeApps } from './app-schemas.ts';
import { getUserId } from './find-named.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import { testResultSchema } from './mapping-schemas.ts';
import { previewOperation, previewSchema } from './preview-schema.ts';
import { toWire } from './provisioning-schemas.ts';

const version = z.coerce.number().int().positive().max(1_000_000_000);
const user = z.string().min(1).max(200).describe('Id or Username');

const completionSchema = z.object({
  functions: z.array(
    z.object({
      name: z.string(),
      family: z.string(),
      signature: z.string().describe('LEFT(text, count)'),
      doc: z.string(),
      note: z.string().optional(),
      example: z.string(),
    }),
  ),
  fields: z.array(z.object({ path: z.string(), type: z.string(), label: z.string().optional() })),
  keywords: z.array(z.string()),
  tables: z.array(z.string()).describe('What LOOKUP can use in the version in force'),
  targets: z
    .array(z.object({ path: z.string(), type: z.string(), multiValued: z.boolean(), required: z.boolean() }))
    .describe('Attributes of the target that can be mapped, as they were known at the last save'),
});

const formulaFinding = z.object({
  code: z.string(),
  message: z.string(),
  start: z.number().describe('Offset of the first character concerned'),
  end: z.number().describe('Offset after the last one'),
  suggestion: z.string().optional().describe('Replaces exactly that place'),
});
const trialSchema = z.object({
  ok: z.boolean(),
  type: z.string().nullable().describe('Of its values; null when it does not compile'),
  fields: z.array(z.string()).describe('What it reads'),
  volatile: z.boolean().describe('Its value changes with time'),
  errors: z.array(formulaFinding),
  warnings: z.array(formulaFinding),
  evaluation: z
    .object({
      value: z.json().describe('In the form that the target takes; null is blank'),
      error: formulaFinding.omit({ suggestion: true }).nullable(),
      sources: z.array(z.object({ field: z.string(), value: z.json() })),
    })
    .nullable()
    .describe('For the user that was given'),
});

/** What an editor of mappings asks while somebody writes: nothing here saves or sends anything. */
export function mappingRoutes(ground: AppGround): RouteFamily {
  return (api) => {
    registerEditor(api, ground);
    registerTests(api, ground);
    registerPreview(api, ground);
  };
}

function registerEditor(api: HttpApp, ground: AppGround): void {
  api.get(
    '/apps/:app/mapping/completion',
    {
      config: readApps,
      schema: {
        summary: 'What can be written in a formula: functions with their signatures, fields, tables, target attributes',
        tags,
        params: appParams,
        response: { 200: completionSchema },
      },
    },
    async (request) => (await listCompletions(ground, request.params.app)) as z.output<typeof completionSchema>,
  );
  api.post(
    '/apps/:app/mapping/check',
    {
      config: readApps,
      schema: {
        summary: 'Check one formula, with the place of each finding, and evaluate it for a user; nothing is saved',
        tags,
        params: appParams,
        body: z.strictObject({
          formula: z.string().max(10_000),
          target: z.string().trim().min(1).max(500).optional().describe('The attribute that it is for'),
          isCondition: z.boolean().optional().describe('It must give true or false, as a scoping filter does'),
          tables: CONFIGURATION_INPUT.shape.tables,
          user: user.optional(),
        }),
        response: { 200: trialSchema },
      },
    },
    async (request) => {
      const { user: asked, ...formula } = request.body;
      const record = asked === undefined ? undefined : await loadRecord(ground, request.params.app, asked);
      return toWire(await tryAppFormula(ground, request.params.app, formula, record)) as z.output<typeof trialSchema>;
    },
  );
}

async function loadRecord(ground: AppGround, idOrName: string, asked: string) {
  const { pool, clock } = ground;
  const app = await getApp(ground, idOrName);
  const userIds = [await getUserId(pool, asked)];
  const needs = { manager: true, entitlements: true };
  const [found] = await loadLinks(pool, { appId: app.id, userIds, now: clock.now(), needs });
  if (!found) throw new Refusal('not_found', 'The user was deleted meanwhile.');
  return found.record;
}

function registerTests(api: HttpApp, ground: AppGround): void {
  api.post(
    '/apps/:app/mapping/test',
    {
      config: readApps,
      schema: {
        summary: 'Run the tests that are kept with the mapping, on the users as they are now',
        tags,
        params: appParams,
        querystring: z.strictObject({ version: version.optional().describe('Absent: the one in force') }),
        response: {
          200: z.object({ version: z.number(), ok: z.boolean(), results: z.array(testResultSchema) }),
        },
      },
    },
    async (request) => {
      const { version: tested, results } = await testMapping(ground, request.params.app, request.query.version);
      return { version: tested, ok: results.every(({ ok }) => ok), results };
    },
  );
}

function registerPreview(api: HttpApp, ground: AppGround): void {
  api.post(
    '/apps/:app/configurations/preview',
    {
      // It reads at the target by options that the caller gives.
      config: writeApps,
      schema: {
        summary:
          'Preview a user under a configuration that is not in force: one that is not saved yet, or a saved version',
        tags,
        params: appParams,
        body: z.strictObject({
          user,
          operation: previewOperation,
          configuration: CONFIGURATION_INPUT.optional().describe('One that is not saved'),
          version: z.int().positive().max(1_000_000_000).optional().describe('A saved one'),
        }),
        response: { 200: previewSchema.extend({ warnings: z.array(findingSchema) }) },
      },
    },
    async (request) => {
      const { user: asked, operation, configuration, version: saved } = request.body;
      const app = await getApp(ground, request.params.app);
      const userId = await getUserId(ground.pool, asked);
      const { document, warnings } = await findDocument(ground, app, configuration, saved);
      const runtime = await openUnderConfiguration(ground, app, document);
      try {
        const preview = await previewLink(ground, runtime, userId, operation);
        if (!preview) throw new Refusal('not_found', 'The user was deleted meanwhile.');
        return toWire({ app: app.name, userId, ...preview, version: saved ?? null, warnings }) as never;
      } finally {
        await runtime.close();
      }
    },
  );
}

async function findDocument(
  ground: AppGround,
  app: Awaited<ReturnType<typeof getApp>>,
  configuration: z.output<typeof CONFIGURATION_INPUT> | undefined,
  version: number | undefined,
) {
  if ((configuration === undefined) === (version === undefined)) {
    const problem = 'is wanted, or version; not both';
    const fix = 'Give the configuration to preview, or the number of a saved version.';
    throw new Refusal('invalid_request', `configuration ${problem}. ${fix}`, [
      { field: 'configuration', problem, fix },
    ]);
  }
  if (configuration === undefined) {
    const { document } = await getVersion(ground, app.id, app.name, version as number);
    return { document, warnings: [] };
  }
  const verdict = await checkConfiguration(ground, app, configuration);
  // Tests that fail keep it from being saved, not from being looked at.
  const document = assertSavable({ ...verdict, testFailures: [] }, {});
  return { document, warnings: [...verdict.warnings, ...verdict.testFailures] };
}
