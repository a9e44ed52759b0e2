import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choosePeople } from './choose-people.ts';

const user = (Username: string, Name: string, more: object = {}) =>
  ({ Username, Name, IsActive: true, Manager: 'boss@x', Title: 'T', ...more }) as never;

test('people are chosen for what they show, each once', () => {
  const chosen = choosePeople([
    user('a@x', 'Ada Lovelace'),
    user('b@x', 'محمد'),
    user('c@x', 'Cy', { Manager: null }),
    user('d@x', 'Wolfeschlegelsteinhausenbergerdorff'),
    user('e@x', 'Eve', { IsActive: false }),
  ]);
  assert.deepEqual(
    chosen.map(({ username, why }) => [username, why]),
    [
      ['a@x', 'first'],
      ['b@x', 'script'],
      ['c@x', 'noManager'],
      ['d@x', 'longest'],
      ['e@x', 'inactive'],
    ],
  );
});

test('of nobody, nobody is chosen', () => {
  assert.deepEqual(choosePeople([]), []);
});
