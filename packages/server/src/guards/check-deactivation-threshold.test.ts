import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkDeactivationThreshold, deactivationLimit } from './check-deactivation-threshold.ts';

const byDefault = { count: 10, percent: 5 };

for (const [population, limit] of [
  [0, 10],
  [3, 10],
  [4, 2],
  [20, 10],
  [100, 10],
  [400, 20],
  [10_000, 500],
] as const) {
  test(`of ${population} accounts ${limit} may be deactivated in an hour`, () => {
    assert.equal(deactivationLimit(byDefault, population), limit);
  });
}

test('a wave that does not fit is refused whole', () => {
  assert.deepEqual(checkDeactivationThreshold(byDefault, { population: 100, used: 0 }, 11), {
    ok: false,
    limit: 10,
    used: 0,
    wanted: 11,
  });
  assert.deepEqual(checkDeactivationThreshold(byDefault, { population: 100, used: 4 }, 6), { ok: true });
});

test('what is allowed never passes the limit, whatever was sent before', () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.nat(500), fc.nat(500), (population, used, wanted) => {
      const verdict = checkDeactivationThreshold(byDefault, { population, used }, wanted);
      if (verdict.ok) assert.ok(used + wanted <= deactivationLimit(byDefault, population));
    }),
  );
});
