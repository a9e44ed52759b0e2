import { type Held, holdWave } from './hold-wave.ts';
import { openRequest } from './open-request.ts';
import type { Item } from './plan-claimed.ts';
import { type PumpFrame, signatureOf } from './pump-frame.ts';
import { STALE_HOLD } from './sql/write-intents.ts';
import { writeHolds } from './sql/write-outcomes.ts';
import { writeOnce } from './write-once.ts';

/** The third stage: holds those among these that the guards do not let pass; gives those that may go. */
export async function guardItems(frame: PumpFrame, items: readonly Item[], now: Date): Promise<readonly Item[]> {
  const { ground, runtime, hand } = frame;
  const { pool, clock, log } = ground;
  const held = await holdWave(pool, runtime, items, now, (item) => openRequest(item, now, () => clock.uuid()));
  if (!held) return items;
  const stopped = new Set(held.outcomes.map((outcome) => outcome.userId));
  // What was planned anew while the guard asked the database is guarded again in its turn.
  const taken = hand.takeFromLanes(items.filter((item) => stopped.has(item.due.userId)));
  const { outcomes, ...changes } = onlyOf(taken, held);
  const pump = { ...signatureOf(frame), now };
  await writeOnce(frame, pump, outcomes, (told) => writeHolds(pool, pump, told, { ...changes, note: STALE_HOLD }));
  hand.settle(outcomes.map(({ userId }) => userId));
  const guards = [...new Set(changes.holds.map(({ guard }) => guard))];
  log.warn({ app: runtime.app.name, held: outcomes.length, guards }, 'Held changes that a guard does not let pass');
  return items.filter((item) => !stopped.has(item.due.userId));
}

function onlyOf(taken: readonly Item[], { outcomes, holds }: Held): Held {
  const users = new Set(taken.map(({ due }) => due.userId));
  const isOne = ({ userId }: { userId: string }) => users.has(userId);
  // One that a person released for another guard, or of a change that is no longer planned, makes room for this one.
  const closedHoldIds = taken.flatMap(({ staleHoldId, releasedHoldId }) => staleHoldId ?? releasedHoldId ?? []);
  return { outcomes: outcomes.filter(isOne), holds: holds.filter(isOne), closedHoldIds };
}
