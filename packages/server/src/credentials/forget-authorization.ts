import { tokenRevocation } from 'openid-client';
import { forgetSecret, openSecret, ownerOfApp } from '../vault/index.ts';
import type { CredentialChange } from './credential-change.ts';
import type { CredentialGround } from './credential-ground.ts';
import { secretOriginsOf } from './oauth-settings.ts';
import { openLine, openOAuth } from './open-oauth.ts';
import { forgetAccessCredential } from './sql/access-credential.ts';
import { forgetExpiry } from './sql/expiries.ts';
import { findHealth, forgetHealth } from './sql/health.ts';

const CALL_MS = 10_000;

/** Forgets the tokens of an app here. False: there were none. */
export async function forgetAuthorization({ db, app, audit }: CredentialChange, reason: string): Promise<boolean> {
  const health = await findHealth(db, app.id);
  await forgetSecret(db, ownerOfApp(app.id), ['refresh_token']);
  const hadToken = await forgetAccessCredential(db, app.id);
  if (health?.kind === 'oauth') {
    await forgetHealth(db, app.id);
    await forgetExpiry(db, app.id, ['credential']);
  }
  if (!hadToken) return false;
  await audit('authorization.forgotten', {
    before: { account: health?.account?.label, authorizedAt: health?.authorizedAt },
    reason,
  });
  return true;
}

/**
 * Ends an authorization at the target (RFC 7009), before it is forgotten here. Gives what could not be done, for then it
 * lives on at the target; undefined when it is ended there.
 */
export async function revokeAtTarget(ground: CredentialGround, appId: number): Promise<string | undefined> {
  try {
    const opened = await openOAuth(ground, ground.pool, appId);
    const { settings } = opened.stored;
    if (settings.endpoints.revocation === undefined) return 'the target offers no way to end it from here';
    const place = { owner: ownerOfApp(appId), field: 'refresh_token', origins: secretOriginsOf(settings) };
    const token = await openSecret(ground.pool, ground.vault, place);
    if (!token) return 'there is no refresh token to end it by';
    const line = await openLine(ground, opened, { pair: 'present', totalMs: CALL_MS });
    await tokenRevocation(line.config, token.reveal(), { token_type_hint: 'refresh_token' });
    return undefined;
  } catch (error) {
    ground.log.warn({ err: error, appId }, 'Could not end an authorization at its target');
    return 'the target did not end it';
  }
}
