export { type AppCommand, type CheckRevision, getApp } from './app-change.ts';
export type { AppGround } from './app-ground.ts';
export type { AppRuntime, OpenApp } from './app-runtime.ts';
export { assignApp, type GrantName, unassignApp } from './assign-app.ts';
export { type ConfigurationVerdict, checkConfiguration } from './check-configuration.ts';
export { type CompiledDocument, compileDocument } from './compile-document.ts';
export {
  applyPlannedVersion,
  assertSavable,
  dryRunConfiguration,
  getVersion,
  type PlannedVersion,
  restoreConfiguration,
  type Saved,
  type SaveOptions,
  saveConfiguration,
  toInput,
} from './configure-app.ts';
export type {
  AppState,
  ConfigurationDocument,
  ConfigurationVersion,
  ConnectedApp,
  Correlation,
  Quarantine,
  QuarantineDetail,
} from './connected-app.ts';
export { createApp } from './create-app.ts';
export { type MappingProposal, type ProposalOptions, proposeMapping } from './default-mapping.ts';
export { type DescribedApp, describeApp, describeApps, type ShownCredential } from './describe-app.ts';
export { type ConfigurationChange, diffConfigurations } from './diff-configurations.ts';
export { dropCredential, setCredential } from './keep-credential.ts';
export { createAppOpener } from './open-app.ts';
export { CONFIGURATION_INPUT, type ConfigurationInput, parseConfiguration } from './parse-configuration.ts';
export { findReachSettings, type ReadSchema, readTargetSchema } from './reach-target.ts';
export { activateApp, deleteApp, pauseApp, probeNow, resumeApp, type Started } from './run-app.ts';
export { type AppAssignment, GRANT_KINDS, type GrantKind, listAssignments } from './sql/assignments.ts';
export type { AppCounts } from './sql/count-links.ts';
export {
  findApp,
  findAppById,
  findAppByName,
  findConfiguration,
  listApps,
  listConfigurationVersions,
} from './sql/load-apps.ts';
export type { NewApp } from './sql/write-apps.ts';
export { type TestStep, testApp } from './test-app.ts';
export { runMappingTests, testMapping } from './test-mapping.ts';
export { UnusableAppError } from './unusable-app.ts';
export { type AppEdit, editApp, setTriggers } from './update-app.ts';
