/** What an administrator can switch off for one endpoint of a target. */
export interface VerbSwitches {
  create: boolean;
  get: boolean;
  list: boolean;
  patch: boolean;
  put: boolean;
  delete: boolean;
}

/** How PATCH operations are written (RFC 7644 §3.5.2 allows several ways; targets understand few of them). */
export interface PatchDialect {
  /** `path`: one operation per attribute with its path. `noPath`: one operation whose value is a partial resource. */
  form: 'path' | 'noPath';
  /** What clears an attribute: `remove`, or `replace` with `""`, or `replace` with `null`. */
  clear: 'remove' | 'replaceEmpty' | 'replaceNull';
  /** Whether paths may hold filters; without, a multi-valued attribute is read first and replaced whole. */
  valuePaths: boolean;
  /** `replace` as the RFC writes it, or `Replace` as Microsoft Entra does. */
  opCase: 'lower' | 'capital';
  /** JSON booleans, or `"True"` and `"False"`. */
  booleans: 'json' | 'text';
  /** `manager: { value }`, `manager: "id"`, or the path `manager.value`. */
  manager: 'object' | 'text' | 'valuePath';
  /** What stands between an extension's URN and its attribute. */
  extensionSeparator: ':' | '.';
}

/** What can be searched, and how. */
export interface FilterDialect {
  supported: boolean;
  /** The attribute paths that may be filtered; others are searched by reading the list. */
  attributes: 'any' | readonly string[];
  /** The target compares user names and addresses by letter case: a value with capitals is asked for in lower case too. */
  caseSensitive: boolean;
  /** A search without a match is answered with 404. */
  emptyIs404: boolean;
  /** How many accounts a search without filter reads before it gives up. 0 never reads the list. */
  scanLimit: number;
}

export interface PagingDialect {
  method: 'index' | 'cursor' | 'none';
  pageSize: number;
}

export interface BulkDialect {
  supported: boolean;
  maxOperations: number;
  maxPayloadBytes: number;
}

/** How group membership is written and read. */
export interface MembersDialect {
  /** `valuePath`: `members[value eq "id"]` (RFC). `valueList`: `members` with a list (Entra). */
  remove: 'valuePath' | 'valueList';
  /** Members that one request may change. */
  batchSize: number;
  /** Whether a read shows every member. Where it does not, only the caller's ledger knows. */
  readsComplete: boolean;
  /** Send `type: "User"` with each member. */
  sendType: boolean;
  /** Send `display` with each member. */
  sendDisplay: boolean;
}

/** What an operation really does at the target, to be shown before it is enabled. */
export interface DeprovisioningEffect {
  effect: 'deactivates' | 'deletes' | 'suspends' | 'unlinks' | 'refused' | 'unknown';
  /** One sentence for an administrator. */
  note: string;
  /** How it is known: from the maker's own pages, from a report, or only by what is usual. */
  basis: 'documented' | 'reported' | 'assumed';
  /** Where it can be read; every effect that is documented or reported has one. */
  source?: string;
}

/** A published limit. */
export interface PublishedRateLimit {
  /** What it counts: "writes of the organisation", "GET /Groups". */
  counts: string;
  requests: number;
  perSeconds: number;
  burst?: number;
}

/**
 * How one kind of target speaks SCIM: shapes, limits, switches, and what its operations really do. A plain value;
 * make one with {@link buildDialect}. Everything the library does differently from one target to another is here.
 */
export interface Dialect {
  id: string;
  label: string;
  scimVersion: '2.0' | '1.1';
  /** Sentences an administrator should read before connecting. */
  notes: readonly string[];
  /**
   * How what differs from the standard is known: from the standard itself, the maker's pages, reports of people who met
   * it, runs of ours against the real thing, or not at all, so that the standard is assumed.
   */
  basis: 'standard' | 'documented' | 'reported' | 'measured' | 'assumed';
  /** Where the knowledge comes from: addresses of documentation or reports. */
  sources: readonly string[];
  contentType: 'application/scim+json' | 'application/json';
  /** Paths below the base URL. */
  paths: { users: string; groups: string; serviceProviderConfig: string; resourceTypes: string; schemas: string };
  users: VerbSwitches;
  groups: VerbSwitches;
  /** The verb that is tried first for an update; the other is the fallback when it is refused. */
  update: 'patch' | 'put';
  patch: PatchDialect;
  /** What PUT states for a cleared attribute. */
  put: { clear: 'omit' | 'null' | 'empty' };
  filter: FilterDialect;
  paging: PagingDialect;
  /** Send `If-Match` with the version that was read. */
  etag: boolean;
  bulk: BulkDialect;
  members: MembersDialect;
  attributes: {
    /** Not taken by the target, by path or by first name (`photos` means everything below it). */
    unsupported: readonly string[];
    /** Taken on create only. */
    immutable: readonly string[];
    /** Multi-valued by the RFC, but one value only here. */
    singleValued: readonly string[];
    maxLength: Readonly<Record<string, number>>;
  };
  /** Whether the target refuses a second account with the same unique value. */
  uniqueness: { enforced: 'yes' | 'no' | 'unknown'; attributes: readonly string[] };
  /** How long a written account may stay invisible to searches. */
  visibilityDelayMs: number;
  deactivate: DeprovisioningEffect;
  delete: DeprovisioningEffect;
  rateLimits: readonly PublishedRateLimit[];
  /** Days after which the target's credentials die by themselves, where that is documented. */
  credentialLifetimeDays: number | undefined;
}

/** Any part of a dialect; lists and records replace the base's, nested objects are merged. */
export type DialectOverrides = {
  [Name in keyof Dialect]?: Dialect[Name] extends readonly unknown[] | string | number | boolean | undefined
    ? Dialect[Name]
    : Partial<Dialect[Name]>;
};

const everyVerb: VerbSwitches = { create: true, get: true, list: true, patch: true, put: true, delete: true };

/** SCIM 2.0 by the RFCs, for a target of which nothing is known. */
export const standardDialect: Dialect = {
  id: 'standard',
  label: 'SCIM 2.0 (RFC 7643, RFC 7644)',
  scimVersion: '2.0',
  notes: [],
  basis: 'standard',
  sources: ['https://www.rfc-editor.org/rfc/rfc7643', 'https://www.rfc-editor.org/rfc/rfc7644'],
  contentType: 'application/scim+json',
  paths: {
    users: 'Users',
    groups: 'Groups',
    serviceProviderConfig: 'ServiceProviderConfig',
    resourceTypes: 'ResourceTypes',
    schemas: 'Schemas',
  },
  users: everyVerb,
  groups: everyVerb,
  update: 'patch',
  patch: {
    form: 'path',
    clear: 'remove',
    valuePaths: true,
    opCase: 'lower',
    booleans: 'json',
    manager: 'object',
    extensionSeparator: ':',
  },
  put: { clear: 'omit' },
  filter: { supported: true, attributes: 'any', caseSensitive: true, emptyIs404: false, scanLimit: 5000 },
  paging: { method: 'index', pageSize: 100 },
  etag: false,
  bulk: { supported: false, maxOperations: 0, maxPayloadBytes: 0 },
  members: { remove: 'valuePath', batchSize: 100, readsComplete: true, sendType: false, sendDisplay: false },
  attributes: { unsupported: [], immutable: [], singleValued: [], maxLength: {} },
  uniqueness: { enforced: 'unknown', attributes: ['userName'] },
  visibilityDelayMs: 5000,
  deactivate: {
    effect: 'unknown',
    note: 'Sends active: false. What the target does with it is not documented here.',
    basis: 'assumed',
  },
  delete: { effect: 'unknown', note: 'Sends DELETE. Most targets remove the account for good.', basis: 'assumed' },
  rateLimits: [],
  credentialLifetimeDays: undefined,
};

/** SCIM 1.1 by its specification, for a target of which nothing is known. */
export const standardDialect1: Dialect = buildDialect(standardDialect, {
  id: 'standard-1.1',
  label: 'SCIM 1.1',
  scimVersion: '1.1',
  sources: ['http://www.simplecloud.info/specs/draft-scim-api-01.html'],
  contentType: 'application/json',
  paths: { serviceProviderConfig: 'ServiceProviderConfigs', schemas: 'Schemas/Users' },
  patch: { extensionSeparator: '.' },
});

/**
 * `base` with `overrides` laid over it: objects are merged one level deep, lists and plain values replaced, `undefined`
 * ignored. Neither argument changes.
 */
export function buildDialect(base: Dialect, overrides: DialectOverrides): Dialect {
  const built: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined) continue;
    const before = built[name];
    const merge = isPlain(value) && isPlain(before);
    built[name] = merge ? { ...before, ...withoutUndefined(value) } : value;
  }
  return built as unknown as Dialect;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}
