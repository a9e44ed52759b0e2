import { ConnectorError, type HttpRequest } from '@usher/connector-sdk';
import type { CallFailure } from './call.ts';
import { describeConnectFailure, findCode } from './connect-failure.ts';
import type { DecodeProblem } from './response-body.ts';

export interface CallErrorContext {
  readonly host: string;
  readonly effect: HttpRequest['effect'];
  readonly totalMs: number;
  readonly headersMs: number;
  readonly bodyIdleMs: number;
  readonly maxBodyBytes: number;
  readonly concurrency: number;
}

/**
 * The error that the engine decides by. No cause is attached: the system's errors carry addresses and banners,
 * which would make the log a port scanner for whoever may edit a base URL.
 */
export function buildCallError(failure: CallFailure, context: CallErrorContext): ConnectorError {
  return failure.maySent ? buildSentError(failure, context) : buildUnsentError(failure, context);
}

function buildUnsentError(failure: CallFailure, { host, totalMs, concurrency }: CallErrorContext): ConnectorError {
  if (failure.stop === 'deadline') {
    return new ConnectorError(
      'transient',
      `The request to ${host} was not sent: none of its ${concurrency} connections came free within ${totalMs / 1000} s. ` +
        'The target answers too slowly for the rate; lower the rate or raise the concurrency.',
    );
  }
  if (failure.stop === 'aborted') {
    return new ConnectorError('transient', `The request to ${host} was given up before it was sent.`);
  }
  if (failure.stop === 'too late') {
    return new ConnectorError('transient', `The request to ${host} was not sent: its time passed while it waited.`);
  }
  const code = findCode(failure.cause);
  if (code === 'UND_ERR_INVALID_ARG') {
    const said = failure.cause instanceof Error ? failure.cause.message : 'invalid request';
    return new ConnectorError('invalid_request', `The request to ${host} cannot be sent: ${said}.`);
  }
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') {
    return new ConnectorError('transient', `The request to ${host} was not sent: the app is being stopped or changed.`);
  }
  const { message, fix } = describeConnectFailure(failure.cause, host);
  return new ConnectorError('transient', `${message} ${fix}`);
}

function buildSentError(failure: CallFailure, context: CallErrorContext): ConnectorError {
  return buildUnfinishedError(describeSentFailure(failure, context), context.effect, failure.status);
}

/** For an answer that did not come whole: a write may have been applied, a read changed nothing. */
export function buildUnfinishedError(
  what: string,
  effect: HttpRequest['effect'],
  status: number | undefined,
): ConnectorError {
  return effect === 'read'
    ? new ConnectorError('transient', `${what} Nothing was changed at the target.`, { status })
    : new ConnectorError(
        'ambiguous',
        `${what} The change may have been made; the account is read before the next try.`,
        {
          status,
        },
      );
}

function describeSentFailure({ stop, cause }: CallFailure, context: CallErrorContext): string {
  const { host } = context;
  if (stop === 'deadline') return `${host} did not finish its answer within ${context.totalMs / 1000} s.`;
  if (stop === 'aborted') return `The request to ${host} was given up while its answer was awaited.`;
  if (stop === 'body too large') return describeDecodeProblem('too large', context);
  const code = findCode(cause);
  if (code === 'UND_ERR_HEADERS_TIMEOUT') {
    return `${host} took the request and did not begin to answer within ${context.headersMs / 1000} s.`;
  }
  if (code === 'UND_ERR_BODY_TIMEOUT') {
    return `${host} began to answer and then sent nothing for ${context.bodyIdleMs / 1000} s.`;
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return `${host} answered with more headers than are accepted.`;
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE' || code === 'HPE_INVALID_EOF_STATE') {
    return `${host} closed the connection before its answer was complete.`;
  }
  if (code.startsWith('HPE_') || (cause instanceof Error && cause.name === 'HTTPParserError')) {
    return `${host} answered with something that is not HTTP.`;
  }
  return `The answer of ${host} could not be read${code === '' ? '' : ` (${code})`}.`;
}

export function describeDecodeProblem(problem: DecodeProblem, { host, maxBodyBytes }: CallErrorContext): string {
  if (problem === 'too large') {
    return `${host} answered with more than ${Math.round(maxBodyBytes / 1024)} KiB; ask for smaller pages.`;
  }
  if (problem === 'corrupt') return `${host} answered with a compressed body that is broken.`;
  return `${host} answered in an encoding that was not asked for, or in several at once.`;
}
