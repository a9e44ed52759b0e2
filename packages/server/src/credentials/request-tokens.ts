import {
  authorizationCodeGrant,
  clientCredentialsGrant,
  genericGrantRequest,
  refreshTokenGrant,
  type TokenEndpointResponse,
} from 'openid-client';
import type { Secret } from '../vault/index.ts';
import { signAssertion } from './assertion-key.ts';
import type { CredentialGround } from './credential-ground.ts';
import { JWT_BEARER_GRANT, type OAuthSettings } from './oauth-settings.ts';
import { type ConsumerPair, type OAuthLine, type OpenedOAuth, openLine } from './open-oauth.ts';
import { parseTokenAnswer, type TokenSet } from './token-answer.ts';
import { classifyTokenFailure, type TokenFailure, UnusableAnswerError } from './token-failure.ts';

/** What is exchanged for tokens. */
export type TokenRequest =
  | { readonly kind: 'refresh'; readonly refreshToken: Secret }
  | {
      readonly kind: 'code';
      /** The callback URL with the answer's parameters. */
      readonly answerUrl: URL;
      readonly state: string;
      readonly verifier: string;
      readonly nonce: string | undefined;
    }
  | { readonly kind: 'client credentials' }
  | { readonly kind: 'jwt bearer' };

export type TokenResult =
  | { readonly ok: true; readonly tokens: TokenSet; readonly pair: ConsumerPair }
  | { readonly ok: false; readonly failure: TokenFailure };

export interface RequestOptions {
  readonly totalMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** More than this between two clocks, and a signed assertion may be taken for one of the past or the future. */
const SKEW_THAT_MATTERS_MS = 20_000;

/**
 * Asks the token endpoint once; again only where nothing was spent: with the staged pair when the present one is not
 * known there, and by the other side's clock when an assertion was refused and the clocks differ.
 */
export async function requestTokens(
  ground: CredentialGround,
  opened: OpenedOAuth,
  request: TokenRequest,
  options: RequestOptions,
): Promise<TokenResult> {
  const first = await askOnce(ground, opened, request, { ...options, pair: 'present', skewMs: 0 });
  if (first.ok || first.failure.kind === 'unknown' || first.failure.kind === 'not sent')
    return toResult(first, 'present');
  const { tokenEndpointAuth } = opened.stored.settings;
  const isSigned = tokenEndpointAuth === 'private_key_jwt' || request.kind === 'jwt bearer';
  const isRefusal =
    first.failure.kind === 'consumer refused' ||
    (request.kind === 'jwt bearer' && first.failure.kind === 'grant refused');
  const { skewMs = 0 } = first;
  if (isSigned && isRefusal && Math.abs(skewMs) > SKEW_THAT_MATTERS_MS) {
    const again = await askOnce(ground, opened, request, { ...options, pair: 'present', skewMs });
    if (again.ok || again.failure.kind !== first.failure.kind) return toResult(again, 'present');
  }
  if (first.failure.kind === 'consumer refused' && opened.pairs.staged) {
    const staged = await askOnce(ground, opened, request, { ...options, pair: 'staged', skewMs: 0 });
    if (staged.ok || staged.failure.kind !== 'consumer refused') return toResult(staged, 'staged');
  }
  return toResult(first, 'present');
}

type Asked = ({ ok: true; tokens: TokenSet } | { ok: false; failure: TokenFailure }) & { skewMs?: number | undefined };

function toResult(asked: Asked, pair: ConsumerPair): TokenResult {
  return asked.ok ? { ok: true, tokens: asked.tokens, pair } : { ok: false, failure: asked.failure };
}

async function askOnce(
  ground: CredentialGround,
  opened: OpenedOAuth,
  request: TokenRequest,
  options: RequestOptions & { pair: ConsumerPair; skewMs: number },
): Promise<Asked> {
  const line = await openLine(ground, opened, options);
  try {
    const answer = await send(ground, line, request, options.skewMs);
    const parsed = parseTokenAnswer(answer, readClaims(answer));
    if (!parsed.ok) throw new UnusableAnswerError(parsed.problem);
    return { ok: true, tokens: parsed.tokens, skewMs: line.notes.answer?.skewMs };
  } catch (error) {
    const failure = classifyTokenFailure(error, line.notes, line.host);
    return { ok: false, failure, skewMs: line.notes.answer?.skewMs };
  }
}

async function send(
  ground: CredentialGround,
  line: OAuthLine,
  request: TokenRequest,
  skewMs: number,
): Promise<TokenEndpointResponse> {
  const { config, settings } = line;
  const extra = buildExtra(settings);
  switch (request.kind) {
    case 'refresh':
      return refreshTokenGrant(config, request.refreshToken.reveal(), extra);
    case 'code': {
      const { answerUrl, state, verifier, nonce } = request;
      const checks = {
        expectedState: state,
        pkceCodeVerifier: verifier,
        ...(nonce === undefined ? {} : { expectedNonce: nonce }),
      };
      return authorizationCodeGrant(config, answerUrl, checks, extra);
    }
    case 'client credentials':
      return clientCredentialsGrant(config, { ...buildScope(settings), ...extra });
    case 'jwt bearer': {
      const { assertion: terms, endpoints } = settings;
      if (!line.assertionKey) throw new Error('The key for assertions was not opened');
      const names = {
        ...{ issuer: line.consumerKey, subject: terms.subject ?? '', audience: terms.audience ?? endpoints.token },
      };
      const now = new Date(ground.clock.now().getTime() + skewMs);
      const when = { now, lifetimeSeconds: terms.lifetimeSeconds, id: ground.clock.uuid() };
      const assertion = await signAssertion(line.assertionKey, names, when);
      return genericGrantRequest(config, JWT_BEARER_GRANT, { assertion, ...buildScope(settings), ...extra });
    }
  }
}

function buildExtra({ audience, resource, tokenParameters }: OAuthSettings): Record<string, string> {
  return {
    ...tokenParameters,
    ...(audience === undefined ? {} : { audience }),
    ...(resource === undefined ? {} : { resource }),
  };
}

/** Grants without a person have no refresh token and no ID token to ask for. */
function buildScope({ scopes }: OAuthSettings): { scope?: string } {
  const asked = scopes.filter((scope) => !['refresh_token', 'offline_access', 'openid'].includes(scope));
  return asked.length === 0 ? {} : { scope: asked.join(' ') };
}

function readClaims(answer: TokenEndpointResponse): Record<string, unknown> | undefined {
  const claims = (answer as { claims?: () => Record<string, unknown> | undefined }).claims?.();
  return claims && { ...claims };
}
