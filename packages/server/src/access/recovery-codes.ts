import { createHash, randomBytes } from 'node:crypto';

const COUNT = 10;
/** Without letters that are taken for others. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Ten codes of 74 bits each, as `xxxxx-xxxxx-xxxxx`, too many to guess even from their hashes; shown once. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: COUNT }, () => {
    const letters = Array.from({ length: 15 }, randomLetter).join('');
    return `${letters.slice(0, 5)}-${letters.slice(5, 10)}-${letters.slice(10)}`;
  });
}

/** The person's id goes in, so that equal codes of two people differ in the database. */
export function hashRecoveryCode(personId: string, code: string): Buffer {
  const plain = code.toLowerCase().replace(/[\s-]/g, '');
  return createHash('sha256').update(`${personId} ${plain}`).digest();
}

/** Bytes beyond the last whole multiple are thrown away, so that each letter is as likely as the others. */
function randomLetter(): string {
  const most = 256 - (256 % ALPHABET.length);
  for (;;) {
    const [byte = 255] = randomBytes(1);
    if (byte < most) return ALPHABET[byte % ALPHABET.length] ?? '';
  }
}
