import { createHash, timingSafeEqual } from 'node:crypto';
import { BULK_RESPONSE_URN, ERROR_URN } from './attribute-definitions.ts';
import { answerDiscovery } from './discovery-documents.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { answerList } from './list-records.ts';
import { readProjection, renderRecord } from './render-record.ts';
import { ScimFailure } from './scim-failure.ts';
import {
  BASE_PATH,
  parseBody,
  parseRoute,
  type RequestRoute,
  type TargetAnswer,
  type TargetRequest,
  type TargetState,
} from './target-state.ts';
import {
  answerCreate,
  type CreateOptions,
  createRecord,
  deleteRecord,
  getRecord,
  type NoteEffect,
  patchRecord,
  replaceRecord,
} from './write-records.ts';

/** Carries out one SCIM request. It never throws for what a request can hold; a throw is a bug of the target. */
export function handleRequest(
  state: TargetState,
  request: TargetRequest,
  route: RequestRoute,
  note: NoteEffect,
  options?: CreateOptions,
): TargetAnswer {
  try {
    assertAdmitted(state, request);
    return carryOut(state, request, route, note, options);
  } catch (error) {
    if (error instanceof ScimFailure) return renderFailure(error, state);
    throw error;
  }
}

function assertAdmitted(state: TargetState, request: TargetRequest): void {
  const { profile, token } = state;
  if (token !== undefined && !isAuthorized(request.headers['authorization'], token)) {
    throw new ScimFailure(401, 'The bearer token is missing or wrong', undefined, { 'www-authenticate': 'Bearer' });
  }
  if (profile.requiresUserAgent && !request.headers['user-agent']) {
    throw new ScimFailure(403, 'Requests must have a User-Agent header');
  }
  if (profile.rateLimit !== undefined) takeToken(state, profile.rateLimit);
  if (request.body === '') return;
  const type =
    String(request.headers['content-type'] ?? '')
      .split(';')[0]
      ?.trim()
      .toLowerCase() ?? '';
  if (!profile.requestTypes.includes(type))
    throw new ScimFailure(415, `The media type must be ${profile.requestTypes.join(' or ')}, not "${type}"`);
}

function isAuthorized(header: string | string[] | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(String(header ?? '').replace(/^bearer /i, 'Bearer ')), digest(`Bearer ${token}`));
}

function takeToken(state: TargetState, limit: { perSecond: number; burst: number; retryAfter: boolean }): void {
  const now = state.now();
  const earned = ((now - state.rate.atMs) / 1000) * limit.perSecond;
  state.rate = { tokens: Math.min(limit.burst, state.rate.tokens + Math.max(earned, 0)), atMs: now };
  if (state.rate.tokens < 1) {
    const waitS = Math.ceil((1 - state.rate.tokens) / limit.perSecond);
    throw new ScimFailure(
      429,
      'Too many requests',
      undefined,
      limit.retryAfter ? { 'retry-after': String(waitS) } : {},
    );
  }
  state.rate.tokens -= 1;
}

function carryOut(
  state: TargetState,
  request: TargetRequest,
  route: RequestRoute,
  note: NoteEffect,
  options?: CreateOptions,
): TargetAnswer {
  const { profile } = state;
  const refuse = (what: string): never => {
    throw new ScimFailure(profile.refusedVerbStatus, `This target has no ${what}`);
  };
  if (route.kind === 'Group' && !profile.groups) throw new ScimFailure(404, 'This target has no groups');
  switch (route.operation) {
    case 'create': {
      const kind = route.kind ?? 'User';
      if (kind === 'Group' && !profile.groupCreate) refuse('creation of groups');
      return answerCreate(
        state,
        createRecord(state, kind, parseBody(request.body), note, options, request.body),
        route.query,
      );
    }
    case 'get':
      return answerGet(state, request, route);
    case 'list':
      return answerList(state, route.kind ?? 'User', route.query);
    case 'search':
      return profile.search ? answerSearch(state, request, route) : refuse('.search');
    case 'replace':
      return profile.put ? replaceRecord(state, route, request, note) : refuse('PUT');
    case 'patch':
      return profile.patch ? patchRecord(state, route, request, note) : refuse('PATCH');
    case 'delete':
      return deleteRecord(state, route, request, note);
    case 'bulk':
      return profile.bulk === undefined ? refuse('Bulk') : answerBulk(state, request, note, profile.bulk);
    case 'discovery':
      return answerDiscovery(state, route.segments, route.query.has('filter'));
    default:
      throw new ScimFailure(route.kind === undefined ? 404 : 405, `There is no ${request.method} ${request.url} here`);
  }
}

function answerGet(state: TargetState, request: TargetRequest, route: RequestRoute): TargetAnswer {
  const record = getRecord(state, route.kind ?? 'User', route.id ?? '');
  const { profile } = state;
  const etag = `W/"${record.revision}"`;
  const headers: Record<string, string> = profile.etag === 'none' ? {} : { etag };
  if (profile.etag === 'honoured' && request.headers['if-none-match'] === etag)
    return { status: 304, headers, body: '' };
  const projection = route.query.size === 0 ? undefined : readProjection(route.query);
  return {
    status: 200,
    headers: { 'content-type': profile.responseType, ...headers },
    body: renderRecord(record, state, projection),
  };
}

/** RFC 7644 section 3.4.3: a query in a body, for values that must not stand in a URL. */
function answerSearch(state: TargetState, request: TargetRequest, route: RequestRoute): TargetAnswer {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parseBody(request.body))) {
    if (name !== 'schemas' && value !== undefined)
      query.set(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  return answerList(state, route.kind ?? 'User', query);
}

/** RFC 7644 section 3.7: operations in order, later ones may name records made before by `bulkId:`. */
function answerBulk(
  state: TargetState,
  request: TargetRequest,
  note: NoteEffect,
  limits: { maxOperations: number; maxPayloadSize: number },
): TargetAnswer {
  if (Buffer.byteLength(request.body) > limits.maxPayloadSize)
    throw new ScimFailure(413, `A bulk request may have ${limits.maxPayloadSize} bytes`);
  const body = parseBody(request.body);
  const operations = Array.isArray(body['Operations']) ? body['Operations'] : [];
  if (operations.length > limits.maxOperations)
    throw new ScimFailure(413, `A bulk request may have ${limits.maxOperations} operations`);
  const failOnErrors = typeof body['failOnErrors'] === 'number' ? body['failOnErrors'] : Number.POSITIVE_INFINITY;
  const ids = new Map<string, string>();
  const results: JsonValue[] = [];
  let errors = 0;
  for (const operation of operations) {
    if (errors >= failOnErrors) break;
    const result = runBulkOperation(state, isObject(operation) ? operation : {}, ids, note);
    if (Number(result['status']) >= 400) errors++;
    results.push(result);
  }
  const answer = { schemas: [BULK_RESPONSE_URN], Operations: results };
  return { status: 200, headers: { 'content-type': state.profile.responseType }, body: JSON.stringify(answer) };
}

function runBulkOperation(
  state: TargetState,
  operation: JsonObject,
  ids: Map<string, string>,
  note: NoteEffect,
): JsonObject {
  const resolve = (text: string) =>
    text.replace(/bulkId:([^"/\\]+)/g, (whole, bulkId: string) => ids.get(bulkId) ?? whole);
  const method = String(operation['method'] ?? '').toUpperCase();
  const url = `${BASE_PATH[state.profile.scimVersion]}${resolve(String(operation['path'] ?? ''))}`;
  const body = operation['data'] === undefined ? '' : resolve(JSON.stringify(operation['data']));
  const version = operation['version'];
  const headers = { 'if-match': typeof version === 'string' ? version : undefined };
  const inner = { method, url, headers, body };
  const failure = (error: ScimFailure) => renderFailure(error, state);
  let answer: TargetAnswer;
  try {
    const route = parseRoute(method, url, BASE_PATH[state.profile.scimVersion]);
    if (['bulk', 'search', 'list', 'discovery'].includes(route.operation))
      throw new ScimFailure(400, `${method} ${url} cannot be in a bulk request`, 'invalidValue');
    answer = carryOut(state, inner, route, note);
  } catch (error) {
    if (!(error instanceof ScimFailure)) throw error;
    answer = failure(error);
  }
  const made = answer.status < 300 && answer.body !== '' ? (JSON.parse(answer.body) as JsonObject) : undefined;
  const bulkId = operation['bulkId'];
  if (typeof bulkId === 'string' && typeof made?.['id'] === 'string') ids.set(bulkId, made['id']);
  const meta = made?.['meta'];
  return {
    method,
    bulkId,
    location: isObject(meta) ? meta['location'] : `${state.store.baseUrl}${String(operation['path'] ?? '')}`,
    version: answer.headers['etag'],
    status: String(answer.status),
    response: answer.body.startsWith('{') && answer.status >= 400 ? (JSON.parse(answer.body) as JsonObject) : undefined,
  };
}

export function renderFailure(failure: ScimFailure, { profile }: TargetState): TargetAnswer {
  const { status, message: detail, scimType } = failure;
  const headers = { 'content-type': profile.responseType, ...failure.headers };
  if (profile.errorShape === 'html') {
    return {
      status,
      headers: { ...failure.headers, 'content-type': 'text/html' },
      body: `<html><body><h1>${status}</h1></body></html>`,
    };
  }
  if (profile.errorShape === 'text')
    return { status, headers: { ...failure.headers, 'content-type': 'text/plain' }, body: detail };
  if (profile.errorShape === 'vendor')
    return { status, headers, body: JSON.stringify({ message: detail, exceptionId: 'e-1', schema: ERROR_URN }) };
  if (profile.scimVersion === '1.1')
    return { status, headers, body: JSON.stringify({ Errors: [{ description: detail, code: String(status) }] }) };
  const shown = profile.numericErrorStatus ? status : String(status);
  return { status, headers, body: JSON.stringify({ schemas: [ERROR_URN], status: shown, scimType, detail }) };
}
