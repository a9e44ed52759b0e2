import type { ChildLimits } from './child-limits.ts';

const TICK_MS = 200;

export interface WatchGround {
  readonly limits: ChildLimits;
  monotonicMs(): number;
  /** What is looked at with each tick: the time that passed, and that in which the whole machine stood still. */
  look(passedMs: number, stalledMs: number, nowMs: number): void;
  ping(): void;
  measureRssMiB(): Promise<number | undefined>;
  fault(what: string): void;
}

/**
 * Watches one child process: that it begins in time, answers, and keeps within its memory. Time is counted as it passed
 * for this process: a stop of the whole machine is nobody's fault.
 */
export class ChildWatch {
  readonly #ground: WatchGround;
  readonly #timer: NodeJS.Timeout;
  #startedAtMs: number;
  #tickedAtMs: number;
  #silentMs = 0;
  #isReady = false;
  #awaitsPong = false;
  #measuring = false;

  constructor(ground: WatchGround) {
    this.#ground = ground;
    this.#startedAtMs = ground.monotonicMs();
    this.#tickedAtMs = this.#startedAtMs;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  /** The connector has described itself: from now on it must answer. */
  begin(): void {
    this.#isReady = true;
  }

  /** Takes the answer to a ping. */
  pong(rssBytes: unknown): void {
    if (!this.#awaitsPong) {
      this.#ground.fault('answered what nobody had asked');
      return;
    }
    this.#awaitsPong = false;
    this.#checkMemory(Number(rssBytes) / 1024 / 1024);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const { limits, monotonicMs, look, ping, fault } = this.#ground;
    const nowMs = monotonicMs();
    const passedMs = nowMs - this.#tickedAtMs;
    this.#tickedAtMs = nowMs;
    const stalledMs = Math.max(0, passedMs - 2 * TICK_MS);
    this.#startedAtMs += stalledMs;
    this.#measureMemory();
    look(passedMs, stalledMs, nowMs);
    if (!this.#isReady) {
      if (nowMs - this.#startedAtMs > limits.startMs) fault(`was not ready within ${limits.startMs} ms`);
      return;
    }
    this.#silentMs = this.#awaitsPong ? this.#silentMs + Math.min(passedMs, 2 * TICK_MS) : 0;
    if (this.#silentMs > limits.unresponsiveMs) {
      fault(`did not respond for ${limits.unresponsiveMs} ms; an endless loop does that`);
      return;
    }
    if (!this.#awaitsPong) {
      this.#awaitsPong = true;
      ping();
    }
  }

  #measureMemory(): void {
    if (this.#measuring) return;
    this.#measuring = true;
    this.#ground
      .measureRssMiB()
      .then((rssMiB) => rssMiB !== undefined && this.#checkMemory(rssMiB))
      .finally(() => {
        this.#measuring = false;
      });
  }

  #checkMemory(rssMiB: number): void {
    const { rssMiB: most } = this.#ground.limits;
    if (rssMiB > most) this.#ground.fault(`used ${Math.round(rssMiB)} MiB of memory; it may use ${most}`);
  }
}
