import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import type { ScimRecord, ScimStore, ScimValue } from './scim-store.ts';

const maxResults = 200;
const requestBodyLimitBytes = 1024 * 1024;

/**
 * The SCIM endpoints of one target: SCIMMY answers, the store remembers.
 *
 * SCIMMY keeps its schemas, its handlers and its ServiceProviderConfig in global singletons. The handlers are registered once
 * and find the target's store in the request's context, so any number of targets may run in one process, but they all declare
 * the same schemas and capabilities.
 */
export function buildScimRouter(
  store: ScimStore,
  checkAccess: (authorization: string | undefined) => Promise<boolean>,
  baseUrl: () => string,
) {
  declareOnce();
  // The constructor appends its scheme to the global list: without this, each further target would add a copy.
  SCIMMY.Config.set('authenticationSchemes', []);
  const router = new SCIMMYRouters({
    type: 'bearer',
    handler: async (request) => {
      if (await checkAccess(request.header('authorization'))) return 'sandbox';
      throw new Error('The bearer credential is missing or not accepted by this target');
    },
    context: () => store,
    baseUri: () => baseUrl(),
  });
  SCIMMY.Config.set('filter', { supported: true, maxResults });
  return router as unknown as express.Router;
}

export const parseScimBody = express.json({
  type: ['application/scim+json', 'application/json'],
  limit: requestBodyLimitBytes,
});

let declared = false;

function declareOnce(): void {
  if (declared) return;
  declared = true;
  SCIMMY.Resources.declare(SCIMMY.Resources.User, {
    extensions: [{ schema: SCIMMY.Schemas.EnterpriseUser, required: false }],
    egress: (request: ListRequest, store: ScimStore) =>
      request.id === undefined ? page(request, store.findUsers(request.filter)) : store.getUser(request.id),
    ingress: (request: ListRequest, instance: object, store: ScimStore) => {
      const attributes = toPlainAttributes(instance);
      return request.id === undefined ? store.createUser(attributes) : store.replaceUser(request.id, attributes);
    },
    degress: (request: ListRequest, store: ScimStore) => store.deleteUser(String(request.id)),
  });
  SCIMMY.Resources.declare(SCIMMY.Resources.Group, {
    egress: (request: ListRequest, store: ScimStore) =>
      request.id === undefined ? page(request, store.findGroups(request.filter)) : store.getGroup(request.id),
    ingress: (request: ListRequest, instance: object, store: ScimStore) => {
      const attributes = toPlainAttributes(instance);
      return request.id === undefined ? store.createGroup(attributes) : store.replaceGroup(request.id, attributes);
    },
    degress: (request: ListRequest, store: ScimStore) => store.deleteGroup(String(request.id)),
  });
}

interface ListRequest {
  id?: string;
  filter?: Iterable<object>;
  constraints?: { startIndex?: number; count?: number; sortBy?: string; sortOrder?: string; totalResults?: number };
}

/**
 * Sorts and pages here rather than in SCIMMY, which would first run every account of the target through its schema (half a
 * millisecond each), and which answers a page past the end with the first one.
 */
function page(request: ListRequest, records: ScimRecord[]): ScimRecord[] {
  const { startIndex = 1, count = 20, sortBy, sortOrder } = request.constraints ?? {};
  const pageSize = Math.min(count, maxResults);
  const sorted = sortBy === undefined ? records : sortRecords(records, sortBy, sortOrder === 'descending');
  const wanted = sorted.slice(startIndex - 1, startIndex - 1 + pageSize);
  request.constraints = { startIndex, count: pageSize, totalResults: records.length };
  // SCIMMY drops the first `startIndex - 1` of what it is given whenever it was given at least `startIndex` of them, unless
  // the lengths add up to the total: such pages are handed over with what is to be dropped in front, and one more behind.
  if (startIndex === 1 || wanted.length < startIndex) return wanted;
  const end = startIndex - 1 + wanted.length;
  return sorted.slice(0, records.length === end + startIndex - 1 ? end + 1 : end);
}

function sortRecords(records: ScimRecord[], sortBy: string, descending: boolean): ScimRecord[] {
  const path = sortBy.toLowerCase().split('.');
  const keyed = records.map((record) => ({ record, key: readPath(record, path) }));
  const direction = descending ? -1 : 1;
  keyed.sort((a, b) => {
    // RFC 7644 section 3.4.2.3: records without a value come last when ascending, first when descending.
    if (a.key === undefined || b.key === undefined)
      return (Number(a.key === undefined) - Number(b.key === undefined)) * direction;
    return a.key.localeCompare(b.key) * direction;
  });
  return keyed.map(({ record }) => record);
}

function readPath(value: ScimValue | undefined, path: string[]): string | undefined {
  if (Array.isArray(value)) {
    const items = value as { primary?: boolean; [name: string]: ScimValue | undefined }[];
    const chosen = items.find((item) => item.primary === true) ?? items[0];
    return readPath(chosen as ScimValue | undefined, path.length === 0 ? ['value'] : path);
  }
  const [name, ...rest] = path;
  if (name === undefined || value === null || typeof value !== 'object')
    return value == null ? undefined : String(value);
  const key = Object.keys(value).find((candidate) => candidate.toLowerCase() === name);
  return key === undefined ? undefined : readPath(value[key], rest);
}

/** SCIMMY's instances are made of accessors, frozen, and half as fast through `JSON.stringify`. A password is never kept. */
function toPlainAttributes(instance: object): Record<string, ScimValue> {
  const plain = toPlain(instance) as Record<string, ScimValue>;
  const { id: _id, meta: _meta, groups: _groups, password: _password, ...attributes } = plain;
  return attributes;
}

function toPlain(value: unknown): ScimValue | undefined {
  if (Array.isArray(value)) return value.map((item) => toPlain(item) ?? null);
  if (value === null || typeof value !== 'object') return value as ScimValue | undefined;
  const plain: Record<string, ScimValue> = {};
  for (const key of Object.keys(value)) {
    const inner = toPlain((value as Record<string, unknown>)[key]);
    // RFC 7643 section 2.5: null, an empty list and an empty value are all "unassigned".
    if (inner === undefined || inner === null || isEmpty(inner)) continue;
    plain[key] = inner;
  }
  return plain;
}

function isEmpty(value: ScimValue): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
