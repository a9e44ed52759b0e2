import {
  type AccountOperations,
  type Connection,
  type Connector,
  type ConnectorContext,
  ConnectorError,
  createLdapTransport,
  createSqlTransport,
  type HttpTransport,
} from '@usher/connector-sdk';
import { ConnectorFaultError } from './connector-fault.ts';

const OPERATIONS = [
  'schema',
  'find',
  'get',
  'create',
  'update',
  'deactivate',
  'reactivate',
  'delete',
  'list',
] as const satisfies (keyof AccountOperations)[];

/** What the host gives a connector; LDAP and SQL go over the same transport. */
export type HostContext<Options> = Omit<ConnectorContext<Options>, 'ldap' | 'sql'>;

/**
 * Connects a connector that runs in this process. What it throws and no connector may becomes a
 * {@link ConnectorFaultError}: `ambiguous` when a write may have arrived before it, for then the account is to be read
 * before anything is written again. What the host itself threw into a request goes through as it is.
 */
export function connectGuarded<Options>(connector: Connector<Options>, context: HostContext<Options>): Connection {
  const watch = new RequestWatch(context.http);
  const connection = connector.connect({
    ...context,
    http: watch,
    ldap: createLdapTransport(watch),
    sql: createSqlTransport(watch),
  });
  const { accounts } = connection;
  // A plain object of one shape: one that has the accounts as its prototype costs more than the rest of an operation.
  const guarded: Record<string, unknown> = { read: accounts.read.bind(accounts) };
  for (const name of OPERATIONS) {
    const operation = accounts[name] as ((request: unknown) => Promise<unknown>) | undefined;
    if (!operation) continue;
    guarded[name] = async (request: unknown) => {
      try {
        return await operation.call(accounts, request);
      } catch (error) {
        throw context.signal.aborted ? error : watch.judge(error, `The connector ${connector.id} failed in ${name}`);
      }
    };
  }
  return { ...connection, accounts: guarded as unknown as AccountOperations };
}

/** The transport as one connection uses it; remembers whether something was written, and what the host threw. */
class RequestWatch implements HttpTransport {
  readonly #http: HttpTransport;
  readonly #thrown = new WeakSet<object>();
  #writes = 0;

  constructor(http: HttpTransport) {
    this.#http = http;
  }

  async request(request: Parameters<HttpTransport['request']>[0]): ReturnType<HttpTransport['request']> {
    const isWrite = request.effect !== 'read';
    if (isWrite) this.#writes += 1;
    try {
      return await this.#http.request(request);
    } catch (error) {
      if (isWrite && !(error instanceof ConnectorError && error.kind === 'ambiguous')) this.#writes -= 1;
      if (typeof error === 'object' && error !== null) this.#thrown.add(error);
      throw error;
    }
  }

  judge(error: unknown, what: string): unknown {
    if (error instanceof ConnectorError) return error;
    if (typeof error === 'object' && error !== null && this.#thrown.has(error)) return error;
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const detail = error instanceof Error ? error.stack?.slice(0, 2_000) : undefined;
    return new ConnectorFaultError(`${what}: ${said.slice(0, 500)}`, {
      wrote: this.#writes > 0,
      stopsApp: false,
      detail,
    });
  }
}
