import type { AttributeValue } from './accounts.ts';
import { ConnectorError, type ConnectorErrorKind } from './connector-error.ts';
import type { HttpRequest, HttpResponse } from './transport.ts';

/** A target that names a longer wait is waited for this long, then asked again. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;
const LONGEST_DETAIL = 500;

/**
 * The error for an answer that is not a success, by its status alone (RFC 9110 §15), as most JSON APIs mean it:
 * 401 and 403 `unauthorized`, 404 and 410 `not_found`, 405, 415 and 501 `unsupported`, 409 `already_exists`, 412
 * `precondition_failed`, 429 `rate_limited`, other 4xx `invalid_request`, 503 and redirects `transient`, other 5xx
 * `transient` for a read and `ambiguous` for a write. Give `kind` where your target means something else. `now` is
 * `ctx.now()`, for a `Retry-After` that is a date. The detail is the target's own text, shortened.
 */
export function buildHttpError(
  request: HttpRequest,
  response: HttpResponse,
  now: Date,
  kind: ConnectorErrorKind = classifyHttpStatus(response.status, request.effect),
): ConnectorError {
  const path = request.path.split('?', 1)[0];
  const message = `${request.method} ${path} was answered with ${response.status}: ${explain(kind)}`;
  const waits = kind === 'rate_limited' || kind === 'transient' || kind === 'ambiguous';
  return new ConnectorError(kind, message, {
    status: response.status,
    retryAfterMs: waits ? parseRetryAfter(response.headers['retry-after'], now) : undefined,
    detail: readDetail(response.body),
  });
}

/**
 * The JSON of an answer. Throws a {@link ConnectorError} when it is none: `ambiguous` after a write, for the target may
 * have done it, else `transient`, for a proxy's page in between is the usual cause. An empty body is `undefined`.
 */
export function parseJsonBody(request: HttpRequest, response: HttpResponse): AttributeValue | undefined {
  if (response.body.trim() === '') return undefined;
  try {
    return JSON.parse(response.body) as AttributeValue;
  } catch {
    const path = request.path.split('?', 1)[0];
    throw new ConnectorError(
      request.effect === 'write' ? 'ambiguous' : 'transient',
      `${request.method} ${path} was answered with ${response.status} and something that is not JSON. Check the base URL.`,
      { status: response.status, detail: readDetail(response.body) },
    );
  }
}

/** What a status means for a request with this effect; see {@link buildHttpError}. Total: every number has a kind. */
export function classifyHttpStatus(status: number, effect: HttpRequest['effect']): ConnectorErrorKind {
  switch (status) {
    case 401:
    case 403:
    case 407:
      return 'unauthorized';
    case 404:
    case 410:
      return 'not_found';
    case 405:
    case 415:
    case 501:
      return 'unsupported';
    case 409:
      return 'already_exists';
    case 412:
      return 'precondition_failed';
    case 429:
      return 'rate_limited';
    case 408:
    case 503:
      return 'transient';
  }
  if (status >= 400 && status < 500) return 'invalid_request';
  // A success that the caller did not expect: whether it did anything is unknown.
  if (status >= 500 || status < 300) return effect === 'write' ? 'ambiguous' : 'transient';
  return 'transient';
}

function explain(kind: ConnectorErrorKind): string {
  switch (kind) {
    case 'unauthorized':
      return 'the credential is not accepted, or not allowed to do this. Renew it, or give it the right.';
    case 'not_found':
      return 'there is no such account at the target.';
    case 'already_exists':
      return 'an account with one of these unique values exists already.';
    case 'precondition_failed':
      return 'the account was changed by somebody else since it was read.';
    case 'rate_limited':
      return 'the target asks for fewer requests. Nothing was changed; it is tried again later.';
    case 'unsupported':
      return 'the target does not support this request.';
    case 'transient':
      return 'the target is not able to answer now.';
    case 'invalid_request':
      return 'the target refuses these values.';
    case 'partially_created':
      return 'the account exists, but is not complete.';
    case 'ambiguous':
      return 'the target failed, and may have made the change or not.';
  }
}

/** `Retry-After` as seconds or HTTP-date (RFC 9110 §10.2.3), in milliseconds from `now`; `undefined` when unreadable. */
function parseRetryAfter(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const waitMs = /^\d{1,12}$/.test(text)
    ? Number(text) * 1000
    : /^[a-z]{3}/i.test(text) && text.length < 60
      ? Date.parse(text) - now.getTime()
      : Number.NaN;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), LONGEST_WAIT_MS);
}

/** What the target said, on one line without mark-up and control characters; a JSON error's own message when it has one. */
function readDetail(body: string): string | undefined {
  const text = (findMessage(body) ?? body)
    .slice(0, 4000)
    .replace(/<[^<>]{0,2000}>/g, ' ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, ' ')
    .trim();
  if (text === '') return undefined;
  return text.length > LONGEST_DETAIL ? `${text.slice(0, LONGEST_DETAIL)}…` : text;
}

function findMessage(body: string): string | undefined {
  if (body.length > 100_000 || !body.trimStart().startsWith('{')) return undefined;
  try {
    const found = JSON.parse(body) as Record<string, unknown>;
    const error = typeof found['error'] === 'object' && found['error'] !== null ? found['error'] : found;
    for (const name of ['message', 'detail', 'description', 'error_description', 'title', 'error']) {
      const value = (error as Record<string, unknown>)[name];
      if (typeof value === 'string' && value !== '') return value;
    }
  } catch {
    // Not JSON: the text itself is the detail.
  }
  return undefined;
}
