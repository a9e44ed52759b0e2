import type { AttributeChange } from './build-patch.ts';
import type { FlatAttributes } from './build-resource.ts';
import type { BulkOperation, BulkResult } from './bulk-operation.ts';
import { changeMembers, type MembersChange, type MembersOutcome } from './change-members.ts';
import { type Dialect, standardDialect } from './dialect.ts';
import { type Discovery, discover } from './discovery.ts';
import type { EndpointContext, ExchangeContext, Learned, ScimResource } from './exchange.ts';
import { findResources } from './find-resources.ts';
import { getResource } from './get-resource.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { type ListPage, type ListPageRequest, listPage } from './list-page.ts';
import { probeTarget, type TargetProbe } from './probe-target.ts';
import { readAttribute } from './read-attribute.ts';
import { type BulkOptions, runBulk } from './run-bulk.ts';
import { coreSchemaOf, translatePath } from './schema-urns.ts';
import type { ScimTransport } from './transport.ts';
import { createResource, deleteResource, type UpdateResourceRequest, updateResource } from './write-resources.ts';

export interface ScimClientOptions {
  transport: ScimTransport;
  /** The present time, for a `Retry-After` that names a date. The library has no clock of its own. */
  now(): Date;
  /** How the target speaks; {@link standardDialect} when nothing is known. */
  dialect?: Dialect;
  /** What earlier clients of the same target learned. Changed in place; keep it for about an hour. */
  learned?: Learned;
}

/** The users, or the groups, of a target. Every method rejects with a `ScimError`, or as the transport rejects. */
export interface ScimEndpoint {
  /** Those whose attribute at `path` has this value, verified here; see `findResources`. */
  find(path: string, value: string): Promise<ScimResource[]>;
  /** `undefined` when the target says that there is none. */
  get(id: string): Promise<ScimResource | undefined>;
  create(attributes: FlatAttributes): Promise<ScimResource>;
  /** `undefined` when the target answered without the resource. */
  update(request: UpdateResourceRequest): Promise<ScimResource | undefined>;
  /** `not_found` when it is gone already. */
  delete(id: string, version?: string): Promise<void>;
  /** One page; cursors are opaque and hold all their state. */
  list(request: ListPageRequest): Promise<ListPage>;
  /** All of them, page by page, each once. */
  iterate(): AsyncGenerator<ScimResource>;
  /** The value at an attribute path of a representation, in the dialect's version; see `readAttribute`. */
  read(representation: JsonObject, path: string): JsonValue | undefined;
}

/** The groups of a target, and their members. */
export interface ScimGroups extends ScimEndpoint {
  /** Changes members by deltas, in batches; see `changeMembers`. Never twice at once for one group. */
  changeMembers(id: string, change: MembersChange): Promise<MembersOutcome>;
}

/** A SCIM target as its client sees it. Making one costs no I/O and next to no time. */
export interface ScimClient {
  dialect: Dialect;
  learned: Learned;
  users: ScimEndpoint;
  groups: ScimGroups;
  /** Many operations with few requests, where the target can; one result each, in order. See `runBulk`. */
  bulk(operations: readonly BulkOperation[], options?: BulkOptions): Promise<BulkResult[]>;
  /** Reads what the target says about itself. No other method does. */
  discover(): Promise<Discovery>;
  /** Asks and tries the target, by reading only; see `probeTarget`. */
  probe(): Promise<TargetProbe>;
}

/** Joins a transport and a dialect to a {@link ScimClient}. */
export function createScimClient(options: ScimClientOptions): ScimClient {
  const dialect = options.dialect ?? standardDialect;
  const learned = options.learned ?? {};
  const context: ExchangeContext = { transport: options.transport, now: options.now, dialect, learned };
  const groups = buildEndpointContext(context, 'Group');
  const users = buildEndpointContext(context, 'User');
  const translate = (operation: BulkOperation) => translateOperation(operation, dialect.scimVersion);
  return {
    dialect,
    learned,
    users: createEndpoint(users),
    groups: { ...createEndpoint(groups), changeMembers: (id, change) => changeMembers(groups, id, change) },
    bulk: (operations, bulkOptions = {}) =>
      runBulk(context, (kind) => (kind === 'User' ? users : groups), operations.map(translate), bulkOptions),
    discover: () => discover(context),
    probe: () => probeTarget(users, groups),
  };
}

/** The context of one endpoint, for the functions that work on it. */
export function buildEndpointContext(context: ExchangeContext, kind: 'User' | 'Group'): EndpointContext {
  const { dialect } = context;
  const name = kind === 'User' ? 'users' : 'groups';
  const coreSchema = coreSchemaOf(kind, dialect.scimVersion);
  return { ...context, kind, path: dialect.paths[name], verbs: dialect[name], coreSchema };
}

function createEndpoint(context: EndpointContext): ScimEndpoint {
  const { scimVersion } = context.dialect;
  const translate = (path: string) => translatePath(path, scimVersion);
  return {
    find: (path, value) => findResources(context, translate(path), value),
    get: (id) => getResource(context, id),
    create: (attributes) => createResource(context, translateAttributes(attributes, scimVersion)),
    update: (request) => updateResource(context, translateUpdate(request, scimVersion)),
    delete: (id, version) => deleteResource(context, id, version),
    list: (request) => listPage(context, request),
    iterate: () => iterate(context),
    read: (representation, path) => readAttribute(representation, translate(path)),
  };
}

async function* iterate(context: EndpointContext): AsyncGenerator<ScimResource> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page: ListPage = await listPage(context, { cursor, limit: context.dialect.paging.pageSize });
    for (const resource of page.resources) {
      if (seen.has(resource.id)) continue;
      seen.add(resource.id);
      yield resource;
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

function translateAttributes(attributes: FlatAttributes, version: Dialect['scimVersion']): FlatAttributes {
  const translated: Record<string, JsonValue> = {};
  for (const path in attributes) translated[translatePath(path, version)] = attributes[path] as JsonValue;
  return translated;
}

function translateOperation(operation: BulkOperation, version: Dialect['scimVersion']): BulkOperation {
  if (operation.operation === 'delete') return operation;
  if (operation.operation === 'update') return { ...operation, ...translateUpdate(operation, version) };
  return { ...operation, attributes: translateAttributes(operation.attributes, version) };
}

function translateUpdate(request: UpdateResourceRequest, version: Dialect['scimVersion']): UpdateResourceRequest {
  const changes = request.changes.map(
    (change): AttributeChange => ({ ...change, path: translatePath(change.path, version) }),
  );
  const { desired } = request;
  return { ...request, changes, ...(desired === undefined ? {} : { desired: translateAttributes(desired, version) }) };
}
