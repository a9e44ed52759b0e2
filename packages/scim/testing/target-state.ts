import { buildCaseRule } from './apply-patch.ts';
import { groupSchema, type RecordSchema, userSchema } from './attribute-definitions.ts';
import type { JsonObject } from './json.ts';
import { type RecordKind, RecordStore } from './record-store.ts';
import { ScimFailure } from './scim-failure.ts';
import type { CaseRule } from './scim-filter.ts';
import type { TargetProfile } from './target-profile.ts';

/** A request as it came over the wire; `url` is path and query, not decoded. */
export interface TargetRequest {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** An answer before any fault spoils its delivery. */
export interface TargetAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What one request did to one record. */
export interface WriteEffect {
  kind: RecordKind;
  id: string;
  action: 'create' | 'update' | 'delete';
  /** False: the request was accepted and the record already was so. */
  changed: boolean;
  revisionBefore: number | undefined;
  revisionAfter: number;
  activeBefore: boolean | undefined;
  activeAfter: boolean | undefined;
  userName: string | undefined;
  externalId: string | undefined;
  isStranger: boolean;
}

export type RequestOperation =
  | 'create'
  | 'get'
  | 'list'
  | 'search'
  | 'replace'
  | 'patch'
  | 'delete'
  | 'bulk'
  | 'discovery'
  | 'unknown';

/** What a URL and method mean; `id` is decoded. */
export interface RequestRoute {
  operation: RequestOperation;
  kind: RecordKind | undefined;
  id: string | undefined;
  /** Under the base path, decoded. */
  segments: string[];
  query: URLSearchParams;
}

export interface TargetState {
  readonly profile: TargetProfile;
  readonly store: RecordStore;
  readonly schemas: Record<RecordKind, RecordSchema>;
  readonly caseRules: Record<RecordKind, CaseRule>;
  readonly now: () => number;
  readonly token: string | undefined;
  rate: { tokens: number; atMs: number };
  /** Accounts that a 409 has hidden, where the profile does so. */
  readonly hidden: Set<string>;
}

export function buildState(profile: TargetProfile, now: () => number, token: string | undefined): TargetState {
  const schemas = {
    User: userSchema(profile.scimVersion, profile.extensions),
    Group: groupSchema(profile.scimVersion),
  };
  return {
    profile,
    store: new RecordStore(profile, now),
    schemas,
    caseRules: {
      User: buildCaseRule(schemas.User, profile.caseSensitiveFilters),
      Group: buildCaseRule(schemas.Group, profile.caseSensitiveFilters),
    },
    now,
    token,
    rate: { tokens: profile.rateLimit?.burst ?? 0, atMs: now() },
    hidden: new Set(),
  };
}

export const BASE_PATH: Record<TargetProfile['scimVersion'], string> = { '2.0': '/scim/v2', '1.1': '/scim/v1' };

const NO_QUERY = new URLSearchParams();
const MEMBER_OPERATIONS: Record<string, RequestOperation> = {
  GET: 'get',
  PUT: 'replace',
  PATCH: 'patch',
  DELETE: 'delete',
};
const DISCOVERY = new Set(['ServiceProviderConfig', 'ServiceProviderConfigs', 'ResourceTypes', 'Schemas']);

/** Reads method and URL. Throws ScimFailure 400 when the path is not valid percent-encoding. */
export function parseRoute(method: string, url: string, basePath: string): RequestRoute {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const query = mark === -1 ? NO_QUERY : new URLSearchParams(url.slice(mark + 1));
  const inside = path.startsWith(`${basePath}/`) ? path.slice(basePath.length + 1) : undefined;
  if (inside === undefined) return { operation: 'unknown', kind: undefined, id: undefined, segments: [], query };
  const segments = inside.split('/').map(decodeSegment);
  const kind = segments[0] === 'Users' ? 'User' : segments[0] === 'Groups' ? 'Group' : undefined;
  const id = kind !== undefined && segments.length === 2 ? segments[1] : undefined;
  return { operation: nameOperation(method, segments, kind), kind, id, segments, query };
}

function nameOperation(method: string, segments: string[], kind: RecordKind | undefined): RequestOperation {
  const [first = '', second] = segments;
  if (segments.length === 1 && first === '.search' && method === 'POST') return 'search';
  if (segments.length === 1 && first === 'Bulk' && method === 'POST') return 'bulk';
  if (DISCOVERY.has(first) && method === 'GET') return 'discovery';
  if (kind === undefined) return 'unknown';
  if (segments.length === 1) return method === 'POST' ? 'create' : method === 'GET' ? 'list' : 'unknown';
  if (segments.length > 2 || second === '') return 'unknown';
  if (second === '.search') return method === 'POST' ? 'search' : 'unknown';
  return MEMBER_OPERATIONS[method] ?? 'unknown';
}

function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ScimFailure(400, `"${segment}" is not valid percent-encoding`);
  }
}

/** Throws ScimFailure 400 invalidSyntax when the body is no JSON object. */
export function parseBody(body: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new ScimFailure(400, 'The body is not JSON', 'invalidSyntax');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ScimFailure(400, 'The body must be a JSON object', 'invalidSyntax');
  }
  return value as JsonObject;
}
