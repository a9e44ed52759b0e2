export type { AdaptiveWindow } from './adaptive-window.ts';
export { cutWindow, openWindow, raiseWindow, resizeWindow, windowLimit } from './adaptive-window.ts';
export type { BaseUrl, ParsedBaseUrl } from './base-url.ts';
export { parseBaseUrl } from './base-url.ts';
export type { ConnectionStep } from './connection-step.ts';
export type { ClientCertificate, ResolvedAddress, ResolveHost } from './guarded-connect.ts';
export type { FetchInit, GuardedFetch, GuardedFetchOptions } from './guarded-fetch.ts';
export { createGuardedFetch } from './guarded-fetch.ts';
export type { AllowedNetwork, NetworkPolicy } from './network-policy.ts';
export type {
  DescribedRequest,
  Exchange,
  ExchangeSink,
  OperationTransport,
  SendOptions,
} from './operation-transport.ts';
export { Pacer } from './pacer.ts';
export type { PreviewTransport } from './preview-transport.ts';
export { createPreviewTransport, PreviewStop } from './preview-transport.ts';
export type { RateLimit } from './rate-limit.ts';
export { changeRate, countTokens, openRateLimit, takeToken } from './rate-limit.ts';
export { recordExchanges } from './record-exchanges.ts';
export { REDACTED, redactBody, redactHeaders, redactUrl } from './redact.ts';
export { type GuardedResolution, resolveGuarded } from './resolve-guarded.ts';
export { createTargetTransport } from './target-transport.ts';
export type { ParsedTargetUrl, TargetUrl } from './target-url.ts';
export { originOf, parseTargetUrl } from './target-url.ts';
export type { ConnectionTestOptions } from './test-connection.ts';
export { testConnection } from './test-connection.ts';
export type {
  CredentialHeaders,
  TargetTransport,
  TargetTransportOptions,
  TransportLimits,
} from './transport-options.ts';
export { DEFAULT_LIMITS } from './transport-options.ts';
