import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import express from 'express';
import { type ReceivedRequest, type RequestCounts, RequestLog } from './request-log.ts';
import { type ScimRecord, ScimStore } from './scim-store.ts';
import { buildScimRouter, parseScimBody } from './serve-scim.ts';
import { type FaultAnswer, FaultSwitch, parseTargetFaults, type TargetFaults } from './target-faults.ts';

const scimPath = '/scim/v2';
const controlPath = '/_sandbox';
const defaultRequestLogSize = 20_000;
const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error';

export interface ScimTargetOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** The static bearer credential that every request, the control endpoints' included, has to carry. */
  token: string;
  /** Accepts further credentials, such as the access tokens of an authorization server. */
  checkAccess?: (authorization: string | undefined) => boolean | Promise<boolean>;
  latencyMs?: number;
  /** How many of the last requests are kept for `requests()`. */
  requestLogSize?: number;
  now?: () => Date;
}

export interface ScimTarget {
  /** The SCIM base URL, without a trailing slash. */
  url: string;
  port: number;
  /** Every account with its attributes, `id`, `meta` and groups: copies, straight from the store, behind SCIM's back. */
  accounts(): ScimRecord[];
  groups(): ScimRecord[];
  requests(): ReceivedRequest[];
  counts(): RequestCounts;
  setFaults(faults: TargetFaults): void;
  /** Closes at once, cutting requests that are under way. */
  stop(): Promise<void>;
}

/**
 * Starts a real third-party SCIM 2.0 server (SCIMMY on Express 4: on Express 5 its router ignores paging) with an in-memory store,
 * on loopback only: RFC 7643 Users with the enterprise extension, Groups, discovery, Bulk and `.search`.
 */
export async function startScimTarget(options: ScimTargetOptions): Promise<ScimTarget> {
  const now = options.now ?? (() => new Date());
  const store = new ScimStore(now);
  const log = new RequestLog(options.requestLogSize ?? defaultRequestLogSize, now);
  const faults = new FaultSwitch();
  const checkToken = (authorization: string | undefined) => authorization === `Bearer ${options.token}`;
  const checkAccess = async (authorization: string | undefined) =>
    checkToken(authorization) || ((await options.checkAccess?.(authorization)) ?? false);
  let url = '';

  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(controlPath, buildControl(checkToken, store, log, faults));
  app.use(scimPath, record(log), applyFaults(faults, options.latencyMs ?? 0), parseScimBody, keepBody);
  app.use(
    scimPath,
    buildScimRouter(store, checkAccess, () => url.slice(0, -scimPath.length)),
  );
  app.use((_request, response) => sendError(response, { status: 404, detail: `The SCIM base URL is ${url}` }));
  app.use(replyToUnreadableBody);

  const server = createServer(app);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}${scimPath}`;
  return {
    url,
    port,
    accounts: () => store.snapshot().accounts,
    groups: () => store.snapshot().groups,
    requests: () => log.list(),
    counts: () => log.counts(),
    setFaults: (wanted) => faults.set(parseTargetFaults(wanted)),
    stop: () => stopServer(server),
  };
}

type LoggedResponse = express.Response & { locals: { entry?: ReceivedRequest } };

function record(log: RequestLog): express.RequestHandler {
  return (request, response: LoggedResponse, next) => {
    const entry = log.begin(request.method, request.url);
    response.locals.entry = entry;
    response.on('finish', () => log.end(entry, response.statusCode));
    next();
  };
}

const keepBody: express.RequestHandler = (request, response: LoggedResponse, next) => {
  const entry = response.locals.entry;
  // SCIMMY changes a PatchOp's values while it applies them; the log keeps what came.
  if (entry && request.method !== 'GET' && request.method !== 'DELETE') entry.body = structuredClone(request.body);
  next();
};

function applyFaults(faults: FaultSwitch, latencyMs: number): express.RequestHandler {
  return async (request, response, next) => {
    const rule = faults.take(request.method, request.url);
    const waitMs = latencyMs + faults.delayMs;
    if (waitMs > 0) await delay(waitMs);
    if (rule === undefined) return next();
    if (!rule.afterApplying) return giveFaultAnswer(response, rule.answer);
    // The first byte that the server behind would send is taken as the sign that it has applied the request.
    const end = response.end.bind(response);
    response.end = (() => {
      response.end = end;
      giveFaultAnswer(response, rule.answer);
      return response;
    }) as typeof response.end;
    response.write = (() => true) as typeof response.write;
    next();
  };
}

function giveFaultAnswer(response: express.Response, answer: FaultAnswer): void {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (answer.retryAfter !== undefined) response.setHeader('Retry-After', String(answer.retryAfter));
  sendError(response, {
    status: answer.status,
    detail: answer.detail ?? `The sandbox was told to answer ${answer.status}`,
  });
}

function sendError(response: express.Response, error: { status: number; detail: string; scimType?: string }): void {
  const body = JSON.stringify({ schemas: [errorSchema], ...error, status: String(error.status) });
  response.removeHeader('Content-Length');
  response.writeHead(error.status, { 'Content-Type': 'application/scim+json' });
  response.end(body);
}

/** Bodies that are not JSON fail before SCIMMY sees them. */
const replyToUnreadableBody: express.ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error);
  const { status = 500, message = 'unknown error' } = error as { status?: number; message?: string };
  const scimType = status === 400 ? { scimType: 'invalidSyntax' } : {};
  sendError(response, { status, detail: `The request could not be read: ${message}`, ...scimType });
};

function buildControl(
  checkToken: (authorization: string | undefined) => boolean,
  store: ScimStore,
  log: RequestLog,
  faults: FaultSwitch,
): express.Router {
  const router = express.Router();
  router.use((request, response, next) => {
    if (checkToken(request.header('authorization'))) return next();
    sendError(response, { status: 401, detail: "The control endpoints take the target's bearer credential" });
  });
  router.get('/accounts', (_request, response) => void response.json(store.snapshot().accounts));
  router.get('/groups', (_request, response) => void response.json(store.snapshot().groups));
  router.get('/requests', (_request, response) => void response.json(log.list()));
  router.get('/counts', (_request, response) => void response.json(log.counts()));
  router.put('/faults', express.json(), (request, response) => {
    try {
      faults.set(parseTargetFaults(request.body));
      response.status(204).end();
    } catch (error) {
      sendError(response, { status: 400, detail: (error as Error).message });
    }
  });
  return router;
}

async function stopServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
