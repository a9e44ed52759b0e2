import { isObject, type JsonObject, type JsonValue, readKey } from './json.ts';
import { parseRetryAfter } from './retry-after.ts';
import { ScimError, type ScimErrorKind } from './scim-error.ts';
import type { ScimRequest, ScimResponse } from './transport.ts';

/** A body as far as it can be read: targets answer writes without one, and errors with HTML. */
export type AnswerBody = { form: 'none' } | { form: 'json'; value: JsonValue } | { form: 'unreadable' };

/** What an error answer says, in SCIM 2.0's, SCIM 1.1's or any vendor's form; all of it optional. */
export interface ErrorAnswer {
  scimType: string | undefined;
  detail: string | undefined;
}

/** What the status is judged by, besides itself. */
export interface ClassifiedCall {
  status: number;
  scimType: string | undefined;
  effect: 'read' | 'write';
  /** The request made something (POST to an endpoint). */
  creates: boolean;
  /** The path names one SCIM resource, so that 404 is about it and not about the endpoint. */
  addressed: boolean;
  /** The answer names a time to wait. */
  waits: boolean;
}

const detailLimit = 500;

export function parseBody(response: ScimResponse): AnswerBody {
  const text = typeof response.body === 'string' ? response.body.replace(/^\uFEFF/, '') : '';
  if (text.trim() === '') return { form: 'none' };
  try {
    return { form: 'json', value: JSON.parse(text) as JsonValue };
  } catch {
    return { form: 'unreadable' };
  }
}

/**
 * The kind of a failed call, from status and protocol codes alone. A write answered with 500, 502, 504 or an unknown
 * status is `ambiguous`: a gateway that gave up does not know what the target behind it did. 503 and 429 are answers
 * of somebody who did not do it.
 */
export function classifyStatus({ status, scimType, effect, creates, addressed, waits }: ClassifiedCall): ScimErrorKind {
  const type = scimType?.toLowerCase();
  if (status === 429) return 'rate_limited';
  // GitHub's secondary rate limits are 403 with Retry-After.
  if (status === 403 && waits) return 'rate_limited';
  if (status === 401 || status === 403) return 'unauthorized';
  if (type === 'uniqueness' && status >= 400 && status < 500) return 'already_exists';
  if (status === 404) return addressed ? 'not_found' : 'unsupported';
  if (status === 410) return addressed ? 'not_found' : 'unsupported';
  if (status === 409) return creates ? 'already_exists' : 'invalid_request';
  if (status === 412 || status === 428) return 'precondition_failed';
  if (status === 405 || status === 501 || status === 415 || status === 505) return 'unsupported';
  if (status === 408 || status === 423 || status === 425 || status === 503) return 'transient';
  if (status >= 400 && status < 500) return 'invalid_request';
  return effect === 'write' && !(status >= 300 && status < 400) ? 'ambiguous' : 'transient';
}

/** Reads an error body: RFC 7644 §3.12, SCIM 1.1's `Errors[]`, an array, other JSON, HTML, text. Never throws. */
export function parseErrorAnswer(response: ScimResponse): ErrorAnswer {
  const body = parseBody(response);
  if (body.form === 'none') return { scimType: undefined, detail: undefined };
  if (body.form === 'unreadable') return { scimType: undefined, detail: readText(response.body) };
  const errors = isObject(body.value) ? readKey(body.value, 'Errors') : body.value;
  const first = Array.isArray(errors) ? errors.find(isObject) : undefined;
  const error = first ?? (isObject(body.value) ? body.value : undefined);
  if (error === undefined) return { scimType: undefined, detail: readText(response.body) };
  const scimType = readKey(error, 'scimType');
  return {
    scimType: typeof scimType === 'string' && /^\w{1,40}$/.test(scimType) ? scimType : undefined,
    detail: readDetail(error) ?? readText(response.body),
  };
}

/** The error for an answer that is not a success. Its message names the call and the remedy, its detail is the target's. */
export function buildAnswerError(
  request: ScimRequest,
  response: ScimResponse,
  call: { creates: boolean; addressed: boolean; now: Date },
): ScimError {
  const { scimType, detail } = parseErrorAnswer(response);
  const status = Number.isInteger(response.status) ? response.status : 0;
  const retryAfterMs = parseRetryAfter(response.headers ?? {}, call.now);
  const waits = typeof response.headers?.['retry-after'] === 'string' && retryAfterMs !== undefined;
  const kind = classifyStatus({ status, scimType, effect: request.effect, waits, ...call });
  const about = `${request.method} ${withoutQuery(request.path)} was answered with ${status}${scimType ? ` ${scimType}` : ''}`;
  const mayWait = kind === 'rate_limited' || kind === 'transient' || kind === 'ambiguous';
  const options = { status, scimType, detail, ...(mayWait ? { retryAfterMs } : {}) };
  return new ScimError(kind, `${about}: ${explain(kind, status, call.addressed)}`, options);
}

function explain(kind: ScimErrorKind, status: number, addressed: boolean): string {
  switch (kind) {
    case 'rate_limited':
      return 'the target asks for fewer requests. Nothing was changed; it is tried again later.';
    case 'unauthorized':
      return status === 403
        ? 'the credential is not allowed to do this. Give it the target’s SCIM permission.'
        : 'the credential is not accepted. Renew it.';
    case 'not_found':
      return 'there is no such account at the target.';
    case 'already_exists':
      return 'an account with one of these unique values exists already.';
    case 'precondition_failed':
      return 'the account was changed by somebody else since it was read.';
    case 'unsupported':
      if (status === 415) return 'the target refuses the content type. Set the other one in the options.';
      return status === 404 || status === 410
        ? 'there is no such endpoint. Check the base URL, and the paths in the options.'
        : 'the target does not support this request.';
    case 'ambiguous':
      return 'the target failed, and may have made the change or not. Read it before writing again.';
    case 'transient':
      return status >= 300 && status < 400
        ? 'the target redirects. Enter the address it redirects to as base URL.'
        : 'the target is not able to answer now.';
    default:
      return addressed
        ? 'the target refuses these values for this account.'
        : 'the target refuses these values or parameters.';
  }
}

function withoutQuery(path: string): string {
  return path.split('?', 1)[0] ?? '';
}

function readDetail(error: JsonObject): string | undefined {
  for (const name of ['detail', 'description', 'message', 'error_description', 'Message', 'title', 'error']) {
    const value = readKey(error, name);
    const text = isObject(value) ? (readKey(value, 'message') ?? readKey(value, 'detail')) : value;
    if (typeof text === 'string' && text.trim() !== '') return readText(text);
  }
  return undefined;
}

/** Text for people: without mark-up, scripts and control characters, on one line, shortened. */
function readText(raw: string): string | undefined {
  const text = raw
    .slice(0, 4000)
    .replace(/<(script|style)\b[^>]*>[\s\S]{0,4000}?<\/\1>/gi, ' ')
    .replace(/<[^<>]{0,2000}>/g, ' ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, ' ')
    .trim();
  if (text === '') return undefined;
  return text.length > detailLimit ? `${text.slice(0, detailLimit)}…` : text;
}
