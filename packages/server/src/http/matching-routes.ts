import { Readable } from 'node:stream';
import { z } from 'zod';
import { type AppGround, getApp } from '../apps/index.ts';
import {
  CATEGORIES,
  cancelReport,
  createReport,
  describeReport,
  exportMatchingCsv,
  exportMatchingNdjson,
  getReport,
  type ItemFilter,
  listItems,
  listReports,
  listResolutions,
  loadRules,
  type MatchingReport,
  type MatchingRunner,
  resolveByFilter,
  resolveItem,
  resumeReport,
  STANDINGS,
  setRules,
} from '../matching/index.ts';
import { appParams } from './app-schemas.ts';
import { getUserId } from './find-named.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import { buildPage, PAGE_QUERY, pageOf, parseCursor } from './page.ts';
import { instant, toWire } from './provisioning-schemas.ts';

const tags = ['matching'];
const reportParams = appParams.extend({ report: z.uuid() });
const note = z.string().trim().max(2000);
const read = { scope: 'provisioning:read' } as const;
const write = { scope: 'provisioning:write' } as const;

const reportSchema = z
  .object({
    id: z.string(),
    app: z.string(),
    state: z.enum(['waiting', 'reading', 'matching', 'ready', 'failed', 'cancelled']),
    headline: z.string().describe('12,403 accounts and 9,871 users: 9,850 matched, 3 ambiguous, …'),
    version: z.number().describe('Of the configuration whose matching attributes it uses'),
    createdAt: instant,
    createdBy: z.string(),
    note: z.string().nullable(),
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    progress: z.object({
      pages: z.number(),
      accounts: z.number().describe('Read from the target'),
      users: z.number().describe('Compared with them'),
    }),
    retryAt: instant.nullable().describe('The target failed, and is asked again then'),
    problem: z.string().nullable(),
    byCategory: z.partialRecord(z.enum(CATEGORIES), z.number()).nullable(),
    byMatchedBy: z.record(z.string(), z.number()).nullable(),
    linked: z.number().nullable().describe('Linked already when it was made'),
    leaversInside: z
      .number()
      .nullable()
      .describe('Accounts that can be used, of users who are inactive or deleted here'),
    isCurrent: z.boolean().describe('False: the app is at another target or configuration by now'),
  })
  .meta({ id: 'MatchingReport' });

const filterShape = {
  category: z.enum(CATEGORIES).optional(),
  matchedBy: z.string().min(1).max(500).optional().describe('A matching attribute'),
  standing: z.enum(STANDINGS).optional().describe('Whether the user shall have an account'),
  name: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Of the account’s name, e-mail address or id, or of the user; * stands for anything'),
};
const flags = ['active', 'linked', 'decided'] as const;
const filterBody = z.strictObject({
  ...filterShape,
  active: z.boolean().optional().describe('At the target'),
  linked: z.boolean().optional(),
  decided: z.boolean().optional(),
});
const flagQuery = z.enum(['true', 'false']).optional();
const filterQuery = { ...filterShape, active: flagQuery, linked: flagQuery, decided: flagQuery };

const itemSchema = z
  .object({
    id: z.number(),
    category: z.enum(CATEGORIES),
    remoteId: z.string().nullable(),
    accountName: z.string().nullable(),
    displayName: z.string().nullable(),
    email: z.string().nullable(),
    active: z.boolean().nullable().describe('At the target; null: it does not say'),
    userId: z.string().nullable(),
    username: z.string().nullable(),
    standing: z.enum(STANDINGS).nullable(),
    matchedBy: z.string().nullable(),
    linked: z.boolean(),
    otherAccounts: z.array(z.string()),
    otherUsers: z.array(z.string()),
    explanation: z.string().nullable(),
    decision: z.enum(['link', 'ignore']).nullable(),
    decidedAt: instant.nullable(),
    decidedBy: z.string().nullable(),
    decisionNote: z.string().nullable(),
    refusal: z.string().nullable().describe('Why the last decision could not be carried out'),
  })
  .meta({ id: 'MatchingItem' });

const decisions = z.enum(['link', 'ignore', 'undecided']);
const resolutionSchema = z.object({
  id: z.string(),
  decision: decisions,
  filter: filterBody,
  note: z.string().nullable(),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  done: z.number(),
  refused: z.number().describe('Lines that could not be decided so; each says why'),
  createdAt: instant,
  finishedAt: instant.nullable(),
  problem: z.string().nullable(),
});
const ruleSchema = z.strictObject({
  decision: z.enum(['link', 'ignore']),
  filter: filterBody.omit({ decided: true }),
  note: note.nullable().default(null),
});
const rulesBody = z.strictObject({ rules: z.array(ruleSchema).max(50) });

/** Matching reports: which accounts of a target are whose, before anything is written there. */
export function matchingRoutes(ground: AppGround, runner: Pick<MatchingRunner, 'wake'>): RouteFamily {
  return (api) => {
    registerMaking(api, ground, runner);
    registerReading(api, ground);
    registerDecisions(api, ground, runner);
    registerRules(api, ground);
  };
}

function registerMaking(api: HttpApp, ground: AppGround, runner: Pick<MatchingRunner, 'wake'>): void {
  api.post(
    '/apps/:app/matching-reports',
    {
      config: write,
      schema: {
        summary: 'Read the accounts of the target and compare them with the users; nothing is written there',
        tags,
        params: appParams,
        body: z
          .strictObject({
            version: z.int().positive().max(1_000_000_000).optional().describe('Absent: the one in force'),
            note: note.optional(),
          })
          .nullish(),
        response: { 202: reportSchema },
      },
    },
    async (request, reply) => {
      const app = await getApp(ground, request.params.app);
      const id = await createReport(ground, request.actor, request.params.app, request.body ?? {});
      runner.wake();
      reply.code(202).header('location', `/api/v1/apps/${encodeURIComponent(app.name)}/matching-reports/${id}`);
      return describe(ground, request.params.app, id);
    },
  );
  for (const [verb, act, summary] of [
    ['cancel', cancelReport, 'Stop reading; what was read is kept, so that it can be resumed'],
    ['resume', resumeReport, 'Go on with a report that failed or was cancelled, from where it stood'],
  ] as const) {
    api.post(
      `/apps/:app/matching-reports/:report/${verb}`,
      { config: write, schema: { summary, tags, params: reportParams, response: { 200: reportSchema } } },
      async (request) => {
        const app = await getApp(ground, request.params.app);
        await act(ground, await getReport(ground, app, request.params.report));
        runner.wake();
        return describe(ground, request.params.app, request.params.report);
      },
    );
  }
}

function registerReading(api: HttpApp, ground: AppGround): void {
  api.get(
    '/apps/:app/matching-reports',
    {
      config: read,
      schema: {
        summary: 'List the matching reports that are kept, newest first',
        tags,
        params: appParams,
        response: { 200: pageOf(reportSchema) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const reports = await listReports(ground.pool, app.id);
      return { items: reports.map((report) => writeReport(app, report)), nextCursor: null };
    },
  );
  api.get(
    '/apps/:app/matching-reports/:report',
    {
      config: read,
      schema: { summary: 'Show a matching report', tags, params: reportParams, response: { 200: reportSchema } },
    },
    async (request) => describe(ground, request.params.app, request.params.report),
  );
  api.get(
    '/apps/:app/matching-reports/:report/items',
    {
      config: read,
      schema: {
        summary: 'List the lines of a matching report',
        tags,
        params: reportParams,
        querystring: z.strictObject({ ...filterQuery, ...PAGE_QUERY }),
        response: { 200: pageOf(itemSchema) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const report = await getReport(ground, app, request.params.report);
      const { limit, cursor, ...query } = request.query;
      const position = parseCursor(cursor, 'matching items', z.tuple([z.int()]));
      const page = { limit: limit + 1, after: position?.[0] ?? 0 };
      const rows = await listItems(ground.pool, report.id, readFilter(query), page);
      return toWire(buildPage(rows, limit, 'matching items', ({ id }) => [id])) as never;
    },
  );
  api.get(
    '/apps/:app/matching-reports/:report/export',
    {
      config: read,
      schema: {
        summary: 'The lines of a matching report as a file: CSV for spreadsheets, or NDJSON',
        tags,
        params: reportParams,
        querystring: z.strictObject({ format: z.enum(['csv', 'ndjson']).default('csv'), ...filterQuery }),
      },
    },
    async (request, reply) => {
      const app = await getApp(ground, request.params.app);
      const report = await getReport(ground, app, request.params.report);
      const { format, ...query } = request.query;
      const rows = (format === 'csv' ? exportMatchingCsv : exportMatchingNdjson)(
        ground.pool,
        report.id,
        readFilter(query),
      );
      const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8';
      const name = `${app.name}-matching-${report.createdAt.toISOString().slice(0, 10)}.${format}`;
      reply.header('content-type', type).header('content-disposition', `attachment; filename="${name}"`);
      return reply.send(Readable.from(rows) as never);
    },
  );
}

function registerDecisions(api: HttpApp, ground: AppGround, runner: Pick<MatchingRunner, 'wake'>): void {
  api.post(
    '/apps/:app/matching-reports/:report/items/:item/resolve',
    {
      config: write,
      schema: {
        summary:
          'Decide one line: link the account, ignore it, or take an ignoring back; nothing is written to the target',
        tags,
        params: reportParams.extend({ item: z.coerce.number().int().min(1).max(2_000_000_000) }),
        body: z.strictObject({
          decision: decisions,
          user: z.string().min(1).max(200).optional().describe('Id or Username of whose the account is'),
          note: note.optional(),
        }),
        response: { 200: itemSchema },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const report = await getReport(ground, app, request.params.report);
      const { user, decision, note: why } = request.body;
      const userId = user === undefined ? undefined : await getUserId(ground.pool, user);
      const decided = { decision, userId, note: why };
      return toWire(await resolveItem(ground, request.actor, report, request.params.item, decided)) as never;
    },
  );
  api.post(
    '/apps/:app/matching-reports/:report/resolve',
    {
      config: write,
      schema: {
        summary: 'Decide every line that a filter picks; it is carried out in the background',
        tags,
        params: reportParams,
        body: z.strictObject({ decision: decisions, filter: filterBody, note: note.optional() }),
        response: { 202: z.object({ id: z.string() }) },
      },
    },
    async (request, reply) => {
      const app = await getApp(ground, request.params.app);
      const report = await getReport(ground, app, request.params.report);
      const id = await resolveByFilter(ground, request.actor, report, request.body);
      runner.wake();
      reply.code(202);
      return { id };
    },
  );
  api.get(
    '/apps/:app/matching-reports/:report/resolutions',
    {
      config: read,
      schema: {
        summary: 'List the decisions by filter and by rule, and how far each is',
        tags,
        params: reportParams,
        response: { 200: z.object({ items: z.array(resolutionSchema) }) },
      },
    },
    async (request) => {
      const app = await getApp(ground, request.params.app);
      const report = await getReport(ground, app, request.params.report);
      const items = await listResolutions(ground.pool, report.id);
      return toWire({ items: items.map(({ reportId: _r, atItem: _a, ...rest }) => rest) }) as never;
    },
  );
}

function registerRules(api: HttpApp, ground: AppGround): void {
  api.get(
    '/apps/:app/matching-rules',
    {
      config: read,
      schema: {
        summary: 'Show the decisions that are made by themselves on each report that becomes ready',
        tags,
        params: appParams,
        response: { 200: z.object({ rules: z.array(ruleSchema) }) },
      },
    },
    async (request) => ({ rules: (await loadRules(ground, request.params.app)) as never }),
  );
  api.put(
    '/apps/:app/matching-rules',
    {
      config: write,
      schema: {
        summary: 'Replace the decisions that are made by themselves on each report that becomes ready, in their order',
        tags,
        params: appParams,
        body: rulesBody,
        response: { 200: z.object({ rules: z.array(ruleSchema) }) },
      },
    },
    async (request) => {
      await setRules(ground, request.actor, request.params.app, request.body.rules);
      return { rules: (await loadRules(ground, request.params.app)) as never };
    },
  );
}

type FilterQuery = Omit<ItemFilter, (typeof flags)[number]> &
  Partial<Record<(typeof flags)[number], 'true' | 'false' | undefined>>;

function readFilter({ active, linked, decided, ...rest }: FilterQuery): ItemFilter {
  const flag = (value: 'true' | 'false' | undefined) => (value === undefined ? undefined : value === 'true');
  return { ...rest, active: flag(active), linked: flag(linked), decided: flag(decided) };
}

async function describe(ground: AppGround, idOrName: string, id: string): Promise<z.output<typeof reportSchema>> {
  const app = await getApp(ground, idOrName);
  return writeReport(app, await getReport(ground, app, id));
}

function writeReport(app: Awaited<ReturnType<typeof getApp>>, report: MatchingReport): z.output<typeof reportSchema> {
  const { id, state, version, createdAt, createdBy, startedAt, finishedAt, pages, accounts, users, counts } = report;
  return toWire({
    ...{ id, app: app.name, state, headline: describeReport(report), version, createdAt, createdBy, note: report.note },
    ...{ startedAt, finishedAt, progress: { pages, accounts, users } },
    ...{ retryAt: report.retryAt, problem: report.problem },
    byCategory: counts?.byCategory ?? null,
    byMatchedBy: counts?.byMatchedBy ?? null,
    linked: counts?.linked ?? null,
    leaversInside: counts?.leaversInside ?? null,
    isCurrent: app.activeVersion === version && app.baseUrl === report.baseUrl && app.connector === report.connector,
  });
}
