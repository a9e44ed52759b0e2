import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { LeaseLostError } from '../../src/provisioning/lease-lost-error.ts';
import { acquireLease, inheritIntents, type Lease, releaseLease } from '../../src/provisioning/sql/lease.ts';
import { writeIntents } from '../../src/provisioning/sql/write-intents.ts';
import { pause, World } from './world.ts';

describe('what a pump takes over from the one before', () => {
  let world: World;
  let users: string[];
  const now = new Date('2026-03-01T12:00:00Z');
  const later = (ms: number) => new Date(now.getTime() + ms);
  const callLimitMs = 60_000;

  beforeEach(async () => {
    world = await World.open();
    users = await world.addUsers(2);
  });
  afterEach(() => world.close());

  async function take(): Promise<Lease> {
    const lease = await acquireLease(world.records.pool, world.appId, 'somebody', 5_000);
    assert.ok(lease);
    return lease;
  }

  async function intend(lease: Lease): Promise<boolean> {
    const pump = { appId: lease.appId, epoch: lease.epoch, now };
    const intents = users.map((userId, index) => ({
      ...{
        requestId: `00000000-0000-7000-8000-00000000000${index}`,
        createdAt: now,
        userId,
        cause: 'directory change',
      },
      ...{ operation: 'create' as const, version: 1, attempt: 1, budgets: [], released: false, releasedHoldId: null },
      ...{ staleHoldId: null, parent: null },
    }));
    try {
      await writeIntents(world.records.pool, pump, intents, []);
      return true;
    } catch (error) {
      if (error instanceof LeaseLostError) return false;
      throw error;
    }
  }

  async function inherit(lease: Lease, at: Date): Promise<number[]> {
    const waits = await inheritIntents(world.records.pool, lease, { now: at, callLimitMs });
    return users.flatMap((user) => waits.get(user) ?? []);
  }

  async function takeOver(lease: Lease): Promise<Lease> {
    await releaseLease(world.records.pool, lease);
    return await take();
  }

  test('however old the intent, its call may have begun a moment ago', async () => {
    const first = await take();
    assert.ok(await intend(first));
    const second = await takeOver(first);
    assert.deepEqual(await inherit(second, later(600_000)), [callLimitMs, callLimitMs]);
  });

  test('of pumps that died one after the other with the same links, the last one’s intents count', async () => {
    const first = await take();
    assert.ok(await intend(first));
    const second = await takeOver(first);
    await inherit(second, later(1_000));
    assert.ok(await intend(second));
    const third = await takeOver(second);
    assert.deepEqual(await inherit(third, later(40_000)), [callLimitMs, callLimitMs]);
    assert.equal(await world.count('select 1 from link_schedule where read_first'), 2);
  });

  test('one takeover after the other does not put it off', async () => {
    const first = await take();
    assert.ok(await intend(first));
    const second = await takeOver(first);
    await inherit(second, later(1_000));
    const third = await takeOver(second);
    assert.deepEqual(await inherit(third, later(31_000)), [30_000, 30_000]);
    assert.deepEqual(await inherit(await takeOver(third), later(90_000)), [0, 0]);
  });

  test('a wall clock that was set back puts it off no further than one call', async () => {
    const first = await take();
    assert.ok(await intend(first));
    const second = await takeOver(first);
    await inherit(second, now);
    assert.deepEqual(await inherit(await takeOver(second), later(-86_400_000)), [callLimitMs, callLimitMs]);
  });

  test('one that repeats a number that the log has already, as after a 429, is taken over as well', async () => {
    const first = await take();
    const tell = () =>
      world.records.pool.query(
        `insert into provisioning_log (at, app_id, user_id, request_id, attempt, operation, outcome, message)
       values ($1, $2, $3, '00000000-0000-7000-8000-000000000000', 1, 'create', 'app stopped', 'Too many requests')`,
        [later(86_400_000), world.appId, users[0]],
      );
    await tell();
    assert.ok(await intend(first));
    const third = await takeOver(first);
    assert.deepEqual(await inherit(third, now), [callLimitMs, callLimitMs]);
    await tell();
    assert.deepEqual((await inherit(await takeOver(third), now)).length, 1, 'an outcome that came after it ends it');
  });

  test('one that lost the lease again before it looked takes nothing over', async () => {
    const first = await take();
    const second = await takeOver(first);
    assert.ok(await intend(second));
    assert.deepEqual(await inherit(first, now), []);
    assert.equal(await world.count('select 1 from link_schedule where read_first'), 0);
    assert.equal(await intend(first), false, 'nor does it write an intent');
  });

  test('a lease is nobody else’s before it has run out', async () => {
    const { pool } = world.records;
    const held = await acquireLease(pool, world.appId, 'a', 300);
    assert.equal(await acquireLease(pool, world.appId, 'b', 300), undefined);
    await pause(350);
    assert.equal((await acquireLease(pool, world.appId, 'b', 300))?.epoch, (held?.epoch ?? 0) + 1);
  });
});
