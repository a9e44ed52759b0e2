import type { AppGround } from '../apps/index.ts';
import { LockedWork } from '../db/index.ts';
import { describeFailure } from '../refusal.ts';
import { runResolution } from './resolve-items.ts';
import { runReport } from './run-report.ts';
import { findReport, finishReport, listUnfinishedReports } from './sql/reports.ts';
import { findResolution, finishResolution, listUnfinishedResolutions } from './sql/resolutions.ts';

const LOOK_EVERY_MS = 2_000;
const MOST_AT_ONCE = 2;
const LOCK_CLASS = 1_970_497_652;

/** Works on matching reports, and on decisions about their lines, in this process. */
export class MatchingRunner extends LockedWork {
  constructor(ground: AppGround) {
    const { pool, log, clock } = ground;
    super({
      ...{ pool, log, noun: 'matching report', lockClass: LOCK_CLASS },
      ...{ mostAtOnce: MOST_AT_ONCE, lookEveryMs: LOOK_EVERY_MS },
      list: async () => [
        ...(await listUnfinishedReports(pool, clock.now())),
        ...(await listUnfinishedResolutions(pool)),
      ],
      work: async (id, signal) => {
        const report = await findReport(pool, id);
        if (report) return runReport(ground, report, signal);
        const resolution = await findResolution(pool, id);
        const about = resolution && (await findReport(pool, resolution.reportId));
        if (resolution && about) await runResolution(ground, about, resolution, signal);
      },
      fail: async (id, error) => {
        const end = { state: 'failed', now: clock.now(), problem: describeFailure(error) } as const;
        await finishReport(pool, id, end);
        await finishResolution(pool, id, end);
      },
    });
  }
}
