import { type AppCommand, type AppGround, applyPlannedVersion, findAppById } from '../apps/index.ts';
import { inTransaction } from '../db/index.ts';
import { markUsersOfApp } from '../marking/index.ts';
import { loadLinks, planLoaded } from '../provisioning/index.ts';
import { Refusal } from '../refusal.ts';
import { hashPlan } from './plan-people.ts';
import type { PopulationPlan } from './population-plan.ts';
import { compilePlan, type PlanGround } from './run-plan.ts';
import { leaveOut, listPlannedHashes } from './sql/plan-changes.ts';
import { advanceApply, beginApply, finishPlan } from './sql/plans.ts';

const BATCH = 1000;

/**
 * Begins to apply just what a plan shows: puts its configuration in force, and marks nobody yet. Refused when the app's
 * configuration or target is no longer the one that it was planned for. Gives the version in force.
 */
export async function beginApplying(
  ground: AppGround,
  command: AppCommand,
  plan: PopulationPlan,
  note: string | null,
): Promise<number> {
  if (plan.state !== 'ready') {
    const fix =
      plan.state === 'applied' ? 'Plan again: the users have moved on.' : 'Wait until it is ready, or plan again.';
    throw new Refusal('conflict', `The plan is ${plan.state}. ${fix}`);
  }
  const planned = { ...plan, note: plan.note ?? note, reason: note || null };
  return applyPlannedVersion(ground, command, planned, async (db, version, now) => {
    if (await beginApply(db, plan.id, { now, by: command.actor.name, version })) return;
    throw new Refusal('conflict', 'The plan is being applied by somebody else.');
  });
}

/** Marks the users of the plan whose present plan is still the same; the others are left out, and listed so. */
export async function runApply(ground: PlanGround, plan: PopulationPlan, signal: AbortSignal): Promise<void> {
  const { pool, clock } = ground;
  let at = plan.atUser;
  for (;;) {
    if (signal.aborted) return;
    const planned = await listPlannedHashes(pool, plan.id, at, BATCH);
    const last = planned.at(-1);
    if (!last) break;
    const app = await findAppById(pool, plan.appId);
    if (!app) return;
    if (app.activeVersion !== plan.appliedVersion) {
      const problem = `Version ${app.activeVersion} was put in force while the plan was applied: the rest was left alone. Plan again.`;
      return await finishPlan(pool, plan.id, { state: 'failed', now: clock.now(), problem });
    }
    const now = clock.now();
    const { people, needs } = await compilePlan(ground, app, { ...plan, plannedAt: now });
    const userIds = planned.map(({ userId }) => userId);
    const links = await loadLinks(pool, { appId: app.id, userIds, now, needs });
    const present = new Map(links.map((link) => [link.userId, { link, plan: planLoaded(people.planned, link) }]));
    const same: string[] = [];
    const left: { userId: string; why: string }[] = [];
    for (const { userId, hash } of planned) {
      const found = present.get(userId);
      if (found && hashPlan(found.plan, found.link) === hash) same.push(userId);
      else left.push({ userId, why: found ? describe(found.plan) : 'The user is gone' });
    }
    at = last.userId;
    const step = { atUser: at, marked: same.length, leftOut: left.length };
    const went = await inTransaction(
      pool,
      async (db) => {
        if (!(await advanceApply(db, plan.id, step))) return false;
        await leaveOut(db, plan.id, left);
        if (same.length > 0) await markUsersOfApp(db, now, app.id, same);
        return true;
      },
      { attempts: 5 },
    );
    if (!went) return;
  }
  await finishPlan(pool, plan.id, { state: 'applied', now: clock.now() });
}

/** What the user's plan is by now, for the list of those who were left out. */
function describe(plan: ReturnType<typeof planLoaded>): string {
  const changed = 'Changed since the plan';
  switch (plan.kind) {
    case 'change':
      return `${changed}: now ${plan.change.operation} of ${plan.change.changes.map(({ path }) => path).join(', ')}`;
    case 'settled':
      return `${changed}: the account is as desired`;
    case 'waiting':
    case 'parked':
      return `${changed}: ${plan.reason.message}`;
    case 'unlink':
    case 'correlate':
      return `${changed}: ${plan.cause}`;
  }
}
