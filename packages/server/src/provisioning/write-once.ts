import { isUniqueViolation } from '../db/sqlstate.ts';
import { concludeOwned } from './conclude.ts';
import type { Outcome } from './outcome.ts';
import { type PumpFrame, persist, type signatureOf } from './pump-frame.ts';
import { findOwners } from './sql/link-lookups.ts';
import { withoutToldLines, writeOutcomes } from './sql/write-outcomes.ts';

/**
 * Writes outcomes, by `write` or alone; those that may have been written before keep one line in the log each. Gives them
 * as they were written.
 */
export async function writeOnce(
  frame: PumpFrame,
  pump: ReturnType<typeof signatureOf>,
  outcomes: Outcome[],
  write: (outcomes: Outcome[]) => Promise<void> = (told) => writeOutcomes(frame.ground.pool, pump, told),
): Promise<Outcome[]> {
  const { pool } = frame.ground;
  const put = (some: Outcome[]) =>
    persist(frame, async (again) => write(again ? await withoutToldLines(pool, pump, some) : some));
  try {
    await put(outcomes);
    return outcomes;
  } catch (error) {
    if (!isAccountTaken(error)) throw error;
  }
  // An account has one link only. Who came second is parked; the others' outcomes are as good as they were.
  const written: Outcome[] = [];
  // What is given up first may then be taken.
  for (const outcome of outcomes.toSorted((a, b) => Number(takesAccount(a)) - Number(takesAccount(b)))) {
    try {
      await put([outcome]);
      written.push(outcome);
    } catch (error) {
      if (!isAccountTaken(error)) throw error;
      const owned = await asOwned(frame, outcome);
      await put([owned]);
      written.push(owned);
    }
  }
  return written;
}

function isAccountTaken(error: unknown): boolean {
  return isUniqueViolation(error, 'account_link_remote_id_key');
}

function takesAccount({ linkBefore }: Outcome): boolean {
  return linkBefore !== undefined;
}

async function asOwned({ ground, lease }: PumpFrame, outcome: Outcome): Promise<Outcome> {
  const remoteId = outcome.link?.remoteId ?? '';
  const owners = await findOwners(ground.pool, lease.appId, outcome.userId, [remoteId]);
  return concludeOwned(outcome, remoteId, owners.get(remoteId));
}
