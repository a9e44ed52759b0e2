import type { Actor } from '../audit/index.ts';
import { hashSettings } from './begin-authorization.ts';
import type { ChangeApp } from './complete-authorization.ts';
import type { CredentialGround } from './credential-ground.ts';
import { MissingPieceError } from './missing-piece.ts';
import { openOAuth } from './open-oauth.ts';
import { requestTokens } from './request-tokens.ts';
import { storeAuthorization } from './store-authorization.ts';
import type { TokenFailure } from './token-failure.ts';

const CALL_MS = 20_000;

/** Gets the first access token of an app whose grant needs no person: client credentials, or a signed assertion. */
export async function authorizeByGrant(
  ground: CredentialGround,
  appId: number,
  actor: Pick<Actor, 'kind' | 'name'>,
  changeApp: ChangeApp,
): Promise<void> {
  const opened = await openOAuth(ground, ground.pool, appId);
  const { grant } = opened.stored.settings;
  if (grant === 'authorization_code') throw new Error('This grant wants a person');
  const request = { kind: grant === 'client_credentials' ? 'client credentials' : 'jwt bearer' } as const;
  const result = await requestTokens(ground, opened, request, { totalMs: CALL_MS });
  if (!result.ok) throw explain(result.failure);
  const before = hashSettings(opened.stored, '');
  await changeApp(appId, actor, async (change) => {
    const again = await openOAuth(ground, change.db, appId);
    if (hashSettings(again.stored, '') !== before) {
      throw new MissingPieceError('oauth', 'The OAuth settings were changed meanwhile.', 'Authorize again.');
    }
    await storeAuthorization(ground, change, again, result);
  });
}

function explain({ kind, message, targetSaid }: TokenFailure): MissingPieceError {
  const said = targetSaid === undefined ? message : `${message} It says: ${targetSaid}.`;
  if (kind === 'consumer refused') {
    const fix = 'Compare consumer key and secret, and how they are sent (tokenEndpointAuth), with the target.';
    return new MissingPieceError('oauth.consumer', said, fix);
  }
  if (kind === 'grant refused' || kind === 'refused') {
    const fix =
      'Compare the grant, the scopes, the audience and the further parameters with what the target documents.';
    return new MissingPieceError('oauth', said, fix);
  }
  return new MissingPieceError('oauth.endpoints.token', said, 'Check the token endpoint, and try again.');
}
