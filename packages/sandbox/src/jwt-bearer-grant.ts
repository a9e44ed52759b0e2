import { createPublicKey, generateKeyPairSync, type JsonWebKey, verify } from 'node:crypto';
import type Provider from 'oidc-provider';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';

/** A private key, as a JSON Web Key, for the ID tokens of one server. */
export function generateSigningKey(): JsonWebKey & { kid: string; use: 'sig'; alg: 'RS256' } {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: 'sandbox', use: 'sig', alg: 'RS256' };
}

/** RFC 7523 section 2.1: an assertion that the registered key of its issuer signed is exchanged for an access token. */
export async function acceptJwtBearer(provider: Provider, ctx: KoaContextWithOIDC, issuer: string): Promise<void> {
  const { client, params } = ctx.oidc;
  if (!client) throw new errors.InvalidClient('no client');
  const claims = readAssertion(String(params?.['assertion'] ?? ''), (client.jwks?.keys ?? []) as JsonWebKey[]);
  const nowSeconds = Date.now() / 1000;
  const audiences = [claims['aud']].flat();
  if (claims['iss'] !== client.clientId) throw new errors.InvalidGrant('the assertion is of another issuer');
  if (!audiences.includes(issuer) && !audiences.includes(`${issuer}/token`)) {
    throw new errors.InvalidGrant('the assertion is for another audience');
  }
  if (Number(claims['exp']) < nowSeconds) throw new errors.InvalidGrant('the assertion has expired');
  if (Number(claims['iat'] ?? 0) > nowSeconds + 5) throw new errors.InvalidGrant('the assertion is from the future');
  const token = new provider.ClientCredentials({ client, scope: params?.['scope'] } as never);
  const value = await token.save();
  ctx.body = { access_token: value, expires_in: token.expiration, token_type: 'Bearer', scope: params?.['scope'] };
}

function readAssertion(assertion: string, keys: readonly JsonWebKey[]): Record<string, unknown> {
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const parse = (part: string): Record<string, unknown> => {
    try {
      return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
    } catch {
      throw new errors.InvalidGrant('the assertion cannot be read');
    }
  };
  const { alg } = parse(header);
  const isGood = keys.some((jwk) => {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const signed = Buffer.from(`${header}.${payload}`);
    const bytes = Buffer.from(signature, 'base64url');
    if (alg === 'RS256') return verify('sha256', signed, key, bytes);
    if (alg === 'ES256') return verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, bytes);
    return false;
  });
  if (!isGood) throw new errors.InvalidGrant('the assertion is not signed by the registered key');
  return parse(payload);
}
