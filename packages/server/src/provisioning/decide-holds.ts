import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/pool.ts';
import type { Ground } from '../ground.ts';
import { markUsers } from '../marking/index.ts';
import { Refusal } from '../refusal.ts';
import { decideHolds, findHold, type HoldView, listOpenHoldIds } from './sql/holds.ts';

export interface HoldDecision {
  state: 'released' | 'rejected';
  note: string | null;
}

/** Decides one open hold. A released change is planned anew and sent only if it is still the same. */
export async function decideHold(ground: Ground, actor: Actor, id: number, decision: HoldDecision): Promise<HoldView> {
  const decided = await decideAll(ground, actor, [id], decision);
  const hold = await findHold(ground.pool, id);
  if (!hold) throw new Refusal('not_found', `There is no hold ${id}`);
  if (decided === 0) {
    const by = hold.decidedBy ? ` by ${hold.decidedBy}` : '';
    throw new Refusal('conflict', `Hold ${id} is ${hold.state}${by} already: only an open hold can be decided`);
  }
  return hold;
}

/** Decides every open hold of an app, or those of one guard. Gives how many. */
export async function decideHoldsOfApp(
  ground: Ground,
  actor: Actor,
  appId: number,
  guard: string | undefined,
  decision: HoldDecision,
): Promise<number> {
  const ids = await listOpenHoldIds(ground.pool, appId, guard);
  return decideAll(ground, actor, ids, decision);
}

function decideAll(ground: Ground, actor: Actor, ids: number[], decision: HoldDecision): Promise<number> {
  const now = ground.clock.now();
  return inTransaction(ground.pool, async (db) => {
    const decided = await decideHolds(db, ids, { ...decision, now, by: actor.name });
    const entries = decided.map(({ id, appId, userId, guard }) => ({
      action: `hold.${decision.state}`,
      entityKind: 'hold',
      entityId: String(id),
      appId,
      userId,
      before: { state: 'open', guard },
      after: { state: decision.state },
      reason: decision.note ?? undefined,
    }));
    await writeAudit(db, now, actor, entries);
    await markUsers(db, now, [...new Set(decided.map(({ userId }) => userId))]);
    return decided.length;
  });
}
