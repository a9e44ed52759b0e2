import { type PoolClient, type Queryable, statement } from '../../db/index.ts';

// "ushr" and a number that no other use of advisory locks in this database has.
const WATCH_LOCK = 7_301_219;

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

/** Takes the watch for this connection; false when another replica has it. */
export async function tryLockWatch(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [WATCH_LOCK]);
  return rows[0]?.got ?? false;
}

export async function unlockWatch(client: PoolClient): Promise<void> {
  await client.query('select pg_advisory_unlock($1)', [WATCH_LOCK]);
}
