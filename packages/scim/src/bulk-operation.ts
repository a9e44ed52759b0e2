import { type AttributeChange, needsCurrent, reachesElements } from './build-patch.ts';
import type { FlatAttributes } from './build-resource.ts';
import { assertTakesChanges } from './check-limits.ts';
import { buildResourcePath, type EndpointContext, parseResource, type ScimResource } from './exchange.ts';
import { isObject, type JsonObject, type JsonValue, readInteger, readKey } from './json.ts';
import { buildAnswerError } from './read-answer.ts';
import { bulkRequestUrn, coreUrn1 } from './schema-urns.ts';
import { ScimError } from './scim-error.ts';
import type { ScimRequest } from './transport.ts';
import { buildCreatePayload, buildPatchPayload, readLocation } from './write-resources.ts';

/**
 * One operation of many. A create may have a `bulkId`, unique among all that are passed at once; the text
 * `bulkId:` followed by it, as a whole value in a later operation, stands for the id that the create will give.
 */
export type BulkOperation = { kind?: 'User' | 'Group' } & (
  | { operation: 'create'; bulkId?: string; attributes: FlatAttributes }
  | { operation: 'update'; id: string; changes: readonly AttributeChange[]; version?: string | undefined }
  | { operation: 'delete'; id: string; version?: string | undefined }
);

/**
 * What became of one operation. `resource` is there when the target showed it. `not_tried` is what stood behind a
 * failure that ended everything, or behind the last error that was allowed.
 */
export type BulkResult =
  | { outcome: 'done'; id: string; resource: ScimResource | undefined }
  | { outcome: 'failed'; error: ScimError }
  | { outcome: 'not_tried' };

/** An operation as it stands in a bulk request, and its size there. */
export interface BulkEntry {
  index: number;
  endpoint: EndpointContext;
  /** As it came, but with every reference to an earlier create resolved. */
  operation: BulkOperation;
  wire: JsonObject & { method: string; path: string };
  bytes: number;
}

/**
 * The entry of an operation; `undefined` when it cannot stand in a bulk request: an update that needs the account
 * read first, or PUT. Throws what a single request would, before anything is sent.
 */
export function buildBulkEntry(
  endpoint: EndpointContext,
  operation: BulkOperation,
  index: number,
): BulkEntry | undefined {
  const wire = buildWire(endpoint, operation, index);
  if (wire === undefined) return undefined;
  return { index, endpoint, operation, wire, bytes: Buffer.byteLength(JSON.stringify(wire)) + 1 };
}

function buildWire(
  endpoint: EndpointContext,
  operation: BulkOperation,
  index: number,
): (JsonObject & { method: string; path: string }) | undefined {
  const { dialect, verbs, learned } = endpoint;
  if (operation.operation === 'create') {
    const data = buildCreatePayload(endpoint, operation.attributes);
    return { method: 'POST', path: `/${endpoint.path}`, bulkId: bulkIdOf(operation, index), data };
  }
  const path = `/${buildResourcePath(endpoint.path, operation.id)}`;
  const version: JsonObject = dialect.etag && operation.version !== undefined ? { version: operation.version } : {};
  if (operation.operation === 'delete') return verbs.delete ? { method: 'DELETE', path, ...version } : undefined;
  const reads =
    dialect.scimVersion === '1.1' ? reachesElements(operation.changes) : needsCurrent(operation.changes, dialect.patch);
  const patches = dialect.update === 'patch' && verbs.patch && learned.patchRefused !== true;
  if (reads || !patches || operation.changes.length === 0) return undefined;
  assertTakesChanges(operation.changes, dialect);
  const data = buildPatchPayload(endpoint, operation, undefined);
  return data === undefined ? undefined : { method: 'PATCH', path, ...version, data };
}

/** One that is sent has to be named, for the answer is in any order. */
export function bulkIdOf(operation: BulkOperation, index: number): string {
  return (operation.operation === 'create' ? operation.bulkId : undefined) ?? `operation-${index + 1}`;
}

/** The body of a bulk request (RFC 7644 §3.7; SCIM 1.1 §3.5). */
export function buildBulkBody(entries: readonly BulkEntry[], failOnErrors: number | undefined): JsonObject {
  const is1 = entries[0]?.endpoint.dialect.scimVersion === '1.1';
  return {
    schemas: [is1 ? coreUrn1 : bulkRequestUrn],
    ...(failOnErrors === undefined ? {} : { failOnErrors }),
    Operations: entries.map(({ wire }) => wire),
  };
}

/**
 * The result of each entry, in their order; `undefined` for those that the answer does not name. Creates are found by
 * `bulkId`, everything else by method and the id in `location`, else by its place; each answer once.
 */
export function readBulkAnswer(body: JsonValue, entries: readonly BulkEntry[]): (BulkResult | undefined)[] {
  const answered = isObject(body) ? readKey(body, 'Operations') : undefined;
  const all = (Array.isArray(answered) ? answered : []).filter(isObject);
  const left = new Set(all);
  return entries.map((entry, at) => {
    const inPlace = all.length === entries.length ? all[at] : undefined;
    const found = [...left].find((candidate) => isAnswerTo(candidate, entry, candidate === inPlace));
    if (found === undefined) return undefined;
    left.delete(found);
    return readResult(found, entry);
  });
}

function isAnswerTo(answer: JsonObject, { wire, endpoint, operation }: BulkEntry, isInPlace: boolean): boolean {
  const method = readKey(answer, 'method');
  if (typeof method === 'string' && method.toUpperCase() !== wire.method) return false;
  if (operation.operation === 'create') return readKey(answer, 'bulkId') === wire['bulkId'];
  const location = readKey(answer, 'location');
  return typeof location === 'string' ? readLocation(location, endpoint.path) === operation.id : isInPlace;
}

function readResult(answer: JsonObject, { operation, endpoint, wire }: BulkEntry): BulkResult {
  const status = readStatus(answer);
  const response = readKey(answer, 'response');
  if (status === undefined || status < 200 || status >= 300) {
    const error = buildOperationError(answer, wire, status ?? 0, endpoint.now());
    return { outcome: 'failed', error };
  }
  const resource = response === undefined ? undefined : parseResource(response);
  if (operation.operation !== 'create') {
    return { outcome: 'done', id: operation.id, resource: resource?.id === operation.id ? resource : undefined };
  }
  const location = readKey(answer, 'location');
  const id = resource?.id ?? (typeof location === 'string' ? readLocation(location, endpoint.path) : undefined);
  // Dots and the like are no ids, and would address something else.
  if (id !== undefined && parseResource({ id }) !== undefined) return { outcome: 'done', id, resource };
  const message =
    'The target says that it created the account, and not under which id. Search for it before creating it.';
  return { outcome: 'failed', error: new ScimError('ambiguous', message, { status }) };
}

/** `"201"`, `201`, or SCIM 1.1's `{ "code": "201" }`. */
function readStatus(answer: JsonObject): number | undefined {
  const status = readKey(answer, 'status');
  return readInteger(isObject(status) ? readKey(status, 'code') : status);
}

function buildOperationError(answer: JsonObject, wire: BulkEntry['wire'], status: number, now: Date): ScimError {
  const said = readKey(answer, 'response') ?? readKey(answer, 'status') ?? '';
  const request: ScimRequest = {
    method: wire.method as ScimRequest['method'],
    path: wire.path.slice(1),
    effect: 'write',
  };
  const body = typeof said === 'string' ? said : JSON.stringify(said);
  const call = { creates: wire.method === 'POST', addressed: wire.method !== 'POST', now };
  return buildAnswerError(request, { status, headers: {}, body }, call);
}
