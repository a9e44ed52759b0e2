import { Secret } from '../vault/index.ts';

/** What a token endpoint gave, checked. Nothing of it is trusted to be short, printable or honest before. */
export interface TokenSet {
  readonly accessToken: Secret;
  readonly expiresInSeconds: number | undefined;
  readonly refreshToken: Secret | undefined;
  /** What the answer itself says of the refresh token's life. */
  readonly refreshExpiresInSeconds: number | undefined;
  /** Undefined: as asked for (RFC 6749 section 5.1). */
  readonly scopes: readonly string[] | undefined;
  /** Claims of the ID token, when there was one. */
  readonly claims: Readonly<Record<string, unknown>> | undefined;
}

export type ParsedTokenAnswer =
  | { readonly ok: true; readonly tokens: TokenSet }
  | { readonly ok: false; readonly problem: string };

const MAX_TOKEN_CHARS = 16_384;
const MAX_SCOPES = 200;
/** Longer lives are a target's mistake of a unit, and nothing is lost by asking anew. */
const LONGEST_ACCESS_SECONDS = 366 * 86_400;
const LONGEST_REFRESH_SECONDS = 20 * 366 * 86_400;

// Names under which authorization servers tell how long a refresh token lives.
const REFRESH_LIFETIMES = ['refresh_token_expires_in', 'refresh_expires_in', 'x_refresh_token_expires_in'];

/** Reads a good answer of a token endpoint, after the protocol's own checks. The problem repeats nothing of it. */
export function parseTokenAnswer(
  answer: Readonly<Record<string, unknown>>,
  claims: Readonly<Record<string, unknown>> | undefined,
): ParsedTokenAnswer {
  const refuse = (problem: string): ParsedTokenAnswer => ({ ok: false, problem });
  const accessProblem = checkToken(answer['access_token']);
  if (accessProblem) return refuse(`the access token ${accessProblem}`);
  const given = answer['refresh_token'];
  const hasRefresh = given !== undefined && given !== null && given !== '';
  const refreshProblem = hasRefresh ? checkToken(given) : undefined;
  if (refreshProblem) return refuse(`the refresh token ${refreshProblem}`);
  const type = String(answer['token_type'] ?? '').toLowerCase();
  if (type !== 'bearer') return refuse('its token_type is not Bearer, the only one that Usher sends');
  return {
    ok: true,
    tokens: {
      accessToken: new Secret(answer['access_token'] as string),
      expiresInSeconds: readSeconds(answer['expires_in'], LONGEST_ACCESS_SECONDS),
      refreshToken: hasRefresh ? new Secret(given as string) : undefined,
      refreshExpiresInSeconds: readRefreshLifetime(answer, hasRefresh ? (given as string) : undefined),
      scopes: readScopes(answer['scope']),
      claims,
    },
  };
}

function checkToken(token: unknown): string | undefined {
  if (typeof token !== 'string' || token === '') return 'is missing';
  if (token.length > MAX_TOKEN_CHARS) return `has more than ${MAX_TOKEN_CHARS} characters`;
  // RFC 6749 appendix A.12: VSCHAR. A blank or a line break would make another header of it.
  if (!/^[\x21-\x7e]+$/.test(token)) return 'holds characters that no header can carry';
  return undefined;
}

function readSeconds(value: unknown, most: number): number | undefined {
  const seconds = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0) return undefined;
  return Math.min(Math.floor(seconds), most);
}

function readRefreshLifetime(
  answer: Readonly<Record<string, unknown>>,
  refreshToken: string | undefined,
): number | undefined {
  for (const name of REFRESH_LIFETIMES) {
    const seconds = readSeconds(answer[name], LONGEST_REFRESH_SECONDS);
    // Some servers say 0 for "does not end".
    if (seconds !== undefined && seconds > 0) return seconds;
  }
  return refreshToken === undefined ? undefined : readLifetimeOfJwt(refreshToken);
}

/** Of a token that is a JWT, how long it was made to live: nothing is decided on it but when to look again. */
export function readLifetimeOfJwt(token: string): number | undefined {
  const claims = readClaims(token);
  const [exp, iat] = [claims?.['exp'], claims?.['iat']];
  if (typeof exp !== 'number' || typeof iat !== 'number' || !(exp > iat)) return undefined;
  return readSeconds(exp - iat, LONGEST_REFRESH_SECONDS);
}

/** When a token that is a JWT says that it ends. */
export function readEndOfJwt(token: string): Date | undefined {
  const exp = readClaims(token)?.['exp'];
  if (typeof exp !== 'number' || !Number.isFinite(exp) || exp <= 0 || exp > 8.64e12) return undefined;
  return new Date(exp * 1000);
}

function readClaims(token: string): Record<string, unknown> | undefined {
  const match = /^[\w-]+\.([\w-]{1,12000})\.[\w-]*$/.exec(token);
  if (!match) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(match[1] ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function readScopes(value: unknown): string[] | undefined {
  if (typeof value !== 'string') return undefined;
  const scopes = value.split(/[ ,]+/).filter((scope) => scope !== '' && scope.length <= 200);
  return [...new Set(scopes)].slice(0, MAX_SCOPES);
}
