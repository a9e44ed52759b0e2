import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type MasterKey, type MasterKeySource, readMasterKeys } from './master-key.ts';
import { Secret } from './secret.ts';
import { VaultError } from './vault-error.ts';

/**
 * What a sealed value belongs to. All of it is authenticated: a value that someone with write access to the database
 * moved to another app or field, or whose app was pointed at another origin, does not open.
 */
export interface SealContext {
  readonly appId: string;
  readonly field: string;
  /** The origins that the secret may be sent to; their order does not matter. */
  readonly allowedOrigins: readonly string[];
}

export interface Vault {
  /** Of all keys that open, the one that seals first. */
  readonly keyIds: readonly string[];
  /** A text of ASCII letters for a column: `v1.<key id>.<nonce>.<ciphertext and tag>`. */
  seal(plain: Secret | string, context: SealContext): string;
  /** Throws a VaultError when it cannot be opened, which is never to be taken for "there is no credential". */
  open(sealed: string, context: SealContext): Secret;
  /** The value under the present key, or undefined when it is already. Throws as `open` does. */
  reseal(sealed: string, context: SealContext): string | undefined;
  /** Reads the keys again from where they come from: a new one may have been put first. Absent: they cannot change. */
  reload?(): Promise<void>;
}

const VERSION = 'v1';
// NIST SP 800-38D: 96 random bits, for which one key may seal 2^32 values. A fleet seals a few thousand a day at most.
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keys that cannot be read again leave the vault as it is. */
export async function openVault(source: MasterKeySource): Promise<Vault> {
  let present = createVault(await readMasterKeys(source));
  return {
    get keyIds() {
      return present.keyIds;
    },
    seal: (plain, context) => present.seal(plain, context),
    open: (sealed, context) => present.open(sealed, context),
    reseal: (sealed, context) => present.reseal(sealed, context),
    reload: async () => {
      present = createVault(await readMasterKeys(source));
    },
  };
}

/** Seals by AES-256-GCM under the first key. */
export function createVault(keys: readonly MasterKey[]): Vault {
  const [current] = keys;
  if (!current) throw new VaultError('key_unusable', 'The vault was given no key.');
  const byId = new Map(keys.map((key) => [key.id, key]));

  const seal: Vault['seal'] = (plain, context) => {
    const text = typeof plain === 'string' ? plain : plain.reveal();
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', current.bytes, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(buildAad(current.id, context));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [VERSION, current.id, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
  };

  const open: Vault['open'] = (sealed, context) => {
    const { keyId, nonce, bytes } = parseSealed(sealed);
    const key = byId.get(keyId);
    if (!key) {
      throw new VaultError(
        'unknown_key',
        `The ${context.field} of this app was sealed with the master key ${keyId}, which this server was not given. ` +
          'Put that key back as an older key, or enter the credential again.',
      );
    }
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(buildAad(keyId, context));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    try {
      const plain = Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)), decipher.final()]);
      return new Secret(plain.toString('utf8'));
    } catch {
      throw new VaultError(
        'not_authentic',
        `The ${context.field} of this app was sealed for another app or address, or was changed in the database. ` +
          'Enter the credential again.',
      );
    }
  };

  return {
    keyIds: keys.map((key) => key.id),
    seal,
    open,
    reseal(sealed, context) {
      const plain = open(sealed, context);
      return parseSealed(sealed).keyId === current.id ? undefined : seal(plain, context);
    },
  };
}

/** JSON rather than joined text, so that no two contexts can read the same. */
function buildAad(keyId: string, { appId, field, allowedOrigins }: SealContext): Buffer {
  const origins = [...new Set(allowedOrigins)].sort();
  return Buffer.from(JSON.stringify(['usher vault', VERSION, keyId, appId, field, origins]), 'utf8');
}

function parseSealed(sealed: string): { keyId: string; nonce: Buffer; bytes: Buffer } {
  const match = /^v1\.([A-Za-z0-9_-]{1,40})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,})$/.exec(sealed);
  const [, keyId = '', nonce = '', bytes = ''] = match ?? [];
  if (!match) {
    throw new VaultError(
      'malformed',
      'A stored credential is not a value that this version of Usher sealed. Enter the credential again.',
    );
  }
  return { keyId, nonce: Buffer.from(nonce, 'base64url'), bytes: Buffer.from(bytes, 'base64url') };
}
