import type { ConnectorError } from '@usher/connector-sdk';
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { type FetchNotes, ForeignOriginError } from './bound-fetch.ts';

/**
 * What came of a request to a token endpoint that gave no tokens:
 * - `not sent`: nothing of it left, so nothing was spent
 * - `unknown`: it may have been done; what it spent may be spent
 * - `busy`: answered without being done, to be tried again
 * - `grant refused`: the refresh token, code or assertion is not taken
 * - `consumer refused`: Usher itself is not known there, or its secret is wrong; nothing was spent
 * - `refused`: anything else that trying again does not change
 */
export interface TokenFailure {
  readonly kind: 'not sent' | 'unknown' | 'busy' | 'grant refused' | 'consumer refused' | 'refused';
  /** A whole sentence. */
  readonly message: string;
  readonly status?: number | undefined;
  /** The target's own error code and words, shortened. */
  readonly code?: string | undefined;
  readonly targetSaid?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

const GRANT_ERRORS = new Set(['invalid_grant', 'invalid_token', 'expired_token']);
const CONSUMER_ERRORS = new Set(['invalid_client', 'unauthorized_client', 'invalid_client_metadata']);
const BUSY_ERRORS = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);

/** Judges what an OAuth library threw, by what was seen of the request rather than by words. */
export function classifyTokenFailure(error: unknown, { answer, failure }: FetchNotes, host: string): TokenFailure {
  if (error instanceof ForeignOriginError) return { kind: 'not sent', message: error.message };
  if (failure) return classifyTransportFailure(failure, host);
  if (error instanceof ResponseBodyError || error instanceof AuthorizationResponseError) {
    return classifyOAuthError(error, answer, host);
  }
  if (!answer) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'not sent', message: `The request to ${host} was not made: ${message.slice(0, 300)}.` };
  }
  return classifyOddAnswer(error, answer, host);
}

function classifyTransportFailure(failure: ConnectorError, host: string): TokenFailure {
  const { kind, message, status } = failure;
  if (kind === 'ambiguous') {
    const what = message.replace(/ The change may have been made.*$/, '');
    return { kind: 'unknown', message: `${what} Whether ${host} did what was asked is not known.`, status };
  }
  return { kind: 'not sent', message, status };
}

function classifyOAuthError(
  error: ResponseBodyError | AuthorizationResponseError,
  answer: FetchNotes['answer'],
  host: string,
): TokenFailure {
  const code = cut(error.error, 100);
  const targetSaid = error.error_description === undefined ? code : `${code}: ${cut(error.error_description, 500)}`;
  const status = error instanceof ResponseBodyError ? error.status : undefined;
  const told = { status, code, targetSaid, retryAfterMs: answer?.retryAfterMs };
  if (BUSY_ERRORS.has(code) || (status !== undefined && (status >= 500 || status === 429))) {
    return { kind: 'busy', message: `${host} is busy (${status ?? code}).`, ...told };
  }
  if (GRANT_ERRORS.has(code))
    return { kind: 'grant refused', message: `${host} no longer takes it (${code}).`, ...told };
  if (CONSUMER_ERRORS.has(code) || status === 401) {
    return {
      kind: 'consumer refused',
      message: `${host} does not take the consumer key or its secret (${code}).`,
      ...told,
    };
  }
  return { kind: 'refused', message: `${host} refuses it (${code}).`, ...told };
}

/** An answer that is no OAuth error. A good status with an unreadable body means that it was done. */
function classifyOddAnswer(error: unknown, answer: NonNullable<FetchNotes['answer']>, host: string): TokenFailure {
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) {
    const why = error instanceof UnusableAnswerError ? error.message : describeOddity(error);
    return { kind: 'unknown', message: `${host} answered ${status}, and its answer cannot be used: ${why}.`, status };
  }
  if (status === 429 || status >= 500)
    return { kind: 'busy', message: `${host} answered ${status}.`, status, retryAfterMs };
  if (status >= 300 && status < 400) {
    const message = `${host} answered ${status} and points elsewhere; nothing is sent there.`;
    return { kind: 'refused', message, status };
  }
  const kind = status === 401 ? 'consumer refused' : 'refused';
  return { kind, message: `${host} answered ${status} without saying why.`, status };
}

function describeOddity(error: unknown): string {
  if (!(error instanceof ClientError)) return 'it is not what the protocol says';
  if (error.code === 'OAUTH_JWT_CLAIM_COMPARISON_FAILED') return 'a claim of its ID token is not what was asked for';
  if (error.code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') return 'its ID token has expired or is from the future';
  if (error.code === 'OAUTH_RESPONSE_IS_NOT_JSON') return 'it is not JSON';
  return 'it is not what the protocol says';
}

/** A good answer whose content Usher refuses. */
export class UnusableAnswerError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'UnusableAnswerError';
  }
}

/** Printable, and short: it goes to logs and pages. */
function cut(text: unknown, most: number): string {
  return String(text)
    .replace(/[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]/g, ' ')
    .slice(0, most);
}
