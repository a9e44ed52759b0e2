import type * as openid from 'openid-client';
import type { GuardedFetch } from '../transport/index.ts';

/** What of the settings a provider is held against. */
interface WantedOfProvider {
  readonly issuer: string;
  readonly clientSecret?: string | undefined;
  readonly roleClaim?: string | undefined;
}

/** One thing that a sign-in by the provider needs. */
export interface SignOnCheck {
  readonly check: 'discovery' | 'code flow' | 'proof' | 'keys' | 'claim';
  readonly ok: boolean;
  readonly message: string;
  /** What to do; of one that is in order, what to make sure of. */
  readonly fix: string | null;
}

/**
 * What can be known of a provider without anybody signing in: its document, and that it promises what a sign-in asks for. What it
 * leaves out it may do all the same (OpenID Connect Discovery, section 3: most members are optional), so only what it denies is red.
 */
export async function checkProvider(
  discover: () => Promise<openid.Configuration>,
  settings: WantedOfProvider,
  send: GuardedFetch,
): Promise<SignOnCheck[]> {
  let metadata: Readonly<openid.ServerMetadata>;
  try {
    metadata = (await discover()).serverMetadata();
  } catch (error) {
    const fix =
      'Open the issuer followed by /.well-known/openid-configuration from this server: it must answer, and name the very same issuer. A provider in a private network needs USHER_ALLOW_PRIVATE_NETWORKS.';
    return [failed('discovery', `The document of ${settings.issuer} cannot be used: ${describe(error)}`, fix)];
  }
  return [
    passed('discovery', `${metadata.issuer} describes itself, and is the issuer that is set`),
    checkFlow(metadata),
    checkProof(metadata, settings),
    await checkKeys(metadata, send),
    ...checkClaim(metadata, settings),
  ];
}

function checkFlow({ response_types_supported: types, ...metadata }: Readonly<openid.ServerMetadata>): SignOnCheck {
  const lacking = ['authorization_endpoint', 'token_endpoint'].filter((name) => metadata[name] === undefined);
  if (lacking.length > 0) {
    const fix = 'Give the issuer of an OpenID provider; this one only describes something else.';
    return failed('code flow', `Its document names no ${lacking.join(' and no ')}`, fix);
  }
  if (types && !types.includes('code')) {
    const fix = 'Allow the authorization code flow at the provider.';
    return failed('code flow', `It offers ${types.join(', ')}, and not the authorization code flow`, fix);
  }
  return passed('code flow', 'It offers the authorization code flow');
}

function checkProof(metadata: Readonly<openid.ServerMetadata>, { clientSecret }: WantedOfProvider): SignOnCheck {
  const wanted = clientSecret === undefined ? 'none' : 'client_secret_post';
  const { token_endpoint_auth_methods_supported: methods, code_challenge_methods_supported: pkce } = metadata;
  if (methods && !methods.includes(wanted)) {
    const fix =
      clientSecret === undefined
        ? 'Set USHER_OIDC_CLIENT_SECRET: the provider takes no public client.'
        : 'Allow client_secret_post for Usher at the provider.';
    return failed('proof', `It takes ${methods.join(', ')}, and Usher proves itself by ${wanted}`, fix);
  }
  if (pkce && !pkce.includes('S256')) {
    const fix = 'Allow PKCE with S256 for Usher at the provider.';
    return failed('proof', `It takes PKCE by ${pkce.join(', ')}, and Usher sends S256`, fix);
  }
  return passed('proof', `Usher proves itself by ${wanted} and PKCE`);
}

async function checkKeys({ jwks_uri: address }: Readonly<openid.ServerMetadata>, send: GuardedFetch) {
  const fix = 'Make the key set of the provider reachable from this server: identities are verified by it.';
  if (address === undefined) return failed('keys', 'Its document names no key set', fix);
  try {
    const answer = await send(address, { headers: { accept: 'application/json' } });
    const { keys } = (await answer.json()) as { keys?: unknown };
    const count = Array.isArray(keys) ? keys.length : 0;
    if (answer.ok && count > 0) return passed('keys', `Its key set has ${count === 1 ? 'one key' : `${count} keys`}`);
    return failed('keys', `Its key set answers ${answer.status} with ${count} keys`, fix);
  } catch (error) {
    return failed('keys', `Its key set cannot be read: ${describe(error)}`, fix);
  }
}

function checkClaim({ claims_supported: claims }: Readonly<openid.ServerMetadata>, { roleClaim }: WantedOfProvider) {
  if (roleClaim === undefined || !claims) return [];
  if (claims.includes(roleClaim)) return [passed('claim', `It tells the claim ${roleClaim}, which gives roles`)];
  // The list may leave claims out, so this is only to be known.
  const message = `The claims that it lists have no ${roleClaim}, which gives roles`;
  const fix = `Make sure that the provider puts ${roleClaim} into the ID token or the user-info answer, or correct USHER_OIDC_ROLE_CLAIM.`;
  return [{ ...passed('claim', message), fix }];
}

function passed(check: SignOnCheck['check'], message: string): SignOnCheck {
  return { check, ok: true, message, fix: null };
}

function failed(check: SignOnCheck['check'], message: string, fix: string): SignOnCheck {
  return { check, ok: false, message, fix };
}

/** With the cause beneath, which says what the library only sums up. */
function describe(error: unknown): string {
  const { message, cause } = error as { message?: unknown; cause?: { message?: unknown } };
  const parts = [message, cause?.message].filter((part) => typeof part === 'string' && part !== '');
  return parts.join(': ').slice(0, 500) || 'it failed';
}
