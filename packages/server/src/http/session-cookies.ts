import type { FastifyReply, FastifyRequest } from 'fastify';
import { ATTEMPT_LASTS_MS, type Visit } from '../access/index.ts';
import type { ListeningPlace } from './check-host.ts';

/**
 * Names with the prefix __Host- are taken by browsers only over https, from this very host and for all of it, so that neither a
 * neighbouring host nor plain http can plant them. Over plain http, which is for this machine only, they cannot have it.
 */
function nameOf(cookie: 'session' | 'sign_in' | 'authorization', place: ListeningPlace): string {
  return `${isHttps(place) ? '__Host-' : ''}usher_${cookie}`;
}

function isHttps(place: ListeningPlace): boolean {
  return place.publicUrl?.startsWith('https:') ?? false;
}

/** Where the browser sees Usher. The Host header was checked when the request came in. */
export function ownOriginOf(request: FastifyRequest, place: ListeningPlace): string {
  return place.publicUrl === undefined
    ? `http://${request.headers.host}`.toLowerCase()
    : new URL(place.publicUrl).origin;
}

export function sessionTokenOf(request: FastifyRequest, place: ListeningPlace): string | undefined {
  return request.cookies[nameOf('session', place)];
}

export function visitOf(request: FastifyRequest, place: ListeningPlace): Visit {
  return {
    address: request.socket.remoteAddress ?? '',
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
    requestId: request.id,
    origin: ownOriginOf(request, place),
    sessionToken: sessionTokenOf(request, place),
    attemptToken: request.cookies[nameOf('sign_in', place)],
  };
}

/** Strict: no link or form of another site ever brings it along. It ends with the browser, and at the server in any case. */
export function setSessionCookie(reply: FastifyReply, place: ListeningPlace, token: string | null): void {
  const options = { path: '/', httpOnly: true, secure: isHttps(place), sameSite: 'strict' } as const;
  if (token === null) reply.clearCookie(nameOf('session', place), options);
  else reply.setCookie(nameOf('session', place), token, options);
}

/** Lax: the browser comes back with it from the identity provider's page. By itself it opens nothing. */
export function setAttemptCookie(reply: FastifyReply, place: ListeningPlace, token: string | null): void {
  const options = { path: '/', httpOnly: true, secure: isHttps(place), sameSite: 'lax' } as const;
  if (token === null) reply.clearCookie(nameOf('sign_in', place), options);
  else reply.setCookie(nameOf('sign_in', place), token, { ...options, maxAge: ATTEMPT_LASTS_MS / 1000 });
}

/** Says which browser began the authorization of an app at its target; the target's page leads back with it. */
export function authorizationSecretOf(request: FastifyRequest, place: ListeningPlace): string | undefined {
  const secret = request.cookies[nameOf('authorization', place)];
  return secret !== undefined && /^[\w-]{43}$/.test(secret) ? secret : undefined;
}

const AUTHORIZATION_LASTS_SECONDS = 15 * 60;

/** Lax, as above; one for all authorizations that are under way in this browser. */
export function setAuthorizationCookie(reply: FastifyReply, place: ListeningPlace, secret: string): void {
  const options = { path: '/', httpOnly: true, secure: isHttps(place), sameSite: 'lax' } as const;
  reply.setCookie(nameOf('authorization', place), secret, { ...options, maxAge: AUTHORIZATION_LASTS_SECONDS });
}
