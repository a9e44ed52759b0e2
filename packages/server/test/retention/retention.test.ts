import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { ensureMonthlyPartitions } from '../../src/db/partitions.ts';
import type { Ground } from '../../src/ground.ts';
import { applyRetention, applyRetentionDaily, changeRetention } from '../../src/retention/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestLog } from '../support/test-log.ts';

const NOW = new Date('2026-08-20T12:00:00Z');
const DAY_MS = 86_400_000;
const ACTOR = { kind: 'person', name: 'test' } as const;
const PARTITIONED = ['provisioning_request', 'provisioning_log'];
const USER = '00000000-0000-7000-8000-000000000001';

let database: TestDatabase;
let ground: Ground & { log: ReturnType<typeof createTestLog> };
let nowMs: number;
beforeEach(async () => {
  database = await createTestDatabase();
  nowMs = NOW.getTime();
  const clock = { ...systemClock, now: () => new Date(nowMs) };
  ground = { pool: database.pool, clock, log: createTestLog() };
  for (const month of ['2026-03-01', '2026-04-01', '2026-07-01'])
    await ensureMonthlyPartitions(database.pool, PARTITIONED, new Date(month));
});
afterEach(() => database.close());

/** So many requests, each with a line of the log, of so many days ago. */
async function addWork(daysAgo: number, count: number, state = 'Completed'): Promise<string[]> {
  const at = new Date(nowMs - daysAgo * DAY_MS);
  const { rows } = await database.pool.query<{ id: string }>(
    `with r as (
       insert into provisioning_request (id, created_at, app_id, user_id, operation, state, cause)
       select gen_random_uuid(), $1, 1, $2, 'update', $4, 'test' from generate_series(1, $3::int) returning id
     ), l as (
       insert into provisioning_log (at, app_id, user_id, request_id, attempt, operation, outcome, message, exchanges)
       select $1, 1, $2, id, 1, 'update', 'applied', 'Updated', '[{"body":"b"}]' from r
     )
     select id from r`,
    [at, USER, count, state],
  );
  return rows.map(({ id }) => id);
}

async function counts(): Promise<{ requests: number; lines: number; bodies: number }> {
  const { rows } = await database.pool.query(
    `select (select count(*)::int from provisioning_request) as requests, count(*)::int as lines, count(exchanges)::int as bodies
     from provisioning_log`,
  );
  return rows[0];
}

const partitions = async () =>
  (
    await database.pool.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits order by inhrelid::regclass::text collate "C"`,
    )
  ).rows.map(({ name }) => name);

test('whole months are dropped, the rest of a month in batches, and what is young stays', async () => {
  await addWork(130, 3); // April, wholly older than 90 days
  await addWork(95, 4_500); // May 17: its month has younger rows; more than two batches
  await addWork(85, 5); // May 27
  await addWork(1, 7);
  const result = await applyRetention(ground);
  assert.deepEqual(result.droppedPartitions, [
    'provisioning_log_2026_03',
    'provisioning_log_2026_04',
    'provisioning_request_2026_03',
    'provisioning_request_2026_04',
  ]);
  assert.deepEqual([result.requests, result.logLines], [4_500, 4_500]);
  assert.deepEqual(await counts(), { requests: 12, lines: 12, bodies: 12 });
  assert.ok(!(await partitions()).some((name) => name.includes('2026_04')));
  assert.ok((await partitions()).includes('provisioning_log_2026_05'));
});

test('a request that a link or a hold refers to is kept, wherever its month went, until it does so no more', async () => {
  const [parked = '', other = ''] = await addWork(130, 3, 'Failed');
  const [held = ''] = await addWork(95, 2, 'New');
  await database.pool.query(
    `insert into account_link (app_id, user_id, standing, request_id, request_created_at, updated_at)
     select 1, user_id, 'parked', id, created_at, now() from provisioning_request where id = $1`,
    [parked],
  );
  await database.pool.query(
    `insert into hold (app_id, user_id, guard, operation, change_hash, reason, request_id, request_created_at, opened_at)
     select 1, user_id, 'g', 'deactivate', 'h', 'r', id, created_at, created_at from provisioning_request where id = $1`,
    [held],
  );
  await applyRetention(ground);
  const left = async () =>
    (await database.pool.query<{ id: string }>('select id from provisioning_request')).rows.map(({ id }) => id).sort();
  assert.deepEqual(await left(), [parked, held].sort());
  assert.ok(!(await left()).includes(other));
  await database.pool.query('update account_link set request_id = null');
  await applyRetention(ground);
  assert.deepEqual(await left(), [held]);
});

test('bodies go sooner than the log they are in, and a later run looks only at what is new', async () => {
  await changeRetention(ground, ACTOR, { expected: [0n], settings: { days: 90, bodyDays: 7 } });
  await addWork(20, 2_500);
  await addWork(5, 3);
  assert.equal((await applyRetention(ground)).bodies, 2_500);
  assert.deepEqual(await counts(), { requests: 2_503, lines: 2_503, bodies: 3 });
  nowMs += 3 * DAY_MS;
  assert.equal((await applyRetention(ground)).bodies, 3);
});

test('closed holds and the ledger of deactivations go too; what is still decided about stays', async () => {
  for (const [state, at] of [
    ['closed', '2026-05-01'],
    ['closed', '2026-08-01'],
    ['open', '2026-05-01'],
  ])
    await database.pool.query(
      `insert into hold (app_id, user_id, guard, operation, change_hash, state, reason, opened_at)
       values (1, $1, 'g', 'deactivate', 'h', $2, 'r', $3)`,
      [USER, state, at],
    );
  await database.pool.query(
    `insert into deactivation_ledger values (1, $1, '2026-05-01'), (1, $1, '2026-08-20 11:30Z')`,
    [USER],
  );
  const result = await applyRetention(ground);
  assert.deepEqual([result.holds, result.ledgerRows], [1, 1]);
  assert.equal((await database.pool.query('select from hold')).rowCount, 2);
});

test('a month that somebody uses is not waited for, and goes at the next run', async () => {
  await addWork(130, 1);
  const reader = await database.pool.connect();
  await reader.query('begin; select 1 from provisioning_log limit 1');
  const result = await applyRetention(ground);
  await reader.query('rollback');
  reader.release();
  assert.deepEqual(result.busyPartitions, ['provisioning_log_2026_03', 'provisioning_log_2026_04']);
  assert.equal(result.logLines, 1, 'its rows are deleted all the same');
  assert.deepEqual((await applyRetention(ground)).droppedPartitions, [
    'provisioning_log_2026_03',
    'provisioning_log_2026_04',
  ]);
});

test('of several replicas one does it, once a day, and says what it did', async () => {
  await addWork(100, 1);
  const ran = (await Promise.all([1, 2, 3, 4].map(() => applyRetentionDaily(ground)))).filter(Boolean);
  assert.equal(ran.length, 1);
  assert.equal(ground.log.entries.filter(({ msg }) => msg === 'Applied the retention').length, 1);
  nowMs += DAY_MS - 1;
  assert.equal(await applyRetentionDaily(ground), undefined);
  nowMs += 1;
  assert.ok(await applyRetentionDaily(ground));
});

test('intents whose log goes do not look open afterwards; those that are open stay', async () => {
  const [done = ''] = await addWork(130, 1);
  const intent = (id: string) =>
    database.pool.query(
      `insert into open_intent (tx, app_id, epoch, written_at, deadline, request_ids, created_ats, user_ids, operations, causes,
         versions, attempts)
       values ('3', 1, 1, $1, $1, array[$2]::uuid[], array[$1]::timestamptz[], array[$3]::uuid[], '{update}', '{test}', '{1}', '{1}')`,
      [new Date(nowMs - 130 * DAY_MS), id, USER],
    );
  await intent(done);
  await intent(USER);
  await applyRetention(ground);
  const { rows } = await database.pool.query('select request_ids from open_intent');
  assert.deepEqual(rows, [{ request_ids: [USER] }]);
});

test('a run that is stopped is not the day’s', async () => {
  const stopped = new AbortController();
  stopped.abort();
  await applyRetentionDaily(ground, stopped.signal);
  assert.ok(await applyRetentionDaily(ground));
});
