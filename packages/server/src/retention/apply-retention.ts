import type { PoolClient } from '../db/index.ts';
import { dropPartition, listMonthlyPartitions } from '../db/partitions.ts';
import type { Ground } from '../ground.ts';
import { loadRetention, type RetentionSettings } from './retention-settings.ts';
import {
  type Batch,
  deleteClosedHolds,
  deleteLedgers,
  deleteLog,
  deleteReach,
  deleteRequests,
  deleteSettledIntents,
  emptyBodies,
  listNeededRequests,
  loadStored,
  saveStored,
} from './sql/retention-rows.ts';

/** What a run took away. */
export interface RetentionResult {
  droppedPartitions: string[];
  /** In use all the time; tried again at the next run. */
  busyPartitions: string[];
  requests: number;
  logLines: number;
  bodies: number;
  ledgerRows: number;
  holds: number;
}

interface RetentionState {
  lastRunAt?: string;
  /** Bodies of log lines before this time are gone already. */
  bodiesUpTo?: string;
}

const DAY_MS = 86_400_000;
const STATE = 'retention_state';
/** Any number that nothing else of ours locks by. */
const RUN_LOCK = 7_301_203;
const BATCH = 2_000;
const LONGEST_WINDOW_MS = 31 * DAY_MS;
/** Between two batches others have their turn. */
const PAUSE_MS = 10;
/** Moving more rows than these would lock the table for longer than a moment. */
const MOST_MOVED = 5_000;
const FIRST_LOG_ID = '-1';
const FIRST_REQUEST_ID = '00000000-0000-0000-0000-000000000000';

/** Applies the retention once a day, in one replica of the fleet. Undefined: it was not its turn. */
export async function applyRetentionDaily(ground: Ground, signal?: AbortSignal): Promise<RetentionResult | undefined> {
  const isDue = async () => {
    const { lastRunAt } = await loadState(ground);
    return lastRunAt === undefined || ground.clock.now().getTime() - Date.parse(lastRunAt) >= DAY_MS;
  };
  if (!(await isDue())) return undefined;
  const client = await ground.pool.connect();
  let broken = true;
  try {
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [RUN_LOCK]);
    broken = false;
    if (!rows[0]?.got) return undefined;
    try {
      return (await isDue()) ? await applyRetention(ground, signal) : undefined;
    } finally {
      broken = !(await unlock(client));
    }
  } finally {
    client.release(broken);
  }
}

/** A connection that cannot give the lock back must end, for the lock ends with it. */
async function unlock(client: PoolClient): Promise<boolean> {
  return await client.query('select pg_advisory_unlock($1)', [RUN_LOCK]).then(
    () => true,
    () => false,
  );
}

async function loadState(ground: Ground): Promise<RetentionState> {
  return ((await loadStored(ground.pool, STATE)) as RetentionState | undefined) ?? {};
}

/** Takes away what is older than the settings say: whole months at once, the rest in batches. */
export async function applyRetention(ground: Ground, signal?: AbortSignal): Promise<RetentionResult> {
  const { pool, clock, log } = ground;
  const startMs = clock.monotonicMs();
  const now = clock.now();
  const { days, bodyDays } = await loadRetention(pool);
  const cutoff = new Date(now.getTime() - days * DAY_MS);
  log.info({ days, bodyDays, before: cutoff }, 'Applying the retention');
  const result: RetentionResult = {
    droppedPartitions: [],
    busyPartitions: [],
    requests: 0,
    logLines: 0,
    bodies: 0,
    ledgerRows: 0,
    holds: 0,
  };
  await deleteSettledIntents(pool, cutoff);
  await dropMonths(ground, 'provisioning_log', cutoff, result, signal);
  await dropMonths(ground, 'provisioning_request', cutoff, result, signal);
  const walk = { ground, signal };
  result.logLines = await walkAll(walk, FIRST_LOG_ID, (after) => deleteLog(pool, cutoff, after, BATCH));
  result.requests = await walkAll(walk, FIRST_REQUEST_ID, (after) => deleteRequests(pool, cutoff, after, BATCH));
  result.bodies = await emptyOldBodies(ground, { days, bodyDays }, now, signal);
  // The guards look back as far as their longest window, however soon the rest is forgotten.
  const ledgerCutoff = new Date(Math.min(cutoff.getTime(), now.getTime() - LONGEST_WINDOW_MS));
  result.ledgerRows = await repeat(walk, () => deleteLedgers(pool, ledgerCutoff, BATCH));
  result.holds = await repeat(walk, () => deleteClosedHolds(pool, cutoff, BATCH));
  await repeat(walk, () => deleteReach(pool, cutoff, BATCH));
  // A run that was cut short is not the day's.
  if (!signal?.aborted) {
    const { bodiesUpTo: _, ...rest } = await loadState(ground);
    const bodiesUpTo = new Date(now.getTime() - bodyDays * DAY_MS).toISOString();
    await saveStored(pool, STATE, { ...rest, lastRunAt: now.toISOString(), bodiesUpTo }, now);
  }
  log.info({ ...result, tookMs: Math.round(clock.monotonicMs() - startMs) }, 'Applied the retention');
  return result;
}

async function dropMonths(
  ground: Ground,
  table: 'provisioning_log' | 'provisioning_request',
  cutoff: Date,
  result: RetentionResult,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const partition of await listMonthlyPartitions(ground.pool, table)) {
    if (partition.to > cutoff || signal?.aborted) continue;
    const needed =
      table === 'provisioning_request' ? await listNeededRequests(ground.pool, partition, MOST_MOVED + 1) : [];
    // So many are needed still that the others are deleted around them.
    if (needed.length > MOST_MOVED) continue;
    const dropped = await dropPartition(ground.pool, table, partition.name, { column: 'id', ids: needed });
    result[dropped ? 'droppedPartitions' : 'busyPartitions'].push(partition.name);
    ground.log.info(
      { partition: partition.name, dropped, kept: needed.length },
      dropped ? 'Dropped a month' : 'A month is in use; it is dropped at the next run',
    );
  }
}

/** From where the run before ended, so that a day's run looks at a day's lines. */
async function emptyOldBodies(
  ground: Ground,
  { days, bodyDays }: RetentionSettings,
  now: Date,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (bodyDays >= days) return 0;
  const { bodiesUpTo } = await loadState(ground);
  const from = new Date(bodiesUpTo ?? 0);
  const to = new Date(now.getTime() - bodyDays * DAY_MS);
  return await walkAll({ ground, signal }, FIRST_LOG_ID, (after) =>
    emptyBodies(ground.pool, { from, to }, after, BATCH),
  );
}

interface Walk {
  readonly ground: Ground;
  readonly signal: AbortSignal | undefined;
}

async function walkAll(walk: Walk, first: string, next: (after: string) => Promise<Batch<string>>): Promise<number> {
  let changed = 0;
  let after: string | undefined = first;
  while (after !== undefined && !walk.signal?.aborted) {
    const batch: Batch<string> = await next(after);
    changed += batch.changed;
    after = batch.seen < BATCH ? undefined : batch.last;
    if (after !== undefined) await walk.ground.clock.sleep(PAUSE_MS);
  }
  return changed;
}

async function repeat(walk: Walk, run: () => Promise<number>): Promise<number> {
  let changed = 0;
  for (;;) {
    const count = await run();
    changed += count;
    if (count < BATCH || walk.signal?.aborted) return changed;
    await walk.ground.clock.sleep(PAUSE_MS);
  }
}
