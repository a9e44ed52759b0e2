import type { Outcome } from './outcome.ts';
import { type PumpFrame, persist, type signatureOf } from './pump-frame.ts';
import { withoutToldLines, writeOutcomes } from './sql/write-outcomes.ts';

/** Writes outcomes, by `write` or alone; those that may have been written before keep one line in the log each. */
export async function writeOnce(
  frame: PumpFrame,
  pump: ReturnType<typeof signatureOf>,
  outcomes: Outcome[],
  write: (outcomes: Outcome[]) => Promise<void> = (told) => writeOutcomes(frame.ground.pool, pump, told),
): Promise<void> {
  const { pool } = frame.ground;
  await persist(frame, async (again) => write(again ? await withoutToldLines(pool, pump, outcomes) : outcomes));
}
