import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import Provider, { type ClientMetadata, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { acceptJwtBearer, generateSigningKey } from './jwt-bearer-grant.ts';
import { MemoryRecords } from './memory-records.ts';

/** What happens to one request to the token endpoint instead of the usual. */
export type TokenFault =
  /** Done as asked, and the connection is cut before the answer. */
  | { readonly kind: 'lose answer' }
  /** Cut before anything is done. */
  | { readonly kind: 'lose request' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Answered so, without being done. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body: string;
    }
  /** Done as asked, and answered so. */
  | { readonly kind: 'answer after'; readonly status: number; readonly body: string };

export interface TokenRequest {
  readonly grantType: string;
  readonly params: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  readonly at: Date;
  status: number | undefined;
}

export interface AuthorizationServerOptions {
  readonly port?: number;
  readonly clients?: readonly ClientMetadata[];
  readonly accessTokenSeconds?: number;
  readonly refreshTokenSeconds?: number;
  /** Each refresh gives a new refresh token, and the use of an old one ends the whole family. */
  readonly rotate?: boolean;
  /** Scopes that nobody is granted, whoever asks. */
  readonly withheldScopes?: readonly string[];
  readonly people?: readonly Person[];
  /** Serve https, and ask for a client certificate. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca?: string };
  readonly more?: Partial<Configuration>;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface AuthorizationServer {
  readonly issuer: string;
  readonly records: MemoryRecords;
  /** Every request to the token endpoint, in their order. */
  readonly tokenRequests: readonly TokenRequest[];
  /** Decides the fate of each request to the token endpoint; undefined lets it be. */
  setTokenFault(decide: ((request: TokenRequest) => TokenFault | undefined) | undefined): void;
  /** Whether a bearer header carries an access token that this server gave and that still lives. */
  checkAccess(authorization: string | undefined): Promise<boolean>;
  stop(): Promise<void>;
}

const DEFAULT_PEOPLE: readonly Person[] = [
  { id: 'svc-usher', name: 'Usher Service', email: 'svc-usher@target.example' },
  { id: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' },
];
const SCOPES = ['openid', 'offline_access', 'refresh_token', 'api', 'scim', 'profile', 'email'];
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/**
 * Starts a real third-party OAuth 2.1 and OpenID authorization server (oidc-provider) on loopback, whose records are in memory.
 * Its sign-in and consent pages take any of its people by id and any password.
 */
export async function startAuthorizationServer(options: AuthorizationServerOptions = {}): Promise<AuthorizationServer> {
  const tokenRequests: TokenRequest[] = [];
  const records = new MemoryRecords();
  let decide: ((request: TokenRequest) => TokenFault | undefined) | undefined;
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => handle(request, response);
  const { tls } = options;
  const server: Server = tls
    ? createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: false }, onRequest)
    : createServer(onRequest);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const issuer = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;

  const provider = new Provider(issuer, await configure(options, records));
  provider.registerGrantType(JWT_BEARER, (ctx) => acceptJwtBearer(provider, ctx, issuer), ['assertion', 'scope']);
  const callback = provider.callback();
  handle = async (request, response) => {
    if (request.method !== 'POST' || new URL(request.url ?? '/', issuer).pathname !== '/token') {
      return void callback(request, response);
    }
    const body = await readBody(request);
    const params = Object.fromEntries(new URLSearchParams(body));
    const { authorization } = request.headers;
    const entry: TokenRequest = {
      ...{ grantType: params['grant_type'] ?? '', params, authorization, at: new Date(), status: undefined },
    };
    tokenRequests.push(entry);
    response.on('finish', () => {
      entry.status = response.statusCode;
    });
    const fault = decide?.(entry);
    if (await applyFault(fault, request, response)) return;
    // The library takes a body that was read before.
    callback(Object.assign(request, { body: params }), response);
  };
  return {
    issuer,
    records,
    tokenRequests,
    setTokenFault: (wanted) => {
      decide = wanted;
    },
    checkAccess: async (authorization) => {
      const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
      if (token === undefined) return false;
      const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
      return found !== undefined && !found.isExpired;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function configure(options: AuthorizationServerOptions, records: MemoryRecords): Promise<Configuration> {
  const people = new Map((options.people ?? DEFAULT_PEOPLE).map((person) => [person.id, person]));
  const withheld = new Set(options.withheldScopes);
  const accessTokenSeconds = options.accessTokenSeconds ?? 600;
  return {
    adapter: (model: string) => records.adapterOf(model),
    clients: [...(options.clients ?? [])],
    jwks: { keys: [generateSigningKey()] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    scopes: SCOPES.filter((scope) => !withheld.has(scope)),
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
    conformIdTokenClaims: false,
    rotateRefreshToken: options.rotate ?? true,
    issueRefreshToken: async (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') &&
      (code.scopes.has('refresh_token') || code.scopes.has('offline_access')),
    expiresWithSession: async () => false,
    ttl: {
      AccessToken: accessTokenSeconds,
      ClientCredentials: accessTokenSeconds,
      RefreshToken: options.refreshTokenSeconds ?? 14 * 86_400,
      AuthorizationCode: 60,
      Grant: 365 * 86_400,
      Interaction: 600,
      Session: 3_600,
      IdToken: 600,
    },
    pkce: { required: () => false },
    clientAuthMethods: [
      'none',
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      ...(options.tls ? (['tls_client_auth', 'self_signed_tls_client_auth'] as const) : []),
    ],
    findAccount: async (_ctx, id) => {
      const person = people.get(id);
      if (!person) return undefined;
      const { name, email } = person;
      return { accountId: id, claims: async () => ({ sub: id, name, email, preferred_username: id }) };
    },
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      registration: { enabled: true },
      devInteractions: { enabled: true },
      mTLS: {
        enabled: options.tls !== undefined,
        tlsClientAuth: true,
        selfSignedTlsClientAuth: true,
        certificateBoundAccessTokens: true,
        getCertificate: (ctx: KoaContextWithOIDC) => {
          const { raw } = (ctx.socket as TLSSocket).getPeerCertificate();
          return raw && `-----BEGIN CERTIFICATE-----\n${raw.toString('base64')}\n-----END CERTIFICATE-----`;
        },
        certificateAuthorized: () => true,
        certificateSubjectMatches: (ctx: KoaContextWithOIDC, property: string, expected: string) => {
          const { subject } = (ctx.socket as TLSSocket).getPeerCertificate();
          return property === 'tls_client_auth_subject_dn' && expected === `CN=${subject?.CN}`;
        },
      },
    },
    ...options.more,
  } as Configuration;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** True: the fault has answered. */
async function applyFault(
  fault: TokenFault | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (fault === undefined) return false;
  if (fault.kind === 'delay') {
    await new Promise((resolve) => setTimeout(resolve, fault.ms));
    return false;
  }
  if (fault.kind === 'lose request') {
    request.socket.resetAndDestroy();
    return true;
  }
  if (fault.kind === 'answer') {
    response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(fault.body);
    return true;
  }
  const end = response.end.bind(response);
  response.write = (() => true) as typeof response.write;
  response.end = (() => {
    if (fault.kind === 'lose answer') request.socket.resetAndDestroy();
    else {
      response.removeHeader('content-length');
      response.statusCode = fault.status;
      end(fault.body);
    }
    return response;
  }) as typeof response.end;
  return false;
}
