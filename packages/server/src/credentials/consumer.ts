import { randomInt } from 'node:crypto';
import type { JWK } from 'jose';
import { refuseField } from '../refusal.ts';
import { forgetSecret, hasSecret, keepSecret, openSecret, ownerOfApp, Secret } from '../vault/index.ts';
import { generateAssertionKey, openAssertionKey } from './assertion-key.ts';
import type { CredentialChange } from './credential-change.ts';
import type { CredentialGround } from './credential-ground.ts';
import { MissingPieceError } from './missing-piece.ts';
import { type OAuthSettings, secretOriginsOf } from './oauth-settings.ts';
import { forgetExpiry, saveExpiry } from './sql/expiries.ts';
import { type ConsumerSource, findOAuth, type StoredOAuth, saveConsumer, saveStaged } from './sql/oauth-settings.ts';

/** A pair as it is shown once, when it was made. */
export interface ShownConsumer {
  readonly consumerKey: string;
  /** Shown now and never again. Null: this consumer proves itself otherwise. */
  readonly consumerSecret: Secret | null;
  /** The public part of the key that signs assertions, for the target. */
  readonly publicJwk: JWK | null;
  readonly expiresAt: Date | null;
}

/** What an administrator enters of what the target gave. */
export interface EnteredConsumer {
  readonly consumerKey: string;
  readonly consumerSecret?: string | undefined;
  readonly secretExpiresAt?: Date | undefined;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const KEY_LETTERS = 40;
const SECRET_LETTERS = 64;
/** As long as the target's administrator may need; then the second secret is a door that nobody watches. */
const STAGED_DAYS = 30;

function makeLetters(count: number): string {
  return Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

export async function getOAuth({ db, app }: CredentialChange): Promise<StoredOAuth> {
  const stored = await findOAuth(db, app.id);
  if (stored) return stored;
  const fix = 'Save how the target authorizes under OAuth settings first.';
  throw new MissingPieceError('oauth', `${app.name} has no OAuth settings.`, fix);
}

const usesSecret = ({ tokenEndpointAuth }: OAuthSettings): boolean => tokenEndpointAuth.startsWith('client_secret');
const usesKey = ({ tokenEndpointAuth, grant }: OAuthSettings): boolean =>
  tokenEndpointAuth === 'private_key_jwt' || grant === 'jwt_bearer';

/** Makes a consumer key with what it proves itself by, for the target's administrator to enter there. */
export async function generateConsumer(ground: CredentialGround, change: CredentialChange): Promise<ShownConsumer> {
  const { settings } = await getOAuth(change);
  const consumerKey = makeLetters(KEY_LETTERS);
  const consumerSecret = usesSecret(settings) ? new Secret(makeLetters(SECRET_LETTERS)) : null;
  return putConsumer(ground, change, settings, 'generated', { consumerKey, consumerSecret, secretExpiresAt: null });
}

/** Takes the client id and secret that the target gave. Without a secret the stored one stays, if it is of this key. */
export async function enterConsumer(
  ground: CredentialGround,
  change: CredentialChange,
  entered: EnteredConsumer,
): Promise<ShownConsumer> {
  const { settings, consumerKey: before } = await getOAuth(change);
  const { consumerKey, consumerSecret, secretExpiresAt = null } = entered;
  checkKey(consumerKey);
  if (consumerSecret === undefined && usesSecret(settings) && before !== consumerKey) {
    throw refuseField('invalid_value', 'consumerSecret', 'is missing', 'Give the secret that belongs to this key.');
  }
  const secret = consumerSecret === undefined ? null : new Secret(checkSecret(consumerSecret));
  return putConsumer(ground, change, settings, 'entered', { consumerKey, consumerSecret: secret, secretExpiresAt });
}

export async function putConsumer(
  ground: CredentialGround,
  change: CredentialChange,
  settings: OAuthSettings,
  source: ConsumerSource,
  given: { consumerKey: string; consumerSecret: Secret | null; secretExpiresAt: Date | null; registrationUri?: string },
): Promise<ShownConsumer> {
  const { db, app, now, audit } = change;
  const { consumerKey, consumerSecret, secretExpiresAt, registrationUri } = given;
  const before = await getOAuth(change);
  const owner = ownerOfApp(app.id);
  const origins = secretOriginsOf(settings);
  if (before.consumerKey !== consumerKey) await forgetSecret(db, owner, ['consumer_secret', 'registration_token']);
  if (consumerSecret)
    await keepSecret(
      db,
      ground.vault,
      { owner, field: 'consumer_secret', origins, appId: app.id },
      consumerSecret,
      now,
    );
  const publicJwk = usesKey(settings) ? await keepAssertionKey(ground, change, settings, 'assertion_key') : null;
  const registration = registrationUri === undefined ? null : { uri: registrationUri };
  await saveConsumer(db, app.id, { key: consumerKey, source, secretExpiresAt, registration }, now);
  await saveStaged(db, app.id, null, now);
  await forgetSecret(db, owner, ['staged_consumer_secret', 'staged_assertion_key']);
  await forgetExpiry(db, app.id, ['staged secret', 'consumer secret']);
  if (secretExpiresAt) {
    const why = 'The target said so when it gave the consumer secret.';
    await saveExpiry(db, { appId: app.id, what: 'consumer secret', expiresAt: secretExpiresAt, why });
  }
  await audit('oauth.consumer_set', { before: { consumerKey: before.consumerKey }, after: { consumerKey, source } });
  return { consumerKey, consumerSecret, publicJwk, expiresAt: secretExpiresAt };
}

/** The key that signs assertions stays while it is of the right kind: the target knows its public part. */
async function keepAssertionKey(
  ground: CredentialGround,
  { db, app, now }: CredentialChange,
  settings: OAuthSettings,
  field: 'assertion_key' | 'staged_assertion_key',
): Promise<JWK> {
  const place = { owner: ownerOfApp(app.id), field, origins: secretOriginsOf(settings), appId: app.id };
  const present = field === 'assertion_key' ? await openSecret(db, ground.vault, place) : undefined;
  if (present) {
    const { algorithm, publicJwk } = await openAssertionKey(present);
    if (algorithm === settings.assertion.algorithm) return publicJwk;
  }
  const { sealed, publicJwk } = await generateAssertionKey(settings.assertion.algorithm);
  await keepSecret(db, ground.vault, place, sealed, now);
  return publicJwk;
}

/**
 * Stages a second pair beside the present one: both work until one is applied or discarded, for at most 30 days. What is
 * not entered is made.
 */
export async function stageConsumer(
  ground: CredentialGround,
  change: CredentialChange,
  entered: Partial<EnteredConsumer>,
): Promise<ShownConsumer> {
  const { db, app, now, author, audit } = change;
  const { settings, consumerKey, staged: before } = await getOAuth(change);
  if (consumerKey === null) {
    const fix = 'Generate or enter the first consumer key; there is nothing to rotate yet.';
    throw new MissingPieceError('oauth.consumer', `${app.name} has no consumer key.`, fix);
  }
  if (before) {
    const problem = `${app.name} has a ${before.state} pair already, until ${before.expiresAt.toISOString()}.`;
    throw new MissingPieceError('oauth.staged', problem, 'Apply or discard it first.');
  }
  if (!usesSecret(settings) && !usesKey(settings)) {
    const fix = 'There is nothing to rotate: renew the client certificate instead.';
    throw new MissingPieceError('oauth.consumer', `${app.name} proves itself by ${settings.tokenEndpointAuth}.`, fix);
  }
  const key = entered.consumerKey ?? consumerKey;
  checkKey(key);
  const secretText = entered.consumerSecret;
  const made = secretText === undefined ? makeLetters(SECRET_LETTERS) : checkSecret(secretText);
  const secret = usesSecret(settings) ? new Secret(made) : null;
  const owner = ownerOfApp(app.id);
  const place = { owner, field: 'staged_consumer_secret', origins: secretOriginsOf(settings), appId: app.id };
  if (secret) await keepSecret(db, ground.vault, place, secret, now);
  const publicJwk = usesKey(settings) ? await keepAssertionKey(ground, change, settings, 'staged_assertion_key') : null;
  const expiresAt = new Date(now.getTime() + STAGED_DAYS * 86_400_000);
  await saveStaged(db, app.id, { key, state: 'staged', at: now, by: author, expiresAt }, now);
  const why = 'A staged pair that is neither applied nor discarded is forgotten after 30 days.';
  await saveExpiry(db, { appId: app.id, what: 'staged secret', expiresAt, why });
  await audit('oauth.secret_staged', { after: { consumerKey: key, expiresAt } });
  return { consumerKey: key, consumerSecret: secretText === undefined ? secret : null, publicJwk, expiresAt };
}

/** Swaps the pairs: the staged one is used first from now on, and the replaced one stays as its fallback until it expires. */
export async function applyStaged(ground: CredentialGround, change: CredentialChange): Promise<void> {
  const { db, app, now, author, audit } = change;
  const stored = await getOAuth(change);
  const { staged, settings, consumerKey } = stored;
  if (!staged || consumerKey === null) throw refuseNoStaged(app.name);
  const owner = ownerOfApp(app.id);
  const origins = secretOriginsOf(settings);
  for (const field of ['consumer_secret', 'assertion_key']) {
    const [present, next] = [
      await openSecret(db, ground.vault, { owner, field, origins }),
      await openSecret(db, ground.vault, { owner, field: `staged_${field}`, origins }),
    ];
    if (!next) continue;
    await keepSecret(db, ground.vault, { owner, field, origins, appId: app.id }, next, now);
    if (present)
      await keepSecret(db, ground.vault, { owner, field: `staged_${field}`, origins, appId: app.id }, present, now);
  }
  const { consumerSource: source, registration } = stored;
  await saveConsumer(db, app.id, { key: staged.key, source, secretExpiresAt: null, registration }, now);
  await forgetExpiry(db, app.id, ['consumer secret']);
  const expiresAt = new Date(now.getTime() + STAGED_DAYS * 86_400_000);
  await saveStaged(db, app.id, { key: consumerKey, state: 'rotated', at: now, by: author, expiresAt }, now);
  const why = 'The replaced pair is forgotten 30 days after the rotation.';
  await saveExpiry(db, { appId: app.id, what: 'staged secret', expiresAt, why });
  await audit('oauth.secret_applied', { before: { consumerKey }, after: { consumerKey: staged.key } });
}

/** Forgets the second pair: the staged one that is not wanted, or the replaced one that the target no longer takes. */
export async function discardStaged({ db, app, now, audit }: CredentialChange, reason?: string): Promise<void> {
  const { staged } = (await findOAuth(db, app.id)) ?? { staged: null };
  if (!staged) throw refuseNoStaged(app.name);
  await forgetSecret(db, ownerOfApp(app.id), ['staged_consumer_secret', 'staged_assertion_key']);
  await saveStaged(db, app.id, null, now);
  await forgetExpiry(db, app.id, ['staged secret']);
  await audit('oauth.staged_discarded', {
    before: { consumerKey: staged.key, state: staged.state, at: staged.at },
    reason,
  });
}

function refuseNoStaged(app: string): MissingPieceError {
  return new MissingPieceError('oauth.staged', `${app} has no staged pair.`, 'Stage one first.');
}

function checkKey(key: string): void {
  if (/^[\x20-\x7e]{1,500}$/.test(key) && key === key.trim()) return;
  const problem = 'holds characters that no client id has, or begins or ends with a blank';
  throw refuseField('invalid_value', 'consumerKey', problem, 'Paste it again, alone.');
}

function checkSecret(secret: string): string {
  if (/^[\x20-\x7e]{1,2000}$/.test(secret) && secret === secret.trim()) return secret;
  const problem = 'is empty, holds characters that no secret has, or begins or ends with a blank';
  throw refuseField('invalid_value', 'consumerSecret', problem, 'Paste it again, alone.');
}

export function hasConsumerSecret(db: CredentialGround['pool'], appId: number): Promise<boolean> {
  return hasSecret(db, ownerOfApp(appId), 'consumer_secret');
}

/** The public parts of the keys that sign assertions, the present one first. */
export async function listPublicKeys(
  ground: CredentialGround,
  db: CredentialGround['pool'],
  appId: number,
): Promise<JWK[]> {
  const stored = await findOAuth(db, appId);
  if (!stored || !usesKey(stored.settings)) return [];
  const origins = secretOriginsOf(stored.settings);
  const keys: JWK[] = [];
  for (const field of ['assertion_key', 'staged_assertion_key']) {
    const found = await openSecret(db, ground.vault, { owner: ownerOfApp(appId), field, origins });
    if (found) keys.push((await openAssertionKey(found)).publicJwk);
  }
  return keys;
}
