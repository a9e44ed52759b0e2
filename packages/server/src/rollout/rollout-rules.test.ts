import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkGates, countFailuresLeft, isOverFailureLimit, NO_WORK, type StageWork } from './check-gates.ts';
import { COMMANDS, decideCommand } from './decide-command.ts';
import { judgeProof } from './describe-rollback.ts';
import { DEFAULT_SETTINGS, type RolloutState } from './rollout.ts';
import { countWatched, LONGEST_GAP_MS } from './soak-clock.ts';
import { PROOF_STATES } from './sql/rollbacks.ts';

const HOUR_MS = 3_600_000;

describe('what a command does', () => {
  const facts = (state: RolloutState, stage: number, baseVersion: number | null = 1) => ({
    ...{ state, stage, baseVersion, stages: 3, withoutRollout: null },
  });
  const does = (...given: Parameters<typeof decideCommand>) => {
    const step = decideCommand(...given);
    return step.kind === 'refuse' ? 'refused' : JSON.stringify(step).replaceAll('"', '');
  };
  const table: [RolloutState, number, string[]][] = [
    ['planned', -1, ['{kind:start}', 'refused', 'refused', 'refused', 'refused', 'refused', 'refused']],
    [
      'running',
      0,
      [
        'refused',
        '{kind:stand still,state:paused}',
        'refused',
        '{kind:advance,to:1}',
        '{kind:stand still,state:stopped}',
        'refused',
        '{kind:roll back}',
      ],
    ],
    [
      'running',
      2,
      [
        'refused',
        '{kind:stand still,state:paused}',
        'refused',
        '{kind:complete}',
        '{kind:stand still,state:stopped}',
        '{kind:undo,from:2}',
        '{kind:roll back}',
      ],
    ],
    [
      'paused',
      1,
      [
        'refused',
        'refused',
        '{kind:go on}',
        'refused',
        '{kind:stand still,state:stopped}',
        '{kind:undo,from:1}',
        '{kind:roll back}',
      ],
    ],
    [
      'halted',
      1,
      [
        'refused',
        'refused',
        '{kind:go on}',
        'refused',
        '{kind:stand still,state:stopped}',
        '{kind:undo,from:1}',
        '{kind:roll back}',
      ],
    ],
    ['stopped', 1, ['refused', 'refused', 'refused', 'refused', 'refused', '{kind:undo,from:1}', '{kind:roll back}']],
    ['completed', 2, ['refused', 'refused', 'refused', 'refused', 'refused', 'refused', '{kind:roll back}']],
    ['rolled back', 2, ['refused', 'refused', 'refused', 'refused', 'refused', 'refused', 'refused']],
    ['superseded', 2, ['refused', 'refused', 'refused', 'refused', 'refused', 'refused', 'refused']],
  ];
  for (const [state, stage, expected] of table) {
    test(`${state}, stage ${stage}`, () => {
      assert.deepEqual(
        COMMANDS.map((command) => does(facts(state, stage), command)),
        expected,
      );
    });
  }

  test('a completed first version has none before it to go back to', () => {
    assert.equal(does(facts('completed', 2, null), 'roll back'), 'refused');
    assert.equal(does(facts('running', 0, null), 'roll back'), '{kind:roll back}');
  });
});

describe('the gates', () => {
  const rollout = { settings: DEFAULT_SETTINGS };
  const work = (more: Partial<StageWork>): StageWork => ({ ...NO_WORK, reached: 10, done: 10, ...more });
  const closed = (more: Partial<StageWork>, soakedMs = 48 * HOUR_MS, blockers: { piece: string }[] = []) =>
    checkGates(
      rollout,
      { kind: 'pilot' },
      { work: work(more), soakedMs, blockers: blockers.map((one) => ({ problem: 'red', fix: 'Do it.', ...one })) },
    )
      .filter(({ open }) => !open)
      .map(({ gate }) => gate);

  const table: [name: string, more: Partial<StageWork>, closed: string[]][] = [
    ['all in order', {}, []],
    ['somebody is on the way', { done: 9, pending: 1 }, ['work']],
    ['somebody is retried', { done: 9, retrying: 1 }, ['work']],
    ['a failure of ten is more than the share', { done: 9, failed: 1 }, ['failures']],
    ['a failure of twenty is not', { reached: 20, done: 19, failed: 1 }, []],
    ['what failed before is not this version’s', { done: 9, failedBefore: 1 }, []],
    ['something is held', { done: 9, held: 1 }, ['holds']],
    ['a trigger that is off is no failure', { done: 0, waiting: 10 }, []],
    ['nobody was reached', { reached: 0, done: 0 }, ['work']],
  ];
  for (const [name, more, expected] of table) test(name, () => assert.deepEqual(closed(more), expected));

  test('a minute less than the soak time is too little', () => {
    assert.deepEqual(closed({}, 48 * HOUR_MS - 60_000), ['soak']);
  });

  test('a piece that is not ready is named', () => {
    assert.deepEqual(closed({}, 48 * HOUR_MS, [{ piece: 'credential' }]), ['readiness']);
  });

  test('every gate that is closed says what opens it', () => {
    const facts = { work: work({ pending: 1, failed: 4, held: 2 }), soakedMs: 0, blockers: [] };
    for (const { open, fix } of checkGates(rollout, { kind: 'percent' }, facts)) assert.equal(fix === null, open);
  });
});

test('a stage halts when its failures pass both the number and the share', () => {
  const rollout = { settings: DEFAULT_SETTINGS };
  const of = (done: number, failed: number) => isOverFailureLimit(rollout, { ...NO_WORK, done, failed });
  assert.equal(of(0, 3), false);
  assert.equal(of(0, 4), true);
  assert.equal(of(100, 4), false);
  assert.equal(of(70, 4), true);
});

test('so many more failures pass the limit as are said to be left, and not one fewer', () => {
  const settings = fc.record({ count: fc.nat(20), percent: fc.double({ min: 0, max: 99, noNaN: true }) });
  fc.assert(
    fc.property(settings, fc.nat(3000), fc.nat(3000), (failureLimit, done, failed) => {
      const rollout = { settings: { ...DEFAULT_SETTINGS, failureLimit } };
      const of = (more: number): StageWork => ({ ...NO_WORK, done, failed: failed + more });
      fc.pre(!isOverFailureLimit(rollout, of(0)));
      const left = countFailuresLeft(rollout, of(0));
      assert.ok(left >= 1);
      // Where the share is met to the last digit, one failure more or less is the same.
      assert.ok(isOverFailureLimit(rollout, of(left + 1)));
      assert.ok(left === 1 || !isOverFailureLimit(rollout, of(left - 1)));
    }),
  );
  const never = { settings: { ...DEFAULT_SETTINGS, failureLimit: { count: 0, percent: 100 } } };
  assert.equal(countFailuresLeft(never, NO_WORK), Number.POSITIVE_INFINITY);
});

describe('the soak clock', () => {
  test('counts what one watcher saw pass, by a clock that cannot be set', () => {
    assert.equal(countWatched(1_000.25, 16_000.875), 15_000, 'in whole milliseconds');
    assert.equal(countWatched(16_000, 1_000), 0, 'a monotonic clock does not go back; if it did, nothing would count');
  });

  test('counts nothing of a takeover, and no more than the longest gap of a server that stood still', () => {
    assert.equal(countWatched(null, 48 * HOUR_MS), 0);
    assert.equal(countWatched(0, 48 * HOUR_MS), LONGEST_GAP_MS);
  });

  test('never counts more than passed, whoever looks when', () => {
    const looks = fc.array(fc.record({ watcher: fc.nat(2), afterMs: fc.nat(1_000_000) }), { maxLength: 40 });
    fc.assert(
      fc.property(looks, (list) => {
        let nowMs = 0;
        let counted = 0;
        let seenBy = -1;
        const lookedMs = new Map<number, number>();
        for (const { watcher, afterMs } of list) {
          nowMs += afterMs;
          // Each watcher's monotonic clock begins somewhere else.
          const own = nowMs + watcher * 1e9;
          counted += countWatched(seenBy === watcher ? (lookedMs.get(watcher) ?? null) : null, own);
          lookedMs.set(watcher, own);
          seenBy = watcher;
        }
        assert.ok(counted <= nowMs);
      }),
    );
  });
});

describe('the proof of a way back', () => {
  const judge = (counts: Parameters<typeof judgeProof>[0]['counts'], more: object = {}) =>
    judgeProof({ state: 'done', toVersion: 1, counts, ...more });

  test('holds when each account was read and is as before, has left, or is not there', () => {
    assert.equal(judge({ 'as before': 498, left: 1, 'no account': 1 }).isProved, true);
    assert.match(judge({ 'as before': 500 }).sentence, /^500 of 500 accounts were read at the target/);
  });

  for (const state of PROOF_STATES.filter((name) => !['as before', 'left', 'no account', 'healing'].includes(name))) {
    test(`does not hold with one that is: ${state}`, () => {
      const { isProved, sentence } = judge({ 'as before': 499, [state]: 1 });
      assert.equal(isProved, false);
      assert.match(sentence, new RegExp(`499 of 500 .*; 1 ${state}`));
    });
  }

  test('does not hold while it is under way', () => {
    const { isProved, sentence } = judge({ 'as before': 3, healing: 2 }, { state: 'healing' });
    assert.deepEqual([isProved, sentence], [false, '3 of 5 accounts are written back and read at the target']);
  });
});
