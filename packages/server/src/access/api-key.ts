import { createHash, randomBytes } from 'node:crypto';

/** A key as it is stored and listed. The key itself is told once, when it is made, and only its hash is kept. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** Its first characters, to tell keys apart. */
  readonly prefix: string;
  readonly scopes: string[];
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  /** Whose it is; a machine's key is nobody's. */
  readonly personId: string | null;
}

const MARK = 'ush_';

/** 256 random bits: too many to guess, so that an unsalted fast hash is enough to store. */
export function makeKey(): string {
  return MARK + randomBytes(32).toString('base64url');
}

export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** What may be shown of a key. One that a person chose may be shorter, and shows nothing. */
export function prefixOf(key: string): string {
  return key.startsWith(MARK) && key.length >= 47 ? key.slice(0, 8) : 'chosen';
}

/** The key in an Authorization header (RFC 6750 section 2.1), or undefined when the header has another form. */
export function parseBearer(header: string): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/=-]{16,256}) *$/i.exec(header)?.[1];
}

export function isUsable(key: Pick<ApiKey, 'revokedAt' | 'expiresAt'>, now: Date): boolean {
  return key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now);
}
