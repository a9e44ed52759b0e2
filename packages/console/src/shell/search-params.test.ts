import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSearch, searchParams, stringifySearch } from './search-params.ts';

test('view state goes into the address and comes back as it was', () => {
  for (const search of [{}, { q: 'a b&c', state: 'Failed' }, { q: '123' }, { q: 'true' }]) {
    assert.deepEqual(parseSearch(stringifySearch(search)), search);
  }
  assert.equal(stringifySearch({ q: undefined, state: '' }), '');
});

test('what a page does not know is left out', () => {
  const read = searchParams({ q: 'text', state: ['open', 'closed'] });
  assert.deepEqual(read({ q: 'x', state: 'open' }), { q: 'x', state: 'open' });
  assert.deepEqual(read({ q: 7, state: 'OPEN', other: 'x' }), {});
});
