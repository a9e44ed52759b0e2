import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WrongKeyLimit } from './wrong-key-limit.ts';

test('Twenty wrong keys close a network, and time opens it one by one', () => {
  const limit = new WrongKeyLimit();
  for (let i = 1; i <= 19; i++) assert.equal(limit.noteWrong('a', 0), false);
  assert.equal(limit.waitMs('a', 'k', 0), 0);
  assert.equal(limit.noteWrong('a', 0), true, 'the twentieth reaches the limit');
  assert.equal(limit.noteWrong('a', 0), false, 'and is told once');
  assert.equal(limit.waitMs('a', 'k', 0), 6_000);
  assert.equal(limit.waitMs('a', 'k', 6_001), 0);
  assert.equal(limit.waitMs('b', 'k', 0), 0, 'another network is not concerned');
});

test('A key that worked from a network goes on working there while others are refused', () => {
  const limit = new WrongKeyLimit();
  limit.noteWorked('a', 'good');
  for (let i = 1; i <= 30; i++) limit.noteWrong('a', 0);
  assert.equal(limit.waitMs('a', 'good', 0), 0);
  assert.ok(limit.waitMs('a', 'other', 0) > 0);
});

test('What it remembers is bounded', () => {
  const limit = new WrongKeyLimit();
  for (let i = 0; i < 20; i++) limit.noteWrong('first', 0);
  for (let i = 0; i < 10_000; i++) limit.noteWrong(`n${i}`, 0);
  assert.equal(limit.waitMs('first', 'k', 0), 0);
});
