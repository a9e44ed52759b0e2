import { ConnectorError } from '@usher/connector-sdk';
import { Pool } from 'undici';
import { type BaseUrl, parseBaseUrl } from './base-url.ts';
import { type CallFailure, dispatchCall } from './call.ts';
import { buildCallError, buildUnfinishedError, type CallErrorContext, describeDecodeProblem } from './call-error.ts';
import { type ClientCertificate, createGuardedConnect, type ResolveHost } from './guarded-connect.ts';
import type { NetworkPolicy } from './network-policy.ts';
import { decompressBody } from './response-body.ts';
import { DEFAULT_LIMITS, type TransportLimits } from './transport-options.ts';

export interface GuardedFetchOptions {
  readonly policy: NetworkPolicy;
  readonly version: string;
  readonly extraCa?: string | undefined;
  readonly clientCertificate?: ClientCertificate | undefined;
  readonly limits?: Partial<TransportLimits> | undefined;
  readonly resolve?: ResolveHost | undefined;
}

export interface FetchInit {
  readonly method?: string;
  readonly headers?: Headers | Record<string, string> | [string, string][] | undefined;
  readonly body?: string | URLSearchParams | Uint8Array | null | undefined;
  readonly signal?: AbortSignal | null | undefined;
}

export type GuardedFetch = (url: string | URL, init?: FetchInit) => Promise<Response>;

// Token endpoints, metadata and key sets are small.
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * A `fetch` for libraries that bring their own requests, such as an OAuth client's: the same guard and limits as a
 * target's, no redirect followed, no connection kept. Rejects with a ConnectorError, whose kind says whether a request
 * that spends something, such as a refresh token, may have arrived.
 */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const limits = { ...DEFAULT_LIMITS, maxBodyBytes: MAX_BODY_BYTES, ...options.limits };
  return async (input, init = {}) => {
    const parsed = parseBaseUrl(String(input), options.policy);
    if (!parsed.ok) throw new ConnectorError('invalid_request', `${parsed.message} ${parsed.fix}`);
    const { baseUrl } = parsed;
    const pool = openPool(baseUrl, options, limits);
    try {
      return await fetchOnce(pool, baseUrl, init, limits, options.version);
    } finally {
      // Not awaited: what is broken must not be waited for.
      void pool.destroy();
    }
  };
}

function openPool(baseUrl: BaseUrl, options: GuardedFetchOptions, limits: TransportLimits): Pool {
  const { policy, extraCa, clientCertificate, resolve } = options;
  const connectTimeoutMs = limits.connectMs;
  return new Pool(baseUrl.origin, {
    connections: 1,
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.bodyIdleMs,
    maxHeaderSize: limits.maxHeaderBytes,
    connect: createGuardedConnect(baseUrl, { policy, extraCa, clientCertificate, resolve, connectTimeoutMs }),
  });
}

async function fetchOnce(
  pool: Pool,
  baseUrl: BaseUrl,
  init: FetchInit,
  limits: TransportLimits,
  version: string,
): Promise<Response> {
  const method = (init.method ?? 'GET').toUpperCase();
  const effect = method === 'GET' ? 'read' : 'write';
  const context: CallErrorContext = { ...limits, host: baseUrl.hostname, effect, concurrency: 1 };
  const headers = Object.fromEntries(new Headers(init.headers));
  headers['user-agent'] ??= `usher/${version}`;
  const body = init.body instanceof URLSearchParams ? init.body.toString() : (init.body ?? null);
  if (init.body instanceof URLSearchParams)
    headers['content-type'] ??= 'application/x-www-form-urlencoded;charset=UTF-8';
  const path = baseUrl.query === '' ? baseUrl.path : `${baseUrl.path}?${baseUrl.query}`;

  const request = { path, method, headers, body } as Parameters<typeof pool.dispatch>[0];
  const answer = await dispatchCall(pool, request, limits, { signal: init.signal ?? undefined }).catch(
    (failure: CallFailure) => {
      throw buildCallError(failure, context);
    },
  );
  const encoding = answer.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  let { bytes } = answer;
  if (encoding !== 'identity' && encoding !== '') {
    const decoded = await decompressBody(bytes, encoding, limits.maxBodyBytes);
    if (!decoded.ok) throw buildUnfinishedError(describeDecodeProblem(decoded.problem, context), effect, answer.status);
    bytes = decoded.bytes;
    delete answer.headers['content-encoding'];
    delete answer.headers['content-length'];
  }
  const isBodiless = answer.status === 204 || answer.status === 205 || answer.status === 304;
  const payload = isBodiless ? null : new Uint8Array(bytes);
  return new Response(payload, { status: answer.status, headers: answer.headers });
}
