import { ConnectorError, type HttpRequest, type HttpResponse } from '@usher/connector-sdk';
import { buildUnfinishedError } from './call-error.ts';
import { describeConnectFailure } from './connect-failure.ts';
import { ConnectionPool, type PooledConnection } from './connection-pool.ts';
import { GuardedSockets } from './guarded-socket.ts';
import type { DescribedRequest, Exchange, SendOptions } from './operation-transport.ts';
import { cutBody, REDACTED, removeSecrets } from './redact.ts';
import type { TargetUrl } from './target-url.ts';
import type { TargetTransport, TargetTransportOptions, TransportLimits } from './transport-options.ts';

/** A user name and a password, as an LDAP bind and a database's login take them. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface CarriedConnection extends PooledConnection {
  /** Bytes that came over it so far. */
  bytesRead(): number;
}

/** What came of an operation, for the connector and for the log. */
export interface CarriedResult {
  readonly answer: object;
  readonly status?: number | undefined;
  readonly logged: string;
}

/** How a protocol's operations travel as requests of the transport; see `carry` in the connector SDK. */
export interface CarriedProtocol<Operation, Connection extends CarriedConnection> {
  readonly contentType: string;
  /** Throws a ConnectorError of the kind `invalid_request` for what is no operation. */
  parse(body: string): Operation;
  effectOf(operation: Operation): 'read' | 'write';
  /** As the log and a preview show it: nothing secret in it. */
  describe(operation: Operation, url: TargetUrl): { method: string; url: string; body: string };
  /** Connects and signs in. Rejects with a ConnectorError when the target refuses the login, else with what failed. */
  open(sockets: GuardedSockets, url: TargetUrl, login: Login | undefined, signal: AbortSignal): Promise<Connection>;
  /** Rejects, with anything, when there is no answer. */
  run(connection: Connection, operation: Operation, timeoutMs: number): Promise<CarriedResult>;
}

/** Directories and tables are read in larger pieces than an API's pages. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * The transport to a target that is not reached over HTTP. What holds for a request holds for an operation here: guard,
 * time-outs, size, the log, and that the connector never sees the login.
 */
export class CarriedTransport<Operation, Connection extends CarriedConnection> implements TargetTransport {
  readonly baseUrl: TargetUrl;
  readonly #protocol: CarriedProtocol<Operation, Connection>;
  readonly #options: TargetTransportOptions;
  readonly #limits: TransportLimits;
  readonly #sockets: GuardedSockets;
  #pool: ConnectionPool<Connection>;
  /** The headers that the pool's connections signed in by. */
  #poolOf: unknown;

  constructor(
    protocol: CarriedProtocol<Operation, Connection>,
    baseUrl: TargetUrl,
    options: TargetTransportOptions,
    limits: TransportLimits,
  ) {
    this.#protocol = protocol;
    this.baseUrl = baseUrl;
    this.#options = options;
    this.#limits = limits;
    const { policy, extraCa, resolve } = options;
    this.#sockets = new GuardedSockets(baseUrl, { policy, extraCa, resolve });
    this.#pool = this.#openPool(undefined);
  }

  async request(request: HttpRequest, { signal, sink, mayBegin }: SendOptions = {}): Promise<HttpResponse> {
    const operation = this.#read(request);
    const startedAt = performance.now();
    const deadline = AbortSignal.timeout(this.#limits.totalMs);
    const ends = signal ? AbortSignal.any([signal, deadline]) : deadline;
    const login = await this.#findLogin();
    let result: CarriedResult | undefined;
    let error: ConnectorError | undefined;
    try {
      result = await this.#perform(operation, ends, deadline, mayBegin);
      return { status: 200, headers: {}, body: JSON.stringify(result.answer) };
    } catch (thrown) {
      if (thrown instanceof ConnectorError) error = thrown;
      throw thrown;
    } finally {
      sink?.(this.#record(operation, login, performance.now() - startedAt, result, error));
    }
  }

  async describe(request: HttpRequest): Promise<DescribedRequest> {
    const login = await this.#findLogin();
    const { method, url, body } = this.#protocol.describe(this.#read(request), this.baseUrl);
    return { method, url, headers: showLogin(login), body };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #read({ headers = {}, body, effect }: HttpRequest): Operation {
    const { contentType, parse, effectOf } = this.#protocol;
    if (headers['content-type'] !== contentType || body === undefined) {
      const problem = `${this.baseUrl.origin} is not reached over HTTP, and the connector sent an HTTP request.`;
      throw new ConnectorError('unsupported', `${problem} Give the app a base URL that its connector speaks.`);
    }
    const operation = parse(body);
    // A dry run lets through what says that it reads.
    if (effectOf(operation) === 'write' && effect !== 'write') {
      throw new ConnectorError('invalid_request', 'The operation writes, and the request that carries it says "read".');
    }
    return operation;
  }

  async #perform(
    operation: Operation,
    ends: AbortSignal,
    deadline: AbortSignal,
    mayBegin: SendOptions['mayBegin'],
  ): Promise<CarriedResult> {
    const pool = this.#pool;
    const connection = await pool.take(ends).catch((cause: unknown) => {
      throw this.#buildUnsentError(cause, pool, ends, deadline);
    });
    if (mayBegin?.() === false) {
      pool.give(connection);
      const { hostname } = this.baseUrl;
      throw new ConnectorError('transient', `Nothing was sent to ${hostname}: its time passed while it waited.`);
    }
    const limitBytes = connection.bytesRead() + MAX_ANSWER_BYTES;
    let isTooLarge = false;
    const stop = () => connection.destroy();
    const watch = setInterval(() => {
      isTooLarge = connection.bytesRead() > limitBytes;
      if (isTooLarge) stop();
    }, 20);
    ends.addEventListener('abort', stop, { once: true });
    try {
      return await this.#protocol.run(connection, operation, this.#limits.totalMs);
    } catch (cause) {
      if (cause instanceof ConnectorError) throw cause;
      connection.destroy();
      throw this.#buildSentError(operation, cause, { isTooLarge, ends, deadline });
    } finally {
      clearInterval(watch);
      ends.removeEventListener('abort', stop);
      pool.give(connection);
    }
  }

  #buildUnsentError(
    cause: unknown,
    pool: ConnectionPool<Connection>,
    ends: AbortSignal,
    deadline: AbortSignal,
  ): ConnectorError {
    if (cause instanceof ConnectorError) return cause;
    const host = this.baseUrl.hostname;
    if (pool.isClosed) {
      return new ConnectorError('transient', `Nothing was sent to ${host}: the app is being stopped or changed.`);
    }
    if (deadline.aborted) {
      const most = this.#options.concurrency;
      return new ConnectorError(
        'transient',
        `Nothing was sent to ${host}: none of its ${most} connections came free within ${this.#limits.totalMs / 1000} s.`,
      );
    }
    if (ends.aborted) return new ConnectorError('transient', `Nothing was sent to ${host}: it was given up before.`);
    const { message, fix } = describeConnectFailure(cause, host);
    return new ConnectorError('transient', `${message} ${fix}`);
  }

  #buildSentError(
    operation: Operation,
    cause: unknown,
    { isTooLarge, ends, deadline }: { isTooLarge: boolean; ends: AbortSignal; deadline: AbortSignal },
  ): ConnectorError {
    const host = this.baseUrl.hostname;
    const effect = this.#protocol.effectOf(operation);
    const what = isTooLarge
      ? `${host} answered with more than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB.`
      : deadline.aborted
        ? `${host} did not finish its answer within ${this.#limits.totalMs / 1000} s.`
        : ends.aborted
          ? `What was sent to ${host} was given up while its answer was awaited.`
          : `${host} closed the connection, or broke the protocol, before its answer was complete.`;
    const error = buildUnfinishedError(what, effect, undefined);
    // For the log of this process alone: a library's own words name the protocol, never a value.
    if (cause instanceof Error) error.cause = new Error(cause.message.slice(0, 300));
    return error;
  }

  #record(
    operation: Operation,
    login: Login | undefined,
    latencyMs: number,
    result: CarriedResult | undefined,
    error: ConnectorError | undefined,
  ): Exchange {
    const { method, url, body } = this.#protocol.describe(operation, this.baseUrl);
    const most = this.#limits.maxRecordedChars;
    const secrets = login && login.password.length >= 8 ? [login.password] : [];
    return {
      method,
      url,
      status: result?.status,
      latencyMs,
      requestHeaders: showLogin(login),
      requestBody: cutBody(removeSecrets(body, secrets), most),
      responseHeaders: result && {},
      responseBody: result && cutBody(removeSecrets(result.logged, secrets), most),
      ...(error ? { error: { kind: error.kind, message: removeSecrets(error.message, secrets) } } : {}),
    };
  }

  #openPool(login: Login | undefined): ConnectionPool<Connection> {
    const { connectMs } = this.#limits;
    return new ConnectionPool<Connection>({
      most: this.#options.concurrency,
      monotonicMs: () => performance.now(),
      open: async (signal) => {
        const ends = AbortSignal.any([signal, AbortSignal.timeout(connectMs)]);
        try {
          return await this.#protocol.open(this.#sockets, this.baseUrl, login, ends);
        } catch (error) {
          if (signal.aborted || !ends.aborted) throw error;
          throw Object.assign(new Error('The connection took too long.'), { code: 'ETIMEDOUT' });
        }
      },
    });
  }

  /** The login of the present credential. Connections that signed in by another one are used no more. */
  async #findLogin(): Promise<Login | undefined> {
    const { authorize, credentialOrigins } = this.#options;
    if (!authorize) return undefined;
    if (!credentialOrigins?.includes(this.baseUrl.origin)) {
      throw new ConnectorError(
        'unauthorized',
        `The credential was entered for ${credentialOrigins?.join(', ') || 'no address'}, and the base URL is at ` +
          `${this.baseUrl.origin}. Enter the credential again to use it there.`,
      );
    }
    const headers = await authorize();
    const login = readLogin(headers['authorization']);
    if (headers !== this.#poolOf) {
      const old = this.#pool;
      this.#poolOf = headers;
      this.#pool = this.#openPool(login);
      void old.close();
    }
    return login;
  }
}

function showLogin(login: Login | undefined): Record<string, string> {
  return login ? { 'signed-in-as': login.username, password: REDACTED } : {};
}

/** A login travels as every credential does: here by the form of basic authentication (RFC 7617). */
function readLogin(authorization: string | undefined): Login {
  const encoded = /^basic +([a-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  const pair = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const [username, password] = [pair.slice(0, colon), pair.slice(colon + 1)];
  // An empty password would be an anonymous bind that succeeds (RFC 4513 section 5.1.2).
  if (colon > 0 && password !== '') return { username, password };
  throw new ConnectorError(
    'unauthorized',
    'The target wants a user name and a password. Enter a credential of the kind "basic".',
  );
}
