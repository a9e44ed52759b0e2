import type { AttributeValue } from './accounts.ts';
import { carry } from './carry.ts';
import { ConnectorError, type ConnectorErrorKind } from './connector-error.ts';
import type { HttpTransport } from './transport.ts';

/** What marks a request of the app's transport as one of SQL; see {@link createSqlTransport}. */
export const SQL_CONTENT_TYPE = 'application/vnd.usher.sql+json';

/** One parameter of a statement. The name is for the log and the preview, which hide what a secret's name says. */
export interface SqlParameter {
  name: string;
  value: AttributeValue;
}

/**
 * One statement with its parameters, `$1` for the first. Values are parameters, always; identifiers are checked against the
 * database's own catalogue and written by {@link quoteIdentifier}. A statement that says `read` runs in a read-only
 * transaction: the database itself refuses it when it writes. One that says `write` is a transaction of its own.
 */
export interface SqlRequest {
  statement: string;
  parameters: readonly SqlParameter[];
  effect: 'read' | 'write';
}

/**
 * The answer of the database: rows, or the error that it gave. Numbers, booleans, JSON and null are JSON's; whole numbers
 * that JSON cannot hold, times and everything else are texts as PostgreSQL writes them.
 */
export type SqlAnswer =
  | { ok: true; rows: Record<string, AttributeValue>[]; rowCount: number }
  | { ok: false; sqlstate: string; message: string; column?: string; constraint?: string };

/**
 * The only way from a connector to a database. Connects, authenticates and limits on the host's side; the connector sees no
 * secret. Rejects with a {@link ConnectorError} when there is no answer: `transient` when the statement certainly had no
 * effect, `ambiguous` when it may have been committed, `unauthorized` when the database refuses the login.
 */
export interface SqlTransport {
  request(request: SqlRequest): Promise<SqlAnswer>;
}

/** SQL over an app's transport, whose base URL is `postgresql://…`; as {@link createLdapTransport} does for LDAP. */
export function createSqlTransport(http: HttpTransport): SqlTransport {
  return { request: (request) => carry<SqlAnswer>(http, SQL_CONTENT_TYPE, request, request.effect) };
}

/**
 * A name as an identifier of PostgreSQL, whatever it holds (SQL:2016 §5.2): in double quotes, inner ones doubled. Throws
 * for what no identifier can be: empty, longer than 63 bytes, or with NUL.
 */
export function quoteIdentifier(name: string): string {
  if (name === '' || new TextEncoder().encode(name).length > 63 || name.includes('\0')) {
    throw new ConnectorError('invalid_request', `"${name.slice(0, 80)}" cannot be a name in a database.`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** The error for an answer that is one, by its SQLSTATE alone. */
export function buildSqlError(
  request: SqlRequest,
  answer: Extract<SqlAnswer, { ok: false }>,
  kind: ConnectorErrorKind = classifySqlState(answer.sqlstate),
): ConnectorError {
  const what = request.effect === 'read' ? 'reading' : 'writing';
  const message = `The database answered ${what} with ${answer.sqlstate}: ${explain(kind, answer.constraint)}`;
  const detail = answer.message.replace(/\s+/g, ' ').trim().slice(0, 500);
  return new ConnectorError(kind, message, { detail, attribute: answer.column });
}

/**
 * What a SQLSTATE means (PostgreSQL appendix A). A statement that was answered with an error was rolled back, so nothing
 * is ever `ambiguous` here.
 */
export function classifySqlState(sqlstate: string): ConnectorErrorKind {
  if (sqlstate === '23505') return 'already_exists';
  if (sqlstate === '42501' || sqlstate.startsWith('28')) return 'unauthorized';
  if (sqlstate === '25006') return 'unsupported';
  // Integrity constraints and data exceptions, and triggers that say no.
  if (/^(22|23|44|P0)/.test(sqlstate)) return 'invalid_request';
  // Syntax and names: the table is not what the options say.
  if (/^(42|3D|3F)/.test(sqlstate)) return 'unsupported';
  return 'transient';
}

function explain(kind: ConnectorErrorKind, constraint: string | undefined): string {
  const of = constraint === undefined ? '' : ` (${constraint})`;
  switch (kind) {
    case 'already_exists':
      return `a row with one of these unique values exists already${of}.`;
    case 'unauthorized':
      return 'the login is not accepted, or not allowed to do this. Renew the credential, or grant it the right.';
    case 'unsupported':
      return 'the table or a column is not as the options say, or cannot be written. Correct the options.';
    case 'invalid_request':
      return `the database refuses these values${of}.`;
    default:
      return 'it is not able to do this now. Nothing was changed.';
  }
}
