import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { Refusal } from '../refusal.ts';
import type { ConsoleFiles } from './console-files.ts';
import { RefusalWithHeaders } from './error-reply.ts';

/** A page of the console, whose paths are its own; else 404, or 405 with the methods that the path has. */
export function buildNotFoundHandler(routes: readonly RouteOptions[], files: ConsoleFiles) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (await files.sendPage(request, reply)) return reply;
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = new Set(routes.filter((route) => matches(route.url, path)).flatMap((route) => route.method));
    if (methods.size > 0 && !methods.has(request.method)) {
      const allow = [...methods].sort().join(', ');
      throw new RefusalWithHeaders('method_not_allowed', `This path takes ${allow}, not ${request.method}.`, [], {
        allow,
      });
    }
    throw new Refusal(
      'not_found',
      `There is no route ${request.method} ${path.slice(0, 200)}. The routes are listed at /api/docs.`,
    );
  };
}

function matches(pattern: string, path: string): boolean {
  const parts = pattern.split('/');
  const given = path.split('/');
  if (parts.at(-1) !== '*' && parts.length !== given.length) return false;
  return parts.every(
    (part, index) => part === '*' || (part.startsWith(':') ? given[index] !== '' : part === given[index]),
  );
}
