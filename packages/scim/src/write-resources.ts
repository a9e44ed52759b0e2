import {
  type AttributeChange,
  buildPatchBody,
  buildPatchOperations,
  needsCurrent,
  reachesElements,
} from './build-patch.ts';
import { buildPatchBody1 } from './build-patch-1.ts';
import { buildResource, type FlatAttributes } from './build-resource.ts';
import { assertTakesChanges, assertTakesResource, assertTakesValue } from './check-limits.ts';
import {
  type Answer,
  buildResourcePath,
  buildSwitchedOffError,
  type EndpointContext,
  exchange,
  parseResource,
  type ScimResource,
} from './exchange.ts';
import { findResources } from './find-resources.ts';
import { getResource } from './get-resource.ts';
import type { JsonObject } from './json.ts';
import { mergeForPut } from './merge-resource.ts';
import { ScimError } from './scim-error.ts';

export interface UpdateResourceRequest {
  id: string;
  /** Each path once. None is no request. */
  changes: readonly AttributeChange[];
  /** Everything the resource should hold, for a PUT to a target that does not show all it has. */
  desired?: FlatAttributes;
  /** The version read last, sent as `If-Match` where the dialect says that the target honours it. */
  version?: string | undefined;
}

/**
 * Creates a SCIM resource (RFC 7644 §3.3) and gives it as the target made it. 200, 201 and 202 are successes. Without a
 * body it is read by the id in `Location`, else searched by externalId and userName. A body that cannot be read is
 * `ambiguous`; one that exists but cannot be read back is `partially_created` with its id.
 */
export async function createResource(endpoint: EndpointContext, attributes: FlatAttributes): Promise<ScimResource> {
  const payload = buildCreatePayload(endpoint, attributes);
  const answer = await exchange(endpoint, {
    method: 'POST',
    path: endpoint.path,
    payload,
    effect: 'write',
    creates: true,
  });
  if (answer.body.form === 'unreadable') throw buildUnreadableError('POST', endpoint.path, answer.status);
  const created = answer.body.form === 'json' ? parseResource(answer.body.value) : undefined;
  if (created !== undefined) return created;
  const id = readLocation(answer.headers['location'], endpoint.path);
  return id === undefined ? searchCreated(endpoint, attributes, answer.status) : readCreated(endpoint, id);
}

/** The body of a POST. Throws for what the dialect is known not to take. */
export function buildCreatePayload(endpoint: EndpointContext, attributes: FlatAttributes): JsonObject {
  if (!endpoint.verbs.create) throw buildSwitchedOffError(endpoint, 'creating');
  for (const path in attributes) assertTakesValue(path, attributes[path] ?? null, endpoint.dialect);
  const payload = buildResource(attributes, endpoint.coreSchema);
  assertTakesResource(payload, endpoint.dialect);
  return payload;
}

/** Only the id is taken from `Location`; the address itself is never followed. */
export function readLocation(location: string | undefined, path: string): string | undefined {
  if (typeof location !== 'string' || location.length > 4000) return undefined;
  const segments = (location.split(/[?#]/, 1)[0] ?? '').split('/').filter((segment) => segment !== '');
  const last = segments.at(-1);
  if (last === undefined || segments.at(-2)?.toLowerCase() !== path.split('/').at(-1)?.toLowerCase()) return undefined;
  try {
    return decodeURIComponent(last);
  } catch {
    return undefined;
  }
}

async function readCreated(endpoint: EndpointContext, id: string): Promise<ScimResource> {
  let cause: unknown;
  try {
    const resource = await getResource(endpoint, id);
    if (resource !== undefined) return resource;
  } catch (error) {
    cause = error;
  }
  const message = 'The account was created, but could not be read back yet. Continue by updating it.';
  throw new ScimError('partially_created', message, { remoteId: id, cause });
}

async function searchCreated(
  endpoint: EndpointContext,
  attributes: FlatAttributes,
  status: number,
): Promise<ScimResource> {
  let cause: unknown;
  try {
    for (const path of endpoint.kind === 'User' ? ['externalId', 'userName'] : ['externalId', 'displayName']) {
      const value = attributes[path];
      const found = typeof value === 'string' ? await findResources(endpoint, path, value) : [];
      if (found.length === 1 && found[0] !== undefined) return found[0];
      if (found.length > 1) break;
    }
  } catch (error) {
    cause = error;
  }
  const message = `POST ${endpoint.path} was answered with ${status} but without an id, and a search did not find the new account. Search again before creating it.`;
  throw new ScimError('ambiguous', message, { status, cause });
}

/**
 * Changes a SCIM resource by the dialect's verb, PATCH (§3.5.2) or PUT (§3.5.1), and by the other one when the target
 * refuses the first with 405 or 501. Gives the resource when the target answered with it, `undefined` for 204 or an empty
 * body. PUT reads first and keeps what nobody here manages.
 */
export async function updateResource(
  endpoint: EndpointContext,
  request: UpdateResourceRequest,
): Promise<ScimResource | undefined> {
  if (request.changes.length === 0) return undefined;
  const { learned, verbs, dialect } = endpoint;
  assertTakesChanges(request.changes, dialect);
  const mayPatch = verbs.patch && learned.patchRefused !== true;
  const mayPut = verbs.put && learned.putRefused !== true;
  if (!mayPatch && !mayPut) throw buildSwitchedOffError(endpoint, 'updating');
  const order = dialect.update === 'patch' ? (['patch', 'put'] as const) : (['put', 'patch'] as const);
  const [first, second] = order.filter((verb) => (verb === 'patch' ? mayPatch : mayPut));
  try {
    return await (first === 'patch' ? patchResource(endpoint, request) : putResource(endpoint, request));
  } catch (error) {
    if (!(error instanceof ScimError) || (error.status !== 405 && error.status !== 501)) throw error;
    learned[first === 'patch' ? 'patchRefused' : 'putRefused'] = true;
    if (second === undefined) throw error;
    return second === 'patch' ? patchResource(endpoint, request) : putResource(endpoint, request);
  }
}

async function patchResource(
  endpoint: EndpointContext,
  request: UpdateResourceRequest,
): Promise<ScimResource | undefined> {
  const { dialect } = endpoint;
  const reaches = reachesElements(request.changes);
  // SCIM 1.1 matches elements by their old values.
  const readsFirst = dialect.scimVersion === '1.1' ? reaches : needsCurrent(request.changes, dialect.patch);
  const current = readsFirst ? (await readForWrite(endpoint, request.id)).representation : undefined;
  const payload = buildPatchPayload(endpoint, request, current);
  if (payload === undefined) return undefined;
  try {
    return await sendPatch(endpoint, request, payload);
  } catch (error) {
    if (current !== undefined || !reaches || !isMissedTarget(error)) throw error;
    return await patchAfterMiss(endpoint, request, payload, error);
  }
}

/**
 * §3.5.2.3: a value path that selects nothing is refused; which ones do is seen in the account itself. Where filters in
 * paths are what is refused, the multi-valued attributes are written whole.
 */
async function patchAfterMiss(
  endpoint: EndpointContext,
  request: UpdateResourceRequest,
  missed: JsonObject,
  miss: unknown,
): Promise<ScimResource | undefined> {
  const read = await readForWrite(endpoint, request.id);
  const again = buildPatchPayload(endpoint, request, read.representation);
  if (again === undefined) return read;
  let refusal = miss;
  if (JSON.stringify(again) !== JSON.stringify(missed)) {
    try {
      return await sendPatch(endpoint, request, again);
    } catch (error) {
      refusal = error;
    }
  }
  const isPathRefused = refusal instanceof ScimError && /^invalidPath$/i.test(refusal.scimType ?? '');
  if (!isPathRefused || endpoint.dialect.scimVersion === '1.1') throw refusal;
  const patch = { ...endpoint.dialect.patch, valuePaths: false };
  const whole = buildPatchOperations(request.changes, patch, read.representation);
  if (JSON.stringify(whole) === JSON.stringify(again['Operations'])) throw refusal;
  return sendPatch(endpoint, request, buildPatchBody(whole));
}

/** The body of a PATCH; `undefined` when nothing is left to change. */
export function buildPatchPayload(
  { dialect }: EndpointContext,
  { changes }: UpdateResourceRequest,
  current: JsonObject | undefined,
): JsonObject | undefined {
  if (dialect.scimVersion === '1.1') return buildPatchBody1(changes, current);
  const operations = buildPatchOperations(changes, dialect.patch, current);
  return operations.length === 0 ? undefined : buildPatchBody(operations);
}

/** `noTarget` by name, or a 400 that does not say why; anything named otherwise is meant otherwise. */
export function isMissedTarget(error: unknown): boolean {
  if (!(error instanceof ScimError) || error.status !== 400) return false;
  return error.scimType === undefined || /^(noTarget|invalidPath)$/i.test(error.scimType);
}

async function sendPatch(
  endpoint: EndpointContext,
  { id, version }: UpdateResourceRequest,
  payload: JsonObject,
): Promise<ScimResource | undefined> {
  const path = buildResourcePath(endpoint.path, id);
  const answer = await exchange(endpoint, {
    method: 'PATCH',
    path,
    payload,
    effect: 'write',
    version,
    addressed: true,
  });
  return readWritten(answer, 'PATCH', path, id);
}

async function putResource(
  endpoint: EndpointContext,
  request: UpdateResourceRequest,
): Promise<ScimResource | undefined> {
  const { dialect, coreSchema } = endpoint;
  const { changes, desired = {}, id } = request;
  const path = buildResourcePath(endpoint.path, id);
  const send = async (version: string | undefined, current: JsonObject): Promise<ScimResource | undefined> => {
    const payload = mergeForPut(current, changes, desired, { coreSchema, clear: dialect.put.clear });
    const answer = await exchange(endpoint, {
      method: 'PUT',
      path,
      payload,
      effect: 'write',
      version,
      addressed: true,
    });
    return readWritten(answer, 'PUT', path, id);
  };
  const read = await readForWrite(endpoint, id);
  try {
    return await send(request.version ?? read.version, read.representation);
  } catch (error) {
    // Somebody was between the read and the write of this merge: once is repeated, unless the caller named the version.
    const isRetried =
      error instanceof ScimError && error.kind === 'precondition_failed' && request.version === undefined;
    if (!isRetried) throw error;
    const reread = await readForWrite(endpoint, id);
    return send(reread.version, reread.representation);
  }
}

async function readForWrite(endpoint: EndpointContext, id: string): Promise<ScimResource> {
  const resource = await getResource(endpoint, id);
  if (resource !== undefined) return resource;
  throw new ScimError(
    'not_found',
    'There is no such account at the target: it was read before a change, and is gone.',
    {
      status: 404,
    },
  );
}

function readWritten(answer: Answer, method: string, path: string, id: string): ScimResource | undefined {
  if (answer.body.form === 'unreadable') throw buildUnreadableError(method, path, answer.status);
  const resource = answer.body.form === 'json' ? parseResource(answer.body.value) : undefined;
  return resource?.id === id ? resource : undefined;
}

/** Deletes a SCIM resource (§3.6): any 2xx is done. One that is not there is `not_found`. */
export async function deleteResource(endpoint: EndpointContext, id: string, version?: string): Promise<void> {
  if (!endpoint.verbs.delete) throw buildSwitchedOffError(endpoint, 'deleting');
  const path = buildResourcePath(endpoint.path, id);
  const answer = await exchange(endpoint, { method: 'DELETE', path, effect: 'write', version, addressed: true });
  // A login page says 200 too.
  if (answer.status === 200 && answer.body.form === 'unreadable' && isHtml(answer)) {
    throw buildUnreadableError('DELETE', path, answer.status);
  }
}

function isHtml({ headers }: Answer): boolean {
  return /html/i.test(headers['content-type'] ?? '');
}

function buildUnreadableError(method: string, path: string, status: number): ScimError {
  const message = `${method} ${path} was answered with ${status} and a body that is not JSON, so whether it was done is not known. Read the account before writing again.`;
  return new ScimError('ambiguous', message, { status });
}
