export type { AccountSnapshot } from './account-snapshot.ts';
export type { ProfileName } from './build-profile.ts';
export { buildProfile, PROFILE_NAMES } from './build-profile.ts';
export type { Exchange, TargetCounts } from './exchange.ts';
export type { FaultContext, FaultEffect, FaultRule, RetryAfter } from './fault-schedule.ts';
export { FaultSchedule, seededRandom } from './fault-schedule.ts';
export type { FaultTargetOptions } from './fault-target.ts';
export { buildCore, FaultTarget, startFaultTarget } from './fault-target.ts';
export type { JournalIntent, TargetEvidence } from './oracle.ts';
export {
  assertInvariants,
  checkConverged,
  checkCreatedOnce,
  checkDeactivationLimit,
  checkIntents,
  checkLeases,
  checkNoSecrets,
  checkNoWriteAfterDeactivation,
  checkQuietSince,
  checkStrangersUntouched,
  checkVersionsMonotone,
  checkWritesInSequence,
  listDeactivations,
  listWrites,
} from './oracle.ts';
export type { Delivery } from './spoil-answer.ts';
export type { Outcome, TargetCore } from './target-core.ts';
export type { TargetProfile } from './target-profile.ts';
export type { TargetAnswer, TargetRequest, WriteEffect } from './target-state.ts';
