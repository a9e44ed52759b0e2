import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { csrfTokenOf } from '../access/index.ts';
import { Refusal } from '../refusal.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A browser sends its cookies whoever asks it to, so that a change by cookie must come from a page of ours: it says where it
 * comes from (Origin, Sec-Fetch-Site), and no other page can say that for it. OWASP ASVS 5.0, 3.5.
 */
export function assertSameSite(request: FastifyRequest, ownOrigin: string): void {
  if (READS.has(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  if (origin === ownOrigin && (site === undefined || site === 'same-origin')) return;
  const from = origin === undefined ? 'no Origin' : `the Origin ${JSON.stringify(origin.slice(0, 100))}`;
  throw new Refusal(
    'cross_site',
    `The request came with ${from}${site === undefined ? '' : ` from a ${site} page`}, and Usher is at ${ownOrigin}. ` +
      'Open the console at that address; if people reach it elsewhere, set USHER_PUBLIC_URL. Programs send an API key.',
  );
}

/** Beside the origin, what only a page that has read the session can know. */
export function assertCsrfToken(request: FastifyRequest, sessionToken: string): void {
  if (READS.has(request.method)) return;
  const sent = request.headers['x-csrf-token'];
  const wanted = Buffer.from(csrfTokenOf(sessionToken));
  const given = Buffer.from(typeof sent === 'string' ? sent : '');
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  throw new Refusal(
    'cross_site',
    'The header x-csrf-token is missing, or belongs to another session. Send the csrfToken that GET /api/v1/session gives.',
  );
}
