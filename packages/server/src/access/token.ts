import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, for sessions and links: too many to guess, so that an unsalted fast hash is enough to store. */
export function makeToken(): string {
  return randomBytes(32).toString('base64url');
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export function isTokenText(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** What a page must send back with each change: derived from the session's token, which scripts cannot read. */
export function csrfTokenOf(sessionToken: string): string {
  return createHash('sha256').update(`usher csrf ${sessionToken}`).digest('base64url');
}
