/**
 * - `key_unusable`: the master key is missing, malformed or readable by others
 * - `unknown_key`: sealed under a key that this server was not given
 * - `not_authentic`: changed, or moved from the app, field or address it was sealed for
 * - `malformed`: not a sealed value at all
 */
export type VaultErrorCode = 'key_unusable' | 'unknown_key' | 'not_authentic' | 'malformed';

/** The message says what to do, and never holds any part of a key or a secret. */
export class VaultError extends Error {
  readonly code: VaultErrorCode;
  constructor(code: VaultErrorCode, message: string) {
    super(message);
    this.name = 'VaultError';
    this.code = code;
  }
}
