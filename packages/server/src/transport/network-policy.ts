import { BlockList, isIP } from 'node:net';

/** A range of private addresses that targets may be at: on every port, or on one. */
export interface AllowedNetwork {
  readonly address: string;
  readonly prefix: number;
  readonly family: 4 | 6;
  readonly port?: number;
}

/** Where this deployment may send. Everything public over https is allowed without it. */
export interface NetworkPolicy {
  readonly allowHttp: boolean;
  readonly allowedNetworks: readonly AllowedNetwork[];
}

/** `private` may be opened by the network policy; `never` cannot be. */
export type AddressVerdict = 'allowed' | 'private' | 'never';

export type AddressCheck = (address: string, port: number) => AddressVerdict;

// Special-purpose ranges of the IANA registries (RFC 6890 and its successors). An allowed network opens them.
const PRIVATE_V4 = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
];

// Nothing that provisions people is here: cloud metadata, "this host", multicast, broadcast. No policy opens these.
const NEVER_V4 = [
  '0.0.0.0/8',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '192.0.0.192/32',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const NEVER_V6 = ['::/128', 'fd00:ec2::/32', 'fe80::/10', 'fec0::/10', 'ff00::/8'];

// IPv6 is judged the other way round: only global unicast (2000::/3) is public, and not these parts of it.
const PUBLIC_V6 = ['2000::/3'];
const PRIVATE_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const METADATA_NAMES = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.tencentyun.com',
]);

const neverV4 = buildRanges(NEVER_V4, 'ipv4');
const privateV4 = buildRanges(PRIVATE_V4, 'ipv4');
const neverV6 = buildRanges(NEVER_V6, 'ipv6');
const publicV6 = buildRanges(PUBLIC_V6, 'ipv6');
const privateV6 = buildRanges(PRIVATE_V6, 'ipv6');

function buildRanges(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** A name under which clouds hand out credentials. Refused before DNS is asked. */
export function isMetadataName(hostname: string): boolean {
  return METADATA_NAMES.has(hostname.toLowerCase().replace(/\.+$/, ''));
}

/**
 * Judges the addresses that a socket may go to. An address that cannot be read is refused.
 * IPv6 forms that carry an IPv4 address (mapped, compatible, NAT64, 6to4) are judged by both.
 */
export function buildAddressCheck(policy: NetworkPolicy): AddressCheck {
  const opened = policy.allowedNetworks.map((network) => {
    const list = new BlockList();
    list.addSubnet(network.address, network.prefix, network.family === 6 ? 'ipv6' : 'ipv4');
    return { list, family: network.family, port: network.port };
  });
  const isOpened = (address: string, port: number, family: 4 | 6): boolean =>
    opened.some(
      (network) =>
        network.family === family &&
        (network.port === undefined || network.port === port) &&
        network.list.check(address, family === 6 ? 'ipv6' : 'ipv4'),
    );

  const checkV4 = (address: string, port: number): AddressVerdict => {
    if (neverV4.check(address, 'ipv4')) return 'never';
    if (!privateV4.check(address, 'ipv4')) return 'allowed';
    return isOpened(address, port, 4) ? 'allowed' : 'private';
  };

  return (address, port) => {
    const family = isIP(address);
    if (family === 4) return checkV4(address, port);
    // A zone (`fe80::1%eth0`) only ever names a link-local address.
    if (family !== 6 || address.includes('%')) return 'never';
    const groups = expandV6(address);
    const embedded = findEmbeddedV4(groups);
    if (embedded?.kind === 'mapped') return checkV4(embedded.address, port);
    if (neverV6.check(address, 'ipv6')) return 'never';
    if (embedded) {
      const inner = checkV4(embedded.address, port);
      if (inner !== 'allowed') return inner;
      return isOpened(address, port, 6) ? 'allowed' : 'private';
    }
    if (publicV6.check(address, 'ipv6') && !privateV6.check(address, 'ipv6')) return 'allowed';
    return isOpened(address, port, 6) ? 'allowed' : 'private';
  };
}

/** The eight groups of an address that `net.isIP` has accepted. */
function expandV6(address: string): number[] {
  // A dotted tail stands for two groups.
  const text = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    const high = (Number(a) << 8) | Number(b);
    const low = (Number(c) << 8) | Number(d);
    return `${high.toString(16)}:${low.toString(16)}`;
  });
  const [head = '', tail] = text.split('::');
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const left = read(head);
  if (tail === undefined) return left;
  const right = read(tail);
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}

function findEmbeddedV4(groups: readonly number[]): { kind: 'mapped' | 'other'; address: string } | undefined {
  const dotted = (high = 0, low = 0): string => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  const last = dotted(groups[6], groups[7]);
  const isZero = (from: number, to: number): boolean => groups.slice(from, to).every((group) => group === 0);
  if (isZero(0, 5) && groups[5] === 0xffff) return { kind: 'mapped', address: last };
  // NAT64 (RFC 6052, RFC 8215) and 6to4 (RFC 3056) reach the IPv4 address through a gateway.
  if (groups[0] === 0x64 && groups[1] === 0xff9b) return { kind: 'other', address: last };
  if (groups[0] === 0x2002) return { kind: 'other', address: dotted(groups[1], groups[2]) };
  // IPv4-compatible (RFC 4291, deprecated) and IPv4-translated; the loopback address is not one of them.
  if (isZero(0, 6) && !isLoopback(groups)) return { kind: 'other', address: last };
  if (isZero(0, 4) && groups[4] === 0xffff && groups[5] === 0) return { kind: 'other', address: last };
  return undefined;
}

function isLoopback(groups: readonly number[]): boolean {
  return groups.slice(0, 7).every((group) => group === 0) && groups[7] === 1;
}
