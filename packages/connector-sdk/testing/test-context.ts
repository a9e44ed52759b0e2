import {
  type ConnectorContext,
  ConnectorError,
  createLdapTransport,
  createSqlTransport,
  type HttpRequest,
  type HttpResponse,
  type HttpTransport,
} from '../src/index.ts';

const REQUEST_TIMEOUT_MS = 10_000;

/**
 * A transport to a target under test: what Usher's own does, as far as a connector can see it. `baseUrl` is that of the
 * app, `headers` carry the credential. Throws for what the host refuses (a path that leaves the base URL, a header of
 * the host's), rejects `transient` or `ambiguous` when there is no answer.
 */
export function createTestTransport(baseUrl: string, headers: Record<string, string> = {}): HttpTransport {
  const base = baseUrl.replace(/\/+$/, '');
  return {
    async request(request: HttpRequest): Promise<HttpResponse> {
      checkRequest(request, base, headers);
      let response: Response;
      try {
        response = await fetch(request.path === '' ? base : `${base}/${request.path}`, {
          method: request.method,
          headers: { ...defaultHeaders(request), ...request.headers, ...headers },
          ...(request.body === undefined ? {} : { body: request.body }),
          redirect: 'manual',
          signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        });
        const body = await response.text();
        return { status: response.status, headers: Object.fromEntries(response.headers), body };
      } catch (error) {
        const kind = request.effect === 'read' ? 'transient' : 'ambiguous';
        throw new ConnectorError(kind, `${request.method} ${request.path} has no answer.`, { cause: error });
      }
    },
  };
}

/** A context for one unit of work, as the host gives it, with an empty memory unless told otherwise. */
export function createTestContext<Options>(
  http: HttpTransport,
  options: Options,
  more: Partial<ConnectorContext<Options>> = {},
): ConnectorContext<Options> {
  return {
    http,
    ldap: createLdapTransport(http),
    sql: createSqlTransport(http),
    options,
    signal: new AbortController().signal,
    log: { debug() {}, warn() {} },
    now: () => new Date(),
    memory: new Map(),
    ...more,
  };
}

const HOST_HEADERS = new Set(['authorization', 'host', 'content-length', 'cookie', 'connection']);

function checkRequest({ path, headers = {}, effect }: HttpRequest, base: string, credential: object): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  if (/^\/|^[a-z]+:\/\/|[\x00-\x20\x7f-\uffff\\#]/i.test(path) || !isBelow(base, path)) {
    const fix = 'Give a percent-encoded path below the base URL, without a slash at its start.';
    throw new ConnectorError('invalid_request', `The path "${path}" cannot be sent. ${fix}`);
  }
  if (effect !== 'read' && effect !== 'write') {
    throw new ConnectorError('invalid_request', `The effect of ${path} is "${effect}": say "read" or "write".`);
  }
  for (const name of Object.keys(headers)) {
    if (HOST_HEADERS.has(name.toLowerCase()) || name.toLowerCase() in credential) {
      throw new ConnectorError('invalid_request', `The header "${name}" is the host's to set; a connector may not.`);
    }
  }
}

function isBelow(base: string, path: string): boolean {
  const { href } = new URL(`${base}/${path}`);
  return href === `${base}/${path}` || href.startsWith(`${base}/`);
}

/** What Usher sends unless the connector says otherwise. */
function defaultHeaders({ body }: HttpRequest): Record<string, string> {
  const accept = 'application/scim+json, application/json;q=0.9';
  return body === undefined ? { accept } : { accept, 'content-type': 'application/scim+json' };
}
