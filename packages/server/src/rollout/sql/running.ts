import { type Pool, type Queryable, statement } from '../../db/index.ts';

const RUNNING = statement<{ id: number; app: string; isSending: boolean }>(
  'rollouts-running',
  `select r.id, a.id::text as app, a.state = 'active' and a.quarantined_at is null as "isSending"
   from rollout r join connected_app a on a.id = r.app_id where r.state = 'running' order by r.id`,
);
const OF_APP = statement<{ id: number }>(
  'rollout-running-of-app',
  `select id from rollout where app_id = $1 and state = 'running'`,
);

/** Rollouts that move, and whether their app sends anything now. */
export function listRunning(db: Queryable): Promise<{ id: number; app: string; isSending: boolean }[]> {
  return RUNNING.rows(db);
}

export async function findRunning(db: Queryable, appId: number): Promise<number | undefined> {
  return (await OF_APP.find(db, [appId]))?.id;
}

/** What one replica does at a time. */
export type Duty = 'watch' | 'proof';

// "ushr" and a number that no other use of advisory locks in this database has.
const LOCKS: Record<Duty, number> = { watch: 7_301_219, proof: 7_301_220 };

/** Does a duty, unless another replica does now. */
export async function whileOnDuty(pool: Pool, duty: Duty, work: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  let broken: Error | boolean = true;
  try {
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [LOCKS[duty]]);
    if (rows[0]?.got) {
      await work();
      await client.query('select pg_advisory_unlock($1)', [LOCKS[duty]]);
    }
    broken = false;
  } finally {
    // A connection that still has the lock ends, and the lock with it.
    client.release(broken);
  }
}
