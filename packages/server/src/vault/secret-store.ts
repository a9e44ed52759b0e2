import type { Queryable } from '../db/pool.ts';
import type { Secret } from './secret.ts';
import { findSecret, forgetOwner, forgetSecrets, saveSecret } from './sql/sealed-secrets.ts';
import type { Vault } from './vault.ts';

/** Whose secret it is, and where it may be sent. All of it is sealed in: under another owner, field or origin it does not open. */
export interface SecretPlace {
  /** `app 12`, `alert channel 3`. */
  readonly owner: string;
  readonly field: string;
  readonly origins: readonly string[];
  /** The app that takes it along when it is deleted. */
  readonly appId?: number | undefined;
}

export function ownerOfApp(appId: number): string {
  return `app ${appId}`;
}

/** Seals a secret and stores it, instead of the one before. */
export async function keepSecret(
  db: Queryable,
  vault: Vault,
  place: SecretPlace,
  secret: Secret,
  now: Date,
): Promise<void> {
  const { owner, field, origins, appId = null } = place;
  const sealed = vault.seal(secret, { appId: owner, field, allowedOrigins: origins });
  await saveSecret(db, { owner, field, appId, sealed, keyId: vault.keyIds[0] ?? '', origins }, now);
}

/**
 * A stored secret, opened for these origins; undefined when there is none. Throws a VaultError when it was sealed for
 * other origins or under a key that is not here.
 */
export async function openSecret(db: Queryable, vault: Vault, place: SecretPlace): Promise<Secret | undefined> {
  const found = await findSecret(db, place.owner, place.field);
  if (!found) return undefined;
  return vault.open(found.sealed, { appId: place.owner, field: place.field, allowedOrigins: place.origins });
}

export async function hasSecret(db: Queryable, owner: string, field: string): Promise<boolean> {
  return (await findSecret(db, owner, field)) !== undefined;
}

/** Forgets some of an owner's secrets, or all of them. */
export async function forgetSecret(db: Queryable, owner: string, fields?: readonly string[]): Promise<void> {
  await (fields ? forgetSecrets(db, owner, fields) : forgetOwner(db, owner));
}
