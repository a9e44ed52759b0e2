import type { Queryable } from '../db/pool.ts';
import { forgetExpiry, saveExpiry } from './sql/expiries.ts';

/** The end of the credential in force, among everything that ends by itself. */
export async function tellExpiry(
  db: Queryable,
  appId: number,
  { deathAt, why }: { deathAt: Date | null; why: string | null },
): Promise<void> {
  if (deathAt) await saveExpiry(db, { appId, what: 'credential', expiresAt: deathAt, why: why ?? '' });
  else await forgetExpiry(db, appId, ['credential']);
}
