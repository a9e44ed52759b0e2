import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findChanged, replaceRule } from './use-draft.ts';

const rules = [
  { target: 'userName', formula: 'Username', required: true },
  { target: 'title', formula: 'Title' },
];

test('a rule is replaced, added or removed by its attribute, whatever its capitals', () => {
  assert.equal(replaceRule(rules, 'USERNAME', { target: 'userName', formula: 'Email' })[0]?.formula, 'Email');
  assert.equal(replaceRule(rules, 'locale', { target: 'locale', formula: '"de"' }).length, 3);
  assert.deepEqual(
    replaceRule(rules, 'title', undefined).map(({ target }) => target),
    ['userName'],
  );
});

test('changed are rules that differ, came or went; the order of members says nothing', () => {
  assert.deepEqual([...findChanged(rules, rules)], []);
  assert.deepEqual([...findChanged(rules, [{ required: true, formula: 'Username', target: 'userName' }])], ['title']);
  assert.deepEqual([...findChanged(rules, [...rules, { target: 'locale', formula: '"de"' }])], ['locale']);
});
