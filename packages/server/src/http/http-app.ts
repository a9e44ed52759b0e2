import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Access, Caller, Scope } from '../access/index.ts';
import type { Actor } from '../audit/index.ts';

/**
 * What a route asks of the caller. `any` takes every valid key and session; `session` a person who is signed in, also one who has yet
 * to set up a second factor; `none` lets everybody in, and is for what tells nothing about anybody, or looks at a secret in the
 * request by itself.
 */
export type RouteScope = Scope | 'any' | 'session' | 'none';

export type HttpApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;
export type HttpRequest = FastifyRequest;
export type HttpReply = FastifyReply;

/**
 * The routes of one subject, in one file, made by a function that takes what they need:
 * `directoryRoutes(ground): RouteFamily`. Paths are relative to `/api/v1`.
 * Each route declares `config.scope`; a route without it stops the start of the server.
 */
export type RouteFamily = (app: HttpApp) => void | Promise<void>;

/** Media types of request bodies. A `text/csv` body reaches the handler as a stream in `request.body`. */
export type BodyType = 'application/json' | 'text/csv';

declare module 'fastify' {
  interface FastifyContextConfig {
    scope: RouteScope;
    /** Media type of the request's body where it is not JSON. */
    consumes?: BodyType;
    /** The change needs If-Match: refused without it, and documented so. The handler compares it by `requireIfMatch`. */
    ifMatch?: boolean;
    /** A change of scope `none` that other sites may ask for; without it, it must come from a page of ours. */
    crossSite?: boolean;
  }
  interface FastifyRequest {
    /** Null on routes of scope `none`. */
    caller: Caller | null;
    /** Who makes the change. Throws on routes of scope `none`. */
    readonly actor: Actor;
  }
  interface FastifyInstance {
    access: Access;
    /** Aborted when the server begins to stop, for answers that last. */
    stopping: AbortSignal;
  }
}
