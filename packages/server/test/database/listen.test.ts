import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { listen } from '../../src/db/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestLog } from '../support/test-log.ts';
import { until } from './embedded-folder.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrated: false });
});
after(() => db.close());

async function startListening(channels: readonly string[]) {
  const heard: Array<[string, string]> = [];
  const seen = { heard, reconnects: 0 };
  const listener = await listen({
    url: db.url,
    channels,
    log: createTestLog(),
    onNotify: (channel, payload) => {
      heard.push([channel, payload]);
      if (payload === 'throw') throw new Error('a handler that fails');
    },
    onReconnect: () => {
      seen.reconnects += 1;
    },
  });
  return Object.assign(seen, listener);
}

async function cutListeners(): Promise<number | null> {
  const cut = await db.pool.query(
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'usher listen' and datname = current_database()",
  );
  return cut.rowCount;
}

async function countListeners(): Promise<number | null> {
  const found = await db.pool.query(
    "select 1 from pg_stat_activity where application_name = 'usher listen' and datname = current_database()",
  );
  return found.rowCount;
}

test('what is notified on a channel is heard, and nothing from other channels', async () => {
  const listening = await startListening(['due', 'Odd "name"']);
  await db.pool.query(`select pg_notify('due', '7'), pg_notify('other', 'x'), pg_notify('Odd "name"', '')`);
  await until('it is heard', () => listening.heard.length >= 2);
  await listening.close();
  assert.deepEqual(listening.heard, [
    ['due', '7'],
    ['Odd "name"', ''],
  ]);
});

test('a notification of a transaction that rolls back is not heard', async () => {
  const listening = await startListening(['due']);
  await db.pool.query("begin; select pg_notify('due', 'never'); rollback");
  await db.pool.query("select pg_notify('due', 'then')");
  await until('the second is heard', () => listening.heard.length > 0);
  await listening.close();
  assert.deepEqual(listening.heard, [['due', 'then']]);
});

test('a cut connection is made again, told of, and hears again', async () => {
  const listening = await startListening(['due']);
  for (let round = 1; round <= 3; round++) {
    assert.equal(await cutListeners(), 1);
    await until('it is back', () => listening.reconnects === round);
  }
  await db.pool.query("select pg_notify('due', 'after')");
  await until('it is heard', () => listening.heard.length > 0);
  await listening.close();
  // Its backend notices a moment later that nobody is there.
  await until('nobody listens any more', async () => (await countListeners()) === 0);
});

test('a handler that throws does not end the listening', async () => {
  const listening = await startListening(['due']);
  await db.pool.query("select pg_notify('due', 'throw'), pg_notify('due', 'next')");
  await until('the next is heard', () => listening.heard.length === 2);
  await listening.close();
  assert.equal(listening.reconnects, 0);
});

test('closing ends it at once, also while it is connecting again', async () => {
  const listening = await startListening(['due']);
  await cutListeners();
  const startMs = performance.now();
  await listening.close();
  assert.ok(performance.now() - startMs < 2_000);
});

test('a database that cannot be reached at the start is an error', async () => {
  const options = { channels: ['due'], log: createTestLog(), onNotify: () => {}, onReconnect: () => {} };
  await assert.rejects(listen({ ...options, url: 'postgres://x@127.0.0.1:1/x' }), /ECONNREFUSED/);
});
