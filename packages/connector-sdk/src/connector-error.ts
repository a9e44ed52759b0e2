/**
 * Every way a call to a target can fail, closed. The engine decides what happens next from the kind alone,
 * so a connector classifies once, by status and protocol code, never by message text.
 *
 * - `transient`: no effect, may work later (5xx without effect, connection refused)
 * - `rate_limited`: the target asks to slow down; `retryAfterMs` when it said for how long
 * - `unauthorized`: the credential is refused (401, 403 on everything): concerns the app, not the account
 * - `not_found`: the addressed account does not exist at the target
 * - `already_exists`: a unique value is taken (409 on create)
 * - `invalid_request`: the target refuses these values; a person or a changed input is needed
 * - `precondition_failed`: the account changed since it was read (412)
 * - `unsupported`: the target cannot do this operation at all (405, 501)
 * - `partially_created`: the account exists under `remoteId`, but is not complete: continue by update
 * - `ambiguous`: a write was sent and its outcome is unknown: read before writing again
 */
export const CONNECTOR_ERROR_KINDS = [
  'transient',
  'rate_limited',
  'unauthorized',
  'not_found',
  'already_exists',
  'invalid_request',
  'precondition_failed',
  'unsupported',
  'partially_created',
  'ambiguous',
] as const;

export type ConnectorErrorKind = (typeof CONNECTOR_ERROR_KINDS)[number];

/**
 * The one error a connector or transport throws on purpose. `message` is for people (what happened, to which
 * attribute or address, no secret); `detail` is what the target itself said, shown beside it.
 */
export class ConnectorError extends Error {
  readonly kind: ConnectorErrorKind;
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;
  /** Milliseconds from now before the next try, when the target named them. */
  readonly retryAfterMs: number | undefined;
  /** The remote id, for `partially_created`. */
  readonly remoteId: string | undefined;
  readonly detail: string | undefined;
  /** The attribute path the target complained about, when it can be told. */
  readonly attribute: string | undefined;

  constructor(
    kind: ConnectorErrorKind,
    message: string,
    options: {
      status?: number | undefined;
      retryAfterMs?: number | undefined;
      remoteId?: string | undefined;
      detail?: string | undefined;
      attribute?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'ConnectorError';
    this.kind = kind;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.remoteId = options.remoteId;
    this.detail = options.detail;
    this.attribute = options.attribute;
  }
}
