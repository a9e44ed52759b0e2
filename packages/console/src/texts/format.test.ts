import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted, duration, exactTime, relative, zoneName } from './format.ts';

const NOW = new Date('2026-03-01T12:00:00Z');

test('spans of time keep their two largest parts', () => {
  for (const [ms, text] of [
    [0, '0 s'],
    [999, '1 s'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h'],
    [7_860_000, '2 h 11 min'],
    [90_061_000, '1 d 1 h'],
  ] as const) {
    assert.equal(duration(ms), text);
  }
});

test('relative times name the nearest whole unit, forward and back', () => {
  for (const [iso, text] of [
    ['2026-03-01T11:59:58Z', 'just now'],
    ['2026-03-01T12:00:05Z', 'in a moment'],
    ['2026-03-01T11:57:00Z', '3 minutes ago'],
    ['2026-03-01T14:00:00Z', 'in 2 hours'],
    ['2026-02-27T12:00:00Z', '2 days ago'],
  ] as const) {
    assert.equal(relative(new Date(iso), NOW), text);
  }
});

test('a text that says UTC is UTC', () => {
  assert.equal(exactTime(NOW, 'utc'), '1 Mar 2026, 12:00:00');
  assert.equal(zoneName(NOW, 'utc'), 'UTC');
});

test('counts take their form', () => {
  assert.equal(counted(1, 'user', 'users'), '1 user');
  assert.equal(counted(12_403, 'user', 'users'), '12,403 users');
});
