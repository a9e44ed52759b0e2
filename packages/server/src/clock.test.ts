import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createUuidSequence, systemClock } from './clock.ts';

const fixedRandom = (fill: number) => (bytes: number) => new Uint8Array(bytes).fill(fill);

test('uuid is a version 7 UUID that carries the time', () => {
  const id = createUuidSequence(() => 0x0123456789ab, fixedRandom(0xff))();
  assert.equal(id, '01234567-89ab-73ff-bfff-ffffffffffff');
});

test('uuids of one millisecond are in order, beyond the counter too', () => {
  const uuid = createUuidSequence(() => 1000, fixedRandom(0));
  const ids = Array.from({ length: 10_000 }, uuid);
  assert.deepEqual(ids.toSorted(), ids);
  assert.equal(new Set(ids).size, ids.length);
});

test('uuids stay in order when the wall clock steps back', () => {
  const times = [5000, 4000, 4001, 5001];
  const uuid = createUuidSequence(() => times.shift() ?? 0, fixedRandom(7));
  const ids = [uuid(), uuid(), uuid(), uuid()];
  assert.deepEqual(ids.toSorted(), ids);
});

test('sleep ends with the reason of its signal', async () => {
  const abort = new AbortController();
  const sleeping = systemClock.sleep(60_000, abort.signal);
  abort.abort(new Error('shutting down'));
  await assert.rejects(sleeping, /shutting down/);
  await assert.rejects(systemClock.sleep(0, abort.signal), /shutting down/);
});

test('sleep lasts at least as long as asked', async () => {
  const start = systemClock.monotonicMs();
  await systemClock.sleep(15);
  assert.ok(systemClock.monotonicMs() - start >= 15);
});

test('a sleep longer than a timer can hold does not end at once', async () => {
  const abort = new AbortController();
  const outcome = Promise.race([
    systemClock.sleep(2 ** 40, abort.signal).then(() => 'ended'),
    systemClock.sleep(20).then(() => 'still asleep'),
  ]);
  assert.equal(await outcome, 'still asleep');
  abort.abort();
});
