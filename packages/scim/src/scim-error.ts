/**
 * Every way an exchange with a target can fail, closed.
 *
 * - `transient`: no effect, may work later
 * - `rate_limited`: slow down; `retryAfterMs` when the target named a time
 * - `unauthorized`: the credential is refused (401, 403)
 * - `not_found`: the addressed SCIM resource does not exist
 * - `already_exists`: a unique value is taken (409 on create, `scimType` uniqueness)
 * - `invalid_request`: the target, or this library, refuses these values
 * - `precondition_failed`: changed since it was read (412)
 * - `unsupported`: the target cannot do this at all (405, 501, no such endpoint)
 * - `partially_created`: exists under `remoteId`, but could not be read back or completed
 * - `ambiguous`: a write was sent and its outcome is unknown: read before writing again
 */
export const SCIM_ERROR_KINDS = [
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

export type ScimErrorKind = (typeof SCIM_ERROR_KINDS)[number];

export interface ScimErrorOptions {
  status?: number | undefined;
  scimType?: string | undefined;
  detail?: string | undefined;
  retryAfterMs?: number | undefined;
  remoteId?: string | undefined;
  attribute?: string | undefined;
  cause?: unknown;
}

/**
 * The one error this library throws for what a target answered or a caller asked. `message` says what happened and
 * what to do, and holds nothing of the account; `detail` is what the target itself said, shortened to
 * 500 characters and free of mark-up. `status` and `scimType` (RFC 7644 §3.12) are the target's.
 */
export class ScimError extends Error {
  readonly kind: ScimErrorKind;
  readonly status: number | undefined;
  readonly scimType: string | undefined;
  readonly detail: string | undefined;
  /** Milliseconds from now, never negative, at most 24 hours. */
  readonly retryAfterMs: number | undefined;
  readonly remoteId: string | undefined;
  /** The attribute path that a limit of the dialect refuses. */
  readonly attribute: string | undefined;

  constructor(kind: ScimErrorKind, message: string, options: ScimErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'ScimError';
    this.kind = kind;
    this.status = options.status;
    this.scimType = options.scimType;
    this.detail = options.detail;
    this.retryAfterMs = options.retryAfterMs;
    this.remoteId = options.remoteId;
    this.attribute = options.attribute;
  }
}
