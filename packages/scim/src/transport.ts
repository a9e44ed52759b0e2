/** One request to the target, relative to its base URL. */
export interface ScimRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the base URL, without a leading slash, percent-encoded, with its query. */
  path: string;
  /** Lower-case names. Authentication is the transport's: no request of this library carries a credential. */
  headers?: Record<string, string>;
  /** The serialised body; absent means no body at all. */
  body?: string;
  /** `write` when the request may change something at the target; a search by POST is a `read`. */
  effect: 'read' | 'write';
}

/** The target's answer: any status, lower-case header names, decoded text (empty when there was none). */
export interface ScimResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * The library's only way out. It adds the base URL, the credential, `User-Agent`, time-outs and limits, follows
 * redirects or not, and resolves with whatever the target answered. When there is no answer it rejects; its
 * rejections pass through this library unchanged, except where a write was already made (then `ambiguous`).
 */
export interface ScimTransport {
  request(request: ScimRequest): Promise<ScimResponse>;
}
