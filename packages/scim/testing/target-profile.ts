/**
 * What a target does and refuses. Every field is a quirk that a real target has; the defaults are RFC 7643/7644 as
 * written, read strictly.
 */
export interface TargetProfile {
  name: string;
  scimVersion: '2.0' | '1.1';

  // What is there at all
  discovery: boolean;
  /** Salesforce serves `/ServiceProviderConfigs` even in 2.0. */
  pluralConfigPath: boolean;
  patch: boolean;
  put: boolean;
  /** What a refused verb or endpoint is answered with. */
  refusedVerbStatus: 404 | 405 | 500 | 501;
  groups: boolean;
  groupCreate: boolean;
  bulk: { maxOperations: number; maxPayloadSize: number } | undefined;
  search: boolean;

  // Requests
  requiresUserAgent: boolean;
  /** Media types that a body may have. */
  requestTypes: string[];
  responseType: string;
  /** Types, required attributes and canonical shapes are checked, or anything is stored. */
  checksTypes: boolean;
  unknownAttributes: 'reject' | 'ignore' | 'store';
  /** `"active": "False"`: refused (when types are checked), stored as it came, or read as a boolean. */
  stringBooleans: 'reject' | 'store' | 'coerce';
  managerAsString: boolean;
  /** More extensions, by URN, with the names of their attributes. */
  extensions: Record<string, string[]>;
  maxUserNameLength: number;
  singleEmail: boolean;

  // Filters
  /** `ignored`: everything is returned. `off`: 400. `eq` takes one comparison, `eq-and` several. */
  filter: 'full' | 'eq-and' | 'eq' | 'ignored' | 'off';
  /** The attributes that may be filtered; undefined: all. */
  filterAttributes: string[] | undefined;
  unsupportedFilter: 'error' | 'empty';
  caseSensitiveFilters: boolean;
  /** `Eq` makes it answer 500. */
  lowerCaseOperatorsOnly: boolean;

  // PATCH
  valuePath: boolean;
  pathRequired: boolean;
  /** A PATCH without path may name one attribute only. */
  pathlessSingleAttribute: boolean;
  /** PATCH takes nothing but the form without path. */
  pathlessOnly: boolean;
  /** `add` through a value path that selects nothing makes the element instead of 400 noTarget. */
  addThroughValuePathCreates: boolean;
  /** `remove` of `members` with a value list: the RFC's whole attribute, or those listed (Entra's shape). */
  removeWithList: 'empties' | 'removes-listed';
  extensionPathIgnored: boolean;
  pathlessExtensionReplaces: boolean;
  rejectsIdInPatch: boolean;
  patchAnswer: 'body' | 'no-content' | 'no-content-if-unchanged';
  /** PUT changes only what it names (Zoom). */
  partialPut: boolean;
  /** Attributes whose change is answered with 200 and not made. */
  ignoredAttributes: string[];
  /** Attributes that keep their first value: 400 mutability on change. */
  immutableAttributes: string[];

  // Deprovisioning
  onDeactivate: 'deactivate' | 'delete';
  onDelete: 'delete' | 'deactivate' | 'refuse';
  deleteStatus: 204 | 200;
  deletedNamesReserved: boolean;
  /** Only `active: false` may be patched on a user (Sentry). */
  onlyDeactivation: boolean;
  inactiveNotFound: boolean;

  // Identity
  uniqueUserName: 'caseless' | 'case-exact' | 'no';
  uniqueExternalId: boolean;
  uniqueEmail: boolean;
  uniqueGroupName: boolean;
  conflictScimType: boolean;
  /** The account that caused a 409 is not found by any query (nor by id). */
  conflictHidesAccount: boolean;
  numericErrorStatus: boolean;
  errorShape: 'scim' | 'html' | 'vendor' | 'text';
  normalisesUserName: 'no' | 'lower' | 'strip-domain';
  ids: 'uuid' | 'numeric' | 'hostile' | 'external';
  reusesIds: boolean;

  // Answers
  createAnswer: 'body' | 'no-body' | 'status-200';
  location: boolean;
  etag: 'honoured' | 'ignored' | 'none';
  stringBooleansReturned: boolean;
  /** `"name.formatted"` as one key (GitLab). */
  flatNames: boolean;
  meta: boolean;

  // Groups
  /** How many members a read returns at most. */
  membersReturned: number;
  maxMembersPerPatch: number;
  replaceMembers: boolean;
  duplicatesMembers: boolean;
  unknownMember: 'store' | 'reject';
  memberTypeRequired: boolean;
  memberDisplayRequired: boolean;

  // Lists
  defaultPageSize: number;
  maxPageSize: number;
  ignoresStartIndex: boolean;
  totalIsPageSize: boolean;
  pastTheEndRepeats: boolean;
  listsTwice: boolean;
  /** A user that exists in lists alone (Snowflake). */
  syntheticUser: boolean;
  cursor: 'off' | 'offered' | 'forced';
  cursorTimeoutMs: number;

  // Time
  /** How long a created account stays invisible to reads. */
  visibilityDelayMs: number;
  latencyMs: number;
  rateLimit: { perSecond: number; burst: number; retryAfter: boolean } | undefined;
}

export const STRICT: TargetProfile = {
  name: 'strict',
  scimVersion: '2.0',
  discovery: true,
  pluralConfigPath: false,
  patch: true,
  put: true,
  refusedVerbStatus: 501,
  groups: true,
  groupCreate: true,
  bulk: { maxOperations: 1000, maxPayloadSize: 1_048_576 },
  search: true,
  requiresUserAgent: false,
  requestTypes: ['application/scim+json', 'application/json'],
  responseType: 'application/scim+json',
  checksTypes: true,
  unknownAttributes: 'reject',
  stringBooleans: 'reject',
  managerAsString: false,
  extensions: {},
  maxUserNameLength: 1000,
  singleEmail: false,
  filter: 'full',
  filterAttributes: undefined,
  unsupportedFilter: 'error',
  caseSensitiveFilters: false,
  lowerCaseOperatorsOnly: false,
  valuePath: true,
  pathRequired: false,
  pathlessSingleAttribute: false,
  pathlessOnly: false,
  addThroughValuePathCreates: false,
  removeWithList: 'empties',
  extensionPathIgnored: false,
  pathlessExtensionReplaces: false,
  rejectsIdInPatch: true,
  patchAnswer: 'body',
  partialPut: false,
  ignoredAttributes: [],
  immutableAttributes: [],
  onDeactivate: 'deactivate',
  onDelete: 'delete',
  deleteStatus: 204,
  deletedNamesReserved: false,
  onlyDeactivation: false,
  inactiveNotFound: false,
  uniqueUserName: 'caseless',
  uniqueExternalId: true,
  uniqueEmail: false,
  uniqueGroupName: false,
  conflictScimType: true,
  conflictHidesAccount: false,
  numericErrorStatus: false,
  errorShape: 'scim',
  normalisesUserName: 'no',
  ids: 'uuid',
  reusesIds: false,
  createAnswer: 'body',
  location: true,
  etag: 'honoured',
  stringBooleansReturned: false,
  flatNames: false,
  meta: true,
  membersReturned: Number.MAX_SAFE_INTEGER,
  maxMembersPerPatch: Number.MAX_SAFE_INTEGER,
  replaceMembers: true,
  duplicatesMembers: false,
  unknownMember: 'reject',
  memberTypeRequired: false,
  memberDisplayRequired: false,
  defaultPageSize: 100,
  maxPageSize: 1000,
  ignoresStartIndex: false,
  totalIsPageSize: false,
  pastTheEndRepeats: false,
  listsTwice: false,
  syntheticUser: false,
  cursor: 'off',
  cursorTimeoutMs: 600_000,
  visibilityDelayMs: 0,
  latencyMs: 0,
  rateLimit: undefined,
};
