import type { Dispatcher } from 'undici';
import { BodyBuffer } from './response-body.ts';

export interface CallLimits {
  readonly maxBodyBytes: number;
  /** From the call to the end of the answer, waiting for a free connection included. */
  readonly totalMs: number;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly bytes: Buffer;
}

export type CallStop = 'deadline' | 'aborted' | 'too late' | 'body too large';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Asked before the first byte is written; false keeps the request off the wire. */
  readonly mayBegin?: (() => boolean) | undefined;
}

/** Why there is no answer, and whether any byte of the request may have reached the target. */
export class CallFailure extends Error {
  readonly maySent: boolean;
  readonly status: number | undefined;
  readonly stop: CallStop | undefined;
  constructor(maySent: boolean, reason: { stop?: CallStop; status?: number | undefined; cause?: unknown }) {
    super('The call failed.', { cause: reason.cause });
    this.name = 'CallFailure';
    this.maySent = maySent;
    this.status = reason.status;
    this.stop = reason.stop;
  }
}

class Stopped extends Error {}

/**
 * One request on a pool. A handler of `dispatch` rather than `Pool.request`, because only the handler sees the moment
 * at which undici begins to write: whatever fails before it was certainly not sent, whatever fails after it may have been.
 */
class Call implements Dispatcher.DispatchHandler {
  readonly #limits: CallLimits;
  readonly #options: CallOptions;
  readonly #resolve: (answer: RawAnswer) => void;
  readonly #reject: (failure: CallFailure) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #body = new BodyBuffer();
  #controller: Dispatcher.DispatchController | undefined;
  #status: number | undefined;
  #headers: Record<string, string> = {};
  #isSettled = false;

  constructor(
    limits: CallLimits,
    options: CallOptions,
    resolve: (answer: RawAnswer) => void,
    reject: (failure: CallFailure) => void,
  ) {
    this.#limits = limits;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.#stop('deadline'), limits.totalMs);
    options.signal?.addEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => this.#stop('aborted');

  /** False when it had ended before. */
  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }

  #stop(stop: CallStop): void {
    if (!this.#settle()) return;
    this.#reject(new CallFailure(this.#controller !== undefined, { stop, status: this.#status }));
    this.#controller?.abort(new Stopped());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (!this.#isSettled && this.#options.mayBegin?.() === false) this.#stop('too late');
    // Given up while it waited for a connection. Throwing here keeps the request off the wire and the connection open.
    if (this.#isSettled) throw new Stopped();
    this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    for (const name in headers) {
      const value = headers[name];
      if (typeof value !== 'string') headers[name] = value?.join(', ') ?? '';
    }
    this.#headers = headers as Record<string, string>;
    if (Number(this.#headers['content-length'] ?? 0) > this.#limits.maxBodyBytes) this.#stop('body too large');
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#body.append(chunk, this.#limits.maxBodyBytes)) this.#stop('body too large');
  }

  onResponseEnd(): void {
    if (this.#status === undefined || !this.#settle()) return;
    this.#resolve({ status: this.#status, headers: this.#headers, bytes: this.#body.bytes });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.fail(error);
  }

  fail(error: unknown): void {
    if (!this.#settle()) return;
    this.#reject(new CallFailure(this.#controller !== undefined, { status: this.#status, cause: error }));
  }
}

/** Sends one request; rejects with a CallFailure only. */
export function dispatchCall(
  pool: Dispatcher,
  request: Dispatcher.DispatchOptions,
  limits: CallLimits,
  options: CallOptions,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted) return reject(new CallFailure(false, { stop: 'aborted' }));
    const call = new Call(limits, options, resolve, reject);
    try {
      pool.dispatch(request, call);
    } catch (error) {
      call.fail(error);
    }
  });
}
