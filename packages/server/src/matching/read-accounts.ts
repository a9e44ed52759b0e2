import { type AccountOperations, ConnectorError, type ListResult, type TargetAccount } from '@usher/connector-sdk';
import { type AppGround, type AppRuntime, findAppById, getVersion, openUnderConfiguration } from '../apps/index.ts';
import { Refusal } from '../refusal.ts';
import { keyOf, listMatchingAttributes, type MatchingAttribute } from './match-key.ts';
import type { MatchingReport } from './matching-report.ts';
import { type ReadAccount, writePage } from './sql/reading.ts';
import { noteListRead } from './sql/reports.ts';

export const PAGE_SIZE = 200;
const PAGE_TIMEOUT_MS = 60_000;
/** While the pump works at the app's rate, the list takes a share beside it. */
const SHARE_OF_RATE = 0.25;

/** How reading ended: the whole list, or somebody wants it to stop. */
export type ReadingEnd = 'read' | 'cancelled' | 'stopped';

/** The app under the configuration of the report, as it is for a draft: nothing of it is sent but reads. */
export async function openForReading(ground: AppGround, report: MatchingReport): Promise<AppRuntime> {
  const app = await findAppById(ground.pool, report.appId);
  if (!app) throw new Refusal('not_found', 'The app was deleted meanwhile.');
  if (app.connector !== report.connector || app.baseUrl !== report.baseUrl) {
    throw new Refusal('conflict', `${app.name} was pointed at another target meanwhile. Make a new report.`);
  }
  const { document } = await getVersion(ground, app.id, app.name, report.version);
  // A draft's rules: what an active app is quarantined for is an answer here.
  const runtime = await openUnderConfiguration(ground, { ...app, state: 'draft' }, document);
  return { ...runtime, app };
}

/**
 * Reads the target's list page by page; the next page is asked for while one is written. Each page is kept with where the
 * list goes on, so that a report that was interrupted goes on from there. Throws a ConnectorError for what the target does.
 */
export async function readAccounts(
  ground: AppGround,
  runtime: AppRuntime,
  report: Pick<MatchingReport, 'id' | 'cursor' | 'pages'>,
  signal: AbortSignal,
): Promise<ReadingEnd> {
  const attributes = listMatchingAttributes(runtime.mapping, runtime.document.correlation.matchingAttributes);
  const read = buildReader(ground, runtime, signal);
  let next: Promise<Page> | undefined = read(report.cursor ?? undefined);
  while (next) {
    const page: Page = await next;
    if (signal.aborted) return 'stopped';
    const { nextCursor } = page;
    next = nextCursor === undefined ? undefined : read(nextCursor);
    next?.catch(() => {});
    const accounts = page.accounts.map((account) => describeAccount(page.operations, account, attributes));
    const step = await writePage(ground.pool, report.id, accounts, nextCursor ?? null);
    if (!step) return 'stopped';
    if (step.cancelled) return 'cancelled';
  }
  await noteListRead(ground.pool, report.id);
  return 'read';
}

type Page = ListResult & { operations: AccountOperations };

function buildReader(
  { clock }: AppGround,
  runtime: AppRuntime,
  signal: AbortSignal,
): (cursor: string | undefined) => Promise<Page> {
  const pauseMs = pauseBetweenPages(runtime);
  let notBeforeMs = clock.monotonicMs();
  return async (cursor) => {
    const waitMs = notBeforeMs - clock.monotonicMs();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    notBeforeMs = clock.monotonicMs() + pauseMs;
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PAGE_TIMEOUT_MS)]);
    const http = {
      request: (request: Parameters<typeof runtime.transport.request>[0]) =>
        runtime.transport.request(assertRead(request), { signal: patience }),
    };
    const { accounts: operations } = runtime.connect(http, patience);
    if (!operations.list) {
      throw new ConnectorError('unsupported', 'The target cannot list its accounts, so that they cannot be compared.');
    }
    const result = await operations.list({ limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) });
    return { ...result, operations };
  };
}

/** A report writes nothing to the target, whatever a connector does in its list. */
function assertRead<Request extends { effect?: string }>(request: Request): Request {
  if (request.effect === 'read') return request;
  throw new ConnectorError('unsupported', 'The connector wanted to write while it was to list accounts.');
}

/** Milliseconds between the beginnings of two pages; 0 without a configured rate. */
function pauseBetweenPages({ app }: AppRuntime): number {
  if (app.maxPerSecond === null) return 0;
  return 1000 / (app.maxPerSecond * (app.state === 'active' ? SHARE_OF_RATE : 1));
}

function describeAccount(
  operations: AccountOperations,
  account: TargetAccount,
  attributes: readonly MatchingAttribute[],
): ReadAccount {
  const text = (path: string): string | null => {
    const value = operations.read(account, path);
    return typeof value === 'string' && value !== '' ? value.slice(0, 500) : null;
  };
  return {
    remoteId: account.remoteId,
    name: text('userName'),
    displayName: text('displayName') ?? text('name.formatted'),
    email: text('emails[type eq "work"].value') ?? text('emails[primary eq true].value'),
    active: account.active ?? null,
    keys: attributes.map((attribute) => keyOf(operations.read(account, attribute.path), attribute)),
  };
}
