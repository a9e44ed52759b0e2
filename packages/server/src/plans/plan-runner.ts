import { LockedWork } from '../db/index.ts';
import { describeFailure } from '../refusal.ts';
import { runApply } from './apply-plan.ts';
import { type PlanGround, runPlan } from './run-plan.ts';
import { findPlan, finishPlan, listUnfinished } from './sql/plans.ts';

const LOOK_EVERY_MS = 5_000;
/** A plan reads everybody: two at once leave the database to the pumps. */
const MOST_AT_ONCE = 2;
/** "ushr" in bytes. */
const LOCK_CLASS = 1_970_497_651;

/** Works on plans in this process. */
export class PlanRunner extends LockedWork {
  constructor(ground: PlanGround) {
    const { pool, log, clock } = ground;
    super({
      ...{ pool, log, noun: 'plan', lockClass: LOCK_CLASS, mostAtOnce: MOST_AT_ONCE, lookEveryMs: LOOK_EVERY_MS },
      list: () => listUnfinished(pool),
      work: async (id, signal) => {
        const plan = await findPlan(pool, id);
        if (plan?.state === 'applying') await runApply(ground, plan, signal);
        else if (plan?.state === 'waiting' || plan?.state === 'running') await runPlan(ground, plan, signal);
      },
      fail: (id, error) => finishPlan(pool, id, { state: 'failed', now: clock.now(), problem: describeFailure(error) }),
    });
  }
}
