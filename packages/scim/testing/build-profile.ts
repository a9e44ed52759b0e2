import { STRICT, type TargetProfile } from './target-profile.ts';

/** RFC semantics that take any attribute unchecked: the fast one, for benches. */
const plain: Partial<TargetProfile> = { checksTypes: false, unknownAttributes: 'store', unknownMember: 'store' };

const v1: Partial<TargetProfile> = {
  scimVersion: '1.1',
  pluralConfigPath: true,
  responseType: 'application/json',
  requestTypes: ['application/json'],
  search: false,
  bulk: undefined,
};

/** Targets as their documentation or their users describe them; sources are in the SCIM library's dialects. */
const DIALECTS = {
  strict: {},
  plain,
  'plain-1.1': { ...plain, ...v1 },
  'scim-1.1': v1,
  'aws-identity-center': {
    filter: 'eq-and',
    bulk: undefined,
    search: false,
    singleEmail: true,
    pathlessSingleAttribute: true,
    maxMembersPerPatch: 100,
    replaceMembers: false,
    membersReturned: 0,
    cursor: 'offered',
    defaultPageSize: 50,
    maxPageSize: 100,
    conflictHidesAccount: false,
  },
  'slack-2.0': { onDelete: 'deactivate', maxUserNameLength: 21, bulk: undefined, search: false },
  'slack-1.1': { ...v1, onDelete: 'deactivate', maxUserNameLength: 21 },
  'github-organization': {
    ...plain,
    requiresUserAgent: true,
    valuePath: false,
    onDeactivate: 'delete',
    groups: false,
    bulk: undefined,
    search: false,
  },
  'github-emu': {
    ...plain,
    requiresUserAgent: true,
    normalisesUserName: 'strip-domain',
    bulk: undefined,
    search: false,
  },
  atlassian: {
    filter: 'eq',
    filterAttributes: ['userName', 'externalId', 'displayName'],
    onDelete: 'deactivate',
    deletedNamesReserved: true,
    inactiveNotFound: true,
    bulk: undefined,
  },
  zoom: { ids: 'hostile', partialPut: true, ignoredAttributes: ['userName', 'displayName'], bulk: undefined },
  salesforce: {
    pluralConfigPath: true,
    groupCreate: false,
    onDelete: 'deactivate',
    stringBooleans: 'coerce',
    bulk: undefined,
  },
  databricks: { ...plain, addThroughValuePathCreates: true, bulk: undefined },
  snowflake: {
    ...plain,
    filter: 'eq',
    filterAttributes: ['userName', 'externalId', 'displayName', 'id'],
    unsupportedFilter: 'empty',
    syntheticUser: true,
    bulk: undefined,
  },
  sentry: {
    ...plain,
    onlyDeactivation: true,
    onDeactivate: 'delete',
    filter: 'eq',
    maxPageSize: 100,
    conflictScimType: false,
    put: false,
    refusedVerbStatus: 405,
    bulk: undefined,
  },
  gitlab: { ...plain, ids: 'external', flatNames: true, groups: false, filter: 'eq', bulk: undefined, search: false },
  zscaler: { ...plain, stringBooleansReturned: true, stringBooleans: 'coerce' },
  infisical: { ...plain, discovery: false, listsTwice: true, memberDisplayRequired: true, bulk: undefined },
  'ibm-verify-access': { filter: 'eq', etag: 'none', meta: false, bulk: undefined },
  vcenter: { ...plain, patch: false, refusedVerbStatus: 405, membersReturned: 0, bulk: undefined },
  'scimmy-express5': {
    ignoresStartIndex: true,
    duplicatesMembers: true,
    unknownMember: 'store',
    caseSensitiveFilters: true,
  },
  'better-auth': {
    filter: 'eq-and',
    uniqueGroupName: true,
    addThroughValuePathCreates: true,
    stringBooleans: 'coerce',
    managerAsString: true,
    removeWithList: 'removes-listed',
    etag: 'ignored',
    bulk: undefined,
    maxPageSize: 100,
  },
  polis: {
    ...plain,
    discovery: false,
    filter: 'eq',
    unsupportedFilter: 'empty',
    caseSensitiveFilters: true,
    lowerCaseOperatorsOnly: true,
    uniqueUserName: 'case-exact',
    stringBooleans: 'store',
    extensionPathIgnored: true,
    pathlessExtensionReplaces: true,
    deleteStatus: 200,
    membersReturned: 0,
    location: false,
    etag: 'none',
    bulk: undefined,
  },
  'entra-shaped': {
    stringBooleans: 'coerce',
    managerAsString: true,
    removeWithList: 'removes-listed',
    filter: 'eq-and',
  },
  'okta-shaped': { ...plain, filter: 'eq', pathlessOnly: true, bulk: undefined, search: false },
  fusionauth: { membersReturned: 100, bulk: undefined },
  miro: { maxMembersPerPatch: 8000, bulk: undefined },
  figma: { onDeactivate: 'delete', maxUserNameLength: 255, bulk: undefined },
  bitwarden: { ...plain, discovery: false, bulk: undefined },
  jfrog: { immutableAttributes: ['userName'], bulk: undefined },
  pulumi: { uniqueEmail: true, bulk: undefined },
  logfire: { ...plain, discovery: false, put: false, onDelete: 'refuse', refusedVerbStatus: 405, bulk: undefined },
  passbolt: { groups: false, refusedVerbStatus: 500, bulk: undefined },
  fleet: { onDeactivate: 'delete', bulk: undefined },
  wso2: { ignoresStartIndex: true, bulk: undefined },
  webex: { patch: false, refusedVerbStatus: 405, bulk: undefined },
  keycloak: { bulk: undefined },
  '1password': { ...plain, bulk: undefined },
  servicenow: {
    extensions: { 'urn:ietf:params:scim:schemas:extension:servicenow:2.0:User': ['building'] },
    bulk: undefined,
  },
  workplace: { ...plain, requiresUserAgent: true, bulk: undefined },
  deel: { rateLimit: { perSecond: 5, burst: 5, retryAfter: true }, bulk: undefined },
  peakon: { bulk: { maxOperations: 100, maxPayloadSize: 1_000_000 } },
  'google-cloud-identity': { bulk: undefined },
} satisfies Record<string, Partial<TargetProfile>>;

export type ProfileName = keyof typeof DIALECTS;

export const PROFILE_NAMES = Object.keys(DIALECTS) as ProfileName[];

/** The whole profile of a name or of some switches; `base` names the profile that the switches start from. */
export function buildProfile(
  wanted: ProfileName | (Partial<TargetProfile> & { base?: ProfileName }) = 'strict',
): TargetProfile {
  if (typeof wanted === 'string') {
    if (!Object.hasOwn(DIALECTS, wanted)) {
      throw new Error(`There is no target profile "${wanted}"; take one of ${PROFILE_NAMES.join(', ')}`);
    }
    return { ...STRICT, name: wanted, ...DIALECTS[wanted] };
  }
  const { base, ...switches } = wanted;
  for (const name of Object.keys(switches)) {
    if (!Object.hasOwn(STRICT, name)) throw new Error(`A target profile has no switch "${name}"; see TargetProfile`);
  }
  return { ...buildProfile(base), ...switches };
}
