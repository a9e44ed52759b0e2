export { createAccess } from './access-control.ts';
export type { AccessGround, Visit } from './access-ground.ts';
export type { ApiKey } from './api-key.ts';
export type { Access, Authentication, Caller, RefusedCredential, SignedIn } from './caller.ts';
export { endOldAccess } from './end-old-access.ts';
export {
  acceptLink,
  describeLink,
  ensureFirstAdministratorLink,
  type LinkSummary,
  type MadeLink,
  makeAdministratorLink,
  needsFirstAdministrator,
} from './links.ts';
export { createKey, ensureAdminKey, type FirstAdminKey, type KeyRequest, listKeys, revokeKey } from './manage-keys.ts';
export {
  changePerson,
  deletePerson,
  endSessionsOfPerson,
  getPerson,
  invitePerson,
  listPeople,
  listSessionsOfPerson,
  makePersonLink,
} from './manage-people.ts';
export { changePassword, endOwnSession, signOut, signOutEverywhere } from './own-sessions.ts';
export {
  beginPasskeySetUp,
  beginPasskeySignIn,
  finishPasskeySetUp,
  listOwnPasskeys,
  removePasskey,
  signInByPasskey,
  takesPasskeys,
} from './passkeys.ts';
export type { Person } from './person.ts';
export { ROLE_DESCRIPTIONS, ROLE_SCOPES, ROLES, type Role } from './role.ts';
export { expandScopes, type GrantedScope, includesScope, SCOPES, type Scope } from './scope.ts';
export {
  confirmTotp,
  type FactorChange,
  getOwnPerson,
  removeTotp,
  renewRecoveryCodes,
  setUpTotp,
} from './second-factors.ts';
export { assertFreshProof, type OpenedSession } from './session.ts';
export {
  ATTEMPT_LASTS_MS,
  type SignInStep,
  signInByPassword,
  signInByRecoveryCode,
  signInByTotp,
  TooManyAttempts,
} from './sign-in.ts';
export { CALLBACK_PATH, createSingleSignOn, type SignOnSettings, type SingleSignOn } from './single-sign-on.ts';
export { endStatusLinksOf, makeStatusLink, openStatusLink } from './status-links.ts';
export { csrfTokenOf } from './token.ts';
