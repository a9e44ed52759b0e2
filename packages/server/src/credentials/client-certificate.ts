import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Queryable } from '../db/pool.ts';
import { type FieldProblem, Refusal } from '../refusal.ts';
import { type ClientCertificate, originOf } from '../transport/index.ts';
import { forgetSecret, keepSecret, openSecret, ownerOfApp, Secret } from '../vault/index.ts';
import type { CredentialChange } from './credential-change.ts';
import type { CredentialApp, CredentialGround } from './credential-ground.ts';
import { MissingPieceError } from './missing-piece.ts';
import { authorizationOriginsOf, type OAuthSettings } from './oauth-settings.ts';
import {
  deleteCertificate,
  findCertificate,
  type StoredCertificate,
  saveCertificate,
} from './sql/client-certificate.ts';
import { forgetExpiry, saveExpiry } from './sql/expiries.ts';
import { findOAuth } from './sql/oauth-settings.ts';

const FIELD = 'client_key';

/** The key is bound to every origin that the certificate is shown to. */
function originsFor(app: CredentialApp, settings: Pick<OAuthSettings, 'endpoints' | 'issuer'> | undefined): string[] {
  const authorization = settings ? authorizationOriginsOf(settings) : [];
  return [...new Set([originOf(app.baseUrl), ...authorization])].sort();
}

/** The client certificate of an app with its key; undefined when it has none. */
export async function openClientCertificate(
  ground: CredentialGround,
  db: Queryable,
  app: CredentialApp,
  settings?: OAuthSettings,
): Promise<ClientCertificate | undefined> {
  const found = await findCertificate(db, app.id);
  if (!found) {
    if (settings?.tokenEndpointAuth !== 'tls_client_auth') return undefined;
    const fix = 'Enter the certificate and its private key under Client certificate.';
    throw new MissingPieceError('clientCertificate', `${app.name} has no client certificate to show.`, fix);
  }
  const oauth = settings ?? (await findOAuth(db, app.id))?.settings;
  const key = await openSecret(db, ground.vault, {
    owner: ownerOfApp(app.id),
    field: FIELD,
    origins: originsFor(app, oauth),
  });
  return key && { cert: found.certificate, key: key.reveal() };
}

/** Seals the key of a client certificate for the origins of the app as they are now. */
export async function setClientCertificate(
  ground: CredentialGround,
  { db, app, now, audit }: CredentialChange,
  input: { certificate: string; privateKey: string },
): Promise<StoredCertificate> {
  const parsed = parseCertificate(input, now);
  if (!parsed.ok)
    throw new Refusal('invalid_value', parsed.problems.map(({ problem }) => problem).join(' '), parsed.problems);
  const settings = (await findOAuth(db, app.id))?.settings;
  const place = { owner: ownerOfApp(app.id), field: FIELD, origins: originsFor(app, settings), appId: app.id };
  await keepSecret(db, ground.vault, place, new Secret(input.privateKey), now);
  const before = await findCertificate(db, app.id);
  await saveCertificate(db, app.id, parsed.certificate, now);
  const why = 'The certificate that Usher shows to the target ends then.';
  await saveExpiry(db, { appId: app.id, what: 'client certificate', expiresAt: parsed.certificate.notAfter, why });
  const show = (found: StoredCertificate) => ({
    subject: found.subject,
    fingerprint: found.fingerprint,
    notAfter: found.notAfter,
  });
  await audit('app.client_certificate_set', { before: before && show(before), after: show(parsed.certificate) });
  return parsed.certificate;
}

export async function dropClientCertificate({ db, app, audit }: CredentialChange): Promise<void> {
  const before = await findCertificate(db, app.id);
  if (!before) throw new Refusal('not_found', `${app.name} has no client certificate.`);
  await deleteCertificate(db, app.id);
  await forgetSecret(db, ownerOfApp(app.id), [FIELD]);
  await forgetExpiry(db, app.id, ['client certificate']);
  await audit('app.client_certificate_forgotten', {
    before: { subject: before.subject, fingerprint: before.fingerprint },
  });
}

/** After the app's origins changed: the key was sealed for others, and is entered again before it is used there. */
export async function clientCertificateOpens(
  ground: CredentialGround,
  db: Queryable,
  app: CredentialApp,
): Promise<boolean> {
  try {
    await openClientCertificate(ground, db, app);
    return true;
  } catch {
    return false;
  }
}

type Parsed = { ok: true; certificate: StoredCertificate } | { ok: false; problems: FieldProblem[] };

function parseCertificate({ certificate, privateKey }: { certificate: string; privateKey: string }, now: Date): Parsed {
  const refuse = (field: string, problem: string, fix: string): Parsed => ({
    ok: false,
    problems: [{ field, problem, fix }],
  });
  let read: X509Certificate;
  try {
    read = new X509Certificate(certificate);
  } catch {
    const fix = 'Paste the file that begins with -----BEGIN CERTIFICATE-----; its chain may follow it.';
    return refuse('certificate', 'The certificate is not one in PEM form.', fix);
  }
  // PKCS #8 says it in its first line, the older form in a header of its own (RFC 1421, section 4.6.1.1).
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: *4, *ENCRYPTED/m.test(privateKey)) {
    const fix = 'Take the passphrase off: openssl pkey -in KEY.pem -out PLAIN.pem. It is sealed here.';
    return refuse('privateKey', 'The private key is encrypted with a passphrase.', fix);
  }
  let isPair = false;
  try {
    isPair = read.checkPrivateKey(createPrivateKey(privateKey));
  } catch {
    const fix = 'Paste the file that begins with -----BEGIN PRIVATE KEY-----.';
    return refuse('privateKey', 'The private key is not one in PEM form.', fix);
  }
  if (!isPair) {
    return refuse(
      'privateKey',
      "The private key is not the certificate's.",
      'Give the key that the certificate was made with.',
    );
  }
  const [notBefore, notAfter] = [new Date(read.validFrom), new Date(read.validTo)];
  if (notAfter <= now) {
    return refuse('certificate', `The certificate ended on ${notAfter.toISOString()}.`, 'Give one that is valid.');
  }
  if (notBefore > now) {
    const fix = 'Give one that is valid already, or wait until then.';
    return refuse('certificate', `The certificate is not valid before ${notBefore.toISOString()}.`, fix);
  }
  const subject = nameOf(read.subject);
  return { ok: true, certificate: { certificate, subject, fingerprint: read.fingerprint256, notBefore, notAfter } };
}

/** Who signed it; the same as its subject where it did itself. */
export function issuerOf({ certificate }: Pick<StoredCertificate, 'certificate'>): string {
  return nameOf(new X509Certificate(certificate).issuer);
}

/** A distinguished name in one line; certificates may have none at all. */
function nameOf(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ').slice(0, 500);
}
