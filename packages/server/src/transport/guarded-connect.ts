import { X509Certificate } from 'node:crypto';
import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import {
  type AddressCheck,
  type AddressVerdict,
  buildAddressCheck,
  isMetadataName,
  type NetworkPolicy,
} from './network-policy.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Asks DNS for every address of a name. Rejects with the system's error (`ENOTFOUND`, `EAI_AGAIN`). */
export type ResolveHost = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export const ADDRESS_DENIED = 'USHER_ADDRESS_DENIED';

/** The guard refused the address; nothing was connected. */
export class AddressDeniedError extends Error {
  readonly code = ADDRESS_DENIED;
  readonly verdict: Exclude<AddressVerdict, 'allowed'>;
  constructor(verdict: Exclude<AddressVerdict, 'allowed'>) {
    super('The network policy refuses this address.');
    this.name = 'AddressDeniedError';
    this.verdict = verdict;
  }
}

/** A certificate with its private key, PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface GuardOptions {
  readonly policy: NetworkPolicy;
  /** Certificates of a private authority, PEM, trusted beside the usual ones. */
  readonly extraCa?: string | undefined;
  /** Shown to a server that asks for one. */
  readonly clientCertificate?: ClientCertificate | undefined;
  readonly connectTimeoutMs: number;
  readonly resolve?: ResolveHost | undefined;
}

export const resolveBySystem: ResolveHost = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true, verbatim: true }, (error, addresses) => {
      if (error) reject(error);
      else resolve(addresses);
    });
  });

/** What connections are verified by. Throws when the text holds no readable certificate. */
export function buildSecureContext(extraCa: string | undefined, shown?: ClientCertificate | undefined): SecureContext {
  if (extraCa === undefined) return createSecureContext({ minVersion: 'TLSv1.2', ...shown });
  // Node itself passes over text that it cannot read.
  const blocks = extraCa.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new Error('No certificate in PEM form.');
  const added = blocks.map((block) => new X509Certificate(block).toString());
  return createSecureContext({ minVersion: 'TLSv1.2', ca: [...getCACertificates('default'), ...added], ...shown });
}

/** Every address of the name, or an error when any of them is refused: a name with one private address is a trap. */
export async function resolveAllowed(
  hostname: string,
  port: number,
  check: AddressCheck,
  resolve: ResolveHost,
): Promise<readonly ResolvedAddress[]> {
  if (isMetadataName(hostname)) throw new AddressDeniedError('never');
  const literal = isIP(hostname);
  const addresses = literal === 0 ? await resolve(hostname) : [{ address: hostname, family: literal }];
  if (addresses.length === 0) throw Object.assign(new Error('The name has no address.'), { code: 'ENOTFOUND' });
  for (const { address } of addresses) {
    const verdict = check(address, port);
    if (verdict !== 'allowed') throw new AddressDeniedError(verdict);
  }
  return addresses;
}

/**
 * Connects one app's pool, and only to allowed addresses. A guard in `lookup` alone is passed by every IP literal,
 * for which Node asks no lookup; so literals are judged here, names in our own lookup, whose checked addresses are the
 * ones connected to (no second resolution), and the socket's remote address once more before anything is sent.
 */
export function createGuardedConnect(
  origin: { hostname: string; port: number },
  options: GuardOptions,
): buildConnector.connector {
  const check = buildAddressCheck(options.policy);
  const resolve = options.resolve ?? resolveBySystem;
  const lookup: LookupFunction = (hostname, lookupOptions, callback) => {
    resolveAllowed(hostname, origin.port, check, resolve).then(
      (addresses) => {
        const list = addresses.map(({ address, family }) => ({ address, family }));
        if (lookupOptions.all) callback(null, list);
        else callback(null, list[0]!.address, list[0]!.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
  const connect = buildConnector({
    lookup,
    autoSelectFamily: true,
    timeout: options.connectTimeoutMs,
    secureContext: buildSecureContext(options.extraCa, options.clientCertificate),
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch verification off.
    rejectUnauthorized: true,
  } as buildConnector.BuildOptions);

  return (target, callback) => {
    const hostname = target.hostname.replace(/^\[(.*)\]$/, '$1');
    const refuse = (error: Error): void => queueMicrotask(() => callback(error, null));
    if (target.socketPath || target.httpSocket || hostname !== origin.hostname) {
      return refuse(new AddressDeniedError('never'));
    }
    if (isIP(hostname) !== 0) {
      const verdict = check(hostname, origin.port);
      if (verdict !== 'allowed') return refuse(new AddressDeniedError(verdict));
    }
    let denied: AddressDeniedError | undefined;
    const socket = connect({ ...target, hostname }, (error, connected) => {
      if (denied) callback(denied, null);
      else if (error) callback(error, null);
      else callback(null, connected);
    }) as unknown as Socket;
    socket.once('connect', () => {
      const verdict = check(socket.remoteAddress ?? '', origin.port);
      if (verdict === 'allowed') return;
      denied = new AddressDeniedError(verdict);
      socket.destroy(denied);
    });
  };
}
