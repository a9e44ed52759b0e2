import type { webcrypto } from 'node:crypto';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { Secret } from '../vault/index.ts';
import type { OAuthSettings } from './oauth-settings.ts';

export type AssertionAlgorithm = OAuthSettings['assertion']['algorithm'];

/** A new key for signing assertions: what is sealed, and what the target is told. */
export async function generateAssertionKey(algorithm: AssertionAlgorithm): Promise<{ sealed: Secret; publicJwk: JWK }> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  const whole: JWK = { ...jwk, kid, alg: algorithm, use: 'sig' };
  return { sealed: new Secret(JSON.stringify(whole)), publicJwk: publicPartOf(whole) };
}

/** The part of a key that anybody may see. */
export function publicPartOf({ kty, kid, alg, use, n, e, crv, x, y }: JWK): JWK {
  const given = Object.entries({ kty, kid, alg, use, n, e, crv, x, y }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as JWK;
}

export async function openAssertionKey(
  sealed: Secret,
): Promise<{ key: webcrypto.CryptoKey; kid: string; algorithm: string; publicJwk: JWK }> {
  const jwk = JSON.parse(sealed.reveal()) as JWK;
  const algorithm = jwk.alg ?? 'RS256';
  const key = (await importJWK(jwk, algorithm)) as webcrypto.CryptoKey;
  return { key, kid: jwk.kid ?? '', algorithm, publicJwk: publicPartOf(jwk) };
}

/** RFC 7523 section 3: who says it, about whom, to whom, and for how short a time. */
export async function signAssertion(
  sealed: Secret,
  { issuer, subject, audience }: { issuer: string; subject: string; audience: string },
  { now, lifetimeSeconds, id }: { now: Date; lifetimeSeconds: number; id: string },
): Promise<string> {
  const { key, kid, algorithm } = await openAssertionKey(sealed);
  const seconds = Math.floor(now.getTime() / 1000);
  const claims: JWTPayload = { iss: issuer, sub: subject, aud: audience, jti: id };
  return await new SignJWT({ ...claims, iat: seconds, exp: seconds + lifetimeSeconds })
    .setProtectedHeader({ alg: algorithm, kid, typ: 'JWT' })
    .sign(key);
}
