import { z } from 'zod';
import type { FieldProblem } from '../refusal.ts';

export const GRANTS = ['authorization_code', 'client_credentials', 'jwt_bearer'] as const;
export type Grant = (typeof GRANTS)[number];

export const TOKEN_ENDPOINT_AUTHS = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
  'none',
] as const;
export type TokenEndpointAuth = (typeof TOKEN_ENDPOINT_AUTHS)[number];

export const ENDPOINT_NAMES = [
  'authorization',
  'token',
  'revocation',
  'introspection',
  'userinfo',
  'registration',
] as const;
export type EndpointName = (typeof ENDPOINT_NAMES)[number];
export type Endpoints = Partial<Record<EndpointName, string>>;

const url = z.string().trim().min(1).max(2000);
// RFC 6749 section 3.3: a scope token.
const scope = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'a scope has no blank, quote or backslash');
// What says who asks, for what and how it is protected is set from the settings, and never by an extra parameter.
const RESERVED = new Set([
  ...['client_id', 'client_secret', 'client_assertion', 'client_assertion_type', 'assertion', 'grant_type', 'code'],
  ...['code_verifier', 'code_challenge', 'code_challenge_method', 'redirect_uri', 'refresh_token', 'response_type'],
  ...['response_mode', 'state', 'nonce', 'scope', 'iss', 'request', 'request_uri', 'audience', 'resource'],
]);
const parameters = z
  .record(z.string().min(1).max(100), z.string().max(2000))
  .refine((given) => Object.keys(given).every((name) => !RESERVED.has(name)), {
    message: `the parameters ${[...RESERVED].join(', ')} are set by the other settings; leave them out`,
  });

/** What an administrator saves of how an app is known to its target's authorization server. */
export const OAUTH_INPUT = z.strictObject({
  grant: z.enum(GRANTS).default('authorization_code'),
  issuer: url
    .optional()
    .describe("The authorization server's issuer, exactly as its discovery document says; the endpoints come from it"),
  endpoints: z
    .strictObject(
      Object.fromEntries(ENDPOINT_NAMES.map((name) => [name, url.optional()])) as Record<
        EndpointName,
        z.ZodOptional<typeof url>
      >,
    )
    .default({})
    .describe('Endpoints that the target documents; needed without an issuer, and before the discovered ones with it'),
  origins: z
    .array(url)
    .max(10)
    .default([])
    .describe('Further origins that the target documents for its authorization server. Nothing is sent anywhere else'),
  scopes: z.array(scope).max(100).default(['api', 'refresh_token', 'openid']),
  tokenEndpointAuth: z.enum(TOKEN_ENDPOINT_AUTHS).default('client_secret_basic'),
  audience: z.string().max(2000).optional(),
  resource: url.optional().describe('RFC 8707'),
  authorizationParameters: parameters.default({}).describe('Sent to the authorization endpoint as they are'),
  tokenParameters: parameters.default({}).describe('Sent to the token endpoint as they are'),
  unpromisedPkce: z
    .boolean()
    .default(false)
    .describe('The target does not say that it knows PKCE with S256. It is sent all the same'),
  sharedCallback: z
    .boolean()
    .default(false)
    .describe('Use one callback URL for all such apps; only where the target promises iss (RFC 9207)'),
  assertion: z
    .strictObject({
      algorithm: z.enum(['RS256', 'ES256']).default('RS256'),
      subject: z.string().max(500).optional().describe('Whom a JWT bearer assertion is about'),
      audience: z.string().max(2000).optional().describe('The token endpoint unless given'),
      lifetimeSeconds: z.int().min(30).max(600).default(180),
    })
    .optional()
    .transform((given) => given ?? { algorithm: 'RS256' as const, lifetimeSeconds: 180 })
    .describe('For JWT bearer and private_key_jwt'),
});

export type OAuthInput = z.input<typeof OAUTH_INPUT>;
type ParsedInput = z.output<typeof OAUTH_INPUT>;

/** What the authorization server says that it can; undefined where it says nothing. */
export interface ServerPromises {
  readonly pkceMethods?: readonly string[] | undefined;
  readonly iss?: boolean | undefined;
  readonly tokenEndpointAuths?: readonly string[] | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly grants?: readonly string[] | undefined;
}

/** Settings as they are kept: every endpoint is pinned, and later discovery changes none. */
export interface OAuthSettings extends Omit<ParsedInput, 'endpoints'> {
  /** As entered. */
  readonly entered: Endpoints;
  /** As used. */
  readonly endpoints: Endpoints & { readonly token: string };
  readonly promises: ServerPromises;
  readonly discovered: 'openid' | 'oauth' | null;
}

export const JWT_BEARER_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** The origins that the consumer secret and the refresh token are sealed for: where they are sent, and no other. */
export function secretOriginsOf({ endpoints }: Pick<OAuthSettings, 'endpoints'>): string[] {
  const used = [endpoints.token, endpoints.revocation, endpoints.introspection].filter((found) => found !== undefined);
  return [...new Set(used.map((found) => new URL(found).origin))].sort();
}

/** Every origin that any request about the authorization may go to. */
export function authorizationOriginsOf({ endpoints, issuer }: Pick<OAuthSettings, 'endpoints' | 'issuer'>): string[] {
  const used = [...Object.values(endpoints), ...(issuer === undefined ? [] : [issuer])];
  return [...new Set(used.map((found) => new URL(found).origin))].sort();
}

/** What is wrong with settings apart from their endpoints: settings that contradict each other. */
export function checkSettings(input: ParsedInput): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (input.issuer === undefined && input.endpoints.token === undefined) {
    const fix = 'Give the issuer where the target has a discovery document, or the endpoints as it documents them.';
    problems.push({ field: 'issuer', problem: 'is missing, and so is endpoints.token', fix });
  }
  if (
    input.grant === 'authorization_code' &&
    input.issuer === undefined &&
    input.endpoints.authorization === undefined
  ) {
    const fix = 'Give the address of the page at which an administrator of the target consents.';
    problems.push({ field: 'endpoints.authorization', problem: 'is missing', fix });
  }
  if (input.grant === 'jwt_bearer' && input.assertion.subject === undefined) {
    const fix = "Give the target's user name of the account that Usher acts as.";
    problems.push({ field: 'assertion.subject', problem: 'is missing', fix });
  }
  if (input.grant === 'client_credentials' && input.tokenEndpointAuth === 'none') {
    const fix = 'Choose how Usher proves that it is itself, such as client_secret_basic.';
    problems.push({ field: 'tokenEndpointAuth', problem: 'is none, and client credentials are nothing but that', fix });
  }
  return problems;
}
