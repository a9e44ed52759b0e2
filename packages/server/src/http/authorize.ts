import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Authentication, includesScope, type RefusedCredential } from '../access/index.ts';
import { Refusal } from '../refusal.ts';
import { RefusalWithHeaders } from './error-reply.ts';
import type { RouteScope } from './http-app.ts';

const WHY: Record<RefusedCredential, string> = {
  missing: 'The request has no key. Send it as "Authorization: Bearer ush_…".',
  malformed: 'The Authorization header is not of the form "Bearer ush_…".',
  unknown: 'The key is not known here. Check that it was copied whole and belongs to this server.',
  expired: 'The key has expired. Make a new one.',
  revoked: 'The key was revoked. Make a new one.',
};

/**
 * Lets a request through by the scope of the route that was matched. The URL's text decides nothing, so that no way of writing
 * it goes around; a route without a scope is refused.
 */
export async function authorize(request: FastifyRequest, _reply: FastifyReply): Promise<void> {
  if (request.is404) return;
  const scope = request.routeOptions.config.scope as RouteScope | undefined;
  if (scope === 'none') return;
  const found = await request.server.access.authenticate(
    request.headers.authorization,
    request.socket.remoteAddress ?? '',
  );
  if (found.kind !== 'caller') throw buildRefusal(found);
  request.caller = found.caller;
  if (scope === 'any') return;
  if (scope === undefined || !includesScope(found.caller.scopes, scope)) {
    throw new Refusal(
      'forbidden',
      `The key "${found.caller.name}" lacks the scope ${scope ?? 'of this route'}. Use a key that has it.`,
    );
  }
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
