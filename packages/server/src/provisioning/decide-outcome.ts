import type { ConnectorError, ConnectorErrorKind } from '@usher/connector-sdk';
import { REASON_CODES, type Reason, type ReasonCode } from '../planning/index.ts';

/** What happens to a link, or to its app, after a call failed. */
export type FailureDecision =
  | { kind: 'retry'; retryAt: Date; readFirst: boolean; reason: Reason }
  | { kind: 'parked'; reason: Reason }
  /** Nothing is wrong with this link: the whole app waits or is quarantined, and the link stays due. */
  | { kind: 'app stopped'; stop: AppStop; reason: Reason };

export type AppStop = { kind: 'rate limited'; until: Date } | { kind: 'credential refused' };

/** First pause, doubled each time. */
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 3_600_000;
/** A target that asks for more is believed for this long and then asked again: ten years are a target's mistake. */
const LONGEST_STOP_MS = 3_600_000;
const DEFAULT_STOP_MS = 5_000;
/** A time in the past, or none at all, from a target that has just refused: asking again at once would be refused as well. */
const SHORTEST_STOP_MS = 1_000;
/** A 412 means that somebody else writes: reading again settles it at once or never. */
const MOST_PRECONDITION_RETRIES = 5;
/** 403 on one account, while the app works for others, is about that account. */
const REFUSALS_BEFORE_PARKING = 3;

/**
 * The one place that decides what a failure means. A function of the error's kind, the attempt (from 1), what the
 * target asked for, and now; never of message texts. `jitter` is in [0, 1).
 */
export function decideFailure(
  error: Pick<ConnectorError, 'kind' | 'message' | 'detail' | 'attribute' | 'retryAfterMs' | 'status'>,
  attempt: number,
  now: Date,
  jitter: number,
): FailureDecision {
  const reason = (code: ReasonCode, nextStep: string): Reason => ({
    code,
    message: error.message || REASON_CODES[code],
    nextStep,
    detail: error.detail,
    attribute: error.attribute,
  });
  const park = (code: ReasonCode, nextStep: string): FailureDecision => ({
    kind: 'parked',
    reason: reason(code, nextStep),
  });
  const retry = (code: ReasonCode, nextStep: string, readFirst: boolean): FailureDecision => {
    const pauseMs = Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS) * (0.75 + jitter / 2);
    const retryAt = new Date(now.getTime() + Math.max(pauseMs, Math.min(error.retryAfterMs ?? 0, LONGEST_STOP_MS)));
    return { kind: 'retry', retryAt, readFirst, reason: reason(code, nextStep) };
  };
  const stop = (): FailureDecision => {
    const pauseMs = Math.min(Math.max(error.retryAfterMs ?? DEFAULT_STOP_MS, SHORTEST_STOP_MS), LONGEST_STOP_MS);
    const until = new Date(now.getTime() + pauseMs);
    const next = 'Nothing to do: the app goes on when the target allows it';
    return { kind: 'app stopped', stop: { kind: 'rate limited', until }, reason: reason('rate_limited', next) };
  };
  switch (error.kind satisfies ConnectorErrorKind) {
    case 'transient':
      // RFC 9110 section 10.2.3: a 503 with Retry-After is said of the whole service.
      if (error.status === 503 && (error.retryAfterMs ?? 0) > 0) return stop();
      return retry('transient', 'Nothing to do: it is tried again by itself', false);
    case 'ambiguous':
      return retry('outcome_unknown', 'Nothing to do: the target is read before anything is written again', true);
    case 'partially_created':
      return retry('transient', 'Nothing to do: the account is completed by an update', true);
    case 'precondition_failed':
      if (attempt > MOST_PRECONDITION_RETRIES) {
        return park('precondition_failed', 'Find out who else writes this account, then retry');
      }
      return retry('precondition_failed', 'Nothing to do: it is read again and retried', true);
    case 'rate_limited':
      return stop();
    case 'unauthorized':
      if (error.status === 403 && attempt > REFUSALS_BEFORE_PARKING) {
        return park('refused_credential', 'Give the credential the right to this account at the target, then retry');
      }
      return {
        kind: 'app stopped',
        stop: { kind: 'credential refused' },
        reason: reason('refused_credential', 'Renew the credential of the app'),
      };
    case 'invalid_request':
      return park('refused_by_target', "Correct the user's fields or the mapping, then retry");
    case 'already_exists':
      return park('name_taken', 'Give one of the two another value, or settle who owns the account');
    case 'not_found':
      return park('vanished_twice', 'Find out what deletes the account at the target, then retry');
    case 'unsupported':
      return park('unsupported_by_target', 'Switch the trigger off, or do it at the target by hand and mark it done');
  }
}
