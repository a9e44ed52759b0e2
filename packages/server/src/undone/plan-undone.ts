import type { AppRuntime } from '../apps/index.ts';
import type { Queryable } from '../db/pool.ts';
import type { Change, Plan } from '../planning/index.ts';
import { chooseServing, loadingNeeds, loadLinks, planLoaded, planningContextOf } from '../provisioning/index.ts';

const ALL_ON = { create: true, update: true, deactivate: true, reactivate: true };

/** What would be sent for these users if every trigger were on: planned as the pump plans, from the present state. */
export async function planUndone(
  db: Queryable,
  runtime: AppRuntime,
  userIds: string[],
  now: Date,
): Promise<Map<string, Change>> {
  const changes = new Map<string, Change>();
  if (userIds.length === 0) return changes;
  const links = await loadLinks(db, { appId: runtime.app.id, userIds, now, ...loadingNeeds(runtime) });
  for (const link of links) {
    const { runtime: served, waits } = chooseServing(runtime, link);
    const context = planningContextOf(runtime, served, now);
    const app = { ...context.app, triggers: ALL_ON };
    const plan: Plan = planLoaded({ ...context, app, waits }, link);
    if (plan.kind === 'change') changes.set(link.userId, plan.change);
  }
  return changes;
}
