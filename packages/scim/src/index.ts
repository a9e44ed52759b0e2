export { type AttributePath, parseAttributePath, type ValueComparison } from './attribute-path.ts';
export {
  type AttributeChange,
  buildPatchBody,
  buildPatchOperations,
  type PatchOperation,
} from './build-patch.ts';
export { buildPatchBody1 } from './build-patch-1.ts';
export { buildResource, clearAttribute, type FlatAttributes, setAttribute } from './build-resource.ts';
export type { BulkOperation, BulkResult } from './bulk-operation.ts';
export {
  type GroupMember,
  type MembersChange,
  type MembersOutcome,
  planMembers,
  readMembers,
} from './change-members.ts';
export {
  buildDialect,
  type DeprovisioningEffect,
  type Dialect,
  type DialectOverrides,
  type PublishedRateLimit,
  standardDialect,
  standardDialect1,
  type VerbSwitches,
} from './dialect.ts';
export { dialects, findDialect } from './dialects/index.ts';
export { applyDiscovery, type Discovery, type DiscoveryProblem } from './discovery.ts';
export type { Learned, ScimResource } from './exchange.ts';
export { buildEqualsFilter, buildEqualsFilters } from './filter.ts';
export type { JsonObject, JsonValue } from './json.ts';
export type { ListPage, ListPageRequest } from './list-page.ts';
export { mergeForPut } from './merge-resource.ts';
export type { SeenFilter, TargetProbe } from './probe-target.ts';
export { readActive, readAttribute, readAttributeValues } from './read-attribute.ts';
export { longestRetryAfterMs, parseRetryAfter } from './retry-after.ts';
export type { BulkOptions } from './run-bulk.ts';
export type { ScimAttribute } from './schema-attributes.ts';
export { coreUserUrn, enterpriseUserUrn, translatePath } from './schema-urns.ts';
export {
  createScimClient,
  type ScimClient,
  type ScimClientOptions,
  type ScimEndpoint,
  type ScimGroups,
} from './scim-client.ts';
export { SCIM_ERROR_KINDS, ScimError, type ScimErrorKind } from './scim-error.ts';
export { buildStandardUserSchema } from './standard-schema.ts';
export { suggestDialects, type TargetClues } from './suggest-dialect.ts';
export type { ScimRequest, ScimResponse, ScimTransport } from './transport.ts';
export type { UpdateResourceRequest } from './write-resources.ts';
