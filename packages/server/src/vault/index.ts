export type {
  CredentialProblem,
  CredentialSummary,
  ParsedCredential,
  StaticCredential,
} from './credential.ts';
export {
  buildAuthorization,
  parseCredential,
  STATIC_CREDENTIAL_KINDS,
  serializeCredential,
  summarizeCredential,
} from './credential.ts';
export type { MasterKey, MasterKeySource } from './master-key.ts';
export { readMasterKeys } from './master-key.ts';
export { describeVault, type Rotation, rotateVault, type VaultGround, type VaultStanding } from './rotate-vault.ts';
export { Secret } from './secret.ts';
export type { SecretPlace } from './secret-store.ts';
export { forgetSecret, hasSecret, keepSecret, openSecret, ownerOfApp } from './secret-store.ts';
export type { SealContext, Vault } from './vault.ts';
export { createVault, openVault } from './vault.ts';
export type { VaultErrorCode } from './vault-error.ts';
export { VaultError } from './vault-error.ts';
