import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Authentication, type Caller, includesScope, type RefusedCredential } from '../access/index.ts';
import { Refusal } from '../refusal.ts';
import type { ListeningPlace } from './check-host.ts';
import { assertCsrfToken, assertSameSite } from './check-same-site.ts';
import { RefusalWithHeaders } from './error-reply.ts';
import type { RouteScope } from './http-app.ts';
import { ownOriginOf, sessionTokenOf } from './session-cookies.ts';

const WHY: Record<RefusedCredential, string> = {
  missing: 'The request has no key. Send it as "Authorization: Bearer ush_…", or sign in to the console.',
  malformed: 'The Authorization header is not of the form "Bearer ush_…".',
  unknown: 'The key is not known here. Check that it was copied whole and belongs to this server.',
  expired: 'The key has expired. Make a new one.',
  revoked: 'The key was revoked, or its owner is disabled. Make a new one.',
  'signed out': 'The session has ended. Sign in again.',
};

/**
 * Lets a request through by the scope of the route that was matched. The URL's text decides nothing, so that no way of writing
 * it goes around; a route without a scope is refused. A key that was sent is what counts: a session never stands in for one that
 * is not good.
 */
export function buildAuthorize(place: ListeningPlace) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    if (request.is404) return;
    const { scope, crossSite } = request.routeOptions.config as { scope?: RouteScope; crossSite?: boolean };
    if (scope === 'none') {
      if (!crossSite) assertSameSite(request, ownOriginOf(request, place));
      return;
    }
    const found = await authenticate(request, place);
    if (found.kind !== 'caller') throw buildRefusal(found);
    request.caller = completeActor(request, found.caller);
    assertScope(found.caller, scope);
  };
}

async function authenticate(request: FastifyRequest, place: ListeningPlace): Promise<Authentication> {
  const { access } = request.server;
  const address = request.socket.remoteAddress ?? '';
  const token = sessionTokenOf(request, place);
  if (request.headers.authorization !== undefined || token === undefined) {
    return await access.authenticate(request.headers.authorization, address);
  }
  assertSameSite(request, ownOriginOf(request, place));
  const found = await access.authenticateSession(token, address);
  if (found.kind === 'caller') assertCsrfToken(request, token);
  return found;
}

function assertScope(caller: Caller, scope: Exclude<RouteScope, 'none'> | undefined): void {
  const who = caller.kind === 'key' ? `The key "${caller.name}"` : caller.name;
  if (scope === 'session') {
    if (caller.signedIn) return;
    throw new Refusal('forbidden', 'This route is for people who are signed in; a key cannot use it. Sign in first.');
  }
  if (caller.signedIn?.stage === 'enrolling') {
    throw new Refusal('forbidden', 'Set up a second factor first: a passkey or an authenticator app.');
  }
  if (scope === 'any') return;
  if (scope === undefined || !includesScope(caller.scopes, scope)) {
    const fix = caller.kind === 'key' ? 'Use a key that has it.' : 'Ask an administrator for another role.';
    throw new Refusal('forbidden', `${who} lacks the scope ${scope ?? 'of this route'}. ${fix}`);
  }
}

/** With what the audit tells of a change beside who made it. */
function completeActor(request: FastifyRequest, caller: Caller): Caller {
  const userAgent = request.headers['user-agent']?.slice(0, 300);
  const isCommandLine = caller.kind === 'key' && userAgent?.startsWith('usher-cli/');
  const actor = {
    ...caller.actor,
    ...(isCommandLine ? { through: 'command line' as const } : {}),
    userAgent,
    requestId: request.id,
    reason: parseReason(request.headers['x-usher-reason']),
  };
  return { ...caller, actor };
}

const LONGEST_REASON = 1000;

/** Why the caller does it, for routes that do not ask: percent-encoded, for headers hold ASCII only. */
function parseReason(header: string | string[] | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  const fix = 'Send the reason percent-encoded as UTF-8, of at most 1000 characters, without control characters.';
  try {
    const reason = decodeURIComponent(String(header)).trim();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    if (reason !== '' && reason.length <= LONGEST_REASON && !/[\u0000-\u001f\u007f]/.test(reason)) return reason;
  } catch {
    // Told below, as any other fault of it.
  }
  throw new Refusal('invalid_request', `The header x-usher-reason cannot be read. ${fix}`, [
    { field: 'header.x-usher-reason', problem: 'cannot be read', fix },
  ]);
}

function buildRefusal(found: Exclude<Authentication, { kind: 'caller' }>): Refusal {
  if (found.kind === 'refused') return new Refusal('unauthenticated', WHY[found.why]);
  return new RefusalWithHeaders(
    'rate_limited',
    `Too many wrong keys came from this address. Wait ${found.retryAfterSeconds} seconds.`,
    [],
    { 'retry-after': String(found.retryAfterSeconds) },
  );
}
