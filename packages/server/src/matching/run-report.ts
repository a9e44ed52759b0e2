import { ConnectorError } from '@usher/connector-sdk';
import type { AppGround, AppRuntime } from '../apps/index.ts';
import { inTransaction } from '../db/index.ts';
import { Refusal } from '../refusal.ts';
import type { MatchingReport } from './matching-report.ts';
import { applyRules } from './matching-rules.ts';
import { openForReading, type ReadingEnd, readAccounts } from './read-accounts.ts';
import { readUsers } from './read-users.ts';
import { classify, countItems } from './sql/classify.ts';
import { clearItems, clearReading } from './sql/reading.ts';
import { findReport, finishReport, isReadingLost, pauseReport, startReport } from './sql/reports.ts';

const MOST_FAILURES = 6;
const BEGIN_ANEW_AFTER = 3;
const LONGEST_PAUSE_MS = 10 * 60_000;

/** Works on a report until it is ready, fails, is cancelled, or the signal comes. */
export async function runReport(ground: AppGround, given: MatchingReport, signal: AbortSignal): Promise<void> {
  const report = await begin(ground, given);
  const runtime = await openForReading(ground, report);
  try {
    const end = await read(ground, runtime, report, signal);
    if (end === 'stopped') return;
    if (end === 'cancelled') {
      return await finishReport(ground.pool, report.id, { state: 'cancelled', now: ground.clock.now() });
    }
    await sort(ground, runtime, report);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ConnectorError)) throw error;
    await bear(ground, report, error);
  } finally {
    await runtime.close();
  }
}

async function begin(ground: AppGround, report: MatchingReport): Promise<MatchingReport> {
  const { pool, clock } = ground;
  const isBegun = report.state !== 'waiting' && !(report.accounts > 0 && (await isReadingLost(pool, report.id)));
  if (isBegun) return report;
  await beginAnew(pool, report.id, clock.now());
  const begun = await findReport(pool, report.id);
  if (!begun) throw new Refusal('not_found', 'The report is gone.');
  return begun;
}

async function beginAnew(pool: AppGround['pool'], id: string, now: Date): Promise<void> {
  await inTransaction(pool, async (db) => {
    await clearReading(db, id);
    await clearItems(db, id);
    await startReport(db, id, now);
  });
}

async function read(
  ground: AppGround,
  runtime: AppRuntime,
  report: MatchingReport,
  signal: AbortSignal,
): Promise<ReadingEnd> {
  if (report.state === 'reading') {
    const end = await readAccounts(ground, runtime, report, signal);
    if (end !== 'read') return end;
  }
  return readUsers(ground, runtime, report, signal);
}

async function sort(ground: AppGround, { document }: AppRuntime, report: MatchingReport): Promise<void> {
  const { pool, clock } = ground;
  const { matchingAttributes } = document.correlation;
  await inTransaction(pool, async (db) => {
    await clearItems(db, report.id);
    await classify(db, { id: report.id, appId: report.appId, matchingAttributes });
    const counts = await countItems(db, report.id);
    await clearReading(db, report.id);
    await finishReport(db, report.id, { state: 'ready', now: clock.now(), counts });
    await applyRules(db, ground, report);
  });
}

/** What the target does is borne with growing pauses; what a person must mend ends the report, and it can be resumed. */
async function bear({ pool, clock, log }: AppGround, report: MatchingReport, error: ConnectorError): Promise<void> {
  const now = clock.now();
  const known = (await findReport(pool, report.id)) ?? report;
  const isPassing = ['transient', 'rate_limited', 'ambiguous'].includes(error.kind);
  const said = error.detail ? `${error.message} (${error.detail})` : error.message;
  log.warn({ report: report.id, err: error }, 'A list could not be read');
  if (isPassing && known.failures + 1 < MOST_FAILURES) {
    const pauseMs = Math.min(LONGEST_PAUSE_MS, error.retryAfterMs ?? 1000 * 4 ** known.failures);
    // Some targets forget where a list was: it is read from its beginning then.
    if (known.cursor !== null && known.failures + 1 === BEGIN_ANEW_AFTER) await beginAnew(pool, report.id, now);
    return pauseReport(pool, report.id, new Date(now.getTime() + pauseMs), said);
  }
  const fix = error.kind === 'unauthorized' ? 'Renew the credential' : 'See to the target';
  await finishReport(pool, report.id, { state: 'failed', now, problem: `${said} ${fix}, and resume the report.` });
}
