import { type Call, type EndpointContext, exchange, parseResource, type ScimResource } from './exchange.ts';
import { isObject, type JsonObject, type JsonValue, readInteger, readKey } from './json.ts';
import { searchRequestUrn } from './schema-urns.ts';
import { ScimError } from './scim-error.ts';

export interface ListPageRequest {
  /** `nextCursor` of the page before; absent for the first page. */
  cursor?: string | undefined;
  /** Wanted page size; the target may give fewer or more. */
  limit: number;
  filter?: string | undefined;
  excludedAttributes?: string | undefined;
}

export interface ListPage {
  resources: ScimResource[];
  /** Opaque and self-contained; absent on the last page. */
  nextCursor: string | undefined;
  /** What the target claims; often wrong. */
  totalResults: number | undefined;
}

/** A list answer, leniently read. */
export interface ListAnswer {
  resources: ScimResource[];
  /** Elements that the target sent, readable or not, an account that came twice once: the next page begins behind them. */
  received: number;
  totalResults: number | undefined;
  startIndex: number | undefined;
  nextCursor: string | undefined;
}

/** Where the next page begins, and as much of the past as it takes to see that a target goes in circles. */
interface Position {
  /** 1-based index of the next element. */
  start: number;
  /** Accounts so far, each page's counted once. */
  accounts: number;
  /** The target's own cursor (RFC 9865). */
  token?: string;
  /** The position is sent in a body (RFC 7644 §3.4.3), since the target ignored it in the address. */
  bySearch?: boolean;
  pages: number;
  /** Hashes of what the first page and the latest pages began with, or of the target's cursors. */
  seen: number[];
}

const mostPages = 100_000;
/** No target is known to cut its pages shorter than this. */
const smallestPage = 10;
const rememberedPages = 32;

/**
 * One page of a list (RFC 7644 §3.4.2.4; RFC 9865 once the target gives a cursor). The next page begins behind the
 * elements that came, whatever was asked for. The last page is an empty one, or one that makes the accounts as many as
 * `totalResults`; a total equal to a full page is not believed. A target that gives the same page again while its own
 * total says that more exists is asked by POST to `.search`; if that is no better, or its cursors go in circles, the list is
 * `unsupported`: one that is silently short would be taken for the truth.
 */
export async function listPage(endpoint: EndpointContext, request: ListPageRequest): Promise<ListPage> {
  const limit = Math.max(1, Math.floor(Math.min(request.limit, endpoint.dialect.paging.pageSize)));
  const position: Position =
    request.cursor === undefined ? { start: 1, accounts: 0, pages: 0, seen: [] } : parseCursor(request.cursor);
  const { method } = endpoint.dialect.paging;
  let answer = await requestPage(endpoint, request, position, limit);
  let next = planNextPage(position, answer, limit, method);
  if (next === 'stuck' && position.bySearch !== true && endpoint.dialect.scimVersion === '2.0') {
    const searched: Position = { ...position, bySearch: true };
    answer = (await requestFirstSearch(endpoint, request, searched, limit)) ?? answer;
    next = planNextPage(searched, answer, limit, method);
  }
  if (next === 'stuck') {
    throw buildPagingError(position.start - 1, answer.totalResults, 'it answers with the same page again');
  }
  const { resources, totalResults } = answer;
  return { resources: next === 'repeated' ? [] : resources, totalResults, nextCursor: formatCursor(next) };
}

/** SCIMMY under Express 5 ignores paging in the address and honours it in a body. `undefined`: there is no search here. */
async function requestFirstSearch(
  endpoint: EndpointContext,
  request: ListPageRequest,
  position: Position,
  limit: number,
): Promise<ListAnswer | undefined> {
  try {
    const answer = await requestPage(endpoint, request, position, limit);
    return answer.received === 0 ? undefined : answer;
  } catch (error) {
    if (!(error instanceof ScimError) || error.kind === 'rate_limited' || error.status === 503) throw error;
    return undefined;
  }
}

async function requestPage(
  endpoint: EndpointContext,
  { filter, excludedAttributes }: ListPageRequest,
  position: Position,
  limit: number,
): Promise<ListAnswer> {
  const call =
    position.bySearch === true
      ? buildSearchCall(endpoint, { filter, excludedAttributes }, position, limit)
      : buildListCall(endpoint, { filter, excludedAttributes }, position, limit);
  try {
    const { body } = await exchange(endpoint, call);
    const answer = body.form === 'json' ? parseListAnswer(body.value) : undefined;
    if (answer !== undefined) return answer;
  } catch (error) {
    if (error instanceof ScimError && /^(expired|invalid)Cursor$/i.test(error.scimType ?? '')) {
      const message = 'The target has forgotten this place in the list. Begin the list again.';
      throw new ScimError('precondition_failed', message, { ...error, cause: error });
    }
    throw error;
  }
  throw new ScimError('transient', `GET ${endpoint.path} was answered with something that is not a list of accounts.`);
}

type Wanted = Pick<ListPageRequest, 'filter' | 'excludedAttributes'>;

function buildListCall(endpoint: EndpointContext, wanted: Wanted, position: Position, limit: number): Call {
  const { filter, excludedAttributes } = wanted;
  const query: string[] = [];
  if (filter !== undefined) query.push(`filter=${encodeURIComponent(filter)}`);
  if (excludedAttributes !== undefined) query.push(`excludedAttributes=${encodeURIComponent(excludedAttributes)}`);
  const { method } = endpoint.dialect.paging;
  if (position.token !== undefined) query.push(`cursor=${encodeURIComponent(position.token)}`);
  // RFC 9865 §2.1: an empty cursor asks for the first page by cursor.
  else if (method === 'cursor') query.push('cursor');
  else if (method === 'index') query.push(`startIndex=${position.start}`);
  if (method !== 'none') query.push(`count=${limit}`);
  const path = query.length === 0 ? endpoint.path : `${endpoint.path}?${query.join('&')}`;
  return { method: 'GET', path, effect: 'read' };
}

/** RFC 7644 §3.4.3: the same query in a body; it changes nothing. */
function buildSearchCall(endpoint: EndpointContext, wanted: Wanted, position: Position, limit: number): Call {
  const { filter, excludedAttributes } = wanted;
  const payload: JsonObject = {
    schemas: [searchRequestUrn],
    ...(filter === undefined ? {} : { filter }),
    ...(excludedAttributes === undefined ? {} : { excludedAttributes: excludedAttributes.split(',') }),
    startIndex: position.start,
    count: limit,
  };
  return { method: 'POST', path: `${endpoint.path}/.search`, payload, effect: 'read' };
}

/** Reads a ListResponse, a bare array, or a lone resource; `undefined` when it is none of them. */
export function parseListAnswer(value: JsonValue): ListAnswer | undefined {
  if (Array.isArray(value)) return buildListAnswer(value, {});
  if (!isObject(value)) return undefined;
  const elements = readKey(value, 'Resources');
  if (Array.isArray(elements)) return buildListAnswer(elements, value);
  // RFC 7644 §3.4.2: Resources may be absent when there is none. Anything else without it is not a list.
  if (readInteger(readKey(value, 'totalResults')) === 0) return buildListAnswer([], value);
  if (elements === null && readKey(value, 'totalResults') !== undefined) return buildListAnswer([], value);
  return parseResource(value) === undefined ? undefined : buildListAnswer([value], {});
}

function buildListAnswer(elements: JsonValue[], envelope: JsonObject): ListAnswer {
  const resources = new Map<string, ScimResource>();
  let repeated = 0;
  for (const element of elements) {
    const resource = parseResource(element);
    if (resource === undefined) continue;
    if (resources.has(resource.id)) repeated += 1;
    else resources.set(resource.id, resource);
  }
  const nextCursor = readKey(envelope, 'nextCursor');
  return {
    resources: [...resources.values()],
    received: elements.length - repeated,
    totalResults: readInteger(readKey(envelope, 'totalResults')),
    startIndex: readInteger(readKey(envelope, 'startIndex')),
    nextCursor:
      typeof nextCursor === 'string' && nextCursor !== '' && nextCursor.isWellFormed() ? nextCursor : undefined,
  };
}

/** Where to go on; `end`; when this page was seen before, `repeated` if nothing is missing and else `stuck`. Pure. */
export function planNextPage(
  position: Position,
  answer: ListAnswer,
  limit: number,
  method: 'index' | 'cursor' | 'none',
): Position | 'end' | 'repeated' | 'stuck' {
  const { resources, received, totalResults, nextCursor } = answer;
  const seenBefore = position.start - 1;
  if (position.pages >= mostPages)
    throw buildPagingError(seenBefore, totalResults, `${mostPages} pages did not end it`);
  if (nextCursor !== undefined) return planNextCursor(position, answer, nextCursor);
  if (position.token !== undefined || method === 'none' || received === 0) return checkComplete(position, answer);
  // A page without a single account counts as one too: two of them are a repetition.
  const hash = hashText(resources[0]?.id ?? '');
  if (position.seen.includes(hash)) {
    return totalResults !== undefined && totalResults > seenBefore ? 'stuck' : 'repeated';
  }
  const accounts = position.accounts + resources.length;
  // Old AWS and Polis give the page's size as total, and page by 50 whatever was asked for: one more request is the price.
  const isPageSize = totalResults === received && received >= Math.min(limit, smallestPage);
  // Elements that are no accounts, or come twice, do not complete a list.
  if (totalResults === accounts && !isPageSize) return 'end';
  return {
    start: position.start + received,
    accounts,
    ...(position.bySearch === true ? { bySearch: true } : {}),
    pages: position.pages + 1,
    seen: remember(position.seen, hash),
  };
}

/** The first one stays: targets that ignore paging give their first page again. */
function remember(seen: number[], hash: number): number[] {
  return [...seen, hash].filter((_, index, all) => index === 0 || index > all.length - rememberedPages);
}

function planNextCursor(position: Position, { received, resources }: ListAnswer, token: string): Position {
  const hash = hashText(token);
  if (position.seen.includes(hash) || token === position.token) {
    throw buildPagingError(position.start - 1 + received, undefined, 'it answers with a cursor that it gave before');
  }
  const pages = position.pages + 1;
  return {
    start: position.start + received,
    accounts: position.accounts + resources.length,
    token,
    pages,
    seen: remember(position.seen, hash),
  };
}

/** An empty page while the target's own total says that there is more: a reading that is short, and known to be. */
function checkComplete(position: Position, { received, totalResults }: ListAnswer): 'end' {
  const seen = position.start - 1 + received;
  // By one page or one element a total may be off while accounts come and go; nothing at all is a refusal to page.
  if (totalResults !== undefined && seen === 0 && totalResults > 0) {
    throw buildPagingError(seen, totalResults, 'its first page is empty');
  }
  return 'end';
}

function buildPagingError(seen: number, total: number | undefined, reason: string): ScimError {
  const of = total === undefined ? '' : ` of ${total}`;
  return new ScimError(
    'unsupported',
    `The list of the target cannot be read to its end: ${reason}. ${seen}${of} were read. Set another paging method in the options.`,
  );
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  // With the length, so that two pages are not taken for one in any list that can be read in a lifetime.
  return hash * 4096 + (text.length % 4096);
}

function formatCursor(next: Position | 'end' | 'repeated'): string | undefined {
  return typeof next === 'string' ? undefined : Buffer.from(JSON.stringify(next)).toString('base64url');
}

function parseCursor(cursor: string): Position {
  try {
    const value = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Position;
    if (
      Number.isSafeInteger(value.start) &&
      value.start >= 1 &&
      Number.isSafeInteger(value.pages) &&
      Number.isSafeInteger(value.accounts) &&
      Array.isArray(value.seen)
    ) {
      return value;
    }
  } catch {
    // Falls through to the refusal.
  }
  throw new ScimError('invalid_request', 'The list cursor is not one of this library. Begin the list without one.');
}
