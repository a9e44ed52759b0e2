import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CommitOutcomeUnknownError,
  inTransaction,
  isConnectionFailure,
  isRetryable,
  isSerializationFailure,
  isUniqueViolation,
  statement,
} from '../../src/db/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrated: false });
  await db.pool.query('create table item (id int constraint item_key primary key, note text)');
});
after(() => db.close());

const columns: Array<[string, unknown]> = [
  ['5::int8', 5],
  ['-9007199254740991::int8', Number.MIN_SAFE_INTEGER],
  ['9007199254740993::int8', 9007199254740993n],
  ['count(*)', 1],
  ['1.10::numeric', '1.10'],
  ["date '2026-03-29'", '2026-03-29'],
  ["timestamptz '2026-03-29 03:00:00.123+02'", new Date('2026-03-29T01:00:00.123Z')],
  ["timestamp '2026-03-29 02:30:00'", '2026-03-29 02:30:00'],
  ["array[date '2026-01-01', null]", ['2026-01-01', null]],
  ["array[timestamp '2026-03-29 02:30:00']", ['2026-03-29 02:30:00']],
  ['array[1, null, 9007199254740993]::int8[]', [1, null, 9007199254740993n]],
  ["'{}'::int8[]", []],
  ["array['a', null, 'b,\"c']", ['a', null, 'b,"c']],
  [`'{"a":[1,null]}'::json`, { a: [1, null] }],
  [`'null'::jsonb`, null],
  ["'\\x00ff'::bytea", Buffer.from([0, 255])],
];
for (const [sql, expected] of columns.filter(([, value]) => value !== undefined)) {
  test(`a column ${sql} arrives as it should`, async () => {
    const { rows } = await db.pool.query(`select ${sql} as value`);
    assert.deepEqual(rows[0].value, expected);
  });
}

test('a transaction commits what its function did, and gives its result', async () => {
  const result = await inTransaction(db.pool, async (client) => {
    await client.query("insert into item values (1, 'kept')");
    return 'done';
  });
  assert.equal(result, 'done');
  assert.equal((await db.pool.query('select note from item where id = 1')).rows[0].note, 'kept');
});

test('a transaction whose function throws leaves nothing, and its connection is fit for the next', async () => {
  const failed = inTransaction(db.pool, async (client) => {
    await client.query('insert into item values (2, null)');
    throw new Error('no');
  });
  await assert.rejects(failed, /^Error: no$/);
  assert.equal((await db.pool.query('select from item where id = 2')).rowCount, 0);
  assert.equal(db.pool.totalCount, db.pool.idleCount);
});

test('a commit that PostgreSQL turns into a rollback is an error', async () => {
  const failed = inTransaction(db.pool, async (client) => {
    await client.query('insert into item values (3, null)');
    await client.query('select 1 / 0').catch(() => {});
  });
  await assert.rejects(failed, /rolled back at its commit/);
  assert.equal((await db.pool.query('select from item where id = 3')).rowCount, 0);
});

test('a connection that breaks at the commit makes the outcome unknown, which is not to be repeated blindly', async () => {
  const failed = inTransaction(db.pool, async (client) => {
    const { rows } = await client.query('select pg_backend_pid() as pid');
    await client.query('insert into item values (4, null)');
    await db.pool.query('select pg_terminate_backend($1, 5000)', [rows[0].pid]);
  });
  await assert.rejects(failed, (error) => error instanceof CommitOutcomeUnknownError && !isRetryable(error));
  assert.equal((await db.pool.query('select 1')).rowCount, 1);
});

test('a connection that breaks before the commit is a failure that may be tried again', async () => {
  const failed = inTransaction(db.pool, async (client) => {
    const { rows } = await client.query('select pg_backend_pid() as pid');
    await db.pool.query('select pg_terminate_backend($1, 5000)', [rows[0].pid]);
    await client.query('insert into item values (5, null)');
  });
  await assert.rejects(failed, (error) => isConnectionFailure(error) && isRetryable(error));
});

test('transactions that lose against each other are tried again when asked to', async () => {
  await db.pool.query("insert into item values (10, '0'), (11, '0')");
  let runs = 0;
  const swap = (from: number, to: number) =>
    inTransaction(
      db.pool,
      async (client) => {
        runs += 1;
        const { rows } = await client.query('select note from item where id = $1', [from]);
        await client.query('select pg_sleep(0.05)');
        await client.query('update item set note = $1 where id = $2', [`${rows[0].note}+`, to]);
      },
      { isolation: 'serializable', attempts: 5 },
    );
  await Promise.all([swap(10, 11), swap(11, 10)]);
  assert.ok(runs > 2, 'they did lose');
  const { rows } = await db.pool.query('select note from item where id in (10, 11) order by note');
  assert.deepEqual(rows, [{ note: '0+' }, { note: '0++' }]);
});

test('transactions that lose are not tried again unasked', async () => {
  let runs = 0;
  const failed = inTransaction(db.pool, async (client) => {
    runs += 1;
    await client.query("do $$ begin raise exception 'x' using errcode = '40001'; end $$");
  });
  await assert.rejects(failed, isSerializationFailure);
  assert.equal(runs, 1);
});

test('a read-only transaction writes nothing', async () => {
  const failed = inTransaction(db.pool, (client) => client.query('insert into item values (6)'), { readOnly: true });
  await assert.rejects(failed, /read-only/);
});

test('a connection to a server that has become read-only is not used again', async () => {
  let pid = 0;
  const failed = inTransaction(db.pool, async (client) => {
    pid = (await client.query('select pg_backend_pid() as pid')).rows[0].pid;
    await client.query('set transaction read only');
    await client.query('insert into item values (7)');
  });
  await assert.rejects(failed, (error) => isRetryable(error));
  await db.pool.query('select pg_sleep(0.1)');
  const { rows } = await db.pool.query('select count(*) as count from pg_stat_activity where pid = $1', [pid]);
  assert.equal(rows[0].count, 0);
});

test('a pool whose idle connections are cut goes on with new ones', async () => {
  await Promise.all([1, 2, 3].map(() => db.pool.query('select pg_sleep(0.02)')));
  const cutter = await db.pool.connect();
  await cutter.query(
    'select pg_terminate_backend(pid, 5000) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
  );
  cutter.release();
  for (let n = 0; n < 5; n++) assert.equal((await db.pool.query('select 1')).rowCount, 1);
});

test('a unique violation is known by its constraint', async () => {
  const failed = db.pool.query('insert into item values (1), (1)');
  await assert.rejects(failed, (error) => {
    assert.ok(isUniqueViolation(error));
    assert.ok(isUniqueViolation(error, 'item_key'));
    assert.ok(!isUniqueViolation(error, 'other_key'));
    return true;
  });
});

test('a statement is prepared once on a connection and gives rows, one row, or a count', async () => {
  const find = statement<{ id: number; note: string | null }>(
    'test item find',
    'select id, note from item where id = any ($1::int[]) order by id',
  );
  assert.deepEqual(await find.rows(db.pool, [[10, 11]]).then((rows) => rows.map((row) => row.id)), [10, 11]);
  assert.equal((await find.find(db.pool, [[10]]))?.id, 10);
  assert.equal(await find.find(db.pool, [[999]]), undefined);
  assert.equal(await find.run(db.pool, [[10, 11, 999]]), 2);
  await assert.rejects(find.find(db.pool, [[10, 11]]), /"test item find" gave 2 rows/);
  const prepared = await inTransaction(db.pool, async (client) => {
    await find.rows(client, [[1]]);
    await find.rows(client, [[2]]);
    return await client.query(
      "select generic_plans + custom_plans as plans from pg_prepared_statements where name = 'test item find'",
    );
  });
  assert.equal(prepared.rowCount, 1);
});

test('a statement name stands for one text, and is one that PostgreSQL keeps whole', () => {
  statement('test once', 'select 1');
  assert.doesNotThrow(() => statement('test once', 'select 1'));
  assert.throws(() => statement('test once', 'select 2'), /Two statements are called "test once"/);
  assert.throws(() => statement('x'.repeat(64), 'select 1'), /63 bytes/);
});
