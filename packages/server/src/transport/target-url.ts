import { isIP } from 'node:net';
import type { TargetProtocol } from '@usher/connector-sdk';
import { type BaseUrl, describeDenied, parseBaseUrl } from './base-url.ts';
import { buildAddressCheck, isMetadataName, type NetworkPolicy } from './network-policy.ts';

/** An app's base URL, whatever its connector speaks. */
export interface TargetUrl extends Omit<BaseUrl, 'protocol'> {
  readonly speaks: TargetProtocol;
  readonly protocol: 'https:' | 'http:' | 'ldaps:' | 'ldap:' | 'postgresql:';
  /** From the first byte, by an upgrade that is insisted on, or not at all. */
  readonly tls: 'direct' | 'upgrade' | 'none';
}

export type ParsedTargetUrl =
  | { readonly ok: true; readonly url: TargetUrl }
  | { readonly ok: false; readonly message: string; readonly fix: string };

const FORMS: Readonly<Record<TargetProtocol, string>> = {
  http: 'https://scim.example.com/v2',
  ldap: 'ldaps://ldap.example.com',
  sql: 'postgresql://db.example.com/people',
};

const PORTS = { 'ldaps:': 636, 'ldap:': 389, 'postgresql:': 5432 } as const;

const refuse = (message: string, fix: string): ParsedTargetUrl => ({ ok: false, message, fix });

/**
 * Checks what an administrator typed as the address of a target, without asking DNS: `https`, `ldaps`, `ldap` (upgraded
 * by StartTLS) or `postgresql`. `wanted` is what the app's connector speaks, where that is known.
 */
export function parseTargetUrl(text: string, policy: NetworkPolicy, wanted?: TargetProtocol): ParsedTargetUrl {
  const scheme = /^\s*(ldaps?|postgres(?:ql)?):\/\//i.exec(text)?.[1]?.toLowerCase();
  const speaks: TargetProtocol = scheme === undefined ? 'http' : scheme.startsWith('ldap') ? 'ldap' : 'sql';
  if (wanted !== undefined && speaks !== wanted && URL.canParse(text)) {
    const problem = `The base URL begins with "${new URL(text).protocol}", which the app's connector does not speak.`;
    return refuse(problem, `Give one such as ${FORMS[wanted]}.`);
  }
  if (scheme === undefined) {
    const parsed = parseBaseUrl(text, policy);
    if (!parsed.ok) return parsed;
    const tls = parsed.baseUrl.protocol === 'https:' ? 'direct' : 'none';
    return { ok: true, url: { ...parsed.baseUrl, speaks, tls } };
  }
  return parseOther(text, scheme, speaks === 'ldap' ? 'ldap' : 'sql', policy);
}

/** The origin that a credential is bound to: `ldaps://ldap.example.com:636`. Of a URL that {@link parseTargetUrl} takes. */
export function originOf(text: string): string {
  const url = new URL(text);
  if (url.origin !== 'null') return url.origin;
  const protocol = url.protocol === 'postgres:' ? 'postgresql:' : url.protocol;
  const port = url.port === '' ? (PORTS[protocol as keyof typeof PORTS] ?? '') : url.port;
  return `${protocol}//${readHost(url)}:${port}`;
}

function parseOther(text: string, scheme: string, speaks: 'ldap' | 'sql', policy: NetworkPolicy): ParsedTargetUrl {
  const form = `Give the address of the server, such as ${FORMS[speaks]}.`;
  if (text !== text.trim()) return refuse('The base URL begins or ends with a blank.', 'Remove the blank.');
  if (!URL.canParse(text)) return refuse(`The base URL "${text}" is not a URL.`, form);
  const url = new URL(text);
  if (url.hostname === '' || !URL.canParse(`https://${url.host}`)) return refuse('The base URL names no host.', form);
  if (url.username !== '' || url.password !== '') {
    return refuse('The base URL holds a user name or a password.', 'Remove it, and enter it as the credential.');
  }
  if (url.hash !== '') return refuse('The base URL has a fragment (#…).', 'Remove everything from the # on.');
  const protocol = scheme === 'ldaps' ? 'ldaps:' : scheme === 'ldap' ? 'ldap:' : 'postgresql:';
  const tls = readTls(url, protocol, policy);
  if (typeof tls !== 'string') return tls;
  const path = readPath(url, speaks);
  if (typeof path !== 'string') return path;
  const host = readHost(url);
  const hostname = host.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? PORTS[protocol] : Number(url.port);
  if (isMetadataName(hostname)) return refuse(...describeDenied(hostname, 'never'));
  if (isIP(hostname) !== 0) {
    const verdict = buildAddressCheck(policy)(hostname, port);
    if (verdict !== 'allowed') return refuse(...describeDenied(hostname, verdict));
  }
  const origin = `${protocol}//${host}:${port}`;
  return { ok: true, url: { speaks, tls, origin, protocol, hostname, port, path, query: '' } };
}

type Tls = TargetUrl['tls'];

function readTls(url: URL, protocol: TargetUrl['protocol'], { allowHttp }: NetworkPolicy): Tls | ParsedTargetUrl {
  const usual: Tls = protocol === 'ldaps:' ? 'direct' : 'upgrade';
  const known = protocol === 'postgresql:' ? 'sslmode' : 'tls';
  for (const name of url.searchParams.keys()) {
    if (name !== known || protocol === 'ldaps:') {
      return refuse(`The base URL has the parameter "${name.slice(0, 60)}", which means nothing here.`, 'Remove it.');
    }
  }
  const mode = url.searchParams.get(known);
  if (mode === null || (known === 'sslmode' && mode === 'verify-full')) return usual;
  const off = known === 'sslmode' ? 'disable' : 'off';
  if (mode !== off) {
    const fix = `Remove it: the connection is encrypted and the certificate verified without it.`;
    return refuse(`The base URL has ${known}=${mode.slice(0, 60)}, which is not offered.`, fix);
  }
  if (allowHttp) return 'none';
  return refuse(
    `The base URL has ${known}=${off}, so the credential would be sent unencrypted.`,
    `Remove it, or let this server send unencrypted with USHER_ALLOW_HTTP_TARGETS=true.`,
  );
}

function readPath(url: URL, speaks: 'ldap' | 'sql'): string | ParsedTargetUrl {
  const path = url.pathname === '/' ? '' : url.pathname;
  if (speaks === 'ldap') {
    if (path === '') return '';
    return refuse('The base URL has a path.', 'Remove it: the search base is an option of the connector.');
  }
  let name = '';
  try {
    name = decodeURIComponent(path.slice(1));
  } catch {
    // No name, then.
  }
  if (name !== '' && !name.includes('/') && !name.includes('\0')) return path;
  return refuse('The base URL names no database.', `Give it after the host, as in ${FORMS.sql}.`);
}

/** In the form of an https URL's: lower case, addresses in their one form. */
function readHost(url: URL): string {
  return new URL(`https://${url.host}`).hostname;
}
