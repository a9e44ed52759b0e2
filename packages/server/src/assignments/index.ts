export { changeComponents } from './components.ts';
export {
  type Entitlement,
  type EntitlementDraft,
  type EntitlementKind,
  type HeldAssignment,
  parseEntitlementKey,
} from './entitlement.ts';
export { changeEntitlement, createEntitlement, deleteEntitlement, getEntitlement } from './entitlements.ts';
export { assertExpectedRevision, type ExpectedRevision } from './expected-revision.ts';
export { findNearestName } from './nearest-name.ts';
export { buildUnknownNameProblem } from './resolve-names.ts';
export {
  type EntitlementKey,
  findEntitlement,
  listEntitlementNames,
  listEntitlements,
  loadEntitlementNames,
  resolveEntitlements,
} from './sql/entitlements.ts';
export { loadHeldAssignments, type NewAssignment, writeAssignments } from './sql/user-assignments.ts';
export {
  type AssignedThing,
  type AssignmentChange,
  assignToUser,
  changeAssignment,
  unassignFromUser,
} from './user-assignments.ts';
export type { ComponentChange } from './write-components.ts';
