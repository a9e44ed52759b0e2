import { ConnectorError, type HttpRequest, type HttpResponse } from '@usher/connector-sdk';
import { Pool } from 'undici';
import { type BaseUrl, buildRequestPath, parseBaseUrl } from './base-url.ts';
import { type CallFailure, dispatchCall, type RawAnswer } from './call.ts';
import { buildCallError, buildUnfinishedError, type CallErrorContext, describeDecodeProblem } from './call-error.ts';
import { createGuardedConnect } from './guarded-connect.ts';
import type { DescribedRequest, SendOptions } from './operation-transport.ts';
import { cutBody, findSecretTexts, redactBody, redactHeaders, redactUrl, removeSecrets } from './redact.ts';
import { decodeText, decompressBody } from './response-body.ts';
import {
  type CredentialHeaders,
  DEFAULT_LIMITS,
  type TargetTransport,
  type TargetTransportOptions,
  type TransportLimits,
} from './transport-options.ts';

const MAX_REDIRECTS = 3;
// A connection older than this is replaced, so that DNS is asked and judged again.
const MAX_CONNECTION_AGE_MS = 10 * 60_000;

const REFUSED_HEADERS = new Set([
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Operations of other protocols travel as requests of this type, to other targets than this one. */
const CARRIED = 'application/vnd.usher.';

function buildForeignError({ protocol }: BaseUrl): ConnectorError {
  const problem = `The app's base URL begins with "${protocol}", which its connector does not speak.`;
  return new ConnectorError('unsupported', `${problem} Give one that begins as the connector says.`);
}

const NO_HEADERS: CredentialHeaders = {};

interface Credential {
  readonly source: CredentialHeaders;
  readonly headers: CredentialHeaders;
  readonly names: ReadonlySet<string>;
  readonly secrets: readonly string[];
  /** Those too long to be in an answer by chance. */
  readonly longSecrets: readonly string[];
}

const NO_CREDENTIAL: Credential = {
  source: NO_HEADERS,
  headers: NO_HEADERS,
  names: new Set(),
  secrets: [],
  longSecrets: [],
};

/** The transport to a target of HTTP. Throws a ConnectorError when the base URL or the private CA cannot be used. */
export class HttpTargetTransport implements TargetTransport {
  readonly baseUrl: BaseUrl;
  readonly #options: TargetTransportOptions;
  readonly #limits: TransportLimits;
  readonly #pool: Pool;
  readonly #isBound: boolean;
  readonly #userAgent: string;
  #credential = NO_CREDENTIAL;
  #refreshing: Promise<boolean> | undefined;

  constructor(options: TargetTransportOptions) {
    const parsed = parseBaseUrl(options.baseUrl, options.policy);
    if (!parsed.ok) throw new ConnectorError('invalid_request', `${parsed.message} ${parsed.fix}`);
    this.baseUrl = parsed.baseUrl;
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#isBound = options.credentialOrigins?.includes(this.baseUrl.origin) ?? false;
    this.#userAgent = `usher/${options.version}`;
    this.#pool = new Pool(this.baseUrl.origin, {
      connections: options.concurrency,
      pipelining: 1,
      headersTimeout: this.#limits.headersMs,
      bodyTimeout: this.#limits.bodyIdleMs,
      maxHeaderSize: this.#limits.maxHeaderBytes,
      clientTtl: MAX_CONNECTION_AGE_MS,
      connect: buildConnect(this.baseUrl, options, this.#limits),
    });
  }

  async request(request: HttpRequest, options: SendOptions = {}): Promise<HttpResponse> {
    const deadline = performance.now() + this.#limits.totalMs;
    const path = this.#buildPath(request);
    let credential = await this.#findCredential();
    let response = await this.#follow(request, path, credential, deadline, options);
    if (response.status === 401 && this.#options.onUnauthorized && credential !== NO_CREDENTIAL) {
      const renewed = await this.#renewCredential(credential);
      if (renewed) {
        credential = renewed;
        response = await this.#follow(request, path, credential, deadline, options);
      }
    }
    return response;
  }

  async describe(request: HttpRequest): Promise<DescribedRequest> {
    const credential = await this.#findCredential();
    return {
      method: request.method,
      url: redactUrl(this.baseUrl.origin + this.#buildPath(request)),
      headers: redactHeaders(this.#buildHeaders(request, credential), credential.names),
      body: request.body === undefined ? undefined : redactBody(request.body),
    };
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  #buildPath(request: HttpRequest): string {
    const built = buildRequestPath(this.baseUrl, request.path);
    if (!built.ok) throw new ConnectorError('invalid_request', built.message);
    return built.path;
  }

  #buildHeaders(request: HttpRequest, credential: Credential): Record<string, string> {
    const headers: Record<string, string> = {
      'user-agent': this.#userAgent,
      accept: 'application/scim+json, application/json;q=0.9',
    };
    // Long answers only: unpacking a short one costs more than it saves.
    if (request.method === 'GET' && request.path.includes('?')) headers['accept-encoding'] = 'gzip';
    if (request.body !== undefined) headers['content-type'] = 'application/scim+json';
    for (const given in request.headers) {
      const name = given.toLowerCase();
      if (REFUSED_HEADERS.has(name) || credential.names.has(name)) {
        throw new ConnectorError('invalid_request', `The header "${name}" is the host's to set; a connector may not.`);
      }
      if (name === 'content-type' && request.headers[given]!.startsWith(CARRIED)) throw buildForeignError(this.baseUrl);
      headers[name] = request.headers[given]!;
    }
    return Object.assign(headers, credential.headers);
  }

  /** Without awaiting where the credential is static, which is the rule. */
  #findCredential(): Credential | Promise<Credential> {
    const { authorize } = this.#options;
    if (!authorize) return NO_CREDENTIAL;
    if (!this.#isBound) {
      throw new ConnectorError(
        'unauthorized',
        `The credential was entered for ${this.#options.credentialOrigins?.join(', ') || 'no address'}, and the base URL is at ` +
          `${this.baseUrl.origin}. Enter the credential again to use it there.`,
      );
    }
    const headers = authorize();
    return headers instanceof Promise ? headers.then((resolved) => this.#prepare(resolved)) : this.#prepare(headers);
  }

  #prepare(source: CredentialHeaders): Credential {
    if (source !== this.#credential.source) {
      const headers = Object.fromEntries(Object.entries(source).map(([name, value]) => [name.toLowerCase(), value]));
      const names = new Set(Object.keys(headers));
      const secrets = findSecretTexts(headers);
      const longSecrets = secrets.filter((secret) => secret.length >= 16);
      this.#credential = { source, headers, names, secrets, longSecrets };
    }
    return this.#credential;
  }

  /** A credential other than the refused one, asked for once however many requests were refused with it. */
  async #renewCredential(refused: Credential): Promise<Credential | undefined> {
    const isNew = (found: Credential): boolean => JSON.stringify(found.headers) !== JSON.stringify(refused.headers);
    const present = await this.#findCredential();
    if (isNew(present)) return present;
    this.#refreshing ??= this.#options.onUnauthorized!(refused.source).finally(() => {
      this.#refreshing = undefined;
    });
    if (!(await this.#refreshing)) return undefined;
    return this.#findCredential();
  }

  /**
   * Follows 307 and 308 within the origin (RFC 7644 section 3.12 names no other). Every other redirect is the answer:
   * the credential goes nowhere that the administrator did not type.
   */
  async #follow(
    request: HttpRequest,
    path: string,
    credential: Credential,
    deadline: number,
    options: SendOptions,
  ): Promise<HttpResponse> {
    const headers = this.#buildHeaders(request, credential);
    let target = path;
    for (let hops = 0; ; hops++) {
      const response = await this.#exchange(request, target, headers, credential, deadline, options);
      if ((response.status !== 307 && response.status !== 308) || hops === MAX_REDIRECTS) return response;
      const next = this.#findSameOriginPath(target, response.headers['location']);
      if (next === undefined) return response;
      target = next;
    }
  }

  #findSameOriginPath(from: string, location: string | undefined): string | undefined {
    if (location === undefined || !URL.canParse(location, this.baseUrl.origin + from)) return undefined;
    const url = new URL(location, this.baseUrl.origin + from);
    return url.origin === this.baseUrl.origin ? url.pathname + url.search : undefined;
  }

  async #exchange(
    request: HttpRequest,
    path: string,
    headers: Record<string, string>,
    credential: Credential,
    deadline: number,
    { signal, sink, mayBegin }: SendOptions,
  ): Promise<HttpResponse> {
    const startedAt = performance.now();
    let response: HttpResponse | undefined;
    let error: ConnectorError | undefined;
    try {
      const limits = { maxBodyBytes: this.#limits.maxBodyBytes, totalMs: Math.max(0, deadline - startedAt) };
      const dispatched = { path, method: request.method, headers, body: request.body ?? null };
      const answer = await dispatchCall(this.#pool, dispatched, limits, { signal, mayBegin }).catch(
        (failure: CallFailure) => {
          throw buildCallError(failure, this.#describeContext(request));
        },
      );
      response = await this.#readAnswer(answer, request, credential);
      return response;
    } catch (thrown) {
      if (thrown instanceof ConnectorError) error = thrown;
      throw thrown;
    } finally {
      const maxChars = this.#limits.maxRecordedChars;
      sink?.({
        method: request.method,
        url: redactUrl(this.baseUrl.origin + path),
        status: response?.status ?? error?.status,
        latencyMs: performance.now() - startedAt,
        requestHeaders: redactHeaders(headers, credential.names),
        requestBody: request.body === undefined ? undefined : cutBody(redactBody(request.body), maxChars),
        responseHeaders: response && redactHeaders(response.headers, credential.names),
        responseBody: response && cutBody(removeSecrets(redactBody(response.body), credential.secrets), maxChars),
        ...(error ? { error: { kind: error.kind, message: error.message } } : {}),
      });
    }
  }

  async #readAnswer(answer: RawAnswer, request: HttpRequest, credential: Credential): Promise<HttpResponse> {
    const { status, headers } = answer;
    let { bytes } = answer;
    const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
    if (encoding !== 'identity' && encoding !== '') {
      const decoded = await decompressBody(bytes, encoding, this.#limits.maxBodyBytes);
      if (!decoded.ok) {
        const what = describeDecodeProblem(decoded.problem, this.#describeContext(request));
        throw buildUnfinishedError(what, request.effect, status);
      }
      bytes = decoded.bytes;
    }
    const body = bytes.length === 0 ? '' : decodeText(bytes, headers['content-type']);
    // In a good answer a short secret may be someone's name by chance, and a changed name would be acted on.
    const secrets = status < 400 ? credential.longSecrets : credential.secrets;
    if (secrets.length === 0) return { status, headers, body };
    for (const name in headers) headers[name] = removeSecrets(headers[name]!, secrets);
    return { status, headers, body: removeSecrets(body, secrets) };
  }

  #describeContext({ effect }: HttpRequest): CallErrorContext {
    const { totalMs, headersMs, bodyIdleMs, maxBodyBytes } = this.#limits;
    const { concurrency } = this.#options;
    return { host: this.baseUrl.hostname, effect, totalMs, headersMs, bodyIdleMs, maxBodyBytes, concurrency };
  }
}

function buildConnect(
  baseUrl: BaseUrl,
  options: TargetTransportOptions,
  limits: TransportLimits,
): ReturnType<typeof createGuardedConnect> {
  const { policy, extraCa, clientCertificate, resolve } = options;
  const connectTimeoutMs = limits.connectMs;
  try {
    return createGuardedConnect(baseUrl, { policy, extraCa, clientCertificate, resolve, connectTimeoutMs });
  } catch {
    throw new ConnectorError(
      'invalid_request',
      "The app's private CA is not a certificate in PEM form. Paste the file that begins with -----BEGIN CERTIFICATE-----.",
    );
  }
}
