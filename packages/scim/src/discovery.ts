import { buildDialect, type Dialect, type DialectOverrides } from './dialect.ts';
import { type ExchangeContext, exchange } from './exchange.ts';
import { isObject, type JsonObject, type JsonValue, readBoolean, readInteger, readKey } from './json.ts';
import { flattenSchema, flattenSchema1, type ScimAttribute } from './schema-attributes.ts';
import { coreGroupUrn, coreUrn1, coreUserUrn } from './schema-urns.ts';
import { ScimError } from './scim-error.ts';

/** One discovery document that could not be used, and why; the dialect stands in for it. */
export interface DiscoveryProblem {
  document: 'ServiceProviderConfig' | 'ResourceTypes' | 'Schemas';
  error: ScimError;
}

/** What a target says about itself. Everything may be missing. */
export interface Discovery {
  /** What the documents say that differs from the dialect; lay it over with {@link buildDialect}. */
  overrides: DialectOverrides;
  /** The attributes of users, flat; `undefined` when the target does not describe them. */
  userAttributes: ScimAttribute[] | undefined;
  /** Whether there is a Group endpoint; `undefined` when the target does not say. */
  hasGroups: boolean | undefined;
  problems: DiscoveryProblem[];
}

/**
 * Reads ServiceProviderConfig, ResourceTypes and Schemas (RFC 7644 §4) with the credential, leniently. A document that
 * is missing, refused or unreadable becomes a problem and changes nothing: targets without discovery are usual. Throws
 * only for what would fail every request alike: `unauthorized`, `rate_limited`, and the transport's own rejections.
 */
export async function discover(context: ExchangeContext): Promise<Discovery> {
  const problems: DiscoveryProblem[] = [];
  const { paths } = context.dialect;
  const configPaths = [...new Set([paths.serviceProviderConfig, 'ServiceProviderConfig', 'ServiceProviderConfigs'])];
  const config = await readDocument(context, 'ServiceProviderConfig', configPaths, problems);
  const is1 = context.dialect.scimVersion === '1.1';
  const types = is1 ? undefined : await readDocument(context, 'ResourceTypes', [paths.resourceTypes], problems);
  const schemas = await readDocument(context, 'Schemas', [paths.schemas], problems);
  const resourceTypes = listElements(types);
  return {
    overrides: parseOverrides(config, resourceTypes),
    userAttributes: parseUserAttributes(schemas, resourceTypes, is1),
    hasGroups: resourceTypes.length === 0 ? undefined : findResourceType(resourceTypes, 'Group') !== undefined,
    problems,
  };
}

async function readDocument(
  context: ExchangeContext,
  document: DiscoveryProblem['document'],
  paths: string[],
  problems: DiscoveryProblem[],
): Promise<JsonValue | undefined> {
  let first: ScimError | undefined;
  for (const path of paths) {
    try {
      const { body } = await exchange(context, { method: 'GET', path, effect: 'read' });
      if (body.form === 'json' && typeof body.value === 'object' && body.value !== null) return body.value;
      first ??= new ScimError('unsupported', `GET ${path} was answered with something that is not JSON.`);
    } catch (error) {
      if (!(error instanceof ScimError) || ['unauthorized', 'rate_limited'].includes(error.kind)) throw error;
      first ??= error;
    }
  }
  if (first !== undefined) problems.push({ document, error: first });
  return undefined;
}

function listElements(document: JsonValue | undefined): JsonObject[] {
  if (document === undefined) return [];
  const list = isObject(document) ? (readKey(document, 'Resources') ?? [document]) : document;
  return Array.isArray(list) ? list.filter(isObject).slice(0, 500) : [];
}

/** Capabilities of RFC 7643 §5 and RFC 9865 §4, and the endpoint paths of §6. */
function parseOverrides(config: JsonValue | undefined, resourceTypes: JsonObject[]): DialectOverrides {
  const overrides: DialectOverrides = {};
  const userPath = readEndpoint(resourceTypes, 'User');
  const groupPath = readEndpoint(resourceTypes, 'Group');
  if (userPath !== undefined || groupPath !== undefined) {
    overrides.paths = {
      ...(userPath === undefined ? {} : { users: userPath }),
      ...(groupPath === undefined ? {} : { groups: groupPath }),
    };
  }
  if (!isObject(config)) return overrides;
  const patch = readSupported(config, 'patch');
  if (patch !== undefined) overrides.update = patch ? 'patch' : 'put';
  const filter = readSupported(config, 'filter');
  if (filter !== undefined) overrides.filter = { supported: filter };
  const etag = readSupported(config, 'etag');
  if (etag !== undefined) overrides.etag = etag;
  overrides.bulk = parseBulk(config);
  const paging = parsePaging(config);
  if (paging !== undefined) overrides.paging = paging;
  return overrides;
}

function parseBulk(config: JsonObject): Partial<Dialect['bulk']> {
  const bulk = readKey(config, 'bulk');
  if (!isObject(bulk)) return {};
  const maxOperations = readInteger(readKey(bulk, 'maxOperations')) ?? 0;
  const maxPayloadBytes = readInteger(readKey(bulk, 'maxPayloadSize')) ?? 0;
  // better-auth says supported: false with limits of 0; others say true with 0, which supports nothing either.
  const supported = readSupported(config, 'bulk') === true && maxOperations > 0 && maxPayloadBytes > 0;
  return { supported, maxOperations, maxPayloadBytes };
}

function parsePaging(config: JsonObject): Partial<Dialect['paging']> | undefined {
  const pagination = readKey(config, 'pagination');
  const filter = readKey(config, 'filter');
  const most = isObject(filter) ? readInteger(readKey(filter, 'maxResults')) : undefined;
  const limits: Partial<Dialect['paging']> = most !== undefined && most > 0 && most < 100 ? { pageSize: most } : {};
  if (!isObject(pagination)) return Object.keys(limits).length === 0 ? undefined : limits;
  const cursor = readBoolean(readKey(pagination, 'cursor')) === true;
  const index = readBoolean(readKey(pagination, 'index')) !== false;
  const preferred = readKey(pagination, 'defaultPaginationMethod');
  const maxPageSize = readInteger(readKey(pagination, 'maxPageSize'));
  if (maxPageSize !== undefined && maxPageSize > 0) limits.pageSize = Math.min(maxPageSize, 1000);
  return { ...limits, method: cursor && (!index || preferred === 'cursor') ? 'cursor' : 'index' };
}

function readSupported(config: JsonObject, name: string): boolean | undefined {
  const capability = readKey(config, name);
  return isObject(capability) ? readBoolean(readKey(capability, 'supported')) : undefined;
}

function findResourceType(resourceTypes: JsonObject[], name: 'User' | 'Group'): JsonObject | undefined {
  const urn = name === 'User' ? coreUserUrn : coreGroupUrn;
  return (
    resourceTypes.find((type) => readKey(type, 'schema') === urn) ??
    resourceTypes.find((type) => readKey(type, 'name') === name || readKey(type, 'id') === name)
  );
}

/** `/Users` relative to the base URL; an absolute address is reduced to its last segment, and never followed. */
function readEndpoint(resourceTypes: JsonObject[], name: 'User' | 'Group'): string | undefined {
  const type = findResourceType(resourceTypes, name);
  const endpoint = type === undefined ? undefined : readKey(type, 'endpoint');
  if (typeof endpoint !== 'string' || endpoint.length > 200) return undefined;
  const path = endpoint.includes('//') ? endpoint.split('/').at(-1) : endpoint.replace(/^\/+|\/+$/g, '');
  const isPlain = path !== undefined && /^[\w~-][\w.~-]*(\/[\w~-][\w.~-]*)*$/.test(path);
  return isPlain ? path : undefined;
}

function parseUserAttributes(
  document: JsonValue | undefined,
  resourceTypes: JsonObject[],
  is1: boolean,
): ScimAttribute[] | undefined {
  const schemas = listElements(document);
  if (is1) {
    const [schema] = schemas;
    const attributes = schema === undefined ? [] : flattenSchema1(schema);
    return attributes.length === 0 ? undefined : attributes;
  }
  const core =
    schemas.find((schema) => isSchema(schema, coreUserUrn)) ?? schemas.find((schema) => isSchema(schema, coreUrn1));
  if (core === undefined) return undefined;
  const attributes = flattenSchema(core, '');
  for (const urn of readExtensionUrns(resourceTypes, schemas)) {
    const schema = schemas.find((candidate) => isSchema(candidate, urn));
    if (schema !== undefined) attributes.push(...flattenSchema(schema, urn));
  }
  return attributes.length === 0 ? undefined : addUnlisted(attributes);
}

/** Extensions of users: those the resource type names, else every schema whose URN says so. */
function readExtensionUrns(resourceTypes: JsonObject[], schemas: JsonObject[]): string[] {
  const type = findResourceType(resourceTypes, 'User');
  const named = type === undefined ? undefined : readKey(type, 'schemaExtensions');
  if (Array.isArray(named)) {
    return named.flatMap((extension) => {
      const urn = isObject(extension) ? readKey(extension, 'schema') : undefined;
      return typeof urn === 'string' ? [urn] : [];
    });
  }
  return schemas.flatMap((schema) => {
    const urn = readKey(schema, 'id');
    return typeof urn === 'string' && /:extension:.*:user$/i.test(urn) ? [urn] : [];
  });
}

/** `externalId` is common to every resource (RFC 7643 §3.1), so schema documents do not list it. */
function addUnlisted(attributes: ScimAttribute[]): ScimAttribute[] {
  if (attributes.some(({ path }) => path.toLowerCase() === 'externalid')) return attributes;
  const externalId: ScimAttribute = {
    path: 'externalId',
    type: 'string',
    multiValued: false,
    required: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    caseExact: true,
  };
  return [externalId, ...attributes];
}

function isSchema(schema: JsonObject, urn: string): boolean {
  const id = readKey(schema, 'id');
  return typeof id === 'string' && id.toLowerCase() === urn.toLowerCase();
}

/** The dialect with what discovery found laid over it, and the administrator's overrides over that: they win. */
export function applyDiscovery(dialect: Dialect, discovery: Discovery, administrator: DialectOverrides = {}): Dialect {
  return buildDialect(buildDialect(dialect, discovery.overrides), administrator);
}
