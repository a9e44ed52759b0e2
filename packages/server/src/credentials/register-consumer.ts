import { allowInsecureRequests, customFetch, dynamicClientRegistration, ResponseBodyError } from 'openid-client';
import type { Actor } from '../audit/index.ts';
import { keepSecret, ownerOfApp, Secret } from '../vault/index.ts';
import { generateAssertionKey } from './assertion-key.ts';
import { callbackUrlOf } from './begin-authorization.ts';
import { createBoundFetch } from './bound-fetch.ts';
import type { ChangeApp } from './complete-authorization.ts';
import { listPublicKeys, putConsumer, type ShownConsumer } from './consumer.ts';
import type { CredentialGround } from './credential-ground.ts';
import { grantTypesOf } from './hand-over.ts';
import { MissingPieceError } from './missing-piece.ts';
import { authorizationOriginsOf, type OAuthSettings, secretOriginsOf } from './oauth-settings.ts';
import { findCredentialApp } from './sql/find-app.ts';
import { findOAuth } from './sql/oauth-settings.ts';
import { findPresentation } from './sql/presentation.ts';

const CALL_MS = 15_000;

/** Registers Usher at the authorization server by itself (RFC 7591), where that is offered. */
export async function registerConsumer(
  ground: CredentialGround,
  appId: number,
  actor: Pick<Actor, 'kind' | 'name'>,
  changeApp: ChangeApp,
  { initialAccessToken }: { initialAccessToken?: string | undefined },
): Promise<ShownConsumer> {
  const app = await findCredentialApp(ground.pool, appId);
  const stored = await findOAuth(ground.pool, appId);
  if (!app || !stored) {
    throw new MissingPieceError('oauth', 'There are no OAuth settings to register by.', 'Save them first.');
  }
  const { settings } = stored;
  if (settings.issuer === undefined || settings.discovered === null || settings.endpoints.registration === undefined) {
    const fix =
      'Generate a consumer key and give the hand-over sheet to its administrator, or enter the key that they give.';
    throw new MissingPieceError(
      'oauth.endpoints.registration',
      `${app.name}'s target offers no registration by itself.`,
      fix,
    );
  }
  const usesKey = settings.tokenEndpointAuth === 'private_key_jwt' || settings.grant === 'jwt_bearer';
  const known = usesKey ? await listPublicKeys(ground, ground.pool, appId) : [];
  const fresh = usesKey && known.length === 0 ? await generateAssertionKey(settings.assertion.algorithm) : undefined;
  const keys = fresh ? [fresh.publicJwk] : known;
  const presentation = await findPresentation(ground.pool, appId);
  const needsPerson = settings.grant === 'authorization_code';
  const metadata = {
    client_name: `Usher for ${app.label}`,
    ...(presentation?.contactEmail ? { contacts: [presentation.contactEmail] } : {}),
    ...(presentation?.infoUrl ? { client_uri: presentation.infoUrl } : {}),
    redirect_uris: needsPerson ? [callbackUrlOf(ground, app.name, settings)] : [],
    response_types: needsPerson ? ['code'] : [],
    grant_types: grantTypesOf(settings.grant),
    token_endpoint_auth_method: settings.tokenEndpointAuth,
    ...(settings.scopes.length > 0 ? { scope: settings.scopes.join(' ') } : {}),
    ...(keys.length > 0 ? { jwks: { keys } } : {}),
  };
  const registered = await register(
    ground,
    settings,
    settings.issuer,
    metadata,
    app.privateCa ?? undefined,
    initialAccessToken,
  );
  return changeApp(appId, actor, async (change) => {
    const owner = ownerOfApp(appId);
    const origins = secretOriginsOf(settings);
    const place = { owner, origins, appId };
    if (fresh)
      await keepSecret(change.db, ground.vault, { ...place, field: 'assertion_key' }, fresh.sealed, change.now);
    const secretExpiresAt = registered.secretExpiresAtSeconds
      ? new Date(registered.secretExpiresAtSeconds * 1000)
      : null;
    const shown = await putConsumer(ground, change, settings, 'registered', {
      ...{ consumerKey: registered.consumerKey, consumerSecret: registered.consumerSecret, secretExpiresAt },
      ...(registered.uri === undefined ? {} : { registrationUri: registered.uri }),
    });
    if (registered.token) {
      await keepSecret(
        change.db,
        ground.vault,
        { ...place, field: 'registration_token' },
        registered.token,
        change.now,
      );
    }
    // Nobody has to copy it anywhere: the target made it.
    return { ...shown, consumerSecret: null };
  });
}

interface Registered {
  readonly consumerKey: string;
  readonly consumerSecret: Secret | null;
  readonly secretExpiresAtSeconds: number | undefined;
  readonly uri: string | undefined;
  readonly token: Secret | undefined;
}

async function register(
  ground: CredentialGround,
  settings: OAuthSettings,
  issuer: string,
  metadata: object,
  extraCa: string | undefined,
  initialAccessToken: string | undefined,
): Promise<Registered> {
  const origins = authorizationOriginsOf(settings);
  const { fetch: send, notes } = createBoundFetch(ground, { origins, extraCa, totalMs: CALL_MS });
  try {
    const config = await dynamicClientRegistration(new URL(issuer), metadata, undefined, {
      algorithm: settings.discovered === 'oauth' ? 'oauth2' : 'oidc',
      execute: ground.networkPolicy.allowHttp ? [allowInsecureRequests] : [],
      [customFetch]: send as never,
      ...(initialAccessToken === undefined ? {} : { initialAccessToken }),
    });
    const made = config.clientMetadata() as Record<string, unknown>;
    const text = (name: string): string | undefined => {
      const value = made[name];
      return typeof value === 'string' && value !== '' && value.length <= 4_000 ? value : undefined;
    };
    const [secret, token] = [text('client_secret'), text('registration_access_token')];
    const expires = made['client_secret_expires_at'];
    return {
      consumerKey: text('client_id') ?? '',
      consumerSecret: secret === undefined ? null : new Secret(secret),
      secretExpiresAtSeconds: typeof expires === 'number' && expires > 0 ? expires : undefined,
      uri: text('registration_client_uri'),
      token: token === undefined ? undefined : new Secret(token),
    };
  } catch (error) {
    const host = new URL(issuer).host;
    if (notes.failure) throw new MissingPieceError('oauth.endpoints.registration', notes.failure.message, 'Try again.');
    const said =
      error instanceof ResponseBodyError
        ? `${error.error}: ${error.error_description ?? 'no reason'}`
        : `it answered ${notes.answer?.status ?? 'nothing'}`;
    const fix =
      'Give an initial access token if it asks for one, or let its administrator register Usher by the hand-over sheet.';
    throw new MissingPieceError(
      'oauth.endpoints.registration',
      `${host} did not register Usher (${said.slice(0, 300)}).`,
      fix,
    );
  }
}
