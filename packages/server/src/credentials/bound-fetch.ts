import { ConnectorError } from '@usher/connector-sdk';
import { type ClientCertificate, createGuardedFetch, type FetchInit, type GuardedFetch } from '../transport/index.ts';
import type { CredentialGround } from './credential-ground.ts';

/** What was seen of the requests of one undertaking. */
export interface FetchNotes {
  /** The last answer, if one came. */
  answer: { status: number; retryAfterMs: number | undefined; skewMs: number | undefined } | undefined;
  /** The transport's own error, if none came. */
  failure: ConnectorError | undefined;
}

export interface BoundFetchOptions {
  readonly origins: readonly string[];
  readonly clientCertificate?: ClientCertificate | undefined;
  readonly extraCa?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly totalMs?: number | undefined;
}

/** A request was about to leave for an origin that nobody entered. */
export class ForeignOriginError extends Error {
  readonly origin: string;
  constructor(origin: string) {
    super(`${origin} is not among the origins of this app, so nothing was sent there.`);
    this.name = 'ForeignOriginError';
    this.origin = origin;
  }
}

/** The guarded fetch, bound to the app's own origins: what would go elsewhere is not sent, whoever asked for it. */
export function createBoundFetch(
  ground: Pick<CredentialGround, 'networkPolicy' | 'version' | 'resolve' | 'clock'>,
  options: BoundFetchOptions,
): { fetch: GuardedFetch; notes: FetchNotes } {
  const { networkPolicy: policy, version, resolve, clock } = ground;
  const { clientCertificate, extraCa, totalMs } = options;
  const limits = totalMs === undefined ? {} : { totalMs, headersMs: totalMs };
  const send = createGuardedFetch({ policy, version, resolve, clientCertificate, extraCa, limits });
  const notes: FetchNotes = { answer: undefined, failure: undefined };
  const boundFetch: GuardedFetch = async (url, init: FetchInit = {}) => {
    const { origin } = new URL(url);
    if (!options.origins.includes(origin)) throw new ForeignOriginError(origin);
    notes.answer = undefined;
    notes.failure = undefined;
    try {
      const response = await send(url, { ...init, signal: options.signal ?? init.signal ?? null });
      const now = clock.now().getTime();
      notes.answer = {
        status: response.status,
        retryAfterMs: readRetryAfter(response.headers.get('retry-after'), now),
        skewMs: readSkew(response.headers.get('date'), now),
      };
      return response;
    } catch (error) {
      if (error instanceof ConnectorError) notes.failure = error;
      throw error;
    }
  };
  return { fetch: boundFetch, notes };
}

/** By how much the other clock is ahead of ours. */
function readSkew(date: string | null, nowMs: number): number | undefined {
  const theirs = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(theirs) ? undefined : theirs - nowMs;
}

/** RFC 9110 section 10.2.3: seconds or a date. */
function readRetryAfter(text: string | null, nowMs: number): number | undefined {
  if (text === null) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
