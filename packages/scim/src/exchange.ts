import type { Dialect, VerbSwitches } from './dialect.ts';
import { isDeeperThan, isObject, type JsonObject, type JsonValue, readInteger, readKey } from './json.ts';
import { type AnswerBody, buildAnswerError, parseBody } from './read-answer.ts';
import { ScimError } from './scim-error.ts';
import type { ScimRequest, ScimResponse, ScimTransport } from './transport.ts';

/**
 * What the exchanges with one target taught, to be kept as long as the caller likes (an hour is sensible) and passed to
 * the next {@link ScimClient}: it spares requests that are known to be refused. Forgetting it is always safe.
 */
export interface Learned {
  /** PATCH was answered with 405 or 501. */
  patchRefused?: boolean;
  putRefused?: boolean;
  bulkRefused?: boolean;
  /** Filters that were refused, as `path#form`. */
  refusedFilters?: Set<string>;
  /** Attribute paths whose filter was answered with accounts that do not match. */
  ignoredFilters?: Set<string>;
}

/** What every exchange needs. */
export interface ExchangeContext {
  transport: ScimTransport;
  dialect: Dialect;
  now(): Date;
  learned: Learned;
}

/** One kind of SCIM resource at a target. */
export interface EndpointContext extends ExchangeContext {
  kind: 'User' | 'Group';
  /** Path below the base URL, such as `Users`. */
  path: string;
  verbs: VerbSwitches;
  coreSchema: string;
}

/** A user or group as the target shows it. `representation` is what came, untouched. */
export interface ScimResource {
  /** The target's id: opaque, case-exact. */
  id: string;
  /** `meta.version`, for `If-Match`; absent when the target gives none. */
  version: string | undefined;
  representation: JsonObject;
}

export interface Call {
  method: ScimRequest['method'];
  path: string;
  payload?: JsonObject;
  effect: 'read' | 'write';
  version?: string | undefined;
  /** The path names one SCIM resource. */
  addressed?: boolean;
  creates?: boolean;
}

/** A success, with its body parsed. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: AnswerBody;
}

/** Deeper resources are refused at the door: they would overflow what stores or compares them. */
const deepestResource = 24;
const accept = 'application/scim+json, application/json;q=0.9';

/** Sends one request and gives its answer when it is a success; throws a {@link ScimError} for everything else. */
export async function exchange(context: ExchangeContext, call: Call): Promise<Answer> {
  const request = buildRequest(context, call);
  const response = await context.transport.request(request);
  const headers = isObject(response?.headers) ? response.headers : {};
  const body = parseBody(response);
  const seen: ScimResponse = { status: statusOf(response, body), headers, body: response.body };
  if (seen.status >= 200 && seen.status < 300) return { status: seen.status, headers, body };
  throw buildAnswerError(request, seen, {
    creates: call.creates === true,
    addressed: call.addressed === true,
    now: context.now(),
  });
}

function buildRequest({ dialect }: ExchangeContext, call: Call): ScimRequest {
  const headers: Record<string, string> = { accept };
  const request: ScimRequest = { method: call.method, path: call.path, headers, effect: call.effect };
  if (call.payload !== undefined) {
    headers['content-type'] = dialect.contentType;
    request.body = JSON.stringify(call.payload);
  }
  // RFC 7644 §3.14: only where the target honours versions and gave one. A line break would end the header.
  if (dialect.etag && call.version !== undefined && /^[\x20-\x7e]{1,500}$/.test(call.version)) {
    headers['if-match'] = call.version;
  }
  return request;
}

/** Some targets answer 200 and put the failure into the body. */
function statusOf(response: ScimResponse, body: AnswerBody): number {
  const { status } = response;
  if (!(status >= 200 && status < 300) || body.form !== 'json' || !isObject(body.value)) return status;
  const schemas = readKey(body.value, 'schemas');
  const isError = Array.isArray(schemas) && schemas.includes('urn:ietf:params:scim:api:messages:2.0:Error');
  if (!isError && !Array.isArray(readKey(body.value, 'Errors'))) return status;
  const said = readInteger(readKey(body.value, 'status'));
  return said !== undefined && said >= 400 && said <= 599 ? said : 500;
}

/** The path of one SCIM resource. Refuses ids that would address something else. */
export function buildResourcePath(path: string, id: string): string {
  if (!isUsableId(id)) {
    throw new ScimError(
      'invalid_request',
      'The remote id is empty or not an id, so no account can be addressed by it.',
    );
  }
  return `${path}/${encodeURIComponent(id)}`;
}

/** Empty would address the endpoint itself, dots another path, and half a surrogate pair cannot be encoded. */
function isUsableId(id: string): boolean {
  return id !== '' && id !== '.' && id !== '..' && id.length <= 2000 && id.isWellFormed();
}

/** A SCIM resource of an answer; `undefined` when it is none (no object, no usable id, nested too deep). */
export function parseResource(value: JsonValue): ScimResource | undefined {
  if (!isObject(value)) return undefined;
  const given = readKey(value, 'id');
  const id = typeof given === 'number' ? String(given) : given;
  if (typeof id !== 'string' || !isUsableId(id) || isDeeperThan(value, deepestResource)) return undefined;
  const meta = readKey(value, 'meta');
  const version = isObject(meta) ? readKey(meta, 'version') : undefined;
  return { id, version: typeof version === 'string' && version !== '' ? version : undefined, representation: value };
}

/** The refusal for a verb that the dialect or the administrator has switched off. */
export function buildSwitchedOffError({ kind, dialect }: EndpointContext, verb: string): ScimError {
  return new ScimError(
    'unsupported',
    `${dialect.label} does not offer ${verb} for ${kind === 'User' ? 'users' : 'groups'}. If it does, switch it on in the options.`,
  );
}
