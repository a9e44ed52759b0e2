import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseBaseUrl } from './base-url.ts';
import { type AllowedNetwork, buildAddressCheck, type NetworkPolicy } from './network-policy.ts';

const closed: NetworkPolicy = { allowHttp: true, allowedNetworks: [] };
const opening = (...networks: AllowedNetwork[]): NetworkPolicy => ({ allowHttp: true, allowedNetworks: networks });

/** Spellings of addresses that must not be reached, as someone might type them into a base URL. */
const DENIED_HOSTS = [
  '127.0.0.1',
  '127.1',
  '127.255.255.254',
  '0x7f.1',
  '0x7f000001',
  '0177.0.0.1',
  '2130706433',
  '017700000001',
  '１２７.０.０.１',
  '127。0。0。1',
  '127.0.0.1.',
  '%31%32%37.0.0.1',
  '0',
  '0.0.0.0',
  '10.0.0.1',
  '10.255.255.255',
  '167772161',
  '100.64.0.1',
  '100.100.100.200',
  '168.63.129.16',
  '169.254.169.254',
  '169.254.170.2',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '192.168.257',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:169.254.169.254]',
  '[::ffff:0:127.0.0.1]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b::8.8.8.8]',
  '[64:ff9b::169.254.169.254]',
  '[64:ff9b:1::1]',
  '[100::1]',
  '[2001::1]',
  '[2001:db8::1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::1]',
  '[2002:808:808::1]',
  '[3fff::1]',
  '[4000::1]',
  '[5f00::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[ff02::1]',
  'metadata.google.internal',
  'METADATA.google.internal.',
  'instance-data',
];

describe('the address check', () => {
  it('refuses every spelling of an address that is not public', () => {
    for (const host of DENIED_HOSTS) {
      const parsed = parseBaseUrl(`http://${host}:8080/scim`, closed);
      assert.equal(parsed.ok, false, `${host} was accepted`);
    }
  });

  it('keeps public addresses', () => {
    const check = buildAddressCheck(closed);
    for (const address of [
      '8.8.8.8',
      '1.1.1.1',
      '172.32.0.1',
      '100.128.0.1',
      '2606:4700:4700::1111',
      '::ffff:8.8.8.8',
    ]) {
      assert.equal(check(address, 443), 'allowed', address);
    }
  });

  it('refuses what is no address', () => {
    const check = buildAddressCheck(opening({ address: 'fe80::', prefix: 10, family: 6 }));
    for (const address of ['', 'localhost', '1.2.3', '::g', '127.1', 'fe80::1%lo', '1.2.3.4%1']) {
      assert.equal(check(address, 443), 'never', address);
    }
  });

  const cases: [name: string, policy: NetworkPolicy, address: string, port: number, expected: string][] = [
    ['a range opens its addresses', opening({ address: '10.0.0.0', prefix: 8, family: 4 }), '10.9.8.7', 443, 'allowed'],
    ['and no other range', opening({ address: '10.0.0.0', prefix: 8, family: 4 }), '192.168.1.1', 443, 'private'],
    [
      'a port is kept to',
      opening({ address: '10.0.0.5', prefix: 32, family: 4, port: 8443 }),
      '10.0.0.5',
      22,
      'private',
    ],
    [
      'the port opens',
      opening({ address: '10.0.0.5', prefix: 32, family: 4, port: 8443 }),
      '10.0.0.5',
      8443,
      'allowed',
    ],
    [
      'the mapped form is the same address',
      opening({ address: '10.0.0.5', prefix: 32, family: 4 }),
      '::ffff:a00:5',
      443,
      'allowed',
    ],
    ['metadata stays shut', opening({ address: '0.0.0.0', prefix: 0, family: 4 }), '169.254.169.254', 80, 'never'],
    [
      'in its mapped form too',
      opening({ address: '0.0.0.0', prefix: 0, family: 4 }),
      '::ffff:169.254.169.254',
      80,
      'never',
    ],
    [
      'and the one among public addresses',
      opening({ address: '0.0.0.0', prefix: 0, family: 4 }),
      '168.63.129.16',
      80,
      'never',
    ],
    ['and in a unique local range', opening({ address: 'fd00::', prefix: 8, family: 6 }), 'fd00:ec2::254', 80, 'never'],
    ['a unique local range opens', opening({ address: 'fd00::', prefix: 8, family: 6 }), 'fd12::1', 443, 'allowed'],
    ['loopback opens', opening({ address: '::1', prefix: 128, family: 6 }), '::1', 443, 'allowed'],
    [
      'NAT64 opens for public addresses',
      opening({ address: '64:ff9b::', prefix: 96, family: 6 }),
      '64:ff9b::808:808',
      443,
      'allowed',
    ],
    [
      'but not for private ones',
      opening({ address: '64:ff9b::', prefix: 96, family: 6 }),
      '64:ff9b::a00:1',
      443,
      'private',
    ],
    ['nor for metadata', opening({ address: '64:ff9b::', prefix: 96, family: 6 }), '64:ff9b::a9fe:a9fe', 443, 'never'],
    [
      'an IPv4 range opens no IPv6 address',
      opening({ address: '0.0.0.0', prefix: 0, family: 4 }),
      '::1',
      443,
      'private',
    ],
  ];
  for (const [name, policy, address, port, expected] of cases) {
    it(name, () => assert.equal(buildAddressCheck(policy)(address, port), expected));
  }
});
