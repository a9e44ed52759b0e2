import type { Queryable } from '../db/pool.ts';
import type { CredentialHeaders } from '../transport/index.ts';
import { buildAuthorization, parseCredential, type StaticCredential, type Vault, VaultError } from '../vault/index.ts';
import { findCredential, type SealedCredential } from './sql/credentials.ts';
import { UnusableAppError } from './unusable-app.ts';

const CREDENTIAL_FIELD = 'credential';

/** What the sealed credential of an app belongs to: moved elsewhere in the database, it does not open. */
export function sealContextOf(appId: number, origins: readonly string[]) {
  return { appId: String(appId), field: CREDENTIAL_FIELD, allowedOrigins: origins };
}

export interface OpenedCredential {
  headers: CredentialHeaders;
  origins: readonly string[];
}

/** The credential of an app, opened for the transport; undefined when none was entered. */
export async function openCredential(
  db: Queryable,
  vault: Vault,
  appId: number,
): Promise<OpenedCredential | undefined> {
  const stored = await findCredential(db, appId);
  if (!stored) return undefined;
  return { headers: buildAuthorization(unseal(vault, appId, stored)), origins: stored.origins };
}

function unseal(vault: Vault, appId: number, { sealed, origins }: SealedCredential): StaticCredential {
  try {
    const parsed = parseCredential(JSON.parse(vault.open(sealed, sealContextOf(appId, origins)).reveal()));
    if (parsed.ok) return parsed.credential;
  } catch (error) {
    // Its message says what to do, and is for people already.
    if (error instanceof VaultError)
      throw new UnusableAppError('credential', error.message, 'Nothing is sent until then.');
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UnusableAppError(
    'credential',
    'The stored credential cannot be read by this version of Usher.',
    'Enter the credential again.',
  );
}
