export { createAccess } from './access-control.ts';
export type { ApiKey } from './api-key.ts';
export type { Access, Authentication, Caller, RefusedCredential } from './caller.ts';
export { createKey, ensureAdminKey, type FirstAdminKey, type KeyRequest, listKeys, revokeKey } from './manage-keys.ts';
export { type GrantedScope, includesScope, SCOPES, type Scope } from './scope.ts';
