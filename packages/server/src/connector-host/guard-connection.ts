import {
  type AccountOperations,
  type Connection,
  type Connector,
  type ConnectorContext,
  ConnectorError,
  createLdapTransport,
  createSqlTransport,
  type GroupOperations,
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
const GROUP_OPERATIONS = [
  'find',
  'get',
  'create',
  'rename',
  'delete',
  'list',
  'members',
  'changeMembers',
] as const satisfies (keyof GroupOperations)[];

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
  const guard = buildGuard(watch, context.signal, connector.id);
  const { accounts, groups, batch } = connection;
  const guarded: Connection = {
    ...connection,
    accounts: { ...guard(accounts, OPERATIONS), read: accounts.read.bind(accounts) },
  };
  if (groups) guarded.groups = guard(groups, GROUP_OPERATIONS);
  if (batch) guarded.batch = guard({ batch }, ['batch']).batch;
  return guarded;
}

type Operation = (request: unknown) => Promise<unknown>;

/** A plain object of one shape: one that has the operations as its prototype costs more than the rest of an operation. */
function buildGuard(watch: RequestWatch, signal: AbortSignal, connectorId: string) {
  return <Operations extends object>(operations: Operations, names: readonly (keyof Operations)[]): Operations => {
    const guarded: Partial<Record<keyof Operations, Operation>> = {};
    for (const name of names) {
      const operation = operations[name] as Operation | undefined;
      if (!operation) continue;
      guarded[name] = async (request: unknown) => {
        try {
          return await operation.call(operations, request);
        } catch (error) {
          throw signal.aborted ? error : watch.judge(error, `The connector ${connectorId} failed in ${String(name)}`);
        }
      };
    }
    return guarded as Operations;
  };
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
