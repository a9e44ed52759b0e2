import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  buildLdapError,
  ConnectorError,
  LDAP_CONTENT_TYPE,
  type LdapAnswer,
  type LdapEntry,
  type LdapFilter,
  type LdapRequest,
} from '@usher/connector-sdk';
import {
  AndFilter,
  Attribute,
  Change,
  Client,
  EqualityFilter,
  type Filter,
  GreaterThanEqualsFilter,
  NotFilter,
  OrFilter,
  PresenceFilter,
  ResultCodeError,
  SizeLimitExceededError,
  SubstringFilter,
} from 'ldapts';
import type { CarriedConnection, CarriedProtocol, CarriedResult, Login } from '../carried-transport.ts';
import type { GuardedSockets } from '../guarded-socket.ts';
import type { TargetUrl } from '../target-url.ts';
import { parseLdapOperation } from './read-operation.ts';
import { formatEntries, isSecretAttribute, showLdapOperation } from './show-operation.ts';

const PAGE_SIZE = 500;
const BINARY = 'base64:';

/** LDAP version 3 (RFC 4511): simple bind, with TLS unless the base URL says otherwise. */
export const ldapProtocol: CarriedProtocol<LdapRequest, LdapConnection> = {
  contentType: LDAP_CONTENT_TYPE,
  parse: parseLdapOperation,
  effectOf: ({ operation }) => (operation === 'search' ? 'read' : 'write'),
  describe: showLdapOperation,
  open: (sockets, url, login, signal) => LdapConnection.open(sockets, url, login, signal),
  run: (connection, operation, timeoutMs) => connection.run(operation, timeoutMs),
};

class LdapConnection implements CarriedConnection {
  readonly #client: Client;
  readonly #socket: Socket;
  #isOver = false;

  private constructor(client: Client, socket: Socket) {
    this.#client = client;
    this.#socket = socket;
  }

  static async open(
    sockets: GuardedSockets,
    url: TargetUrl,
    login: Login | undefined,
    signal: AbortSignal,
  ): Promise<LdapConnection> {
    let socket: Socket | undefined;
    const openOnce = <Opened extends Socket>(open: () => Opened): Opened => {
      // The library connects anew by itself, and would go on without having signed in.
      if (socket) throw new Error('The connection was closed.');
      const opened = open();
      socket = opened;
      return opened;
    };
    const client = new Client({
      url: `${url.tls === 'direct' ? 'ldaps' : 'ldap'}://${url.hostname.includes(':') ? `[${url.hostname}]` : url.hostname}:${url.port}`,
      createConnection: () => openOnce(() => sockets.open()),
      createSecureConnection: ((first: unknown) =>
        typeof first === 'object'
          ? connectTls({ ...(first as object), ...sockets.tlsOptions })
          : openOnce(() => sockets.openSecure())) as typeof connectTls,
    });
    const abort = () => socket?.destroy(new Error('Given up.'));
    signal.addEventListener('abort', abort, { once: true });
    try {
      if (url.tls === 'upgrade') await client.startTLS({});
      await signIn(client, login);
      signal.throwIfAborted();
      return new LdapConnection(client, socket!);
    } catch (error) {
      socket?.destroy();
      if (error instanceof ResultCodeError) throw describeRefusal(error);
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  get isUsable(): boolean {
    return !this.#isOver && this.#client.isConnected && !this.#socket.destroyed;
  }

  bytesRead(): number {
    return this.#socket.bytesRead;
  }

  destroy(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  async run(request: LdapRequest, timeoutMs: number): Promise<CarriedResult> {
    const answer = await this.#answer(request, timeoutMs);
    const result = `result: ${answer.code}${answer.message === '' ? '' : ` ${answer.message}`}`;
    const logged = answer.entries.length === 0 ? result : `${result}\n\n${formatEntries(answer.entries)}`;
    return { answer, status: answer.code, logged };
  }

  async #answer(request: LdapRequest, timeoutMs: number): Promise<LdapAnswer> {
    const entries: LdapEntry[] = [];
    try {
      await this.#send(request, timeoutMs, entries);
      return { code: 0, message: '', entries };
    } catch (error) {
      if (!(error instanceof ResultCodeError)) throw error;
      // Partial answers only where the caller asked for so many and no more.
      return { code: error.code, message: messageOf(error), entries: error.code === 4 ? entries : [] };
    }
  }

  async #send(request: LdapRequest, timeoutMs: number, entries: LdapEntry[]): Promise<void> {
    const client = this.#client;
    switch (request.operation) {
      case 'search':
        await this.#search(request, timeoutMs, entries);
        return;
      case 'add':
        return client.add(request.dn, buildAttributes(request.attributes));
      case 'modify':
        return client.modify(
          request.dn,
          request.changes.map(({ change, attribute, values }) => {
            const modification = new Attribute({ type: attribute, values: writeValues(values) });
            return new Change({ operation: change, modification });
          }),
        );
      case 'rename': {
        const { dn, newRdn, newParent } = request;
        return client.modifyDN(dn, newParent === undefined ? newRdn : `${newRdn},${newParent}`);
      }
      case 'delete':
        return client.del(request.dn);
    }
  }

  async #search(
    { base, scope, filter, attributes, limit }: Extract<LdapRequest, { operation: 'search' }>,
    timeoutMs: number,
    entries: LdapEntry[],
  ): Promise<void> {
    const options = {
      scope,
      filter: buildFilter(filter),
      attributes: [...attributes],
      timeLimit: Math.ceil(timeoutMs / 1000),
    };
    if (limit !== undefined && limit < PAGE_SIZE) {
      // One more than wanted tells whether there are more.
      const { searchEntries } = await this.#client.search(base, { ...options, sizeLimit: limit + 1 });
      entries.push(...searchEntries.slice(0, limit).map(readEntry));
      if (searchEntries.length > limit) throw tooMany();
      return;
    }
    // In pages, for servers refuse large answers otherwise; RFC 2696 is as good as everywhere.
    for await (const page of this.#client.searchPaginated(base, { ...options, paged: { pageSize: PAGE_SIZE } })) {
      entries.push(...page.searchEntries.map(readEntry));
      if (limit === undefined || entries.length <= limit) continue;
      entries.length = limit;
      throw tooMany();
    }
  }
}

async function signIn(client: Client, login: Login | undefined): Promise<void> {
  // Names of SASL mechanisms would be taken for such.
  if (login && !login.username.includes('=') && !login.username.includes('@') && !login.username.includes('\\')) {
    const fix = 'Give it as a distinguished name, such as cn=usher,dc=example,dc=com.';
    throw new ConnectorError('unauthorized', `The user name of the credential is not one to bind with. ${fix}`);
  }
  await client.bind(login?.username ?? '', login?.password ?? '');
}

function describeRefusal(error: ResultCodeError): ConnectorError {
  const answer: LdapAnswer = { code: error.code, message: messageOf(error), entries: [] };
  if (error.code === 49 || error.code === 48 || error.code === 8 || error.code === 13 || error.code === 53) {
    const message = `The LDAP server refuses the bind (${error.code}). Check the bind DN and the password of the credential.`;
    return new ConnectorError('unauthorized', message, { detail: messageOf(error) });
  }
  return buildLdapError({ operation: 'search', base: '', scope: 'base', filter: { and: [] }, attributes: [] }, answer);
}

function tooMany(): ResultCodeError {
  return new SizeLimitExceededError('more entries than were asked for');
}

/** What the server said, without what the library adds. */
function messageOf({ message }: ResultCodeError): string {
  return message.replace(/\s*Code: 0x[0-9a-f]+$/i, '');
}

function readEntry(found: { dn: string; [name: string]: unknown }): LdapEntry {
  const attributes: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(found)) {
    if (name === 'dn' || name === '__proto__' || isSecretAttribute(name)) continue;
    const values = (Array.isArray(value) ? value : [value]).map(readValue);
    if (values.length > 0) attributes[name] = values;
  }
  return { dn: found.dn, attributes };
}

function readValue(value: unknown): string {
  return Buffer.isBuffer(value) ? `${BINARY}${value.toString('base64')}` : String(value);
}

function buildAttributes(attributes: Readonly<Record<string, readonly string[]>>): Attribute[] {
  return Object.entries(attributes)
    .filter(([, values]) => values.length > 0)
    .map(([type, values]) => new Attribute({ type, values: writeValues(values) }));
}

function writeValues(values: readonly string[]): string[] | Buffer[] {
  if (!values.some((value) => value.startsWith(BINARY))) return [...values];
  return values.map((value) =>
    value.startsWith(BINARY) ? Buffer.from(value.slice(BINARY.length), 'base64') : Buffer.from(value, 'utf8'),
  );
}

function buildFilter(filter: LdapFilter): Filter {
  if ('and' in filter) return new AndFilter({ filters: filter.and.map(buildFilter) });
  if ('or' in filter) return new OrFilter({ filters: filter.or.map(buildFilter) });
  if ('not' in filter) return new NotFilter({ filter: buildFilter(filter.not) });
  const { attribute } = filter;
  if ('present' in filter) return new PresenceFilter({ attribute });
  if ('equals' in filter) return new EqualityFilter({ attribute, value: filter.equals });
  if ('startsWith' in filter) return new SubstringFilter({ attribute, initial: filter.startsWith });
  return new GreaterThanEqualsFilter({ attribute, value: filter.atLeast });
}
