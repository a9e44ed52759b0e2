import { type Held, holdWave } from './hold-wave.ts';
import { openRequest } from './open-request.ts';
import { type Item, takesAccess } from './plan-claimed.ts';
import { type PumpFrame, signatureOf } from './pump-frame.ts';
import { STALE_HOLD } from './sql/write-intents.ts';
import { writeHolds } from './sql/write-outcomes.ts';
import { writeOnce } from './write-once.ts';

/** The third stage: holds the deactivations among these, if they pass the threshold; gives those that may go. */
export async function guardItems(frame: PumpFrame, items: readonly Item[], now: Date): Promise<readonly Item[]> {
  const { ground, runtime, hand } = frame;
  const wave = items.filter(
    (item) => item.task.kind === 'change' && takesAccess(item.task.change, item.loaded) && !item.releasedHoldId,
  );
  if (wave.length === 0) return items;
  const { pool, clock, log } = ground;
  const held = await holdWave(pool, runtime.app, wave, now, (item) => openRequest(item, now, () => clock.uuid()));
  if (!held) return items;
  const stopped = new Set(held.outcomes.map((outcome) => outcome.userId));
  // What was planned anew while the guard asked the database is guarded again in its turn.
  const taken = hand.takeFromLanes(items.filter((item) => stopped.has(item.due.userId)));
  const { outcomes, ...changes } = onlyOf(new Set(taken.map(({ due }) => due.userId)), held);
  const pump = { ...signatureOf(frame), now };
  await writeOnce(frame, pump, outcomes, (told) => writeHolds(pool, pump, told, { ...changes, note: STALE_HOLD }));
  hand.settle(outcomes.map(({ userId }) => userId));
  log.warn({ app: runtime.app.name, held: outcomes.length }, 'Held deactivations over the threshold');
  return items.filter((item) => !stopped.has(item.due.userId));
}

function onlyOf(users: ReadonlySet<string>, { outcomes, holds, closedHoldIds }: Held): Held {
  const isOne = ({ userId }: { userId: string }) => users.has(userId);
  return { outcomes: outcomes.filter(isOne), holds: holds.filter(isOne), closedHoldIds };
}
