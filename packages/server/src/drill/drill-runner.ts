import type { AppGround } from '../apps/index.ts';
import { LockedWork } from '../db/index.ts';
import { describeFailure } from '../refusal.ts';
import { runDrill } from './run-drill.ts';
import { findDrill, finishDrill, listUnfinishedDrills } from './sql/drills.ts';

const LOOK_EVERY_MS = 5_000;
const MOST_AT_ONCE = 2;
const LOCK_CLASS = 1_970_497_653;

/** Carries out drills in this process. */
export class DrillRunner extends LockedWork {
  constructor(ground: AppGround) {
    const { pool, log, clock } = ground;
    super({
      ...{ pool, log, noun: 'drill', lockClass: LOCK_CLASS, mostAtOnce: MOST_AT_ONCE, lookEveryMs: LOOK_EVERY_MS },
      list: () => listUnfinishedDrills(pool),
      work: async (id, signal) => {
        const drill = await findDrill(pool, id);
        if (drill?.state === 'waiting' || drill?.state === 'running') await runDrill(ground, drill, signal);
      },
      fail: (id, error) =>
        finishDrill(pool, id, { state: 'failed', now: clock.now(), problem: describeFailure(error) }),
    });
  }
}
