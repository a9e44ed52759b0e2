export type { AppGround } from './app-ground.ts';
export type {
  AppState,
  ConfigurationDocument,
  ConfigurationVersion,
  ConnectedApp,
  Correlation,
  Quarantine,
  QuarantineDetail,
} from './connected-app.ts';
export { createAppOpener } from './open-app.ts';
export { UnusableAppError } from './unusable-app.ts';
