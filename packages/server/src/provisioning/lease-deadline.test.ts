import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../clock.ts';
import { LeaseDeadline, readClocks } from './lease-deadline.ts';

const cases: [what: string, monotonicMs: number, wallMs: number, leftMs: number][] = [
  ['time passes alike for both clocks', 4_000, 4_000, 11_000],
  ['the machine slept, and the monotonic clock with it', 10, 20_000, -5_000],
  ['the wall clock was set back', 12_000, -3_600_000, 3_000],
  ['the wall clock was set forward', 1_000, 3_600_000, -3_585_000],
];

for (const [what, monotonicMs, wallMs, leftMs] of cases) {
  test(`a lease of 15 s when ${what}`, () => {
    const at = { monotonicMs: 500, wallMs: 1_000_000 };
    const clock = { ...systemClock, monotonicMs: () => at.monotonicMs, now: () => new Date(at.wallMs) };
    const deadline = new LeaseDeadline(clock, readClocks(clock), 15_000);
    at.monotonicMs += monotonicMs;
    at.wallMs += wallMs;
    assert.equal(deadline.leftMs, leftMs);
    deadline.extend(readClocks(clock), 15_000);
    assert.equal(deadline.leftMs, 15_000);
  });
}
