export { type AppChange, type AppCommand, type CheckRevision, changeApp, getApp } from './app-change.ts';
export type { AppGround } from './app-ground.ts';
export type { AppRuntime, OpenApp, RuntimeHealing, RuntimeRollout } from './app-runtime.ts';
export { assignApp, type GrantName, unassignApp } from './assign-app.ts';
export { beginDay, watchDays } from './begin-day.ts';
export { changeCredential, createCredentialChanger } from './change-credential.ts';
export { changeGuards, type GuardsEdit, type ShownGuards, showGuards } from './change-guards.ts';
export { type ConfigurationVerdict, checkConfiguration } from './check-configuration.ts';
export { type CompiledDocument, compileDocument } from './compile-document.ts';
export {
  activateVersion,
  applyPlannedVersion,
  assertSavable,
  dryRunConfiguration,
  getVersion,
  listAddedPaths,
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
export { type DescribedTarget, describeTarget, detectTarget } from './describe-target.ts';
export { type ConfigurationChange, diffConfigurations } from './diff-configurations.ts';
export { dropCredential, setCredential } from './keep-credential.ts';
export { createAppOpener, openUnderConfiguration } from './open-app.ts';
export { CONFIGURATION_INPUT, type ConfigurationInput, parseConfiguration } from './parse-configuration.ts';
export { findReachSettings, type ReadSchema, readTargetSchema } from './reach-target.ts';
export { activateApp, assertVersionUsable, deleteApp, pauseApp, probeNow, resumeApp, type Started } from './run-app.ts';
export { type AppAssignment, GRANT_KINDS, type GrantKind, listAssignments } from './sql/assignments.ts';
export type { AppCounts } from './sql/count-links.ts';
export { findGuards, saveGuards } from './sql/guards.ts';
export {
  findApp,
  findAppById,
  findAppByName,
  findConfiguration,
  listApps,
  listConfigurationVersions,
} from './sql/load-apps.ts';
export { type NewApp, updateApp } from './sql/write-apps.ts';
export { type DescribedSchema, describeTargetSchema } from './target-schema.ts';
export { type TestStep, testApp } from './test-app.ts';
export { runMappingTests, testMapping } from './test-mapping.ts';
export { type FormulaAsked, listCompletions, type MappingCompletions, tryAppFormula } from './try-formula.ts';
export { UnusableAppError } from './unusable-app.ts';
export { type AppEdit, editApp, setTriggers } from './update-app.ts';
export { verifyCredential } from './verify-credential.ts';
