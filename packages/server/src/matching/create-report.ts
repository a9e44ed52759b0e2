import { type AppGround, type ConnectedApp, getApp, getVersion } from '../apps/index.ts';
import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import { Refusal } from '../refusal.ts';
import type { MatchingReport } from './matching-report.ts';
import {
  cancelReportRow,
  deleteOldReports,
  findReport,
  hasOpenReport,
  insertReport,
  resumeReportRow,
} from './sql/reports.ts';

const KEEP = 5;

export interface ReportRequest {
  /** A saved configuration; absent: the one in force. */
  version?: number | undefined;
  note?: string | undefined;
}

/** Asks for a report; a runner makes it. Gives its id. */
export async function createReport(
  ground: AppGround,
  actor: Actor,
  idOrName: string,
  { version: asked, note }: ReportRequest,
): Promise<string> {
  const { pool, clock } = ground;
  const app = await getApp(ground, idOrName);
  const version = asked ?? app.activeVersion;
  if (version === null) {
    throw new Refusal(
      'conflict',
      `${app.name} has no configuration yet, and so no matching attributes. Save one first.`,
    );
  }
  await getVersion(ground, app.id, app.name, version);
  const id = clock.uuid();
  const now = clock.now();
  await inTransaction(pool, async (db) => {
    if (await hasOpenReport(db, app.id)) {
      throw new Refusal('conflict', `A report of ${app.name} is being made. Wait for it, or cancel it.`);
    }
    const { connector, baseUrl } = app;
    await insertReport(db, {
      ...{ id, appId: app.id, version, connector, baseUrl },
      ...{ createdAt: now, createdBy: actor.name, note: note ?? null },
    });
    await deleteOldReports(db, app.id, KEEP);
    await writeAudit(db, now, actor, [
      {
        action: 'matching.begun',
        entityKind: 'app',
        entityId: app.name,
        appId: app.id,
        after: { report: id, version },
      },
    ]);
  });
  return id;
}

/** The report of an app with this id. */
export async function getReport(
  ground: Pick<AppGround, 'pool'>,
  app: Pick<ConnectedApp, 'id' | 'name'>,
  id: string,
): Promise<MatchingReport> {
  const report = await findReport(ground.pool, id);
  if (report && report.appId === app.id) return report;
  const fix = `GET /api/v1/apps/${app.name}/matching-reports lists them.`;
  throw new Refusal('not_found', `${app.name} has no matching report ${id}.`, [
    { field: 'path.report', problem: 'does not exist any more', fix, place: 'matching' },
  ]);
}

/** Stops a report that is being made; what was read is kept, so that it can be resumed. */
export async function cancelReport(
  { pool, clock }: Pick<AppGround, 'pool' | 'clock'>,
  report: MatchingReport,
): Promise<void> {
  if ((await cancelReportRow(pool, report.id, clock.now())) !== undefined) return;
  throw new Refusal('conflict', `The report is ${report.state}: there is nothing to cancel.`);
}

/** Goes on with a report that failed or was cancelled, from where it stood. */
export async function resumeReport({ pool }: Pick<AppGround, 'pool'>, report: MatchingReport): Promise<void> {
  if (await hasOpenReport(pool, report.appId)) {
    throw new Refusal('conflict', 'Another report of the app is being made. Wait for it, or cancel it.');
  }
  if (await resumeReportRow(pool, report.id)) return;
  throw new Refusal('conflict', `The report is ${report.state}: there is nothing to resume.`);
}
