import type { AppCommand } from '../apps/index.ts';
import { assertRevision, requireIfMatch } from './entity-tag.ts';
import type { HttpRequest } from './http-app.ts';

/** Whoever sends the request changes this app, if it is still at the revision that If-Match names. */
export function commandOf(request: HttpRequest & { params: { app: string } }): AppCommand {
  // A route that demands If-Match has refused a request without it before.
  const expected = request.headers['if-match'] === undefined ? 'any' : requireIfMatch(request);
  return {
    actor: request.actor,
    app: request.params.app,
    checkRevision: (current) => assertRevision(expected, current),
  };
}
