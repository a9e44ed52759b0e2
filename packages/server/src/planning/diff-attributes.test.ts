import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffAttributes, sameValue } from './diff-attributes.ts';

test('lists are compared as sets, and removals are seen', () => {
  const before = { roles: [{ value: 'a' }, { value: 'b' }] };
  assert.deepEqual(diffAttributes(before, { roles: [{ value: 'b' }, { value: 'a' }] }), []);
  assert.deepEqual(diffAttributes(before, { roles: [{ value: 'a' }] }), [
    { path: 'roles', before: before.roles, after: [{ value: 'a' }] },
  ]);
});

test('no value, null and the empty list are the same', () => {
  assert.deepEqual(diffAttributes({}, { title: null, roles: [] }), []);
  assert.deepEqual(diffAttributes({ roles: ['x'] }, { roles: [] }), [{ path: 'roles', before: ['x'], after: null }]);
});

test('false, 0 and the empty text are values', () => {
  assert.equal(diffAttributes({ active: true }, { active: false }).length, 1);
  assert.equal(diffAttributes({}, { level: 0 }).length, 1);
});

test('equality of JSON values is reflexive and symmetric', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const left = structuredClone(a) as never;
      assert.ok(sameValue(left, structuredClone(a) as never));
      assert.equal(sameValue(left, b as never), sameValue(b as never, left));
    }),
  );
});
