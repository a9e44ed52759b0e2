import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startCuttingProxy } from './cutting-proxy.ts';
import { pause, until, World } from './world.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** The whole server, as `npm start` runs it. */
async function startUsher(t: TestContext, databaseUrl: string): Promise<ChildProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'usher-shutdown-'));
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    cwd: dataDir,
    env: {
      ...{ DATABASE_URL: databaseUrl, USHER_DATA_DIR: dataDir, USHER_PORT: '0', USHER_REPLICA: 'usher' },
      ...{ USHER_ALLOW_HTTP_TARGETS: 'true', USHER_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8' },
    },
  });
  t.after(() => {
    child.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });
  const late = AbortSignal.timeout(40_000);
  await Promise.race([once(child, 'message', { signal: late }), once(child, 'exit', { signal: late })]);
  assert.equal(child.exitCode, null, 'it did not start');
  return child;
}

/** Gives how long the end took. */
async function end(child: ChildProcess, signals: number): Promise<number> {
  const ended = once(child, 'exit', { signal: AbortSignal.timeout(40_000) });
  const startMs = performance.now();
  for (let signal = 1; signal <= signals; signal += 1) {
    if (signal > 1) await pause(300);
    child.kill('SIGTERM');
  }
  await ended;
  return performance.now() - startMs;
}

/** Users whose calls take longer than a moment: the first of them are under way when this returns. */
async function openAtWork(): Promise<World> {
  return await World.open({
    rules: [{ id: 'slow', effect: { kind: 'delay', ms: 700 }, minFires: 1, maxFires: 100_000 }],
  });
}

async function untilAtWork(world: World): Promise<void> {
  await world.addUsers(60);
  await until('calls are under way', () => world.target.accounts().size > 8);
}

async function assertAnotherFinishes(world: World): Promise<void> {
  world.schedule([]);
  await world.start();
  await world.check();
}

describe('the end of a server', { concurrency: 2 }, () => {
  test('on SIGTERM what is under way is finished and recorded, and the lease handed over', {
    timeout: 120_000,
  }, async (t) => {
    await using world = await openAtWork();
    const usher = await startUsher(t, world.records.url);
    await untilAtWork(world);
    const tookMs = await end(usher, 1);
    assert.equal(usher.exitCode, 0);
    assert.ok(tookMs < 8_000, `${tookMs} ms`);
    assert.equal(await world.openIntents(), 0, 'nothing is left in doubt');
    assert.equal(await world.count('select 1 from pump_lease where expires_at > clock_timestamp()'), 0);
    const linked = await world.count('select 1 from account_link where remote_id is not null');
    assert.equal(linked, world.target.accounts().size - 1, 'all but the stranger');
    assert.ok(linked < 60, 'it did not work on to the end');
    await assertAnotherFinishes(world);
  });

  test('a second SIGTERM ends it at once, and nothing is lost', { timeout: 120_000 }, async (t) => {
    await using world = await openAtWork();
    const usher = await startUsher(t, world.records.url);
    await untilAtWork(world);
    const tookMs = await end(usher, 2);
    assert.ok(tookMs < 2_000, `${tookMs} ms`);
    await assertAnotherFinishes(world);
  });

  for (const [name, fault] of [
    ['does not answer', 'freeze'],
    ['is gone', 'close'],
  ] as const) {
    test(`while the database ${name}, it ends within bounded time`, { timeout: 150_000 }, async (t) => {
      await using world = await openAtWork();
      const proxy = await startCuttingProxy(world.records.url);
      const usher = await startUsher(t, proxy.url);
      await untilAtWork(world);
      await proxy[fault]();
      const tookMs = await end(usher, 1);
      assert.ok(tookMs < 20_000, `${tookMs} ms`);
      if (fault === 'freeze') await proxy.close();
      await assertAnotherFinishes(world);
    });
  }
});
