import {
  CONNECTOR_ERROR_KINDS,
  ConnectorError,
  type HttpMethod,
  type HttpRequest,
  type TargetAccount,
} from '@usher/connector-sdk';
import { z } from 'zod';
import type { GroupOperationName, OperationName } from './child/messages.ts';
import {
  describeIssues,
  parseAccountSchema,
  parseBatch,
  parseDetection,
  parseGroupResult,
  parseReport,
} from './parse-description.ts';

/** What came is not what it must be; the message goes on after "the connector": "answered find with …". */
export class BadAnswerError extends Error {}

type Json = Record<string, unknown>;

const DEEPEST = 40;
const MOST_ACCOUNTS = 10_000;
const LONGEST_ID = 512;
const LONGEST_CURSOR = 16_384;
const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] satisfies HttpMethod[];
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

/** The result of an operation as the contract has it. Throws a {@link BadAnswerError} for anything else. */
export function parseResult(name: OperationName, result: unknown): unknown {
  cleanJson(result, 0);
  try {
    return parseClean(name, result);
  } catch (error) {
    throw error instanceof z.ZodError ? new BadAnswerError(`this: ${describeIssues(error)}`) : error;
  }
}

function parseClean(name: OperationName, result: unknown): unknown {
  if (isGroupOperation(name)) return parseGroupResult(name.slice('groups.'.length) as GroupOperationName, result);
  switch (name) {
    case 'detect':
      return parseDetection(result);
    case 'batch':
      return { results: parseBatch(result).results.map(parseBatchResult) };
    case 'test':
      return parseReport(result);
    case 'schema':
      return result === undefined ? undefined : parseAccountSchema(result);
    case 'find':
      return { accounts: parseAccounts(readObject(result, 'no result')['accounts']) };
    case 'list':
      return parsePage(readObject(result, 'no page'));
    case 'get':
      return parseFound(readObject(result, 'no result'));
    case 'create':
      return { account: parseAccount(readObject(result, 'no result')['account']) };
    case 'update':
    case 'deactivate':
    case 'reactivate': {
      const account = result === undefined || result === null ? undefined : readObject(result, 'no result')['account'];
      return { account: account === undefined || account === null ? undefined : parseAccount(account) };
    }
    case 'delete':
      return undefined;
  }
}

function isGroupOperation(name: OperationName): name is `groups.${GroupOperationName}` {
  return name.startsWith('groups.');
}

function parseBatchResult(result: ReturnType<typeof parseBatch>['results'][number]): unknown {
  if (result.outcome !== 'done') return result;
  const { account } = result;
  return { ...result, account: account === undefined || account === null ? undefined : parseAccount(account) };
}

function parsePage(page: Json): unknown {
  const accounts = parseAccounts(page['accounts']);
  const cursor = page['nextCursor'];
  if (cursor === undefined || cursor === null) return { accounts };
  if (typeof cursor !== 'string' || cursor === '' || cursor.length > LONGEST_CURSOR) {
    throw new BadAnswerError(`a cursor that is not a text of 1 to ${LONGEST_CURSOR} characters`);
  }
  return { accounts, nextCursor: cursor };
}

function parseFound(result: Json): unknown {
  if (result['found'] === false) return { found: false };
  if (result['found'] === true) return { found: true, account: parseAccount(result['account']) };
  throw new BadAnswerError('a result that says neither found: true nor found: false');
}

function parseAccounts(accounts: unknown): TargetAccount[] {
  if (!Array.isArray(accounts)) throw new BadAnswerError('no list of accounts');
  if (accounts.length > MOST_ACCOUNTS) throw new BadAnswerError(`${accounts.length} accounts at once`);
  return accounts.map(parseAccount);
}

function parseAccount(value: unknown): TargetAccount {
  const { remoteId, active, representation, version } = readObject(value, 'no account');
  if (!isRemoteId(remoteId)) {
    throw new BadAnswerError(`an account whose remoteId is not a text of 1 to ${LONGEST_ID} printable characters`);
  }
  if (active !== undefined && active !== null && typeof active !== 'boolean') {
    throw new BadAnswerError('an account whose active is not true, false or absent');
  }
  if (version !== undefined && version !== null && (typeof version !== 'string' || version.length > LONGEST_ID)) {
    throw new BadAnswerError('an account whose version is not a short text');
  }
  const account = {
    remoteId,
    active: active ?? undefined,
    representation: readObject(representation, 'an account without a representation'),
  };
  return (version ? { ...account, version } : account) as TargetAccount;
}

function isRemoteId(value: unknown): value is string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_ID && !/[\x00-\x1f\x7f]/.test(value);
}

/** The error of an operation, its texts cut. Undefined: it is none of the closed kinds. */
export function parseError(error: unknown): ConnectorError | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  cleanJson(error, 0);
  const { kind, message, status, retryAfterMs, remoteId, detail, attribute } = error as Json;
  const known = CONNECTOR_ERROR_KINDS.find((one) => one === kind);
  if (!known) return undefined;
  const waits = typeof retryAfterMs === 'number' && retryAfterMs >= 0;
  return new ConnectorError(known, cutText(message, 1_000) ?? 'The connector gave no message.', {
    status: Number.isInteger(status) && Number(status) >= 100 && Number(status) < 1000 ? Number(status) : undefined,
    retryAfterMs: waits ? Math.min(retryAfterMs, LONGEST_WAIT_MS) : undefined,
    remoteId: isRemoteId(remoteId) ? remoteId : undefined,
    detail: cutText(detail, 4_000),
    attribute: cutText(attribute, 300),
  });
}

/** A request of the connector, before the transport judges where it goes. Throws a ConnectorError to be given back. */
export function parseRequest(value: unknown): HttpRequest {
  const refuse = (what: string) => new ConnectorError('invalid_request', `The connector's request ${what}`);
  if (typeof value !== 'object' || value === null) throw refuse('is no object.');
  const { method, path, headers, body, effect } = value as Json;
  if (typeof method !== 'string' || !METHODS.includes(method)) throw refuse(`has no method of ${METHODS.join(', ')}.`);
  if (typeof path !== 'string') throw refuse('has no path. Give one below the base URL.');
  if (body !== undefined && typeof body !== 'string') throw refuse('has a body that is not a text. Serialise it.');
  if (effect !== 'read' && effect !== 'write') throw refuse('does not say whether it reads or writes. Give effect.');
  const request: HttpRequest = { method: method as HttpMethod, path, effect };
  if (body !== undefined) request.body = body;
  if (headers === undefined) return request;
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) throw refuse('has odd headers.');
  const checked: Record<string, string> = {};
  for (const [name, text] of Object.entries(headers)) {
    const isHeader = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/i.test(name) && name !== '__proto__';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
    if (!isHeader || typeof text !== 'string' || /[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]/.test(text)) {
      throw refuse(`has the header "${name.slice(0, 100)}", whose name or value cannot be sent.`);
    }
    checked[name] = text;
  }
  request.headers = checked;
  return request;
}

/** A text for people: one line, no control characters, cut. */
export function cutText(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
  const text = value.slice(0, longest + 1).replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ');
  return (text.length > longest ? `${text.slice(0, longest)}…` : text).toWellFormed().trim() || undefined;
}

function readObject(value: unknown, otherwise: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new BadAnswerError(otherwise);
}

/**
 * Takes out of a JSON value, in place, what must not travel on: `__proto__` as a name, NUL and half characters, which
 * PostgreSQL cannot store. Throws a {@link BadAnswerError} when it is nested too deep for whoever walks it next.
 */
export function cleanJson(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > DEEPEST) throw new BadAnswerError(`something nested more than ${DEEPEST} deep`);
  const object = value as Json;
  for (const name in object) {
    const item = object[name];
    if (typeof item === 'string') {
      if (isUnclean(item)) object[name] = clean(item);
    } else cleanJson(item, depth + 1);
    if (name === '__proto__') delete object[name];
    else if (isUnclean(name)) {
      delete object[name];
      object[clean(name)] = item;
    }
  }
}

function isUnclean(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}

function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
