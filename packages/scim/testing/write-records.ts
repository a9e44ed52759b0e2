import { applyPatch, type PatchOperation } from './apply-patch.ts';
import { applyPatchV1 } from './apply-patch-v1.ts';
import { PATCH_URN } from './attribute-definitions.ts';
import { getCaseless, isObject, isUnassigned, type JsonObject, type JsonValue } from './json.ts';
import { checkPatchLimits } from './patch-limits.ts';
import { finishAttributes, readAttributes } from './read-attributes.ts';
import type { RecordKind, StoredRecord } from './record-store.ts';
import { readProjection, renderRecord } from './render-record.ts';
import { ScimFailure } from './scim-failure.ts';
import type { TargetProfile } from './target-profile.ts';
import {
  parseBody,
  type RequestRoute,
  type TargetAnswer,
  type TargetRequest,
  type TargetState,
  type WriteEffect,
} from './target-state.ts';

export type NoteEffect = (effect: WriteEffect) => void;

/** What a fault may change about a create before it is applied. */
export interface CreateOptions {
  visibilityDelayMs: number;
}

export function createRecord(
  state: TargetState,
  kind: RecordKind,
  body: JsonObject,
  note: NoteEffect,
  options: CreateOptions = { visibilityDelayMs: state.profile.visibilityDelayMs },
  text?: string,
): StoredRecord {
  const { profile, store } = state;
  const isVerbatim = text !== undefined && kind === 'User' && isKeptVerbatim(body, profile);
  const attributes = isVerbatim ? body : readAttributes(body, state.schemas[kind], profile);
  finishAttributes(kind, attributes, undefined, profile, store);
  const visibleAtMs = options.visibilityDelayMs > 0 ? state.now() + options.visibilityDelayMs : 0;
  try {
    const record = store.create(kind, attributes, false, visibleAtMs, isVerbatim ? text : undefined);
    note(describeEffect('create', undefined, record));
    return record;
  } catch (error) {
    if (error instanceof ScimFailure && error.status === 409 && profile.conflictHidesAccount)
      hideHolders(state, kind, attributes);
    throw error;
  }
}

const NOT_KEPT = ['id', 'meta', 'groups', 'password'];

/** Whether a target that checks nothing keeps a body as it is: then its text need not be written anew. */
function isKeptVerbatim(body: JsonObject, profile: TargetProfile): boolean {
  const readsAsIs =
    !profile.checksTypes && profile.unknownAttributes === 'store' && profile.normalisesUserName === 'no';
  if (!readsAsIs || profile.stringBooleans === 'coerce' || profile.managerAsString) return false;
  if (body['active'] === undefined || NOT_KEPT.some((name) => body[name] !== undefined)) return false;
  for (const name in body) if (isUnassigned(body[name])) return false;
  return true;
}

function hideHolders(state: TargetState, kind: RecordKind, attributes: JsonObject): void {
  const name = getCaseless(attributes, kind === 'User' ? 'userName' : 'displayName');
  for (const id of typeof name === 'string' ? state.store.findByName(kind, name) : []) state.hidden.add(id);
}

export function answerCreate(state: TargetState, record: StoredRecord, query: URLSearchParams): TargetAnswer {
  const { profile } = state;
  const headers: Record<string, string> = { 'content-type': profile.responseType };
  if (profile.location) headers['location'] = `${state.store.baseUrl}/${record.kind}s/${encodeURIComponent(record.id)}`;
  if (profile.etag !== 'none') headers['etag'] = `W/"${record.revision}"`;
  if (profile.createAnswer === 'no-body') return { status: 201, headers, body: '' };
  const body = renderRecord(record, state, query.size === 0 ? undefined : readProjection(query));
  return { status: profile.createAnswer === 'status-200' ? 200 : 201, headers, body };
}

/** The record of a route, as a write may find it. Throws ScimFailure 404. */
export function getRecord(state: TargetState, kind: RecordKind, id: string): StoredRecord {
  const record = state.store.find(kind, id);
  if (record === undefined || !state.store.isVisible(record) || state.hidden.has(id)) {
    throw new ScimFailure(404, `There is no ${kind} "${id}"`);
  }
  return record;
}

/** RFC 7644 section 3.14: a write may be bound to the version that it read. */
function assertMatch(state: TargetState, record: StoredRecord, request: TargetRequest): void {
  const wanted = request.headers['if-match'];
  if (typeof wanted !== 'string' || wanted === '*' || state.profile.etag !== 'honoured') return;
  const versions = wanted.split(',').map((version) => version.trim().replace(/^W\//, ''));
  if (!versions.includes(`"${record.revision}"`)) {
    throw new ScimFailure(412, `"${record.id}" has version W/"${record.revision}", not ${wanted}`);
  }
}

export function replaceRecord(
  state: TargetState,
  route: RequestRoute,
  request: TargetRequest,
  note: NoteEffect,
): TargetAnswer {
  const record = getRecord(state, route.kind as RecordKind, route.id as string);
  assertMatch(state, record, request);
  const before = JSON.parse(record.json) as JsonObject;
  const body = parseBody(request.body);
  const attributes = readAttributes(body, state.schemas[record.kind], state.profile);
  const after = state.profile.partialPut ? { ...before, ...attributes } : attributes;
  return finishUpdate(state, record, before, after, route, note);
}

export function patchRecord(
  state: TargetState,
  route: RequestRoute,
  request: TargetRequest,
  note: NoteEffect,
): TargetAnswer {
  const record = getRecord(state, route.kind as RecordKind, route.id as string);
  assertMatch(state, record, request);
  const before = JSON.parse(record.json) as JsonObject;
  const after = JSON.parse(record.json) as JsonObject;
  const body = parseBody(request.body);
  const schema = state.schemas[record.kind];
  if (state.profile.scimVersion === '1.1') {
    applyPatchV1(after, body, schema);
  } else {
    const operations = checkPatchLimits(readOperations(body, state), record.kind, schema, state.profile);
    applyPatch(
      { record: after, schema, profile: state.profile, isCaseExact: state.caseRules[record.kind] },
      operations,
    );
    nameExtensions(after, state);
  }
  return finishUpdate(state, record, before, after, route, note);
}

/** RFC 7644 section 3.5.2. Verbs are taken in any case, as servers do; the request's record shows a violation. */
function readOperations(body: JsonObject, { profile }: TargetState): PatchOperation[] {
  const schemas = body['schemas'];
  if (profile.checksTypes && (!Array.isArray(schemas) || !schemas.includes(PATCH_URN))) {
    throw new ScimFailure(400, `The schemas of a PATCH must name ${PATCH_URN}`, 'invalidSyntax');
  }
  const operations = getCaseless(body, 'Operations');
  if (!Array.isArray(operations) || operations.length === 0) {
    throw new ScimFailure(400, 'A PATCH needs Operations with at least one operation', 'invalidSyntax');
  }
  return operations.map((operation) => {
    const op = isObject(operation) && typeof operation['op'] === 'string' ? operation['op'].toLowerCase() : '';
    if (!isObject(operation) || (op !== 'add' && op !== 'replace' && op !== 'remove')) {
      throw new ScimFailure(400, 'The op of an operation must be add, replace or remove', 'invalidSyntax');
    }
    const path = operation['path'];
    if (path !== undefined && typeof path !== 'string')
      throw new ScimFailure(400, 'A path must be a string', 'invalidPath');
    return { op, path: path === '' ? undefined : path, value: operation['value'] };
  });
}

/** RFC 7643 section 3: schemas names the extensions in use, also those that a PATCH brought. */
function nameExtensions(record: JsonObject, state: TargetState): void {
  const schemas: JsonValue[] = Array.isArray(record['schemas']) ? record['schemas'] : [state.schemas.User.coreUrn];
  for (const key of Object.keys(record)) if (key.startsWith('urn:') && !schemas.includes(key)) schemas.push(key);
  record['schemas'] = schemas;
}

function finishUpdate(
  state: TargetState,
  record: StoredRecord,
  before: JsonObject,
  after: JsonObject,
  route: RequestRoute,
  note: NoteEffect,
): TargetAnswer {
  const { profile, store } = state;
  for (const name of profile.ignoredAttributes) after[name] = before[name];
  finishAttributes(record.kind, after, before, profile, store);
  const updated = store.update(record, after);
  if (record.active && !updated.active && profile.onDeactivate === 'delete') {
    store.remove(updated);
    note({ ...describeEffect('delete', record, updated), activeAfter: undefined });
    return { status: 204, headers: {}, body: '' };
  }
  note(describeEffect('update', record, updated));
  const isSilent =
    profile.patchAnswer === 'no-content' || (profile.patchAnswer === 'no-content-if-unchanged' && updated === record);
  const etag: Record<string, string> = profile.etag === 'none' ? {} : { etag: `W/"${updated.revision}"` };
  if (isSilent && route.operation === 'patch') return { status: 204, headers: etag, body: '' };
  const projection = route.query.size === 0 ? undefined : readProjection(route.query);
  return {
    status: 200,
    headers: { 'content-type': profile.responseType, ...etag },
    body: renderRecord(updated, state, projection),
  };
}

export function deleteRecord(
  state: TargetState,
  route: RequestRoute,
  request: TargetRequest,
  note: NoteEffect,
): TargetAnswer {
  const record = getRecord(state, route.kind as RecordKind, route.id as string);
  assertMatch(state, record, request);
  const { profile, store } = state;
  if (profile.onDelete === 'refuse') throw new ScimFailure(profile.refusedVerbStatus, 'This target deletes nothing');
  if (profile.onDelete === 'deactivate' && record.kind === 'User') {
    const updated = store.update(record, { ...(JSON.parse(record.json) as JsonObject), active: false });
    note(describeEffect('update', record, updated));
  } else {
    store.remove(record);
    note({ ...describeEffect('delete', record, { ...record, revision: store.revision }), activeAfter: undefined });
  }
  return { status: profile.deleteStatus, headers: {}, body: '' };
}

function describeEffect(
  action: WriteEffect['action'],
  before: StoredRecord | undefined,
  after: StoredRecord,
): WriteEffect {
  return {
    kind: after.kind,
    id: after.id,
    action,
    changed: before === undefined || before.revision !== after.revision,
    revisionBefore: before?.revision,
    revisionAfter: after.revision,
    activeBefore: before?.active,
    activeAfter: after.active,
    userName: after.userName,
    externalId: after.externalId,
    isStranger: after.isStranger,
  };
}
