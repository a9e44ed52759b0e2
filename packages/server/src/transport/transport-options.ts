import type { BaseUrl } from './base-url.ts';
import type { ClientCertificate, ResolveHost } from './guarded-connect.ts';
import type { NetworkPolicy } from './network-policy.ts';
import type { OperationTransport } from './operation-transport.ts';
import type { TargetUrl } from './target-url.ts';

/** The headers that carry a credential. */
export type CredentialHeaders = Readonly<Record<string, string>>;

export interface TransportLimits {
  readonly connectMs: number;
  readonly headersMs: number;
  /** The longest silence within a body. */
  readonly bodyIdleMs: number;
  /** From the call to the end of the answer, with redirects, a refreshed credential and the wait for a connection. */
  readonly totalMs: number;
  /** Of the body as sent, and of the body as decompressed. */
  readonly maxBodyBytes: number;
  readonly maxHeaderBytes: number;
  /** Of each body in a recorded exchange. */
  readonly maxRecordedChars: number;
}

export const DEFAULT_LIMITS: TransportLimits = {
  connectMs: 10_000,
  headersMs: 30_000,
  bodyIdleMs: 60_000,
  totalMs: 60_000,
  maxBodyBytes: 8 * 1024 * 1024,
  maxHeaderBytes: 32 * 1024,
  maxRecordedChars: 64 * 1024,
};

export interface TargetTransportOptions {
  readonly baseUrl: string;
  readonly policy: NetworkPolicy;
  /** The most connections, and so the most requests at once. */
  readonly concurrency: number;
  /** Usher's version, for `User-Agent`. */
  readonly version: string;
  /** The credential's headers; return the same object while the credential is the same. Absent: none is sent. */
  readonly authorize?: (() => CredentialHeaders | Promise<CredentialHeaders>) | undefined;
  /** The origins that the credential was entered for. It is attached to no other. */
  readonly credentialOrigins?: readonly string[] | undefined;
  /** Called once after a 401 with the headers that were refused; true when `authorize` now gives better ones. */
  readonly onUnauthorized?: ((refused: CredentialHeaders) => Promise<boolean>) | undefined;
  /** Certificates of a private authority, PEM. */
  readonly extraCa?: string | undefined;
  /** Shown to a target that asks for one; its app sees to it that it is this target's. */
  readonly clientCertificate?: ClientCertificate | undefined;
  readonly limits?: Partial<TransportLimits> | undefined;
  readonly resolve?: ResolveHost | undefined;
}

export interface TargetTransport extends OperationTransport {
  readonly baseUrl: BaseUrl | TargetUrl;
  /** Waits for what is under way, then closes the connections. */
  close(): Promise<void>;
}
