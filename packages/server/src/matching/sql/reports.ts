import { type Queryable, statement } from '../../db/index.ts';
import type { MatchingReport, ReportCounts } from '../matching-report.ts';

const COLUMNS = `id, app_id as "appId", version, connector, base_url as "baseUrl", state, created_at as "createdAt",
  created_by as "createdBy", note, started_at as "startedAt", finished_at as "finishedAt", cursor, pages, accounts,
  at_user as "atUser", users, retry_at as "retryAt", failures, problem, cancel_requested as "cancelRequested", counts`;

const INSERT = statement(
  'matching-report-insert',
  `insert into matching_report (id, app_id, version, connector, base_url, state, created_at, created_by, note)
   values ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8)`,
);
const BY_ID = statement<MatchingReport>(
  'matching-report-by-id',
  `select ${COLUMNS} from matching_report where id = $1`,
);
const LIST = statement<MatchingReport>(
  'matching-report-list',
  `select ${COLUMNS} from matching_report where app_id = $1 order by created_at desc, id limit 100`,
);
const UNFINISHED = statement<{ id: string }>(
  'matching-report-unfinished',
  `select id from matching_report
   where state in ('waiting', 'reading', 'matching') and (retry_at is null or retry_at <= $1) order by created_at, id`,
);
const OPEN = statement<{ id: string }>(
  'matching-report-open',
  `select id from matching_report where app_id = $1 and state in ('waiting', 'reading', 'matching') limit 1`,
);
const START = statement(
  'matching-report-start',
  `update matching_report set state = 'reading', started_at = coalesce(started_at, $2), cursor = null, pages = 0, accounts = 0,
     at_user = null, users = 0, counts = null
   where id = $1 and state in ('waiting', 'reading', 'matching')`,
);
const LIST_READ = statement(
  'matching-report-list-read',
  `update matching_report set state = 'matching', cursor = null, retry_at = null, failures = 0
   where id = $1 and state = 'reading'`,
);
const PAUSE = statement(
  'matching-report-pause',
  `update matching_report set retry_at = $2, failures = failures + 1, problem = $3
   where id = $1 and state in ('reading', 'matching')`,
);
const FINISH = statement(
  'matching-report-finish',
  `update matching_report set state = $2, finished_at = $3, problem = $4, counts = coalesce($5, counts), retry_at = null
   where id = $1 and state in ('waiting', 'reading', 'matching')`,
);
const CANCEL = statement<{ state: string }>(
  'matching-report-cancel',
  `update matching_report set cancel_requested = true,
     state = case when state = 'waiting' or retry_at is not null then 'cancelled' else state end,
     finished_at = case when state = 'waiting' or retry_at is not null then $2 else finished_at end, retry_at = null
   where id = $1 and state in ('waiting', 'reading', 'matching') returning state`,
);
const RESUME = statement(
  'matching-report-resume',
  `update matching_report set state = case when started_at is null then 'waiting' when at_user is not null or (cursor is null and pages > 0)
       then 'matching' else 'reading' end,
     finished_at = null, problem = null, cancel_requested = false, retry_at = null, failures = 0
   where id = $1 and state in ('failed', 'cancelled')`,
);
const DELETE_OLD = statement(
  'matching-report-delete-old',
  `delete from matching_report where id in (
     select id from matching_report where app_id = $1 and state not in ('waiting', 'reading', 'matching')
     order by created_at desc, id offset $2)`,
);
const LOST = statement<{ lost: boolean }>(
  'matching-report-lost',
  `select not exists (select from matching_account where report_id = $1) as lost`,
);
const LATEST = statement<MatchingReport>(
  'matching-report-latest',
  `select ${COLUMNS} from matching_report where app_id = $1 and state = 'ready' order by created_at desc, id limit 1`,
);

export async function insertReport(
  db: Queryable,
  report: Pick<
    MatchingReport,
    'id' | 'appId' | 'version' | 'connector' | 'baseUrl' | 'createdAt' | 'createdBy' | 'note'
  >,
): Promise<void> {
  const { id, appId, version, connector, baseUrl, createdAt, createdBy, note } = report;
  await INSERT.run(db, [id, appId, version, connector, baseUrl, createdAt, createdBy, note]);
}

export function findReport(db: Queryable, id: string): Promise<MatchingReport | undefined> {
  return BY_ID.find(db, [id]);
}

/** Newest first. */
export function listReports(db: Queryable, appId: number): Promise<MatchingReport[]> {
  return LIST.rows(db, [appId]);
}

export function findLatestReady(db: Queryable, appId: number): Promise<MatchingReport | undefined> {
  return LATEST.find(db, [appId]);
}

export async function listUnfinishedReports(db: Queryable, now: Date): Promise<string[]> {
  return (await UNFINISHED.rows(db, [now])).map(({ id }) => id);
}

export async function hasOpenReport(db: Queryable, appId: number): Promise<boolean> {
  return (await OPEN.find(db, [appId])) !== undefined;
}

/** Begins, or begins anew. */
export async function startReport(db: Queryable, id: string, now: Date): Promise<void> {
  await START.run(db, [id, now]);
}

export async function noteListRead(db: Queryable, id: string): Promise<void> {
  await LIST_READ.run(db, [id]);
}

export async function pauseReport(db: Queryable, id: string, retryAt: Date, problem: string): Promise<void> {
  await PAUSE.run(db, [id, retryAt, problem]);
}

export async function finishReport(
  db: Queryable,
  id: string,
  end: { state: 'ready' | 'failed' | 'cancelled'; now: Date; problem?: string; counts?: ReportCounts },
): Promise<void> {
  const counts = end.counts ? JSON.stringify(end.counts) : null;
  await FINISH.run(db, [id, end.state, end.now, end.problem ?? null, counts]);
}

/** The state after it; undefined when there is nothing to cancel. */
export async function cancelReportRow(db: Queryable, id: string, now: Date): Promise<string | undefined> {
  return (await CANCEL.find(db, [id, now]))?.state;
}

export async function resumeReportRow(db: Queryable, id: string): Promise<boolean> {
  return (await RESUME.run(db, [id])) === 1;
}

/** Keeps so many of an app's finished reports. */
export async function deleteOldReports(db: Queryable, appId: number, keep: number): Promise<void> {
  await DELETE_OLD.run(db, [appId, keep]);
}

/** What was read is emptied by a crash of the database. */
export async function isReadingLost(db: Queryable, id: string): Promise<boolean> {
  return (await LOST.find(db, [id]))?.lost ?? true;
}
