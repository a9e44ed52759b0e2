import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateCount } from './estimate-effect.ts';
import { buildHeadline, emptyCounts } from './population-plan.ts';

test('an estimate from a sample holds what was seen and bounds the rest', () => {
  assert.deepEqual(estimateCount(940, 12_403, 12_403), { count: 940, low: 940, high: 940 });
  const tenth = estimateCount(2000, 20_000, 1_000_000);
  assert.equal(tenth.count, 100_000);
  assert.ok(tenth.low < 100_000 && tenth.low > 95_000, String(tenth.low));
  assert.ok(tenth.high > 100_000 && tenth.high < 105_000, String(tenth.high));
  const never = estimateCount(0, 1000, 100_000);
  assert.deepEqual([never.count, never.low], [0, 0]);
  assert.ok(never.high > 100 && never.high < 500, String(never.high));
  assert.deepEqual(estimateCount(0, 0, 0), { count: 0, low: 0, high: 0 });
});

test('the headline is one line', () => {
  const counts = { ...emptyCounts(), byOperation: { create: 31, update: 940, deactivate: 2, park: 9 } };
  assert.equal(buildHeadline(12_403, counts), '12,403 people: 31 create, 940 update, 2 deactivate, 9 parked');
  assert.equal(buildHeadline(1, emptyCounts()), '1 person: nothing to do');
});
