import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { openStore } from '../../src/db/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestLog } from '../support/test-log.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrated: false });
});
after(() => db.close());

const log = createTestLog();
function open(databaseUrl: string, waitMs = 0) {
  return openStore(
    { databaseUrl, databasePoolSize: 4, dataDir: '/no/such', shareDatabase: false, replica: 'r1' },
    log,
    { waitMs },
  );
}
function change(edit: (url: URL) => void): string {
  const url = new URL(db.url);
  edit(url);
  return url.href;
}

test('with DATABASE_URL that server is used, by any number of stores', async () => {
  const stores = [await open(db.url), await open(db.url)];
  for (const store of stores) {
    const { rows } = await store.pool.query("select current_setting('application_name') as name");
    assert.deepEqual([store.embedded, rows[0].name], [false, 'usher r1']);
    await store.close();
  }
});

const unusable: Array<[string, () => string, RegExp]> = [
  [
    'nobody listens',
    () => 'postgres://u:hunter2@127.0.0.1:1/d',
    /u:\[redacted\]@127\.0\.0\.1:1\/d.*ECONNREFUSED.*server runs there/,
  ],
  [
    'the database does not exist',
    () => change((url) => (url.pathname = '/nowhere')),
    /"nowhere" does not exist.*create database/,
  ],
  ['the role does not exist', () => change((url) => (url.username = 'stranger')), /stranger.*DATABASE_URL/],
];
for (const [name, url, message] of unusable) {
  test(`a database that cannot be used (${name}) is refused with what to do`, async () => {
    await assert.rejects(open(url()), (error: Error) => {
      assert.match(error.message, message);
      assert.ok(!error.message.includes('hunter2'));
      return true;
    });
  });
}

test('a database in another encoding is refused', async () => {
  const admin = new pg.Client({ connectionString: db.superuserUrl });
  await admin.connect();
  const name = `${(await admin.query('select current_database() as name')).rows[0].name}_latin`;
  await admin.query(
    `create database ${name} encoding 'SQL_ASCII' locale_provider libc locale 'C' template template0 owner usher`,
  );
  try {
    await assert.rejects(
      open(change((url) => (url.pathname = `/${name}`))),
      /encoding SQL_ASCII.*create database usher/,
    );
  } finally {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
});

test('a role that may not create tables is told so', async () => {
  const admin = new pg.Client({ connectionString: db.superuserUrl });
  await admin.connect();
  const role = `reader_${process.pid}`;
  await admin.query(`create role ${role} login`);
  try {
    await assert.rejects(open(change((url) => (url.username = role))), /may not create tables.*owner/);
  } finally {
    await admin.query(`drop role ${role}`);
    await admin.end();
  }
});
