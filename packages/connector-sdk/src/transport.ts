/** HTTP methods a connector may use. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One request to the target. The host adds the credential, the base URL, `User-Agent`, limits and time-outs;
 * a connector can neither see the credential nor reach another origin.
 */
export interface HttpRequest {
  method: HttpMethod;
  /** Path below the app's base URL, without a leading slash, percent-encoded, with its query: `Users?filter=…`. */
  path: string;
  /** Extra headers, lower-case names. `authorization`, `host` and `content-length` are refused. */
  headers?: Record<string, string>;
  /** The serialised body; absent means no body at all. */
  body?: string;
  /**
   * What the request does at the target. A dry run lets `read` pass and stops at the first `write`,
   * so a search sent by POST must say `read`, and anything that may change something must say `write`.
   */
  effect: 'read' | 'write';
}

/** The target's answer. Any status is returned, never thrown. */
export interface HttpResponse {
  status: number;
  /** Lower-case names; repeated headers are joined by `, `. */
  headers: Record<string, string>;
  /** Decoded text, bounded by the host's size cap; empty when there was none. */
  body: string;
}

/**
 * The only way from a connector to its target. Rejects with a {@link ConnectorError} when there is no answer:
 * `transient` when the request certainly did not reach the target, `ambiguous` when a write may have been applied.
 */
export interface HttpTransport {
  request(request: HttpRequest): Promise<HttpResponse>;
}
