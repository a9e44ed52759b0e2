import type { ConnectorErrorKind, HttpRequest, HttpResponse, HttpTransport } from '@usher/connector-sdk';

/** One request and its answer as the log keeps them: no secret, bodies cut at a limit. */
export interface Exchange {
  /** A method of HTTP, an operation of LDAP (`MODIFY`), or the first word of a statement (`UPDATE`). */
  readonly method: string;
  readonly url: string;
  /** HTTP's, or the result code of LDAP, where 0 is success. Absent when there was no answer. */
  readonly status: number | undefined;
  readonly latencyMs: number;
  readonly requestHeaders: Record<string, string>;
  readonly requestBody: string | undefined;
  readonly responseHeaders: Record<string, string> | undefined;
  readonly responseBody: string | undefined;
  readonly error?: { readonly kind: ConnectorErrorKind; readonly message: string };
}

export type ExchangeSink = (exchange: Exchange) => void;

export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  readonly sink?: ExchangeSink | undefined;
  /** Asked when a connection is there, before the first byte: false keeps the request off the wire. */
  readonly mayBegin?: (() => boolean) | undefined;
}

/** A request as it would go out, with the credential redacted. */
export interface DescribedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

/** A transport as one operation uses it: the connector's, with the host's own options. */
export interface OperationTransport extends HttpTransport {
  request(request: HttpRequest, options?: SendOptions): Promise<HttpResponse>;
  describe(request: HttpRequest): Promise<DescribedRequest>;
}
