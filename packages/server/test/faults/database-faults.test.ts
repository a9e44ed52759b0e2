import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { seededRandom } from '@usher/scim/testing';
import pg from 'pg';
import { startCuttingProxy } from './cutting-proxy.ts';
import { addUsers, changeUsers, churn } from './directory-load.ts';
import { openOwnServer } from './own-server.ts';
import { pause, type Replica, until, World } from './world.ts';

/** Lets the replica change the directory over its own way to the database. */
async function churnFor(
  replica: Replica,
  ms: number,
  meanwhile: () => Promise<void> = async () => {},
): Promise<number> {
  const before = replica.news.length;
  replica.order({ churn: { seed: 11 } });
  await Promise.all([pause(ms), meanwhile()]);
  replica.order({ stopChurn: true });
  const told = () => replica.news.slice(before).find((news) => 'churned' in news);
  await until('the load has ended', () => told() !== undefined, 60_000);
  const news = told();
  return news && 'churned' in news ? news.churned : 0;
}

async function assertGoesOn(world: World): Promise<void> {
  await world.addUsers(3, `after-${world.target.exchanges().length}`);
  await world.check();
}

/** An absence that is shorter than a lease is borne: no call is cut off, no pump begins anew. */
function assertBorne({ log }: Replica, lastedMs: number): void {
  const restarts = log.filter(({ msg }) => String(msg).includes('starts over'));
  if (lastedMs < 8_000) assert.deepEqual(restarts, []);
}

describe('a database that fails under load', { concurrency: 3 }, () => {
  test('killed and started again every few seconds', { timeout: 180_000 }, async () => {
    await using world = await World.open({ records: await openOwnServer() });
    const server = world.records as Awaited<ReturnType<typeof openOwnServer>>;
    const replica = await world.start();
    await world.addUsers(20);
    const changes = await churnFor(replica, 20_000, async () => {
      for (let kill = 0; kill < 5; kill += 1) {
        await pause(2_000 + 500 * kill);
        await server.signal('SIGQUIT');
      }
    });
    assert.ok(changes > 20, `${changes} changes`);
    await assertGoesOn(world);
  });

  test('its answer cut off after each statement was carried out', { timeout: 180_000 }, async () => {
    await using world = await World.open();
    const proxy = await startCuttingProxy(world.records.url);
    try {
      const replica = await world.start({ url: proxy.url });
      await world.addUsers(20);
      await world.quiet();
      await churnFor(replica, 0, async () => {
        const statements = ['write-intents', 'write-outcomes', 'claim-links', 'load-links', 'lease-renew', 'commit\0'];
        for (const text of [...statements, 'write-intents', 'write-outcomes']) {
          proxy.cutAfter(text, 2);
          await until(`"${text}" is cut`, () => proxy.cuts > 0);
        }
      });
      proxy.cutAfter('settle-links', 1);
      await assertGoesOn(world);
      assert.equal(proxy.cuts, 1);
    } finally {
      await proxy.close();
    }
  });

  test('cut off while a call is being made: that is not the connector’s failure', { timeout: 120_000 }, async () => {
    await using world = await World.open();
    const proxy = await startCuttingProxy(world.records.url);
    try {
      const replica = await world.start({ url: proxy.url });
      const ids = await world.addUsers(8);
      await world.quiet();
      proxy.cutAfter('link-revision-current', 3);
      await changeUsers(world.records.pool, ids.slice(0, 3), 'is_active = false');
      await world.check();
      assert.equal(proxy.cuts, 3);
      assert.deepEqual(
        replica.messages().filter((message) => /connector failed|starts over/.test(message)),
        [],
      );
    } finally {
      await proxy.close();
    }
  });

  test('gone without a word: what was asked is never answered', { timeout: 180_000 }, async () => {
    await using world = await World.open();
    const proxy = await startCuttingProxy(world.records.url);
    try {
      await world.start({ url: proxy.url });
      await world.addUsers(20);
      await world.quiet();
      const stop = new AbortController();
      const churning = churn(world.records.pool, seededRandom(5), stop.signal, 50);
      await pause(300);
      proxy.freeze();
      // Another way to the same database is not cut off, and takes over.
      const other = await world.start();
      const takes = () =>
        world.target.exchanges().some((each) => String(each.headers['user-agent']).includes(other.name));
      assert.ok((await until('the other one sends', takes, 60_000)) < 25_000);
      stop.abort();
      await churning;
      proxy.thaw();
      await assertGoesOn(world);
    } finally {
      await proxy.close();
    }
  });

  test('gone without a word for the only replica, which goes on when it is back', { timeout: 180_000 }, async () => {
    await using world = await World.open();
    const proxy = await startCuttingProxy(world.records.url);
    try {
      const replica = await world.start({ url: proxy.url });
      await world.addUsers(5);
      await world.quiet();
      proxy.freeze();
      await world.addUsers(5, 'meanwhile');
      await pause(300);
      // New connections work; those that hang go on hanging.
      proxy.thawNew();
      await until('it goes on', async () => (await world.due()) === 0, 90_000);
      assert.equal(replica.ended, false);
      await assertGoesOn(world);
    } finally {
      await proxy.close();
    }
  });

  test('read-only for a while, as after a failover', { timeout: 120_000 }, async () => {
    await using world = await World.open({ records: await openOwnServer() });
    const server = world.records as Awaited<ReturnType<typeof openOwnServer>>;
    const replica = await world.start();
    let lastedMs = 0;
    await world.addUsers(20);
    await churnFor(replica, 6_000, async () => {
      await pause(1_000);
      const startMs = performance.now();
      await server.asSuperuser('alter system set default_transaction_read_only = on');
      await server.asSuperuser('select pg_reload_conf()');
      await pause(3_000);
      await server.asSuperuser('alter system reset default_transaction_read_only');
      await server.asSuperuser('select pg_reload_conf()');
      lastedMs = performance.now() - startMs;
    });
    await assertGoesOn(world);
    assertBorne(replica, lastedMs);
  });

  test('all its connections taken by others for a while', { timeout: 120_000 }, async () => {
    await using world = await World.open({ records: await openOwnServer({ settings: { max_connections: '24' } }) });
    const server = world.records as Awaited<ReturnType<typeof openOwnServer>>;
    const replica = await world.start();
    let lastedMs = 0;
    await world.addUsers(20);
    const hogs: pg.Client[] = [];
    const hog = async () => {
      for (;;) {
        const client = new pg.Client({ connectionString: server.url });
        client.on('error', () => {});
        const full = await client.connect().then(
          () => false,
          () => true,
        );
        if (full) return;
        hogs.push(client);
      }
    };
    await churnFor(replica, 6_000, async () => {
      await pause(1_000);
      const startMs = performance.now();
      await hog();
      await server.asSuperuser(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'usher replica%'`,
      );
      await hog();
      await pause(3_000);
      await Promise.all(hogs.map((client) => client.end()));
      lastedMs = performance.now() - startMs;
    });
    assert.ok(hogs.length > 10);
    await assertGoesOn(world);
    assertBorne(replica, lastedMs);
  });

  const isRoot = process.getuid?.() === 0 && process.platform === 'linux';
  test('its disk full for a while', {
    timeout: 150_000,
    skip: isRoot ? false : 'only root may mount a small file system on Linux',
  }, async () => {
    await using world = await World.open({ records: await openOwnServer({ diskMb: 190 }) });
    const server = world.records as Awaited<ReturnType<typeof openOwnServer>>;
    const replica = await world.start();
    await world.addUsers(20);
    await world.quiet();
    const ballast = join(server.folder, 'ballast');
    await churnFor(replica, 7_000, async () => {
      await pause(500);
      try {
        for (;;) writeFileSync(ballast, Buffer.alloc(256 * 1024), { flag: 'a' });
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
      }
      const names = Array.from({ length: 400 }, (_, n) => `${'n'.repeat(60)}${n}@example.com`);
      const failures: unknown[] = [];
      for (let round = 0; round < 12 && failures.length === 0; round += 1) {
        await addUsers(
          server.pool,
          names.map((name) => `${round}${name}`),
        ).catch((error: unknown) => failures.push(error));
      }
      assert.equal(failures.length, 1, 'the disk was full for the database');
      await pause(3_000);
      rmSync(ballast);
    });
    await assertGoesOn(world);
  });
});

describe('a wall clock that jumps', { concurrency: 3 }, () => {
  const DAY_MS = 86_400_000;

  for (const [name, jumpMs] of [
    ['forward by a day', DAY_MS],
    ['back by a day', -DAY_MS],
  ] as const) {
    test(`${name} under load, and is set right again`, { timeout: 120_000 }, async () => {
      await using world = await World.open();
      const replica = await world.start();
      await world.addUsers(20);
      await churnFor(replica, 1_000);
      replica.order({ jumpMs });
      await churnFor(replica, 2_500);
      replica.order({ jumpMs: -jumpMs });
      await churnFor(replica, 1_500);
      await assertGoesOn(world);
    });
  }

  test('what waits for a retry when the clock is set back does not wait for a day', { timeout: 120_000 }, async () => {
    await using world = await World.open();
    const replica = await world.start();
    replica.order({ jumpMs: DAY_MS });
    const status = { kind: 'status', status: 500 } as const;
    world.schedule([{ id: 'fails', match: { method: 'POST' }, effect: status, maxFires: 3 }]);
    await world.addUsers(3);
    await until('they failed', () => (world.target.fired()['fails'] ?? 0) === 3);
    replica.order({ jumpMs: -DAY_MS });
    await world.quiet(30_000);
    await world.check();
  });

  test('nor what was marked by a clock that is right again when the next one starts', {
    timeout: 120_000,
  }, async () => {
    await using world = await World.open();
    await addUsers(world.records.pool, ['early@example.com'], new Date(Date.now() + DAY_MS));
    await world.start();
    await world.quiet(20_000);
    await world.check();
  });

  test('a target’s request to wait ends although the clock was set back', { timeout: 120_000 }, async () => {
    await using world = await World.open();
    const replica = await world.start();
    replica.order({ jumpMs: DAY_MS });
    const status = { kind: 'status', status: 429, retryAfter: 1 } as const;
    world.schedule([{ id: 'slower', match: { method: 'POST' }, effect: status, maxFires: 1 }]);
    await world.addUsers(3);
    await until('it was asked to wait', () => (world.target.fired()['slower'] ?? 0) === 1);
    await pause(200);
    replica.order({ jumpMs: -DAY_MS });
    await world.quiet(30_000);
    await world.check();
  });
});
