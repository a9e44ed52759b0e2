import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { PlannedChange } from '../planning/index.ts';
import {
  type BudgetWindow,
  checkApprover,
  DEFAULT_GUARDS,
  type GuardedChange,
  holdOverLimits,
  limitOf,
  listBudgets,
} from './index.ts';

const changed = (path: string, before: string | null, after: string | null): PlannedChange => ({ path, before, after });

describe('which budgets a change uses up by default', () => {
  const cases: [name: string, operation: 'create' | 'update' | 'reactivate' | 'delete', PlannedChange[], string[]][] = [
    ['an ordinary update none', 'update', [changed('title', 'a', 'b')], []],
    ['a rename its own', 'update', [changed('username', 'a', 'b')], ['userName changes']],
    ['a name for a new account none', 'create', [changed('userName', null, 'b')], []],
    ['a value that was taken away its own', 'update', [changed('title', 'a', null)], ['cleared values: title']],
    ['a first value none', 'update', [changed('title', null, 'b')], []],
    [
      'two values two',
      'update',
      [changed('title', 'a', null), changed('department', 'a', null)],
      ['cleared values: title', 'cleared values: department'],
    ],
    ['a deletion its own', 'delete', [changed('account', 'r1', null)], ['deletions']],
    ['what a return sends again none', 'reactivate', [changed('userName', 'a', 'a')], []],
  ];
  for (const [name, operation, changes, budgets] of cases) {
    test(name, () => assert.deepEqual(listBudgets(DEFAULT_GUARDS, { operation, changes }, false), budgets));
  }

  test('what takes access away counts as a deactivation, whatever it is called', () => {
    const change = { operation: 'update', changes: [] } as const;
    assert.deepEqual(listBudgets(DEFAULT_GUARDS, { ...change, changes: [] }, true), ['deactivation']);
  });
});

describe('a wave', () => {
  const window = (more: Partial<BudgetWindow>): BudgetWindow => ({
    budget: 'b',
    guard: 'g',
    limit: 10,
    used: 0,
    heldLately: 0,
    during: 'within an hour',
    ...more,
  });
  const wave = (count: number, more: Partial<GuardedChange<number>> = {}): GuardedChange<number>[] =>
    Array.from({ length: count }, (_, item) => ({ item, budgets: ['b'], passed: [], ...more }));

  test('that fits goes, and one that does not is held whole', () => {
    assert.equal(holdOverLimits(wave(10), [window({})]).size, 0);
    assert.equal(holdOverLimits(wave(11), [window({})]).size, 11);
    assert.equal(holdOverLimits(wave(5), [window({ used: 6 })]).size, 5);
  });

  test('is held with its beginning, which was held a moment ago', () => {
    assert.equal(holdOverLimits(wave(2), [window({ heldLately: 500 })]).size, 2);
  });

  test('that a person let through one guard is stopped by the other', () => {
    const windows = [window({ guard: 'hour' }), window({ guard: 'day', limit: 5 })];
    const held = holdOverLimits(wave(11, { passed: ['hour'] }), windows);
    assert.deepEqual([...new Set([...held.values()].map(({ guard }) => guard))], ['day']);
    assert.equal(holdOverLimits(wave(11, { passed: ['hour', 'day'] }), windows).size, 0);
  });

  test('never lets more through than is left of any budget', () => {
    const budgets = fc.subarray(['a', 'b', 'c']);
    fc.assert(
      fc.property(
        fc.array(budgets, { maxLength: 40 }),
        fc.array(
          fc.record({
            budget: fc.constantFrom('a', 'b', 'c'),
            limit: fc.nat(12),
            used: fc.nat(12),
            heldLately: fc.nat(3),
          }),
          { maxLength: 5 },
        ),
        (wanted, given) => {
          const windows = given.map((one, index) => window({ ...one, guard: `g${index}` }));
          const changes = wanted.map((of, item) => ({ item, budgets: of, passed: [] }));
          const held = holdOverLimits(changes, windows);
          for (const { budget, limit, used } of windows) {
            const sent = changes.filter(({ item, budgets: of }) => of.includes(budget) && !held.has(item)).length;
            assert.ok(sent === 0 || used + sent <= limit);
          }
        },
      ),
    );
  });
});

test('a share counts from where it is more than the number', () => {
  assert.equal(limitOf({ count: 20, percent: 5 }, 100), 20);
  assert.equal(limitOf({ count: 20, percent: 5 }, 1000), 50);
  assert.equal(limitOf({ count: 20, percent: 0 }, 100_000), 20);
});

describe('an approval', () => {
  const user = { names: ['ada@example.com'], managerNames: ['boss@example.com', 'boss'] };
  const rule = { manager: true, named: ['Carol@example.com'] };
  const verdict = (name: string, of = rule, on = user, isPerson = true) => checkApprover(of, { name, isPerson }, on);

  test('is given by who is named, and by the manager where that is allowed', () => {
    assert.deepEqual(verdict('carol@example.com'), { ok: true, as: 'named approver' });
    assert.deepEqual(verdict('Boss@example.com'), { ok: true, as: 'manager' });
    assert.equal(verdict('boss@example.com', { ...rule, manager: false }).ok, false);
    assert.equal(verdict('boss@example.com', rule, user, false).ok, false, 'a key that is called so');
  });

  test('is not given by anybody else, who are told who may', () => {
    assert.deepEqual(verdict('dave@example.com'), {
      ok: false,
      who: "the user's manager (boss@example.com) or Carol@example.com",
    });
  });

  test('is never given by the user themselves', () => {
    assert.equal(verdict('ada@example.com', { manager: true, named: ['ada@example.com'] }).ok, false);
    assert.equal(verdict('ada@example.com', rule, { ...user, managerNames: ['ada@example.com'] }).ok, false);
  });
});
