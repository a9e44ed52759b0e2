import type {
  AccountOperations,
  Attributes,
  Connection,
  Connector,
  ConnectorContext,
  HttpRequest,
  HttpResponse,
  HttpTransport,
  TargetAccount,
} from '@usher/connector-sdk';
import {
  CONNECTOR_ERROR_KINDS,
  ConnectorError,
  capabilitiesOf,
  createLdapTransport,
  createSqlTransport,
  readAttribute,
} from '@usher/connector-sdk';
import { keepRecent } from './keep-recent.ts';
import { describeThrown } from './load-connector.ts';
import {
  type ChildMessage,
  GROUP_OPERATIONS,
  type HostMessage,
  type OperationName,
  READ_OTHERWISE,
  type Shape,
  type WireError,
} from './messages.ts';

interface Join {
  options: Record<string, unknown>;
  paths: readonly string[];
  memory: Map<string, unknown>;
  memoryId: number;
}

interface Running {
  abort: AbortController;
  answers: Map<number, PromiseWithResolvers<HttpResponse>>;
}

/** The child's side: joins the connector for each operation, and carries its requests, log and results to the host. */
export class OperationServer {
  readonly #connector: Connector;
  readonly #send: (message: ChildMessage) => void;
  readonly #joins = new Map<number, Join>();
  readonly #memories = new Map<number, Map<string, unknown>>();
  readonly #running = new Map<number, Running>();
  #lastRequest = 0;

  constructor(connector: Connector, send: (message: ChildMessage) => void) {
    this.#connector = connector;
    this.#send = send;
  }

  receive(message: HostMessage): void {
    switch (message.type) {
      case 'join':
        this.#join(message);
        return;
      case 'operation':
        void this.#operate(message);
        return;
      case 'abort':
        this.#running.get(message.id)?.abort.abort(new Error('The host gave this up'));
        return;
      case 'answer':
        this.#answer(message);
        return;
      case 'ping':
        this.#send({ type: 'pong', rssBytes: process.memoryUsage.rss() });
        return;
    }
  }

  #join({ join, options, paths, memory }: Extract<HostMessage, { type: 'join' }>): void {
    const remembered = this.#memories.get(memory) ?? new Map<string, unknown>();
    keepRecent(this.#memories, memory, remembered);
    const joined: Join = { options: options as Record<string, unknown>, paths, memory: remembered, memoryId: memory };
    keepRecent(this.#joins, join, joined);
    try {
      const nothing = { abort: new AbortController(), answers: new Map() };
      this.#send({ type: 'joined', join, shape: describeShape(this.#connect(joined, join, 0, nothing, 0)) });
    } catch (error) {
      this.#send({ type: 'joined', join, problem: describeThrown(error) });
    }
  }

  #connect(joined: Join, join: number, id: number, running: Running, nowMs: number): Connection {
    const startedAt = performance.now();
    const log = (level: 'debug' | 'warn') => (message: string, fields?: Record<string, unknown>) =>
      this.#send({ type: 'log', join, level, message: String(message), ...(fields ? { fields } : {}) });
    const http: HttpTransport = {
      request: (request) => this.#request(id, running, request),
    };
    const context: ConnectorContext<Record<string, unknown>> = {
      options: joined.options,
      paths: joined.paths,
      memory: joined.memory,
      signal: running.abort.signal,
      log: { debug: log('debug'), warn: log('warn') },
      now: () => new Date(nowMs + performance.now() - startedAt),
      http,
      ldap: createLdapTransport(http),
      sql: createSqlTransport(http),
    };
    return this.#connector.connect(context);
  }

  #request(id: number, running: Running, http: HttpRequest): Promise<HttpResponse> {
    if (id === 0) return Promise.reject(new Error('A connector must not send while it is being joined'));
    const request = ++this.#lastRequest;
    const answer = Promise.withResolvers<HttpResponse>();
    running.answers.set(request, answer);
    this.#send({ type: 'request', id, request, http });
    return answer.promise;
  }

  async #operate({ id, join, name, request, nowMs }: Extract<HostMessage, { type: 'operation' }>): Promise<void> {
    const running: Running = { abort: new AbortController(), answers: new Map() };
    this.#running.set(id, running);
    try {
      const joined = this.#joins.get(join);
      if (!joined) throw new Error(`The host named the settings ${join}, which it never sent`);
      keepRecent(this.#joins, join, joined);
      keepRecent(this.#memories, joined.memoryId, joined.memory);
      const connection = this.#connect(joined, join, id, running, nowMs);
      const working = call(connection, name, request);
      const result = await Promise.race([working, whenAborted(running.abort.signal)]);
      this.#send({ type: 'done', id, result: markReadings(result, connection.accounts, joined.paths) });
    } catch (error) {
      const wire = toWireError(error);
      this.#send(wire ? { type: 'failed', id, error: wire } : { type: 'broken', id, problem: describeThrown(error) });
    } finally {
      this.#running.delete(id);
    }
  }

  #answer({ id, request, response, error }: Extract<HostMessage, { type: 'answer' }>): void {
    const answers = this.#running.get(id)?.answers;
    const waiting = answers?.get(request);
    if (!waiting) return;
    answers?.delete(request);
    if (response) waiting.resolve(response);
    else waiting.reject(error ? new ConnectorError(error.kind, error.message, error) : new Error('No answer'));
  }
}

function describeShape({ accounts, groups, batch, detect, traits }: Connection): Shape {
  const has = (name: (typeof GROUP_OPERATIONS)[number]) => typeof groups?.[name] === 'function';
  return {
    capabilities: capabilitiesOf(accounts),
    groups: GROUP_OPERATIONS.filter(has),
    batches: typeof batch === 'function',
    detects: typeof detect === 'function',
    traits,
  };
}

function call(connection: Connection, name: OperationName, request: unknown): Promise<unknown> {
  const [holder, method] = name.startsWith('groups.')
    ? [connection.groups, name.slice('groups.'.length)]
    : [name === 'test' || name === 'batch' || name === 'detect' ? connection : connection.accounts, name];
  const operation = (holder as Record<string, unknown> | undefined)?.[method];
  if (typeof operation !== 'function') throw new Error(`The connector has no operation ${name}`);
  return operation.call(holder, request) as Promise<unknown>;
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/**
 * The host reads attributes of an account by its field names, also of one that it kept for long. Where this connector
 * reads another value, that value goes with the account.
 */
function markReadings(result: unknown, accounts: AccountOperations, paths: readonly string[]): unknown {
  if (typeof result !== 'object' || result === null) return result;
  const { account, accounts: several } = result as { account?: TargetAccount; accounts?: TargetAccount[] };
  const mark = (one: TargetAccount) => markReading(one, accounts, paths);
  if (Array.isArray(several)) return { ...result, accounts: several.map(mark) };
  return account ? { ...result, account: mark(account) } : result;
}

function markReading(account: TargetAccount, accounts: AccountOperations, paths: readonly string[]): TargetAccount {
  const { representation } = account;
  // Not even an account: the host's to judge.
  if (typeof representation !== 'object' || representation === null) return account;
  const otherwise: Attributes = {};
  for (const path of paths) {
    const value = accounts.read(account, path);
    if (!isSame(value, readAttribute(representation, path))) otherwise[path] = value ?? null;
  }
  if (Object.keys(otherwise).length > 0) {
    return { ...account, representation: { ...representation, [READ_OTHERWISE]: otherwise } };
  }
  if (!Object.hasOwn(representation, READ_OTHERWISE)) return account;
  const { [READ_OTHERWISE]: _theirs, ...rest } = representation;
  return { ...account, representation: rest };
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  return typeof one === 'object' && typeof other === 'object' && JSON.stringify(one) === JSON.stringify(other);
}

/** Also of a connector that brought its own copy of the SDK. */
function toWireError(error: unknown): WireError | undefined {
  if (!(error instanceof Error) || error.name !== 'ConnectorError') return undefined;
  const { kind, message, status, retryAfterMs, remoteId, detail, attribute } = error as ConnectorError;
  if (!CONNECTOR_ERROR_KINDS.includes(kind)) return undefined;
  return { kind, message, status, retryAfterMs, remoteId, detail, attribute };
}
