export type { ReceivedRequest, RequestCounts } from './request-log.ts';
export type { ScimRecord, ScimValue } from './scim-store.ts';
export { type ScimTarget, type ScimTargetOptions, startScimTarget } from './scim-target.ts';
export { type SpawnedScimTarget, type SpawnScimTargetOptions, spawnScimTarget } from './spawn-scim-target.ts';
export { type FaultAnswer, type FaultRule, goDead, noFaults, refuseAuth, type TargetFaults } from './target-faults.ts';
