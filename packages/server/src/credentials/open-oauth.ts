import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  clockSkew,
  clockTolerance,
  customFetch,
  None,
  PrivateKeyJwt,
  TlsClientAuth,
} from 'openid-client';
import type { Queryable } from '../db/pool.ts';
import type { ClientCertificate } from '../transport/index.ts';
import { openSecret, ownerOfApp, type Secret } from '../vault/index.ts';
import { openAssertionKey } from './assertion-key.ts';
import { createBoundFetch, type FetchNotes } from './bound-fetch.ts';
import { openClientCertificate } from './client-certificate.ts';
import type { CredentialApp, CredentialGround } from './credential-ground.ts';
import { MissingPieceError } from './missing-piece.ts';
import { authorizationOriginsOf, type OAuthSettings, secretOriginsOf } from './oauth-settings.ts';
import { findCredentialApp } from './sql/find-app.ts';
import { findOAuth, type StoredOAuth } from './sql/oauth-settings.ts';

/** Which pair of a rotation is used. */
export type ConsumerPair = 'present' | 'staged';

/** An app's way to its authorization server: bound to its origins, with the secrets opened. */
export interface OAuthLine {
  readonly config: Configuration;
  readonly notes: FetchNotes;
  readonly settings: OAuthSettings;
  readonly consumerKey: string;
  readonly assertionKey: Secret | undefined;
  /** The token endpoint's host, for messages. */
  readonly host: string;
}

/** What is opened once and used for several tries. */
export interface OpenedOAuth {
  readonly app: CredentialApp;
  readonly stored: StoredOAuth;
  readonly extraCa: string | undefined;
  readonly clientCertificate: ClientCertificate | undefined;
  readonly pairs: Readonly<
    Record<ConsumerPair, { key: string; secret: Secret | undefined; assertionKey: Secret | undefined } | undefined>
  >;
}

// The nonce ties an ID token to its authorization; its times need only be of these minutes.
const ID_TOKEN_TOLERANCE_SECONDS = 300;

/** Reads and opens everything that requests to the authorization server of an app need. Names the piece that is missing. */
export async function openOAuth(ground: CredentialGround, db: Queryable, appId: number): Promise<OpenedOAuth> {
  const app = await findCredentialApp(db, appId);
  if (!app) throw new MissingPieceError('app', 'The connected app was deleted.', 'Nothing to do.');
  const stored = await findOAuth(db, appId);
  if (!stored) {
    const fix = 'Save how the target authorizes under OAuth settings first.';
    throw new MissingPieceError('oauth', `${app.name} has no OAuth settings.`, fix);
  }
  const { settings, consumerKey, staged } = stored;
  if (consumerKey === null) {
    const fix = 'Generate a consumer key, register at the target, or enter the one that the target gave.';
    throw new MissingPieceError('oauth.consumer', `${app.name} has no consumer key.`, fix);
  }
  const origins = secretOriginsOf(settings);
  const open = (field: string) => openSecret(db, ground.vault, { owner: ownerOfApp(appId), field, origins });
  const present = {
    ...{ key: consumerKey, secret: await open('consumer_secret'), assertionKey: await open('assertion_key') },
  };
  assertComplete(app, settings, present);
  const second = staged && {
    ...{
      key: staged.key,
      secret: await open('staged_consumer_secret'),
      assertionKey: await open('staged_assertion_key'),
    },
  };
  return {
    app,
    stored,
    extraCa: app.privateCa ?? undefined,
    clientCertificate: await openClientCertificate(ground, db, app, settings),
    pairs: { present, staged: second ?? undefined },
  };
}

function assertComplete(
  app: CredentialApp,
  { tokenEndpointAuth, grant }: OAuthSettings,
  { secret, assertionKey }: { secret: Secret | undefined; assertionKey: Secret | undefined },
): void {
  if (tokenEndpointAuth.startsWith('client_secret') && !secret) {
    const fix = 'Generate a consumer key and secret, or enter the secret that the target gave for this key.';
    throw new MissingPieceError('oauth.consumer', `${app.name} has a consumer key and no consumer secret.`, fix);
  }
  if ((tokenEndpointAuth === 'private_key_jwt' || grant === 'jwt_bearer') && !assertionKey) {
    const fix =
      'Generate a consumer key: its signing key is made with it, and the hand-over sheet has the public part.';
    throw new MissingPieceError('oauth.consumer', `${app.name} has no key to sign assertions with.`, fix);
  }
}

/** Opens one line. `skewMs`: by how much the other clock is known to be ahead of this machine's. */
export async function openLine(
  ground: CredentialGround,
  opened: OpenedOAuth,
  options: { pair: ConsumerPair; totalMs: number; signal?: AbortSignal | undefined; skewMs?: number },
): Promise<OAuthLine> {
  const { stored, extraCa, clientCertificate } = opened;
  const { settings } = stored;
  const pair = opened.pairs[options.pair];
  if (!pair) throw new Error(`App ${opened.app.id} has no ${options.pair} pair`);
  const origins = authorizationOriginsOf(settings);
  const { totalMs, signal } = options;
  const bound = createBoundFetch(ground, { origins, clientCertificate, extraCa, totalMs, signal });
  const { endpoints, promises } = settings;
  const auth = await chooseAuth(settings, pair);
  const config = new Configuration(
    {
      // Without an issuer the origin stands for it, so that an `iss` that comes all the same is compared with something.
      issuer: settings.issuer ?? new URL(endpoints.token).origin,
      authorization_endpoint: endpoints.authorization,
      token_endpoint: endpoints.token,
      revocation_endpoint: endpoints.revocation,
      introspection_endpoint: endpoints.introspection,
      userinfo_endpoint: endpoints.userinfo,
      authorization_response_iss_parameter_supported: promises.iss ?? false,
      code_challenge_methods_supported: ['S256'],
    },
    pair.key,
    {
      [clockSkew]: Math.round((options.skewMs ?? 0) / 1000),
      [clockTolerance]: ID_TOKEN_TOLERANCE_SECONDS,
    },
    auth,
  );
  config[customFetch] = bound.fetch as never;
  config.timeout = Math.ceil(totalMs / 1000) + 1;
  if (ground.networkPolicy.allowHttp) allowInsecureRequests(config);
  const { host } = new URL(endpoints.token);
  return { config, notes: bound.notes, settings, consumerKey: pair.key, assertionKey: pair.assertionKey, host };
}

async function chooseAuth(
  { tokenEndpointAuth }: OAuthSettings,
  { secret, assertionKey }: { secret: Secret | undefined; assertionKey: Secret | undefined },
): Promise<ClientAuth> {
  switch (tokenEndpointAuth) {
    case 'client_secret_basic':
      return ClientSecretBasic(secret?.reveal());
    case 'client_secret_post':
      return ClientSecretPost(secret?.reveal());
    case 'private_key_jwt': {
      if (!assertionKey) throw new Error('The key for assertions was not opened');
      const { key, kid } = await openAssertionKey(assertionKey);
      return PrivateKeyJwt({ key, kid });
    }
    case 'tls_client_auth':
      return TlsClientAuth();
    case 'none':
      return None();
  }
}
