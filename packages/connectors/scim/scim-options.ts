import { buildDialect, type Dialect } from '@usher/scim';

const VERBS = ['create', 'get', 'list', 'patch', 'put', 'delete'] as const;
type Verb = (typeof VERBS)[number];

/** What an administrator may set for a SCIM app; everything has a default in the dialect. */
export interface ScimOptions {
  dialect?: string;
  update?: 'patch' | 'put';
  contentType?: 'application/scim+json' | 'application/json';
  usersPath?: string;
  filter?: boolean;
  scanLimit?: number;
  clear?: 'remove' | 'replaceEmpty' | 'replaceNull';
  valuePaths?: boolean;
  paging?: 'index' | 'cursor' | 'none';
  pageSize?: number;
  etag?: boolean;
  list?: boolean;
  delete?: boolean;
  usersWithout?: Verb[];
  groupsWithout?: Verb[];
  groups?: boolean;
  groupsPath?: string;
  membersBatchSize?: number;
  removeMembersBy?: 'valuePath' | 'valueList';
  bulk?: boolean;
  bulkOperations?: number;
  visibilityDelaySeconds?: number;
}

const ENDPOINT_PATH = '^[A-Za-z0-9_~-][A-Za-z0-9._~-]*(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$';
/** Of a target that takes bulk requests and does not say how large they may be. */
const BULK_OPERATIONS = 100;
const BULK_BYTES = 1_000_000;

/** JSON Schema of {@link ScimOptions}; it drives the options form. `dialects` are those of the connector's version. */
export function buildOptionsSchema(dialects: readonly Dialect[]): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    additionalProperties: false,
    properties: {
      dialect: {
        title: 'Kind of target',
        description: 'What is known about the target: shapes, limits, and what its operations really do.',
        oneOf: dialects.map((dialect) => ({
          const: dialect.id,
          title: dialect.label,
          description: `Deactivating: ${describe(dialect.deactivate)} Deleting: ${describe(dialect.delete)}`,
        })),
        default: dialects[0]?.id,
      },
      update: {
        title: 'Update by',
        description: 'The verb that is tried first. The other one is used when the target refuses it.',
        enum: ['patch', 'put'],
      },
      contentType: {
        title: 'Content type',
        description: 'Some targets take application/json only.',
        enum: ['application/scim+json', 'application/json'],
      },
      usersPath: {
        title: 'Path of users',
        description: 'Below the base URL, without slashes around it. Users, unless the target says otherwise.',
        type: 'string',
        pattern: ENDPOINT_PATH,
        maxLength: 200,
      },
      filter: {
        title: 'Search by filter',
        description: 'Off: accounts are searched by reading the list, up to the scan limit.',
        type: 'boolean',
      },
      scanLimit: {
        title: 'Scan limit',
        description: 'Accounts that a search without filter may read.',
        type: 'integer',
        minimum: 0,
        maximum: 1_000_000,
      },
      clear: {
        title: 'Clear an attribute by',
        description: 'remove (the standard), replace with an empty text, or replace with null.',
        enum: ['remove', 'replaceEmpty', 'replaceNull'],
      },
      valuePaths: {
        title: 'Filters in paths',
        description: 'Off: a multi-valued attribute is read first, then replaced as a whole.',
        type: 'boolean',
      },
      paging: { title: 'Paging', enum: ['index', 'cursor', 'none'] },
      pageSize: { title: 'Page size', type: 'integer', minimum: 1, maximum: 1000 },
      etag: {
        title: 'Versions',
        description: 'Send If-Match with the version that was read. On only if the target honours it.',
        type: 'boolean',
      },
      list: { title: 'The target can list accounts', type: 'boolean' },
      delete: { title: 'The target can delete accounts', type: 'boolean' },
      usersWithout: buildVerbList('users'),
      groupsWithout: buildVerbList('groups'),
      groups: {
        title: 'The target has groups',
        description: 'Off: groups are left alone, whatever the kind of target says.',
        type: 'boolean',
      },
      groupsPath: {
        title: 'Path of groups',
        description: 'Below the base URL, without slashes around it. Groups, unless the target says otherwise.',
        type: 'string',
        pattern: ENDPOINT_PATH,
        maxLength: 200,
      },
      membersBatchSize: {
        title: 'Members a request',
        description: 'How many members of a group one request may change.',
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
      },
      removeMembersBy: {
        title: 'Take members out by',
        description: 'A filter (the standard), or a list of members, which empties the group at strict targets.',
        enum: ['valuePath', 'valueList'],
      },
      bulk: {
        title: 'Bulk requests',
        description: 'Several operations a request. On only if the target takes them.',
        type: 'boolean',
      },
      bulkOperations: { title: 'Operations a bulk request', type: 'integer', minimum: 1, maximum: 1000 },
      visibilityDelaySeconds: {
        title: 'Visibility delay in seconds',
        description: 'How long a new account may stay invisible to searches.',
        type: 'integer',
        minimum: 0,
        maximum: 86_400,
      },
    },
  };
}

/** What an operation really does there, and how that is known. */
function describe({ note, basis }: Dialect['deactivate']): string {
  return `${note} (${basis})`;
}

/** A connection is made for each unit of work, with the same options object while the app stays as it is. */
const chosen = new WeakMap<ScimOptions, Dialect>();

/** The dialect that the options name, with the administrator's switches laid over it: they win. */
export function chooseDialect(options: ScimOptions, dialects: readonly Dialect[]): Dialect {
  const known = chosen.get(options);
  if (known) return known;
  const dialect = layOver(options, dialects);
  chosen.set(options, dialect);
  return dialect;
}

function layOver(options: ScimOptions, dialects: readonly Dialect[]): Dialect {
  const base = dialects.find(({ id }) => id === options.dialect) ?? (dialects[0] as Dialect);
  return buildDialect(base, {
    update: options.update,
    contentType: options.contentType,
    etag: options.etag,
    paths: { users: options.usersPath, groups: options.groupsPath },
    users: { list: options.list, delete: options.delete, ...switchOff(options.usersWithout) },
    groups: {
      ...(options.groups === undefined ? {} : switchGroups(base, options.groups)),
      ...switchOff(options.groupsWithout),
    },
    bulk: chooseBulk(base, options),
    members: { batchSize: options.membersBatchSize, remove: options.removeMembersBy },
    filter: { supported: options.filter, scanLimit: options.scanLimit },
    patch: { clear: options.clear, valuePaths: options.valuePaths },
    paging: { method: options.paging, pageSize: options.pageSize },
    visibilityDelayMs: options.visibilityDelaySeconds === undefined ? undefined : options.visibilityDelaySeconds * 1000,
  });
}

/** On: what the dialect has of groups, or everything where it has nothing. */
function switchGroups({ groups }: Dialect, on: boolean): Dialect['groups'] {
  if (!on) return { create: false, get: false, list: false, patch: false, put: false, delete: false };
  if (groups.get) return groups;
  return { create: true, get: true, list: true, patch: true, put: true, delete: true };
}

function chooseBulk({ bulk }: Dialect, { bulk: on, bulkOperations }: ScimOptions): Partial<Dialect['bulk']> {
  const supported = on ?? bulk.supported;
  if (!supported) return { supported };
  const maxOperations = bulkOperations ?? (bulk.maxOperations || BULK_OPERATIONS);
  return { supported, maxOperations, maxPayloadBytes: bulk.maxPayloadBytes || BULK_BYTES };
}

function buildVerbList(of: string): Record<string, unknown> {
  return {
    title: `What the target does not offer for ${of}`,
    description: 'What is named here is never tried, whatever the kind of target or its own description says.',
    type: 'array',
    items: { enum: [...VERBS] },
    maxItems: VERBS.length,
  };
}

function switchOff(verbs: readonly Verb[] = []): Partial<Dialect['users']> {
  return Object.fromEntries(verbs.map((verb) => [verb, false]));
}
