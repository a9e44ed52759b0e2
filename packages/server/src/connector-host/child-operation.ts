import { ConnectorError, type HttpTransport } from '@usher/connector-sdk';
import type { HostMessage, OperationName } from './child/messages.ts';
import type { ChildLimits } from './child-limits.ts';
import { parseRequest } from './parse-answer.ts';

/** Settings that a child is told once and that operations name from then on. */
export interface JoinSettings {
  readonly number: number;
  readonly options: unknown;
  readonly paths: readonly string[];
  readonly memory: number;
}

export interface OperationOrder {
  readonly join: JoinSettings;
  readonly name: OperationName;
  readonly request: unknown;
  readonly http: HttpTransport;
  readonly signal: AbortSignal;
  readonly now: Date;
}

/** What an operation may use, and how it speaks to its process. */
export interface OperationGround {
  readonly limits: Pick<ChildLimits, 'requestsAtOnce' | 'requestsPerOperation' | 'operationMs'>;
  monotonicMs(): number;
  send(message: HostMessage): void;
  /** The process does not hear of this operation any more; told before its outcome is. */
  forget(id: number): void;
}

/** One operation under way in a child: its requests, which the host makes, and the time that it has used itself. */
export class ChildOperation {
  readonly id: number;
  readonly order: OperationOrder;
  readonly #ground: OperationGround;
  readonly #outcome = Promise.withResolvers<unknown>();
  readonly #pending = new Set<Promise<void>>();
  #requests = 0;
  #writes = 0;
  /** Time of its own, without the host's answers: what is over, and since when it runs now. */
  #ownMs = 0;
  #runningSinceMs: number | undefined;

  constructor(id: number, order: OperationOrder, ground: OperationGround) {
    this.id = id;
    this.order = order;
    this.#ground = ground;
    this.#runningSinceMs = ground.monotonicMs();
  }

  get outcome(): Promise<unknown> {
    return this.#outcome.promise;
  }

  /** A write of it has reached the target, or may have. */
  get wrote(): boolean {
    return this.#writes > 0;
  }

  /** Ends it with a result, once every request of it is answered: nothing is said while one may still be on its way. */
  resolve(result: unknown): void {
    void this.#settled().then(() => this.#outcome.resolve(result));
  }

  /** Ends it with an error, made when every request of it is answered, for it may depend on what was written. */
  reject(build: () => unknown): void {
    void this.#settled().then(() => this.#outcome.reject(build()));
  }

  /** Makes a request of the connector. Gives the broken rule when it may not be made. */
  request(number: unknown, http: unknown): string | undefined {
    const { limits, monotonicMs } = this.#ground;
    this.#requests += 1;
    if (this.#pending.size >= limits.requestsAtOnce || this.#requests > limits.requestsPerOperation) {
      const most = `${limits.requestsAtOnce} at once and ${limits.requestsPerOperation} in all`;
      return `made more requests than one operation may: ${most}`;
    }
    if (typeof number !== 'number') return 'sent a request without a number';
    if (this.#pending.size === 0) {
      this.#ownMs += monotonicMs() - (this.#runningSinceMs ?? 0);
      this.#runningSinceMs = undefined;
    }
    const sending = this.#send(number, http).finally(() => {
      this.#pending.delete(sending);
      if (this.#pending.size === 0) this.#runningSinceMs = monotonicMs();
    });
    this.#pending.add(sending);
    return undefined;
  }

  /** Lets time pass; `stalledMs` of it are not counted. Whether it has used more time of its own than it may. */
  isOverTime(nowMs: number, stalledMs: number): boolean {
    if (this.#runningSinceMs === undefined) return false;
    this.#runningSinceMs += stalledMs;
    return this.#ownMs + nowMs - this.#runningSinceMs > this.#ground.limits.operationMs;
  }

  /** Never rejects. */
  async #send(request: number, http: unknown): Promise<void> {
    const { id, order } = this;
    let isWrite = false;
    try {
      const parsed = parseRequest(http);
      isWrite = parsed.effect !== 'read';
      if (isWrite) this.#writes += 1;
      const response = await order.http.request(parsed);
      this.#ground.send({ type: 'answer', id, request, response });
    } catch (error) {
      if (!(error instanceof ConnectorError)) {
        // The lease is over, or a dry run is at its write: the operation ends here, whatever the connector makes of it.
        if (isWrite) this.#writes -= 1;
        this.#ground.forget(id);
        this.#ground.send({ type: 'abort', id });
        this.#outcome.reject(error);
        return;
      }
      if (isWrite && error.kind !== 'ambiguous') this.#writes -= 1;
      const { kind, message, status, retryAfterMs, detail, attribute } = error;
      const wire = { kind, message, status, retryAfterMs, detail, attribute };
      this.#ground.send({ type: 'answer', id, request, error: wire });
    }
  }

  /** The transport ends each request in time. */
  async #settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}
