import { refuseField } from '../refusal.ts';
import type { CredentialChange } from './credential-change.ts';
import { findPresentation, type PresentationInput, saveLogo, savePresentation } from './sql/presentation.ts';

const LOGO_LIMIT_BYTES = 128 * 1024;

/** What the first bytes of a picture say that it is; the caller's word for it is not asked. No SVG: it may hold scripts. */
const SIGNATURES: ReadonlyArray<readonly [string, readonly number[], number]> = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 0],
  ['image/jpeg', [0xff, 0xd8, 0xff], 0],
  ['image/webp', [0x57, 0x45, 0x42, 0x50], 8],
];

/** Whom the target's administrator may ask, and where to read more. */
export async function presentApp(change: CredentialChange, given: PresentationInput): Promise<void> {
  const { db, app, now, audit } = change;
  const before = await findPresentation(db, app.id);
  await savePresentation(db, app.id, given, now);
  await audit('app.presented', { before, after: given });
}

/** Keeps a picture of an app; null takes it away. */
export async function setLogo({ db, app, now, audit }: CredentialChange, bytes: Buffer | null): Promise<void> {
  const type = bytes && checkLogo(bytes);
  await saveLogo(db, app.id, bytes && type ? { bytes, type } : null, now);
  await audit('app.logo_set', { after: bytes ? { type, bytes: bytes.length } : null });
}

function checkLogo(bytes: Buffer): string {
  if (bytes.length > LOGO_LIMIT_BYTES) {
    throw refuseField('invalid_value', 'logo', `has ${bytes.length} bytes`, `Give one of at most ${LOGO_LIMIT_BYTES}.`);
  }
  const found = SIGNATURES.find(([, signature, at]) => signature.every((byte, index) => bytes[at + index] === byte));
  if (found) return found[0];
  throw refuseField(
    'invalid_value',
    'logo',
    'is neither PNG nor JPEG nor WebP',
    'Give a picture in one of these forms.',
  );
}
