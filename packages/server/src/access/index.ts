export type { Access, Authentication, Caller, RefusedCredential } from './caller.ts';
export { type GrantedScope, includesScope, SCOPES, type Scope } from './scope.ts';
