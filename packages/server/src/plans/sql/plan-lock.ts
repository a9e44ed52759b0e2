import type { PoolClient } from '../../db/index.ts';

// "ushr" and a number that no other use of advisory locks in this database has.
const LOCK_CLASS = 1_970_497_651;

/** Takes a plan for this connection until it ends or lets go; false when another one works on it. */
export async function tryLockPlan(client: PoolClient, planId: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as taken', [
    LOCK_CLASS,
    planId,
  ]);
  return rows[0]?.taken ?? false;
}

export async function unlockPlan(client: PoolClient, planId: string): Promise<void> {
  await client.query('select pg_advisory_unlock($1, hashtext($2))', [LOCK_CLASS, planId]);
}
