import { isIP, type LookupFunction, Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import {
  AddressDeniedError,
  buildSecureContext,
  type GuardOptions,
  resolveAllowed,
  resolveBySystem,
} from './guarded-connect.ts';
import { type AddressCheck, buildAddressCheck } from './network-policy.ts';

/**
 * Sockets to one host for protocols that are not HTTP, by the same guard: names are resolved and judged here, literals
 * judged before the connection, and the remote address once more before anything is sent.
 */
export class GuardedSockets {
  readonly #host: { hostname: string; port: number };
  readonly #check: AddressCheck;
  readonly #secureContext: SecureContext;
  readonly #lookup: LookupFunction;

  constructor(host: { hostname: string; port: number }, options: Omit<GuardOptions, 'connectTimeoutMs'>) {
    this.#host = host;
    this.#check = buildAddressCheck(options.policy);
    this.#secureContext = buildSecureContext(options.extraCa);
    const resolve = options.resolve ?? resolveBySystem;
    this.#lookup = (hostname, lookupOptions, callback) => {
      resolveAllowed(hostname, host.port, this.#check, resolve).then(
        (addresses) => {
          const list = addresses.map(({ address, family }) => ({ address, family }));
          if (lookupOptions.all) callback(null, list);
          else callback(null, list[0]!.address, list[0]!.family);
        },
        (error: NodeJS.ErrnoException) => callback(error, ''),
      );
    };
  }

  /** What verifies the other side; said outright, so that no variable of the environment can switch it off. */
  get tlsOptions() {
    const { hostname } = this.#host;
    return {
      host: hostname,
      ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
      secureContext: this.#secureContext,
      rejectUnauthorized: true,
    };
  }

  /** A socket that is being connected. */
  open(): Socket {
    return this.#guard(new Socket().connect(this.#target()));
  }

  /** A socket that is being connected and secured. */
  openSecure(): TLSSocket {
    return this.#guard(connectTls({ ...this.#target(), ...this.tlsOptions }));
  }

  /** A socket that connects when it is told to, whatever it is told: for a library that connects by itself. */
  prepare(): Socket {
    const socket = this.#guard(new Socket());
    const connect = socket.connect.bind(socket);
    const target = this.#target();
    socket.connect = (() => connect(target)) as typeof socket.connect;
    return socket;
  }

  #target() {
    const { hostname, port } = this.#host;
    return { host: hostname, port, lookup: this.#lookup, autoSelectFamily: true };
  }

  #guard<Opened extends Socket>(socket: Opened): Opened {
    const { hostname, port } = this.#host;
    const literal = isIP(hostname) === 0 ? 'allowed' : this.#check(hostname, port);
    if (literal !== 'allowed') process.nextTick(() => socket.destroy(new AddressDeniedError(literal)));
    socket.once('connect', () => {
      const verdict = this.#check(socket.remoteAddress ?? '', port);
      if (verdict !== 'allowed') socket.destroy(new AddressDeniedError(verdict));
    });
    return socket;
  }
}
