import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from './network-of.ts';

const CASES: ReadonlyArray<readonly [string, string]> = [
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:cb00:7107', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', 'local'],
];

for (const [address, network] of CASES) {
  test(`The network of "${address}" is ${network}`, () => assert.equal(networkOf(address), network));
}

test('A thousand addresses of one /64 are one network', () => {
  const networks = Array.from({ length: 1000 }, (_, i) =>
    networkOf(`2001:db8:0:7:${i.toString(16)}::${i.toString(16)}`),
  );
  assert.deepEqual([...new Set(networks)], ['2001:db8:0:7::/64']);
});
