import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Readings } from './readings.ts';

test('events are counted in their second, and the present one is not shown', () => {
  const readings = new Readings(10_000);
  readings.count(10_100, true);
  readings.count(10_900, true);
  readings.count(10_950, false);
  assert.equal(readings.read().done.at(-1), 0);
  readings.advance(11_000);
  const { done, failed, times } = readings.read();
  assert.equal(done.at(-1), 2);
  assert.equal(failed.at(-1), 1);
  assert.equal(times.at(-1), 10);
  assert.equal(times.length, done.length);
});

test('a long sleep leaves nothing of before', () => {
  const readings = new Readings(0);
  readings.count(0, true);
  readings.advance(10_000_000);
  assert.deepEqual(new Set(readings.read().done), new Set([0]));
});

test('a measurement is held for some seconds, not for ever', () => {
  const readings = new Readings(0);
  readings.measure(0, [30, 10, 20]);
  readings.advance(3_000);
  assert.equal(readings.read().median.at(-1), 20);
  assert.equal(readings.read().p95.at(-1), 30);
  readings.advance(20_000);
  assert.equal(readings.read().median.at(-1), null);
});
