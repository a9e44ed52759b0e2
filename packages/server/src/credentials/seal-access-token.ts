import type { Secret, Vault } from '../vault/index.ts';
import type { CredentialGround } from './credential-ground.ts';

/** What the sealed credential in force of an app belongs to: moved elsewhere in the database, it does not open. */
export function sealContextOf(appId: number, origins: readonly string[]): Parameters<Vault['seal']>[1] {
  return { appId: String(appId), field: 'credential', allowedOrigins: origins };
}

/** The access token as the credential in force is stored: for the app's origins, and no other. */
export function sealAccessToken(
  { vault }: Pick<CredentialGround, 'vault'>,
  appId: number,
  origins: readonly string[],
  accessToken: Secret,
): { sealed: string; keyId: string } {
  return { sealed: vault.seal(accessToken, sealContextOf(appId, origins)), keyId: vault.keyIds[0] ?? '' };
}
