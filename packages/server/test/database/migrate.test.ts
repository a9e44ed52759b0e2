import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { MigrationError, migrate } from '../../src/db/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestLog } from '../support/test-log.ts';

let db: TestDatabase;
const directory = mkdtempSync(join(tmpdir(), 'usher-migrations-'));
const log = createTestLog();

/** The folder then holds these files and no others. */
function write(files: Record<string, string>): void {
  for (const name of readdirSync(directory)) rmSync(join(directory, name));
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(directory, name), sql);
}

beforeEach(async () => {
  db = await createTestDatabase({ migrated: false });
});
afterEach(() => db.close());
after(() => rmSync(directory, { recursive: true }));

const ONE = { '0001-one.sql': 'create table one (id int);' };
const TWO = { ...ONE, '0002-two.sql': 'create table two (id int);\ninsert into two values (1);' };

async function tables(): Promise<string[]> {
  const { rows } = await db.pool.query(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  );
  return rows.map((row) => row.name);
}

test('migrations are applied in their order, once, and noted', async () => {
  write(TWO);
  assert.deepEqual(await migrate(db.pool, log, { directory }), {
    applied: ['0001-one.sql', '0002-two.sql'],
    current: 2,
  });
  assert.deepEqual(await migrate(db.pool, log, { directory }), { applied: [], current: 2 });
  const { rows } = await db.pool.query(
    'select number, name, length(checksum) as length from schema_migration order by 1',
  );
  assert.deepEqual(rows, [
    { number: 1, name: 'one', length: 64 },
    { number: 2, name: 'two', length: 64 },
  ]);
});

test('replicas that start at once apply each migration once', async () => {
  write({
    '0001-one.sql': 'create table one (id int); select pg_sleep(0.2);',
    '0002-two.sql': 'create table two (id int);',
  });
  const results = await Promise.all([1, 2, 3, 4].map(() => migrate(db.pool, log, { directory })));
  assert.deepEqual(results.map((result) => result.applied.length).toSorted(), [0, 0, 0, 2]);
});

test('a migration that fails leaves nothing of itself, keeps those before it, and says where it failed', async () => {
  write({ ...ONE, '0002-bad.sql': 'create table two (id int);\n\nselect nonsense;\n' });
  await assert.rejects(
    migrate(db.pool, log, { directory }),
    /0002-bad\.sql, line 3, failed and was rolled back: .*nonsense/,
  );
  assert.deepEqual(await tables(), ['one', 'schema_migration']);
  write(TWO);
  assert.deepEqual((await migrate(db.pool, log, { directory })).applied, ['0002-two.sql']);
});

test('a migration that was edited after it was applied is refused', async () => {
  write(ONE);
  await migrate(db.pool, log, { directory });
  write({ '0001-one.sql': 'create table one (id bigint);' });
  await assert.rejects(migrate(db.pool, log, { directory }), /0001-one was changed after.*write a new migration/);
});

test('line ends are no edit', async () => {
  write({ '0001-one.sql': 'create table one (\n id int);\n' });
  await migrate(db.pool, log, { directory });
  write({ '0001-one.sql': 'create table one (\r\n id int);\r\n' });
  assert.equal((await migrate(db.pool, log, { directory })).current, 1);
});

test('older code goes on under a newer schema that allows it, and says so', async () => {
  write(TWO);
  await migrate(db.pool, log, { directory });
  write(ONE);
  const ownLog = createTestLog();
  assert.deepEqual(await migrate(db.pool, ownLog, { directory }), { applied: [], current: 2 });
  assert.deepEqual(ownLog.entries.at(-1)?.['migrations'], ['0002-two']);
});

test('older code is refused under a newer schema that breaks it, with what to do', async () => {
  write({ ...ONE, '0002-two.sql': '-- breaking\ndrop table one;' });
  await migrate(db.pool, log, { directory });
  write(ONE);
  await assert.rejects(migrate(db.pool, log, { directory }), (error) => {
    assert.ok(error instanceof MigrationError);
    assert.match(error.message, /newer Usher \(to 0002-two\).*Start the newer version, or restore a backup/);
    return true;
  });
});

test('a database whose notes have a hole is refused', async () => {
  write(TWO);
  await migrate(db.pool, log, { directory });
  await db.pool.query('delete from schema_migration where number = 1');
  await assert.rejects(migrate(db.pool, log, { directory }), /0002-two without 0001 before it/);
});

const badNames: Array<[string, RegExp]> = [
  ['0002-late.sql', /stands at place 1/],
  ['1-one.sql', /"1-one.sql" is not named NNNN-name.sql/],
  ['0001_one.sql', /not named/],
];
for (const [name, message] of badNames) {
  test(`a migration file called ${name} alone is refused`, async () => {
    write({ [name]: 'select 1;' });
    await assert.rejects(migrate(db.pool, log, { directory }), message);
    assert.deepEqual(await tables(), []);
  });
}

test('the lock of a migrating process that was killed holds nobody up', async () => {
  write(ONE);
  const client = await db.pool.connect();
  client.on('error', () => {});
  await client.query('select pg_advisory_lock(1970497650, 7170407)');
  const { rows } = await client.query('select pg_backend_pid() as pid');
  const waiting = migrate(db.pool, log, { directory });
  await db.pool.query('select pg_terminate_backend($1, 5000)', [rows[0].pid]);
  client.release(true);
  assert.equal((await waiting).current, 1);
});

test('the migrations of this version apply to an empty database', async () => {
  const result = await migrate(db.pool, log);
  assert.ok(result.current >= 1);
});
