import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffValues } from './diff-values.ts';

test('differences are paths with before and after', () => {
  for (const [before, after, changes] of [
    [null, null, []],
    [{ a: 1 }, { a: 1 }, []],
    [null, { a: 1 }, [{ path: 'a', before: undefined, after: 1 }]],
    [{ a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, [{ path: 'a.c', before: 2, after: 3 }]],
    [{ list: [1] }, { list: [1, 2] }, [{ path: 'list', before: [1], after: [1, 2] }]],
    ['x', 'y', [{ path: '–', before: 'x', after: 'y' }]],
  ] as const) {
    assert.deepEqual(diffValues(before, after), changes);
  }
});
