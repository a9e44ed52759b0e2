import type { Queryable } from '../db/pool.ts';
import type { LifePrediction } from './health.ts';
import { forgetExpiry, saveExpiry } from './sql/expiries.ts';

/** The end of the credential in force, among everything that ends by itself. */
export async function tellExpiry(
  db: Queryable,
  appId: number,
  { deathAt, why, isPutOff }: Pick<LifePrediction, 'deathAt' | 'why' | 'isPutOff'>,
): Promise<void> {
  if (deathAt) await saveExpiry(db, { appId, what: 'credential', expiresAt: deathAt, why: why ?? '', isPutOff });
  else await forgetExpiry(db, appId, ['credential']);
}
