import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInConnectors } from './index.ts';

test('the built-in connectors have an id, a label and a way of their own each', () => {
  const ids = builtInConnectors.map(({ id }) => id);
  assert.deepEqual(ids, ['scim2', 'scim1', 'ldap', 'postgresql']);
  assert.equal(new Set(builtInConnectors.map(({ label }) => label)).size, ids.length);
  const protocols = Object.fromEntries(builtInConnectors.map(({ id, protocol = 'http' }) => [id, protocol]));
  assert.deepEqual(protocols, { scim2: 'http', scim1: 'http', ldap: 'ldap', postgresql: 'sql' });
});
