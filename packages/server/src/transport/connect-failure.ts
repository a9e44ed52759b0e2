import { describeDenied } from './base-url.ts';
import { AddressDeniedError } from './guarded-connect.ts';

/** Why no connection came about, for people: which part failed, what is wrong, what to do. Names the host only. */
export interface ConnectFailure {
  readonly part: 'address' | 'connect' | 'tls';
  readonly message: string;
  readonly fix: string;
}

type Words = readonly [part: ConnectFailure['part'], message: (host: string) => string, fix: string];

const CA_FIX = "Enter the certificate of the authority that signed it as this app's private CA.";

const WORDS: Record<string, Words> = {
  ENOTFOUND: [
    'address',
    (host) => `The name ${host} does not exist in DNS.`,
    "Check the base URL's spelling, and which DNS this server uses.",
  ],
  EAI_AGAIN: [
    'address',
    (host) => `DNS did not answer for ${host}.`,
    "Check this server's DNS; Usher tries again by itself.",
  ],
  ECONNREFUSED: [
    'connect',
    (host) => `${host} refused the connection: nothing listens on that port.`,
    'Check the port in the base URL, and that the target runs.',
  ],
  UND_ERR_CONNECT_TIMEOUT: [
    'connect',
    (host) => `${host} did not accept a connection in time.`,
    "Check that a firewall lets this server reach the target's port.",
  ],
  ETIMEDOUT: [
    'connect',
    (host) => `${host} did not accept a connection in time.`,
    "Check that a firewall lets this server reach the target's port.",
  ],
  EHOSTUNREACH: ['connect', (host) => `There is no route to ${host}.`, "Check this server's network and firewall."],
  ENETUNREACH: ['connect', (host) => `There is no route to ${host}.`, "Check this server's network and firewall."],
  ECONNRESET: [
    'connect',
    (host) => `${host} closed the connection before it was set up.`,
    "Check that the base URL's port speaks what its scheme says, and that no firewall resets it.",
  ],
  EPROTO: [
    'tls',
    (host) => `${host} does not speak TLS as expected on that port.`,
    'Check that the port is the https one, and that the target offers TLS 1.2 or newer.',
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    'tls',
    (host) => `${host} answers on that port without TLS.`,
    'Check that the port is the https one.',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'tls',
    (host) => `${host} shows a certificate that it signed itself.`,
    "Install a certificate of a known authority at the target, or enter this one as the app's private CA.",
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'tls',
    (host) => `${host}'s certificate is signed by an authority that this server does not know.`,
    CA_FIX,
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'tls',
    (host) => `${host} does not send the intermediate certificate, or its authority is unknown here.`,
    "Install the full chain at the target, or enter its authority as the app's private CA.",
  ],
  UNABLE_TO_GET_ISSUER_CERT: [
    'tls',
    (host) => `${host}'s certificate is signed by an authority that this server does not know.`,
    CA_FIX,
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'tls',
    (host) => `${host}'s certificate is signed by an authority that this server does not know.`,
    CA_FIX,
  ],
  CERT_HAS_EXPIRED: ['tls', (host) => `${host}'s certificate has expired.`, 'Renew the certificate at the target.'],
  CERT_NOT_YET_VALID: [
    'tls',
    (host) => `${host}'s certificate is not valid yet.`,
    'Check the clocks of this server and of the target.',
  ],
  CERT_REVOKED: ['tls', (host) => `${host}'s certificate is revoked.`, 'Install a new certificate at the target.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'tls',
    (host) => `The certificate was made for another name than ${host}.`,
    'Use the name in the certificate as the base URL, or install a certificate for this name.',
  ],
};

/** Words for an error that happened before anything was sent. */
export function describeConnectFailure(error: unknown, host: string): ConnectFailure {
  if (error instanceof AddressDeniedError) {
    const [message, fix] = describeDenied(host, error.verdict);
    return { part: 'address', message, fix };
  }
  const code = findCode(error);
  const words = WORDS[code];
  if (words) return { part: words[0], message: words[1](host), fix: words[2] };
  if (/^ERR_(SSL|TLS)_|CERT/.test(code)) {
    return {
      part: 'tls',
      message: `The TLS connection to ${host} could not be set up (${code}).`,
      fix: "Check the target's certificate, and that it offers TLS 1.2 or newer.",
    };
  }
  return {
    part: 'connect',
    message: `${host} could not be reached${code === '' ? '' : ` (${code})`}.`,
    fix: "Check the base URL and this server's network.",
  };
}

/** The machine-readable code of a system, TLS or undici error; empty when it has none. */
export function findCode(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : '';
}
