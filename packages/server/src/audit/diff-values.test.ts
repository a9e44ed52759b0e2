import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffValues } from './diff-values.ts';

const CASES: ReadonlyArray<readonly [what: string, before: unknown, after: unknown, expected: unknown[]]> = [
  ['nothing', null, null, []],
  ['the same', { a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }, []],
  ['what was made', null, { a: 1 }, [['a', null, 1]]],
  ['what was taken away', { a: 1 }, null, [['a', 1, null]]],
  ['one member of several', { a: 1, b: 2 }, { a: 1, b: 3 }, [['b', 2, 3]]],
  ['a nested member', { s: { x: 1, y: 2 } }, { s: { x: 1, y: 4 } }, [['s.y', 2, 4]]],
  ['a list, whole', { l: [1, 2] }, { l: [2] }, [['l', [1, 2], [2]]]],
  ['an object in the place of a text', { v: 'x' }, { v: { a: 1 } }, [['v', 'x', { a: 1 }]]],
  ['a member that was blank and is there', { a: null }, { a: null, b: null }, []],
  ['a name with signs', { 'urn:x.y': 1 }, { 'urn:x.y': 2 }, [['["urn:x.y"]', 1, 2]]],
  ['two texts', 'x', 'y', [['value', 'x', 'y']]],
  ['a member called __proto__', JSON.parse('{"__proto__":1}'), {}, [['__proto__', 1, null]]],
];

for (const [what, before, after, expected] of CASES) {
  test(`The difference of ${what}`, () => {
    const changes = diffValues(before, after).map(({ path, before: was, after: now }) => [path, was, now]);
    assert.deepEqual(changes, expected);
  });
}
