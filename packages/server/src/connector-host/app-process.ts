import { ConnectorError } from '@usher/connector-sdk';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Shape } from './child/messages.ts';
import type { ChildLimits } from './child-limits.ts';
import type { JoinSettings, OperationOrder } from './child-operation.ts';
import { ConnectorChild } from './connector-child.ts';
import { ConnectorFaultError } from './connector-fault.ts';
import type { ConnectorModule } from './find-modules.ts';

/** After a crash operations go one at a time until so many have ended well: the one that brings it down is then known. */
const CAREFUL_OPERATIONS = 20;
/** So many operations in a row that break without one success mean the connector, not an account. */
const MOST_BROKEN = 4;

export interface ProcessGround {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: ChildLimits;
}

/**
 * What runs one connector for one app: a process when there is work, none when there is not, another one after a crash,
 * not before a pause that doubles with each crash.
 */
export class AppProcess {
  readonly #ground: ProcessGround;
  readonly #check: () => ConnectorModule;
  #child: ConnectorChild | undefined;
  #crashes = 0;
  #lastFault: ConnectorFaultError | undefined;
  #notBeforeMs = 0;
  #careful = 0;
  #broken = 0;
  #running = 0;
  #queue: (() => void)[] = [];
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  /** `check` gives the module to run, or throws when it must not be run. */
  constructor(ground: ProcessGround, check: () => ConnectorModule) {
    this.#ground = ground;
    this.#check = check;
  }

  get pid(): number | undefined {
    return this.#child?.isOver === false ? this.#child.pid : undefined;
  }

  /** What a connection with these settings can do. Starts the process if there is none. */
  async shapeOf(settings: JoinSettings): Promise<Shape> {
    const child = await this.#getChild();
    this.#wait();
    return await child.join(settings);
  }

  async run(order: OperationOrder): Promise<unknown> {
    await this.#enter(order.signal);
    try {
      const child = await this.#getChild();
      const result = await child.run(order);
      this.#careful = Math.max(0, this.#careful - 1);
      this.#broken = 0;
      if (this.#careful === 0) this.#crashes = 0;
      return result;
    } catch (error) {
      throw this.#weigh(error);
    } finally {
      this.#leave();
    }
  }

  /** Uses other code from the next operation on; what is under way ends in the process that it began in. */
  replace(): void {
    const old = this.#child;
    this.#child = undefined;
    this.#crashes = 0;
    this.#notBeforeMs = 0;
    this.#broken = 0;
    if (old) void stopWhenQuiet(old, this.#ground.limits.operationMs);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#idle);
    this.#child?.stop();
  }

  /** Several operations that break in a row, and none that works: that is the connector's fault as a whole. */
  #weigh(error: unknown): unknown {
    if (!(error instanceof ConnectorFaultError)) {
      // A refusal is an answer: the connector works.
      this.#broken = 0;
      return error;
    }
    if (error.stopsApp) return error;
    this.#broken += 1;
    if (this.#broken < MOST_BROKEN) return error;
    const wrote = error.kind === 'ambiguous';
    return new ConnectorFaultError(`${error.message}, as did ${this.#broken - 1} operations before it`, { wrote });
  }

  async #getChild(): Promise<ConnectorChild> {
    if (this.#closed) throw new ConnectorError('transient', 'The server is stopping');
    if (this.#child && !this.#child.isOver) {
      await this.#child.ready;
      return this.#child;
    }
    const waitMs = this.#notBeforeMs - this.#ground.clock.monotonicMs();
    if (waitMs > 0 && this.#lastFault) {
      const { message, detail } = this.#lastFault;
      throw new ConnectorFaultError(`${message}. It starts again in ${Math.ceil(waitMs / 1000)} s`, { detail });
    }
    const child = new ConnectorChild(this.#check(), this.#ground);
    this.#child = child;
    void child.ended.then((fault) => this.#note(child, fault));
    await child.ready;
    return child;
  }

  #note(child: ConnectorChild, fault: ConnectorFaultError | undefined): void {
    if (!fault) return;
    const { limits, clock, log } = this.#ground;
    log.warn({ problem: fault.message, detail: fault.detail }, 'The process of a custom connector ended');
    if (this.#child !== child) return;
    const pauseMs = Math.min(limits.firstRestartMs * 2 ** this.#crashes, limits.longestRestartMs);
    this.#crashes += 1;
    this.#lastFault = fault;
    this.#notBeforeMs = clock.monotonicMs() + pauseMs;
    this.#careful = CAREFUL_OPERATIONS;
  }

  // ── one at a time after a crash ────────────────────────────────────────────────────────────────────────────────

  async #enter(signal: AbortSignal): Promise<void> {
    clearTimeout(this.#idle);
    while (this.#careful > 0 && this.#running > 0) {
      const turn = Promise.withResolvers<void>();
      this.#queue.push(turn.resolve);
      const abort = () => turn.reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      try {
        signal.throwIfAborted();
        await turn.promise;
      } catch (error) {
        this.#queue = this.#queue.filter((waiting) => waiting !== turn.resolve);
        throw error;
      } finally {
        signal.removeEventListener('abort', abort);
      }
    }
    this.#running += 1;
  }

  #leave(): void {
    this.#running -= 1;
    const next = this.#careful > 0 ? this.#queue.splice(0, 1) : this.#queue.splice(0);
    for (const wake of next) wake();
    this.#wait();
  }

  /** Ends the process when nothing was asked of it for a while. */
  #wait(): void {
    clearTimeout(this.#idle);
    if (this.#running > 0 || this.#closed) return;
    this.#idle = setTimeout(() => {
      this.#child?.stop();
      this.#child = undefined;
    }, this.#ground.limits.idleMs);
    this.#idle.unref();
  }
}

async function stopWhenQuiet(child: ConnectorChild, mostMs: number): Promise<void> {
  for (let waitedMs = 0; child.operations > 0 && waitedMs < mostMs; waitedMs += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.stop();
}
