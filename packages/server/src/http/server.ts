import cookie from '@fastify/cookie';
import { fastify, LogController, type RouteOptions } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Access } from '../access/index.ts';
import type { Ground } from '../ground.ts';
import { Refusal } from '../refusal.ts';
import { registerApiDescription } from './api-description.ts';
import { auditRoutes } from './audit-routes.ts';
import { buildAuthorize } from './authorize.ts';
import { isHostAllowed, type ListeningPlace } from './check-host.ts';
import { assertRoutesAreSafe } from './check-routes.ts';
import { CONSOLE_DIR, registerConsoleFiles } from './console-files.ts';
import { requireIfMatch } from './entity-tag.ts';
import { buildProblem, PROBLEM_TYPE, sendError } from './error-reply.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import { keyRoutes } from './key-routes.ts';
import { measureRequests } from './measure-requests.ts';
import { type ReadinessCheck, registerProbeRoutes } from './probe-routes.ts';
import { databaseChecks } from './readiness.ts';
import { checkContentType, checkNoBody, setBodyParsers } from './request-body.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { buildNotFoundHandler } from './unknown-route.ts';
import { validateWithZod } from './validate-request.ts';

export interface HttpServerOptions {
  readonly ground: Ground;
  readonly access: Access;
  /** Under `/api/v1`. */
  readonly routes: readonly RouteFamily[];
  /** At the root: addresses that are registered elsewhere, such as callback URLs. */
  readonly rootRoutes?: readonly RouteFamily[];
  readonly place: ListeningPlace;
  /** The folder of the console's build; its own, unless given. */
  readonly consoleDir?: string;
  /** What must be so before `/readyz` says yes, beside the database. */
  readonly readiness?: readonly ReadinessCheck[];
  /** Whether `/metrics` asks for a key with the scope metrics:read. */
  readonly metricsNeedKey?: boolean;
  /** Metrics of the other parts; the server adds its own. */
  readonly metrics?: Registry;
}

const BODY_LIMIT_BYTES = 1_048_576;

/** The server with its routes, not listening yet. */
export async function buildHttpServer(options: HttpServerOptions): Promise<HttpApp> {
  const { ground, access, place } = options;
  const app = createApp(options);
  const routes: RouteOptions[] = [];
  const stopping = new AbortController();
  app.decorate('access', access);
  app.decorate('stopping', stopping.signal);
  app.decorateRequest('caller', null);
  app.decorateRequest('actor', {
    getter() {
      if (!this.caller) throw new Error(`${this.routeOptions.url} asked for the actor on a route of scope "none"`);
      return this.caller.actor;
    },
  });
  app.setValidatorCompiler(validateWithZod);
  app.setSerializerCompiler(serializerCompiler);
  setBodyParsers(app as never);
  app.addHook('onRoute', (route) => void routes.push(route));
  app.addHook('onReady', async () => assertRoutesAreSafe(routes));
  app.addHook('preClose', async () => stopping.abort());

  const https = place.publicUrl?.startsWith('https:') ?? false;
  await app.register(cookie as never);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    setSecurityHeaders(reply, { https });
    if (!isHostAllowed(request.headers.host, place)) throw refuseHost(request.headers.host);
  });
  app.addHook('onRequest', buildAuthorize(place));
  app.addHook('preParsing', checkContentType);
  app.addHook('preValidation', checkNoBody);
  app.addHook('preValidation', async (request) => {
    if (request.routeOptions.config.ifMatch) requireIfMatch(request);
  });
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply));
  const files = await registerConsoleFiles(app, options.consoleDir ?? CONSOLE_DIR);
  app.setNotFoundHandler(buildNotFoundHandler(routes, files));

  const metrics = options.metrics ?? new Registry();
  collectDefaultMetrics({ register: metrics });
  measureRequests(app, metrics);
  await registerApiDescription(app, routes);
  registerProbeRoutes(app, ground, [...databaseChecks(ground), ...(options.readiness ?? [])], metrics, {
    metricsNeedKey: options.metricsNeedKey ?? false,
  });
  await app.register(
    async (api) => {
      for (const family of [keyRoutes(ground), auditRoutes(ground), ...options.routes])
        await api.register(async (scope) => family(scope as HttpApp));
    },
    { prefix: '/api/v1' },
  );
  for (const family of options.rootRoutes ?? []) await app.register(async (scope) => family(scope as HttpApp));
  ground.log.debug({ routes: routes.length }, 'Built the HTTP server');
  return app;
}

function createApp({ ground, place }: HttpServerOptions): HttpApp {
  const https = place.publicUrl?.startsWith('https:') ?? false;
  const app = fastify({
    loggerInstance: ground.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: BODY_LIMIT_BYTES,
    // A header never decides where a request comes from, nor its id.
    trustProxy: false,
    requestIdHeader: false,
    genReqId: () => ground.clock.uuid(),
    // Time to receive a whole request, for one who sends a byte a second.
    requestTimeout: 300_000,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      maxParamLength: 500,
    },
    frameworkErrors: (error, request, reply) => {
      setSecurityHeaders(reply as never, { https });
      sendError(error, request as never, reply as never);
    },
    clientErrorHandler: (error, socket) => {
      if (socket.destroyed || !socket.writable) return;
      const code = error.code === 'HPE_HEADER_OVERFLOW' ? 'too_large' : 'invalid_request';
      const detail = code === 'too_large' ? 'The headers are larger than 16 KiB.' : 'The request is not valid HTTP.';
      const body = JSON.stringify(buildProblem(code, detail, [], ground.clock.uuid()));
      const status = code === 'too_large' ? '431 Request Header Fields Too Large' : '400 Bad Request';
      socket.end(
        `HTTP/1.1 ${status}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
      );
    },
  });
  return app as unknown as HttpApp;
}

function refuseHost(host: string | undefined): Refusal {
  const problem = `is ${JSON.stringify((host ?? '').slice(0, 100))}, a name that this server is not reached at`;
  return new Refusal('invalid_request', `Host ${problem}.`, [
    {
      field: 'header.host',
      problem,
      fix: 'Use its loopback address, or set USHER_PUBLIC_URL to the address that people use.',
    },
  ]);
}
