import type { Socket } from 'node:net';
import {
  type AttributeValue,
  ConnectorError,
  SQL_CONTENT_TYPE,
  type SqlAnswer,
  type SqlRequest,
} from '@usher/connector-sdk';
import pg from 'pg';
import type { CarriedConnection, CarriedProtocol, CarriedResult, Login } from '../carried-transport.ts';
import type { GuardedSockets } from '../guarded-socket.ts';
import { redactBody } from '../redact.ts';
import type { TargetUrl } from '../target-url.ts';
import { findFirstWord, parseSqlStatement } from './read-statement.ts';

/** Statements on PostgreSQL, one transaction each, with TLS unless the base URL says otherwise. */
export const sqlProtocol: CarriedProtocol<SqlRequest, SqlConnection> = {
  contentType: SQL_CONTENT_TYPE,
  parse: parseSqlStatement,
  effectOf: ({ effect }) => effect,
  describe: showStatement,
  open: (sockets, url, login, signal) => SqlConnection.open(sockets, url, login, signal),
  run: (connection, request, timeoutMs) => connection.run(request, timeoutMs),
};

class SqlConnection implements CarriedConnection {
  readonly #client: pg.Client;
  readonly #socket: Socket;
  #isOver = false;

  private constructor(client: pg.Client, socket: Socket) {
    this.#client = client;
    this.#socket = socket;
    client.on('end', () => {
      this.#isOver = true;
    });
  }

  static async open(
    sockets: GuardedSockets,
    url: TargetUrl,
    login: Login | undefined,
    signal: AbortSignal,
  ): Promise<SqlConnection> {
    if (!login)
      throw new ConnectorError('unauthorized', 'The app has no credential. Enter a user name and a password.');
    const socket = sockets.prepare();
    const client = new pg.Client({
      host: url.hostname,
      port: url.port,
      user: login.username,
      password: login.password,
      database: decodeURIComponent(url.path.slice(1)),
      // Said outright, each of them, for the library takes from the environment what is not said.
      ssl: url.tls === 'none' ? false : sockets.tlsOptions,
      application_name: 'usher',
      client_encoding: 'UTF8',
      options: '',
      stream: () => socket,
      types: { getTypeParser: chooseReader as pg.CustomTypesConfig['getTypeParser'] },
    });
    // A connection that breaks while it is idle is found out by its next use.
    client.on('error', () => {});
    const abort = () => socket.destroy(new Error('Given up.'));
    signal.addEventListener('abort', abort, { once: true });
    try {
      await client.connect();
      signal.throwIfAborted();
      return new SqlConnection(client, socket);
    } catch (error) {
      socket.destroy();
      throw error instanceof pg.DatabaseError ? describeRefusal(error) : error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  get isUsable(): boolean {
    return !this.#isOver && !this.#socket.destroyed;
  }

  bytesRead(): number {
    return this.#socket.bytesRead;
  }

  destroy(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  async run(request: SqlRequest, timeoutMs: number): Promise<CarriedResult> {
    const answer = await this.#answer(request, timeoutMs);
    const logged = answer.ok
      ? redactBody(JSON.stringify({ rowCount: answer.rowCount, rows: answer.rows }))
      : `${answer.sqlstate} ${answer.message}`;
    return { answer, logged };
  }

  /** The database ends what takes too long before this side gives up, so that its outcome is known. */
  async #answer(request: SqlRequest, timeoutMs: number): Promise<SqlAnswer> {
    const begin = request.effect === 'read' ? 'begin read only' : 'begin';
    const limitMs = Math.max(1_000, Math.floor(timeoutMs * 0.9));
    let isCommitting = false;
    try {
      await this.#client.query(begin);
      await this.#client.query(`set local statement_timeout = ${limitMs}`);
      const result = await this.#client.query(buildQuery(request));
      isCommitting = true;
      await this.#client.query('commit');
      return { ok: true, rows: result.rows as Record<string, AttributeValue>[], rowCount: result.rowCount ?? 0 };
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      // A server that is being stopped may have committed before it said so.
      if (isCommitting && error.severity === 'FATAL') throw new Error('The connection ended at the commit.');
      // An error at the end, by a deferred constraint, has ended the transaction already.
      if (!isCommitting) await this.#client.query('rollback').catch(() => this.destroy());
      const { code = 'XX000', message, column, constraint } = error;
      return {
        ok: false,
        sqlstate: code,
        message,
        ...(column ? { column } : {}),
        ...(constraint ? { constraint } : {}),
      };
    }
  }
}

/** By the extended protocol, which takes one statement only. */
function buildQuery({ statement, parameters }: SqlRequest): pg.QueryConfig {
  return { text: statement, values: parameters.map(({ value }) => value), queryMode: 'extended' } as pg.QueryConfig;
}

function describeRefusal(error: pg.DatabaseError): ConnectorError | pg.DatabaseError {
  const code = error.code ?? '';
  const said = { detail: error.message.slice(0, 500) };
  // 28: authorization; 3D: no such database; 42501: no right to connect.
  if (code.startsWith('28') || code === '42501') {
    const message = `The database refuses the login (${code}). Check the user name and the password of the credential.`;
    return new ConnectorError('unauthorized', message, said);
  }
  if (code.startsWith('3D')) {
    return new ConnectorError('unsupported', 'There is no database of that name. Check the base URL.', said);
  }
  return new ConnectorError('transient', `The database does not take a connection now (${code}).`, said);
}

function showStatement(
  request: SqlRequest,
  { origin, path }: TargetUrl,
): { method: string; url: string; body: string } {
  const { statement, parameters } = request;
  const values = Object.fromEntries(parameters.map(({ name, value }, index) => [`$${index + 1} ${name}`, value]));
  const body = redactBody(JSON.stringify({ statement, parameters: values }));
  return { method: findFirstWord(statement).toUpperCase(), url: `${origin}${path}`, body };
}

const findParser = pg.types.getTypeParser as (oid: number) => (text: string) => unknown;
const parseArray = { text: findParser(1009), integer: findParser(1007) };

/** JSON's types where JSON has them, else the text that PostgreSQL writes. */
function chooseReader(oid: number): (text: string) => unknown {
  switch (oid) {
    case 16: // bool
      return (text) => text === 't';
    case 20: // int8
    case 21: // int2
    case 23: // int4
    case 26: // oid
      return (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text);
    case 700: // float4
    case 701: // float8
      return (text) => (Number.isFinite(Number(text)) ? Number(text) : text);
    case 114: // json
    case 3802: // jsonb
      return (text) => JSON.parse(text) as unknown;
    case 1009: // text[]
    case 1015: // varchar[]
      return parseArray.text;
    case 1005: // int2[]
    case 1007: // int4[]
      return parseArray.integer;
    default:
      return (text) => text;
  }
}
