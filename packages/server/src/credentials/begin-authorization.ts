import { createHash, randomBytes } from 'node:crypto';
import {
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { Actor } from '../audit/index.ts';
import { refuseField } from '../refusal.ts';
import type { CredentialChange } from './credential-change.ts';
import type { CredentialGround } from './credential-ground.ts';
import { MissingPieceError } from './missing-piece.ts';
import type { OAuthSettings } from './oauth-settings.ts';
import { openLine, openOAuth } from './open-oauth.ts';
import { insertAttempt } from './sql/attempts.ts';
import type { StoredOAuth } from './sql/oauth-settings.ts';

/** An authorization that a person goes on with at the target. */
export interface BegunAuthorization {
  /** The target's own page. */
  readonly url: string;
  readonly callbackUrl: string;
  readonly expiresAt: Date;
  /** For a cookie of the browser that began it: only there, or from who began it, the answer is taken. */
  readonly browserSecret: string;
}

export interface BeginOptions {
  /** Who begins it: only they may paste its answer. */
  readonly begunBy: Pick<Actor, 'kind' | 'name'>;
  /** What the browser's cookie holds already, when another authorization is under way in it. */
  readonly browserSecret?: string | undefined;
  /** A path of Usher's own to go on at afterwards. */
  readonly returnTo?: string | undefined;
}

const ATTEMPT_LIVES_MS = 15 * 60_000;
export const CALLBACK_PATH = '/oauth/callback';

/** Where the target sends people back to: one of the app's own, so that an answer cannot be taken for another target's. */
export function callbackUrlOf(
  { publicUrl }: Pick<CredentialGround, 'publicUrl'>,
  appName: string,
  settings: Pick<OAuthSettings, 'sharedCallback'> | undefined,
): string {
  if (publicUrl === undefined) {
    const problem = 'Usher does not know the address at which people reach it, so no target can send them back.';
    throw new MissingPieceError(
      'publicUrl',
      problem,
      'Set USHER_PUBLIC_URL, and give the target the callback URL anew.',
    );
  }
  const shared = `${publicUrl}${CALLBACK_PATH}`;
  return settings?.sharedCallback ? shared : `${shared}/${encodeURIComponent(appName)}`;
}

/** What an answer must fit: with other settings it would be sent elsewhere than it was meant for. */
export function hashSettings({ settings, consumerKey }: StoredOAuth, callbackUrl: string): string {
  const { issuer, endpoints, grant, tokenEndpointAuth } = settings;
  const facts = JSON.stringify([issuer ?? null, endpoints, grant, tokenEndpointAuth, consumerKey, callbackUrl]);
  return createHash('sha256').update(facts).digest('hex');
}

/** An API key and a person may have the same name. */
export function writeBeginner({ kind, name }: Pick<Actor, 'kind' | 'name'>): string {
  return JSON.stringify([kind, name]);
}

export function hashText(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export function attemptContextOf(
  appId: number,
  id: string,
): { appId: string; field: string; allowedOrigins: string[] } {
  return { appId: String(appId), field: `authorization attempt ${id}`, allowedOrigins: [] };
}

/** Begins an authorization by code: PKCE with S256, a state and, with openid, a nonce, all of this one attempt alone. */
export async function beginAuthorization(
  ground: CredentialGround,
  { db, app, now, audit }: CredentialChange,
  options: BeginOptions,
): Promise<BegunAuthorization> {
  const opened = await openOAuth(ground, db, app.id);
  const { settings } = opened.stored;
  const callbackUrl = callbackUrlOf(ground, app.name, settings);
  const { config } = await openLine(ground, opened, { pair: 'present', totalMs: 1_000 });
  const [state, verifier] = [randomState(), randomPKCECodeVerifier()];
  const nonce = settings.scopes.includes('openid') ? randomNonce() : undefined;
  const url = buildAuthorizationUrl(config, {
    ...settings.authorizationParameters,
    ...(settings.audience === undefined ? {} : { audience: settings.audience }),
    ...(settings.resource === undefined ? {} : { resource: settings.resource }),
    ...(settings.scopes.length === 0 ? {} : { scope: settings.scopes.join(' ') }),
    redirect_uri: callbackUrl,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...(nonce === undefined ? {} : { nonce }),
  });
  const browserSecret = options.browserSecret ?? randomBytes(32).toString('base64url');
  const id = ground.clock.uuid();
  const expiresAt = new Date(now.getTime() + ATTEMPT_LIVES_MS);
  await insertAttempt(db, {
    ...{ id, appId: app.id, callbackUrl, begunBy: writeBeginner(options.begunBy), createdAt: now, expiresAt },
    stateHash: hashText(state),
    browserHash: hashText(browserSecret),
    sealed: ground.vault.seal(JSON.stringify({ verifier, nonce }), attemptContextOf(app.id, id)),
    settingsHash: hashSettings(opened.stored, callbackUrl),
    returnTo: options.returnTo === undefined ? null : readReturnPath(options.returnTo),
  });
  await audit('authorization.begun', { after: { at: url.origin, scopes: settings.scopes, callbackUrl } });
  return { url: url.href, callbackUrl, expiresAt, browserSecret };
}

/** A path here and nowhere else, however it is written: `//evil`, `/\evil` and `https:evil` are other places. */
export function readReturnPath(text: string): string {
  const base = 'https://usher.invalid';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  const isPlain = /^\/(?![/\\])[^\\\x00-\x20\x7f]*$/.test(text) && text.length <= 500;
  const url = isPlain && URL.canParse(text, base) ? new URL(text, base) : undefined;
  if (url?.origin === base && !url.pathname.startsWith('//')) return url.pathname + url.search + url.hash;
  const problem = 'is not a path of this server';
  throw refuseField(
    'invalid_value',
    'returnTo',
    problem,
    'Give a path that begins with one slash, such as /apps/Chat.',
  );
}
