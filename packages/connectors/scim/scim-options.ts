import { buildDialect, type Dialect } from '@usher/scim';

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
  visibilityDelaySeconds?: number;
}

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
        oneOf: dialects.map(({ id, label }) => ({ const: id, title: label })),
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
        pattern: '^[A-Za-z0-9_~-][A-Za-z0-9._~-]*(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$',
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
    paths: { users: options.usersPath },
    users: { list: options.list, delete: options.delete },
    filter: { supported: options.filter, scanLimit: options.scanLimit },
    patch: { clear: options.clear, valuePaths: options.valuePaths },
    paging: { method: options.paging, pageSize: options.pageSize },
    visibilityDelayMs: options.visibilityDelaySeconds === undefined ? undefined : options.visibilityDelaySeconds * 1000,
  });
}
