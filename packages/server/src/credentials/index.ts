export { AppAuthorization, type OpenedAuthorization } from './access-tokens.ts';
export { authorizeByGrant } from './authorize-by-grant.ts';
export {
  type BeginOptions,
  type BegunAuthorization,
  beginAuthorization,
  CALLBACK_PATH,
  callbackUrlOf,
} from './begin-authorization.ts';
export {
  dropClientCertificate,
  issuerOf,
  openClientCertificate,
  setClientCertificate,
} from './client-certificate.ts';
export {
  type AnswerBearer,
  type ChangeApp,
  type CompletedAuthorization,
  completeAuthorization,
  type ReceivedAnswer,
} from './complete-authorization.ts';
export {
  applyStaged,
  discardStaged,
  type EnteredConsumer,
  enterConsumer,
  generateConsumer,
  hasConsumerSecret,
  listPublicKeys,
  type ShownConsumer,
  stageConsumer,
} from './consumer.ts';
export type { CredentialChange } from './credential-change.ts';
export type { CredentialApp, CredentialGround } from './credential-ground.ts';
export { addCredentialMetrics } from './credential-metrics.ts';
export { CredentialWatch, TOLD_BEFORE_DAYS } from './credential-watch.ts';
export { type AppForecast, forecastCredentials } from './forecast.ts';
export { forgetAuthorization, revokeAtTarget } from './forget-authorization.ts';
export { buildHandOver, type HandOverSheet, writeHandOver } from './hand-over.ts';
export { type CredentialProblem, describeSpan, type LifePolicy } from './health.ts';
export { lookAtAccount, noteAccount } from './look-at-account.ts';
export { MissingPieceError } from './missing-piece.ts';
export { OAUTH_INPUT, type OAuthInput, type OAuthSettings, secretOriginsOf } from './oauth-settings.ts';
export { type Discovered, discoverServer, pinSettings } from './pin-endpoints.ts';
export { presentApp, setLogo } from './present-app.ts';
export { ANSWER_REFUSALS, RefusedAnswer } from './refused-answer.ts';
export { registerConsumer } from './register-consumer.ts';
export { type Renewal, renewToken } from './renew-token.ts';
export { dropOAuth, saveOAuth } from './save-oauth.ts';
export { sealContextOf } from './seal-access-token.ts';
export { findCertificate, listAppsWithCertificate, type StoredCertificate } from './sql/client-certificate.ts';
export { findCredentialApp } from './sql/find-app.ts';
export { findHealth, type HealthRow, type Life, listLives, saveVerification, type Verification } from './sql/health.ts';
export { findOAuth, listAppsWithOAuth, type StagedConsumer, type StoredOAuth } from './sql/oauth-settings.ts';
export { findLogo, findPresentation, findPresentations, type Presentation } from './sql/presentation.ts';
export { beginStaticLife, endStaticLife, setLifePolicy } from './static-life.ts';
