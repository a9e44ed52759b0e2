import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from './manual-clock.ts';

test('time passes only when it is moved, and wakes sleepers in their order at their time', async () => {
  const clock = createManualClock(new Date('2026-01-01T00:00:00Z'));
  const woken: string[] = [];
  const sleep = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woken.push(`${name} at ${clock.now().toISOString()}`);
  };
  const all = [sleep('late', 2_000), sleep('early', 1_000), sleep('never', 5_000)];
  await clock.advance(3_000);
  assert.deepEqual(woken, ['early at 2026-01-01T00:00:01.000Z', 'late at 2026-01-01T00:00:02.000Z']);
  assert.equal(clock.sleepers, 1);
  assert.equal(clock.monotonicMs(), 3_000);
  await clock.advance(2_000);
  await Promise.all(all);
});

test('a sleep within a sleep is woken by the same move', async () => {
  const clock = createManualClock();
  let wakings = 0;
  const beating = (async () => {
    for (; wakings < 3; wakings++) await clock.sleep(100);
  })();
  await clock.advance(300);
  await beating;
  assert.equal(wakings, 3);
});

test('a jump of the wall clock wakes nobody and leaves the monotonic time', async () => {
  const clock = createManualClock();
  const abort = new AbortController();
  const sleeping = clock.sleep(1_000, abort.signal);
  clock.jumpTo(new Date('2036-01-01T00:00:00Z'));
  assert.deepEqual([clock.sleepers, clock.monotonicMs(), clock.now().getUTCFullYear()], [1, 0, 2036]);
  abort.abort(new Error('enough'));
  await assert.rejects(sleeping, /enough/);
  assert.equal(clock.sleepers, 0);
});

test('its ids are the same in every run, and in order', () => {
  const [first, second] = [createManualClock(), createManualClock()];
  const ids = [first.uuid(), first.uuid()];
  assert.deepEqual([second.uuid(), second.uuid()], ids);
  assert.deepEqual(ids.toSorted(), ids);
});
