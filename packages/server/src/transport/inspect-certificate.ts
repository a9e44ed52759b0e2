import { isIP } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { describeConnectFailure, findCode } from './connect-failure.ts';
import type { ConnectionStep } from './connection-step.ts';
import {
  buildSecureContext,
  createGuardedConnect,
  type ResolveHost,
  resolveAllowed,
  resolveBySystem,
} from './guarded-connect.ts';
import { buildAddressCheck, type NetworkPolicy } from './network-policy.ts';
import type { TargetUrl } from './target-url.ts';

export interface CertificateTestOptions {
  readonly policy: NetworkPolicy;
  readonly extraCa?: string | undefined;
  readonly now: Date;
  readonly connectTimeoutMs: number;
  readonly resolve?: ResolveHost | undefined;
}

const DAY_MS = 86_400_000;
const WARNING_DAYS = 21;

/** Sets up TLS as the transport does, and says what its certificate is or what is wrong with it. */
export async function inspectCertificate(baseUrl: TargetUrl, options: CertificateTestOptions): Promise<ConnectionStep> {
  const host = baseUrl.hostname;
  try {
    const socket = await openVerified(baseUrl, options);
    const certificate = socket.getPeerCertificate();
    socket.destroy();
    return describeGood(host, certificate, options.now);
  } catch (error) {
    const { part, message, fix } = describeConnectFailure(error, host);
    if (part !== 'tls') return { step: part, ok: false, message, fix };
    const shown = await readRefusedCertificate(baseUrl, options);
    return { step: 'tls', ok: false, message: `${message}${describeRefused(findCode(error), shown)}`, fix };
  }
}

function openVerified(baseUrl: TargetUrl, options: CertificateTestOptions): Promise<TLSSocket> {
  const guarded = createGuardedConnect(baseUrl, options);
  return new Promise((resolve, reject) => {
    const { hostname, port } = baseUrl;
    // The connector knows of TLS by the scheme of HTTP.
    guarded({ hostname, host: hostname, port: String(port), protocol: 'https:' }, (error, socket) => {
      if (error) reject(error);
      else resolve(socket as TLSSocket);
    });
  });
}

/**
 * The certificate that was refused, to be able to say whose it is and when it ended. Only the handshake is done without
 * verification, and not one byte is sent over it: never a way to send anything.
 */
async function readRefusedCertificate(
  baseUrl: TargetUrl,
  options: CertificateTestOptions,
): Promise<PeerCertificate | undefined> {
  const { hostname, port } = baseUrl;
  const check = buildAddressCheck(options.policy);
  const addresses = await resolveAllowed(hostname, port, check, options.resolve ?? resolveBySystem).catch(() => []);
  const address = addresses[0]?.address;
  if (address === undefined) return undefined;
  return new Promise((resolve) => {
    const socket = connect({
      host: address,
      port,
      ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
      secureContext: buildSecureContext(options.extraCa),
      rejectUnauthorized: false,
    });
    const end = (certificate: PeerCertificate | undefined): void => {
      socket.destroy();
      resolve(certificate);
    };
    socket.setTimeout(options.connectTimeoutMs, () => end(undefined));
    socket.on('error', () => end(undefined));
    socket.on('secureConnect', () => end(socket.getPeerCertificate()));
  });
}

function describeGood(host: string, certificate: PeerCertificate, now: Date): ConnectionStep {
  const until = new Date(certificate.valid_to);
  const days = Math.floor((until.getTime() - now.getTime()) / DAY_MS);
  const message = `${host}'s certificate is valid until ${formatDay(certificate.valid_to)}.`;
  if (days > WARNING_DAYS) return { step: 'tls', ok: true, message };
  return {
    step: 'tls',
    ok: true,
    message: `${message} That is in ${days} ${days === 1 ? 'day' : 'days'}.`,
    fix: 'Renew the certificate at the target before then, or provisioning stops on that day.',
  };
}

function describeRefused(code: string, certificate: PeerCertificate | undefined): string {
  if (!certificate?.valid_to) return '';
  if (code === 'CERT_HAS_EXPIRED') return ` It ended on ${formatDay(certificate.valid_to)}.`;
  if (code === 'CERT_NOT_YET_VALID') return ` It begins on ${formatDay(certificate.valid_from)}.`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = (certificate.subjectaltname ?? '')
      .split(', ')
      .filter((name) => name.startsWith('DNS:'))
      .slice(0, 5)
      .map((name) => printable(name.slice(4)));
    return names.length === 0 ? ' It names no host.' : ` It is for ${names.join(', ')}.`;
  }
  const issuer = certificate.issuer?.O ?? certificate.issuer?.CN;
  return issuer ? ` Its issuer is "${printable(String(issuer))}".` : '';
}

/** Certificates are written by strangers. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a0-\u024f]/g, '?').slice(0, 100);
}

/** The first of April 2031 as 2031-04-01; Node gives `Apr  1 10:00:00 2031 GMT`. */
function formatDay(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? printable(text) : date.toISOString().slice(0, 10);
}
