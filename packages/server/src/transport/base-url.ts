import { isIP } from 'node:net';
import { buildAddressCheck, isMetadataName, type NetworkPolicy } from './network-policy.ts';

/** An app's base URL, taken apart once. The path and the query are kept as they were written. */
export interface BaseUrl {
  /** `https://scim.example.com:8443`, in the form of a URL's origin. */
  readonly origin: string;
  readonly protocol: 'https:' | 'http:';
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  readonly port: number;
  /** As written, with or without a slash at its end. */
  readonly path: string;
  /** Sent with every request, without `?`; empty when there is none. */
  readonly query: string;
}

export type ParsedBaseUrl =
  | { readonly ok: true; readonly baseUrl: BaseUrl }
  | { readonly ok: false; readonly message: string; readonly fix: string };

const refuse = (message: string, fix: string): ParsedBaseUrl => ({ ok: false, message, fix });

/** Checks what an administrator typed as the target's address, without asking DNS. */
export function parseBaseUrl(text: string, policy: NetworkPolicy): ParsedBaseUrl {
  const form = 'Give the address as the target documents it, such as https://scim.example.com/v2.';
  if (text !== text.trim()) return refuse('The base URL begins or ends with a blank.', 'Remove the blank.');
  if (!URL.canParse(text)) return refuse(`The base URL "${text}" is not a URL.`, form);
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse(`The base URL begins with "${url.protocol}", and a target is reached over https only.`, form);
  }
  if (url.protocol === 'http:' && !policy.allowHttp) {
    return refuse(
      'The base URL begins with "http:", so the credential would be sent unencrypted.',
      'Use https, or let this server send over http with USHER_ALLOW_HTTP_TARGETS=true.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    return refuse('The base URL holds a user name or a password.', 'Remove it, and enter it as the credential.');
  }
  if (url.hash !== '') return refuse('The base URL has a fragment (#…).', 'Remove everything from the # on.');
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  if (isMetadataName(hostname)) return refuse(...describeDenied(hostname, 'never'));
  if (isIP(hostname) !== 0) {
    const verdict = buildAddressCheck(policy)(hostname, port);
    if (verdict !== 'allowed') return refuse(...describeDenied(hostname, verdict));
  }
  return {
    ok: true,
    baseUrl: {
      origin: url.origin,
      protocol: url.protocol,
      hostname,
      port,
      path: url.pathname,
      query: url.search.replace(/^\?/, ''),
    },
  };
}

/** Says that an address is refused, without saying which address a name stands for. */
export function describeDenied(host: string, verdict: 'private' | 'never'): [message: string, fix: string] {
  if (verdict === 'never') {
    return [
      `${host} is at an address that hands out cloud credentials or that no target can have, and Usher never sends there.`,
      "Check the base URL's spelling, and give the target another address.",
    ];
  }
  return [
    `${host} is at a private or reserved address, and this server may not send to it.`,
    'Check the spelling. If the target is in your own network, add its range and port to USHER_ALLOW_PRIVATE_NETWORKS.',
  ];
}

/**
 * The path and query of one request. `path` is a connector's: below the base URL, percent-encoded, and never a way
 * out of it. Gives a message instead when it is one.
 */
export function buildRequestPath(
  baseUrl: BaseUrl,
  path: string,
): { ok: true; path: string } | { ok: false; message: string } {
  const problem = findPathProblem(path);
  if (problem) return { ok: false, message: `The request path "${path.slice(0, 200)}" ${problem}` };
  const base = baseUrl.path;
  const isBare = path === '' || path.startsWith('?');
  const joined = isBare ? base + path : base.endsWith('/') ? base + path : `${base}/${path}`;
  if (baseUrl.query === '') return { ok: true, path: joined };
  return { ok: true, path: `${joined}${joined.includes('?') ? '&' : '?'}${baseUrl.query}` };
}

function findPathProblem(path: string): string | undefined {
  if (path.startsWith('/')) return 'begins with a slash; give it relative to the base URL.';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return 'is a whole URL; give it relative to the base URL.';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\x00-\x20\x7f-\uffff\\#]/.test(path)) {
    return 'holds a blank, a backslash, "#" or another character that must be percent-encoded.';
  }
  const query = path.indexOf('?');
  const segments = query === -1 ? path : path.slice(0, query);
  // Proxies differ in whether they decode before they resolve dots, so the encoded forms are refused as well.
  if (segments.includes('.') || segments.includes('%2')) {
    const decoded = segments.replace(/%2e/gi, '.').replace(/%2f|%5c/gi, '/');
    for (const plain of decoded.split('/')) {
      if (plain === '.' || plain === '..') return 'leaves the base URL by "." or "..".';
    }
  }
  return undefined;
}
