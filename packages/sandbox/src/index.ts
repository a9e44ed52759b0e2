export {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  type Person,
  startAuthorizationServer,
  type TokenFault,
  type TokenRequest,
} from './authorization-server.ts';
export { type Browser, createBrowser, type Visit } from './browser.ts';
export type { ReceivedRequest, RequestCounts } from './request-log.ts';
export { buildSampleOrg } from './sample-org/build-sample-org.ts';
export {
  applyDayStep,
  buildDayOfLife,
  type DayChange,
  type DayStep,
  type DayStepName,
  type Grants,
  type SampleUserFields,
} from './sample-org/day-of-life.ts';
export { collaborationAccess } from './sample-org/grants.ts';
export { buildSampleFiles, formatUsersCsv } from './sample-org/sample-csv.ts';
export {
  fieldLengths,
  listHolders,
  type SampleOrg,
  type SampleUser,
  sampleUserFields,
} from './sample-org/sample-user.ts';
export type { ScimRecord, ScimValue } from './scim-store.ts';
export { type ScimTarget, type ScimTargetOptions, startScimTarget } from './scim-target.ts';
export { type SpawnedScimTarget, type SpawnScimTargetOptions, spawnScimTarget } from './spawn-scim-target.ts';
export { type FaultAnswer, type FaultRule, goDead, noFaults, refuseAuth, type TargetFaults } from './target-faults.ts';

/** Where the committed CSV files of the sample org are. */
export const sampleOrgFolder = new URL('../sample-org/', import.meta.url);
