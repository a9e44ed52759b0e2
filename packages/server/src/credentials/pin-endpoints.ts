import { ConnectorError } from '@usher/connector-sdk';
import { allowInsecureRequests, ClientError, customFetch, discovery, type ServerMetadata } from 'openid-client';
import type { FieldProblem } from '../refusal.ts';
import { type BaseUrl, parseBaseUrl } from '../transport/index.ts';
import { createBoundFetch } from './bound-fetch.ts';
import type { CredentialApp, CredentialGround } from './credential-ground.ts';
import {
  checkSettings,
  ENDPOINT_NAMES,
  type EndpointName,
  type Endpoints,
  OAUTH_INPUT,
  type OAuthInput,
  type OAuthSettings,
  type ServerPromises,
} from './oauth-settings.ts';

export type PinnedSettings =
  | { readonly ok: true; readonly settings: OAuthSettings; readonly warnings: FieldProblem[] }
  | { readonly ok: false; readonly problems: FieldProblem[] };

/** What a discovery document says, and which of its origins nobody has entered. */
export interface Discovered {
  readonly issuer: string;
  readonly kind: 'openid' | 'oauth';
  readonly endpoints: Endpoints;
  readonly promises: ServerPromises;
}

const DISCOVERY_TIMEOUT_MS = 15_000;

const METADATA_NAMES: Record<EndpointName, keyof ServerMetadata> = {
  authorization: 'authorization_endpoint',
  token: 'token_endpoint',
  revocation: 'revocation_endpoint',
  introspection: 'introspection_endpoint',
  userinfo: 'userinfo_endpoint',
  registration: 'registration_endpoint',
};

/** Without these nothing works; the others are left out when they lead to an origin that nobody entered. */
const NEEDED: readonly EndpointName[] = ['authorization', 'token'];

/**
 * Settings as they may be kept: checked, discovered now, every endpoint pinned at an origin that an administrator
 * entered. A discovery document that leads elsewhere is refused, whoever wrote it.
 */
export async function pinSettings(
  ground: CredentialGround,
  app: CredentialApp,
  given: OAuthInput,
  { extraCa }: { extraCa?: string | undefined } = {},
): Promise<PinnedSettings> {
  const input = OAUTH_INPUT.parse(given);
  const problems = checkSettings(input);
  const origins = readOrigins(ground, app, input, problems);
  if (problems.length > 0) return { ok: false, problems };
  const { endpoints: entered, ...rest } = input;
  let found: Discovered | undefined;
  if (input.issuer !== undefined) {
    const discovered = await discoverServer(ground, input.issuer, { extraCa });
    if (!discovered.ok) return { ok: false, problems: [discovered.problem] };
    found = discovered.found;
  }
  const warnings: FieldProblem[] = [];
  const endpoints: Endpoints = {};
  for (const name of ENDPOINT_NAMES) {
    const url = entered[name] ?? found?.endpoints[name];
    if (url === undefined) continue;
    const isNeeded = name === 'token' || (name === 'authorization' && input.grant === 'authorization_code');
    const problem = checkEndpoint(ground, name, url, origins);
    if (problem && isNeeded) problems.push(problem);
    else if (problem) warnings.push({ ...problem, problem: `${problem.problem}, so it is not used` });
    else endpoints[name] = url;
  }
  for (const name of NEEDED) {
    if (endpoints[name] !== undefined || problems.length > 0) continue;
    if (name === 'authorization' && input.grant !== 'authorization_code') continue;
    const problem = 'is not in the discovery document';
    problems.push({ field: `endpoints.${name}`, problem, fix: 'Give it as the target documents it.' });
  }
  const promises = found?.promises ?? {};
  problems.push(...checkPromises(input, promises));
  warnings.push(...warnOfPromises(input, promises));
  const { token } = endpoints;
  if (problems.length > 0 || token === undefined) return { ok: false, problems };
  // As the document writes it: the answers' `iss` is compared with it character by character.
  const issuer = found?.issuer ?? rest.issuer;
  const pinned = { entered, endpoints: { ...endpoints, token }, promises, discovered: found?.kind ?? null };
  return { ok: true, settings: { ...rest, issuer, ...pinned }, warnings };
}

/** The origins that an administrator typed: of the issuer, of each endpoint, of the app itself, and those named so. */
function readOrigins(
  ground: CredentialGround,
  app: CredentialApp,
  input: ReturnType<typeof OAUTH_INPUT.parse>,
  problems: FieldProblem[],
): string[] {
  const origins: string[] = [];
  const read = (field: string, url: string): BaseUrl | undefined => {
    const parsed = parseBaseUrl(url, ground.networkPolicy);
    if (parsed.ok) origins.push(parsed.baseUrl.origin);
    else problems.push({ field, problem: parsed.message.replace('base URL', 'address'), fix: parsed.fix });
    return parsed.ok ? parsed.baseUrl : undefined;
  };
  if (input.issuer !== undefined) {
    const issuer = read('issuer', input.issuer);
    if (issuer && issuer.query !== '') {
      problems.push({ field: 'issuer', problem: 'has a query', fix: 'Remove everything from the ? on.' });
    }
    if (/\/\.well-known\//.test(input.issuer)) {
      const fix = 'Give the "issuer" that the document at this address names.';
      problems.push({ field: 'issuer', problem: 'is the address of a discovery document', fix });
    }
  }
  for (const [name, url] of Object.entries(input.endpoints)) if (url !== undefined) read(`endpoints.${name}`, url);
  for (const [index, url] of input.origins.entries()) {
    const origin = read(`origins[${index}]`, url);
    if (origin && (origin.path !== '/' || origin.query !== '')) {
      const fix = `Give ${origin.origin} alone.`;
      problems.push({ field: `origins[${index}]`, problem: 'has a path, and an origin has none', fix });
    }
  }
  if (URL.canParse(app.baseUrl)) origins.push(new URL(app.baseUrl).origin);
  return origins;
}

function checkEndpoint(
  { networkPolicy }: CredentialGround,
  name: EndpointName,
  url: string,
  origins: readonly string[],
): FieldProblem | undefined {
  const field = `endpoints.${name}`;
  const parsed = parseBaseUrl(url, networkPolicy);
  if (!parsed.ok) return { field, problem: parsed.message.replace('base URL', 'address'), fix: parsed.fix };
  const { origin } = parsed.baseUrl;
  if (origins.includes(origin)) return undefined;
  const problem = `the discovery document puts it at ${origin}, which nobody entered`;
  const fix = `If the target documents this origin as its own, name ${origin} under origins; otherwise do not go on.`;
  return { field, problem, fix };
}

/** RFC 7636 section 4.2: S256 always, and never the plain method. */
function checkPromises(input: ReturnType<typeof OAUTH_INPUT.parse>, promises: ServerPromises): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { pkceMethods, tokenEndpointAuths, iss } = promises;
  const isDiscovered = input.issuer !== undefined;
  if (input.grant === 'authorization_code' && isDiscovered && !input.unpromisedPkce && !pkceMethods?.includes('S256')) {
    const said =
      pkceMethods === undefined ? 'says nothing of PKCE' : `knows only ${pkceMethods.join(', ') || 'nothing'}`;
    const problem = `the target does not promise PKCE with S256: its discovery document ${said}`;
    const fix = 'Ask its vendor; if it takes codes with S256 all the same, or has no PKCE at all, set unpromisedPkce.';
    problems.push({ field: 'unpromisedPkce', problem, fix });
  }
  if (tokenEndpointAuths && !tokenEndpointAuths.includes(input.tokenEndpointAuth)) {
    const problem = `the target does not offer ${input.tokenEndpointAuth}`;
    problems.push({ field: 'tokenEndpointAuth', problem, fix: `It offers ${tokenEndpointAuths.join(', ')}.` });
  }
  if (input.sharedCallback && iss !== true) {
    const problem = 'the target does not promise iss, so an answer on a shared callback URL may be another target’s';
    problems.push({
      field: 'sharedCallback',
      problem,
      fix: "Leave it off: the app's own callback URL tells them apart.",
    });
  }
  return problems;
}

function warnOfPromises(input: ReturnType<typeof OAUTH_INPUT.parse>, promises: ServerPromises): FieldProblem[] {
  const unknown = input.scopes.filter((scope) => promises.scopes && !promises.scopes.includes(scope));
  if (unknown.length === 0) return [];
  const problem = `the target does not list ${unknown.join(', ')}`;
  return [{ field: 'scopes', problem, fix: `It lists ${promises.scopes?.join(', ')}; others may exist.` }];
}

/** Reads the discovery document of an issuer: OpenID's first, then RFC 8414's. Nothing is kept. */
export async function discoverServer(
  ground: CredentialGround,
  issuer: string,
  { extraCa }: { extraCa?: string | undefined } = {},
): Promise<{ ok: true; found: Discovered } | { ok: false; problem: FieldProblem }> {
  const parsed = parseBaseUrl(issuer, ground.networkPolicy);
  if (!parsed.ok) return { ok: false, problem: { field: 'issuer', problem: parsed.message, fix: parsed.fix } };
  let problem = '';
  for (const [algorithm, kind] of [
    ['oidc', 'openid'],
    ['oauth2', 'oauth'],
  ] as const) {
    const { origin } = parsed.baseUrl;
    const { fetch: send, notes } = createBoundFetch(ground, {
      ...{ origins: [origin], extraCa, totalMs: DISCOVERY_TIMEOUT_MS },
    });
    try {
      const execute = ground.networkPolicy.allowHttp ? [allowInsecureRequests] : [];
      const options = { algorithm, execute, [customFetch]: send as never };
      const found = await discovery(new URL(issuer), 'usher', undefined, undefined, options);
      return judgeMetadata(issuer, kind, found.serverMetadata());
    } catch (error) {
      if (notes.failure) {
        const told = { field: 'issuer', problem: notes.failure.message, fix: 'Check its spelling, and that it is up.' };
        return { ok: false, problem: told };
      }
      problem = describeDiscoveryFailure(error, notes.answer?.status);
      // A document that names another issuer is an answer; only where there is none the other place is tried.
      if (notes.answer && notes.answer.status >= 200 && notes.answer.status < 300) break;
    }
  }
  const fix = "Give the issuer exactly as the target's document names it, or its endpoints by hand.";
  return { ok: false, problem: { field: 'issuer', problem, fix } };
}

function judgeMetadata(
  issuer: string,
  kind: Discovered['kind'],
  metadata: Readonly<ServerMetadata>,
): { ok: true; found: Discovered } | { ok: false; problem: FieldProblem } {
  // RFC 8414 section 3.3: identical, character by character.
  if (metadata.issuer !== issuer && metadata.issuer !== new URL(issuer).href) {
    const problem = `the discovery document names the issuer ${JSON.stringify(String(metadata.issuer).slice(0, 200))}, not this one`;
    return {
      ok: false,
      problem: { field: 'issuer', problem, fix: 'Give exactly what the document names, if it is the target’s own.' },
    };
  }
  const endpoints: Endpoints = {};
  for (const name of ENDPOINT_NAMES) {
    const value = metadata[METADATA_NAMES[name]];
    if (typeof value === 'string' && value.length <= 2000) endpoints[name] = value;
  }
  const promises: ServerPromises = {
    pkceMethods: readList(metadata.code_challenge_methods_supported),
    iss: metadata.authorization_response_iss_parameter_supported === true,
    tokenEndpointAuths: readList(metadata.token_endpoint_auth_methods_supported),
    scopes: readList(metadata.scopes_supported),
    grants: readList(metadata.grant_types_supported),
  };
  return { ok: true, found: { issuer: metadata.issuer, kind, endpoints, promises } };
}

function readList(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((item): item is string => typeof item === 'string' && item.length <= 200).slice(0, 200);
}

function describeDiscoveryFailure(error: unknown, status: number | undefined): string {
  if (status !== undefined && status >= 300) {
    const redirect = status < 400 ? ', a redirect, which is not followed' : '';
    return `no discovery document was found: it was answered ${status}${redirect}`;
  }
  if (error instanceof ClientError && error.code === 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED') {
    return 'the discovery document names another issuer than this one';
  }
  if (error instanceof ConnectorError) return error.message;
  return 'the discovery document cannot be read';
}
