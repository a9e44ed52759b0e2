import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { seededRandom } from '@usher/scim/testing';
import { MIGRATIONS_DIR } from '../../src/db/migrate.ts';
import { createTestDatabase } from '../support/database.ts';
import { changeUsers, churn, setTitle } from './directory-load.ts';
import { pause, Replica, until, World } from './world.ts';

const TAKEOVER_MS = 20_000;

async function holderOf(world: World): Promise<Replica> {
  const find = async () => {
    const { rows } = await world.records.pool.query<{ holder: string }>(
      'select holder from pump_lease where expires_at > clock_timestamp()',
    );
    return world.replicas.find((replica) => replica.name === rows[0]?.holder);
  };
  await until('somebody holds the lease', async () => (await find()) !== undefined);
  return (await find()) as Replica;
}

/** Requests that a replica sent to the target after that moment. */
function sentBy(world: World, { name }: Replica, sinceMs: number): string[] {
  return world.target
    .exchanges()
    .filter(({ arrivedAtMs, headers }) => arrivedAtMs > sinceMs && String(headers['user-agent']).includes(name))
    .map(({ method, url }) => `${method} ${url}`);
}

/** Changes the directory from this process until stopped. */
function startChurn(world: World, seed: number): () => Promise<number> {
  const stop = new AbortController();
  const churning = churn(world.records.pool, seededRandom(seed), stop.signal, 40);
  return async () => {
    stop.abort();
    return await churning;
  };
}

describe('replicas on one database', { concurrency: 3 }, () => {
  test('what one worked that was killed goes on at another within 20 seconds', { timeout: 150_000 }, async () => {
    await using world = await World.open();
    await Promise.all([world.start(), world.start()]);
    const ids = await world.addUsers(20);
    await world.quiet();
    const stop = startChurn(world, 3);
    const victim = await holderOf(world);
    const heir = world.replicas.find((replica) => replica !== victim) as Replica;
    await pause(500);
    const killedAtMs = Date.now();
    await victim.signal('SIGKILL');
    await changeUsers(world.records.pool, ids.slice(0, 1), 'is_active = false');
    const tookMs = await until('the other one sends', () => sentBy(world, heir, killedAtMs).length > 0, 60_000);
    await stop();
    assert.ok(tookMs < TAKEOVER_MS, `${tookMs} ms`);
    await world.check();
  });

  test('one that was stopped past its lease and continued neither sends nor writes', { timeout: 200_000 }, async () => {
    await using world = await World.open({
      rules: [{ id: 'slow', effect: { kind: 'delay', ms: 150 }, minFires: 1, maxFires: 100_000 }],
    });
    await Promise.all([world.start(), world.start()]);
    const ids = await world.addUsers(150);
    await until('it is at work', () => world.target.accounts().size > 20);
    const sleeper = await holderOf(world);
    const heir = world.replicas.find((replica) => replica !== sleeper) as Replica;
    await sleeper.signal('SIGSTOP');
    const stoppedAtMs = Date.now();
    await changeUsers(world.records.pool, ids, setTitle('Changed while it slept'));
    await until('the other one sends', () => sentBy(world, heir, stoppedAtMs).length > 20, 60_000);
    const epoch = await world.records.pool.query('select epoch from pump_lease');
    const wokenAtMs = Date.now();
    await sleeper.signal('SIGCONT');
    await until('it notices', () =>
      sleeper.messages().some((message) => /The lease is lost|starts over/.test(message)),
    );
    await pause(1_500);
    assert.deepEqual(sentBy(world, sleeper, wokenAtMs), []);
    assert.ok(sentBy(world, heir, wokenAtMs).length > 0, 'there was work to send');
    assert.deepEqual((await world.records.pool.query('select epoch from pump_lease')).rows, epoch.rows);
    assert.equal((await holderOf(world)).name, heir.name);
    world.schedule([]);
    await world.check();
  });

  test('a rolling restart under load hands over at once and loses nothing', { timeout: 200_000 }, async () => {
    await using world = await World.open();
    await Promise.all([world.start(), world.start()]);
    await world.addUsers(20);
    await world.quiet();
    const stop = startChurn(world, 5);
    for (let round = 0; round < 3; round += 1) {
      const fresh = world.start();
      const leaving = await holderOf(world);
      await fresh;
      await leaving.signal('SIGTERM', 15_000);
      assert.equal(leaving.child.exitCode, 0);
      const leftAtMs = Date.now();
      const tookMs = await until('another one sends', () =>
        world.replicas.some((replica) => replica !== leaving && sentBy(world, replica, leftAtMs).length > 0),
      );
      assert.ok(tookMs < 6_000, `${tookMs} ms`);
    }
    assert.ok((await stop()) > 20);
    await world.check();
    const aborted = world.replicas.flatMap((replica) => replica.messages()).filter((text) => /starts over/.test(text));
    assert.deepEqual(aborted, []);
  });
});

describe('replicas and the schema', { concurrency: 2 }, () => {
  const files = readdirSync(MIGRATIONS_DIR).filter((file) => file.endsWith('.sql'));

  /** The migrations of a later version of the code. */
  function writeNewer(t: TestContext, sql: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'usher-newer-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    cpSync(MIGRATIONS_DIR, folder, { recursive: true });
    writeFileSync(join(folder, `${String(files.length + 1).padStart(4, '0')}-newer.sql`), sql);
    return folder;
  }

  test('several first starts at once migrate once', { timeout: 60_000 }, async () => {
    const database = await createTestDatabase({ migrated: false });
    try {
      const starts = [1, 2, 3].map((n) => new Replica(`first-${n}`, database.url, { onlyMigrate: true }, {}));
      await Promise.all(starts.map((replica) => replica.untilEnded()));
      assert.deepEqual(
        starts.map((replica) => replica.news),
        starts.map(() => [{ ready: true }]),
      );
      const { rows } = await database.pool.query('select number from schema_migration order by 1');
      assert.equal(rows.length, files.length);
    } finally {
      await database.close();
    }
  });

  test('an old replica works on while a newer one migrates, and old ones start after it', {
    timeout: 150_000,
  }, async (t) => {
    await using world = await World.open();
    await world.start();
    await world.addUsers(10);
    await world.quiet();
    const stop = startChurn(world, 9);
    const newer = `alter table connected_app add column newer_setting text not null default 'x';
      alter table account_link add column newer_fact jsonb; create table newer_thing (id int primary key);`;
    await world.start({ migrationsDir: writeNewer(t, newer) });
    const old = await world.start();
    assert.ok(old.messages().some((message) => message.includes('migrated by a newer Usher')));
    await pause(1_000);
    await stop();
    await world.check();
  });

  test('an old replica refuses a newer schema that it would break', { timeout: 60_000 }, async (t) => {
    await using world = await World.open();
    await world.start({ migrationsDir: writeNewer(t, '-- breaking\nalter table hold rename to hold_of_change;') });
    const old = world.spawn();
    await old.untilEnded();
    assert.match(JSON.stringify(old.news), /refused.*migrated by a newer Usher.*Start the newer version/);
  });
});
