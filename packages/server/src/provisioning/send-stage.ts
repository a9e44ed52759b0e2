import type { AppRuntime } from '../apps/index.ts';
import type { AccountOwner } from '../correlation/index.ts';
import { crashPoint } from '../crash-point.ts';
import {
  type AdaptiveWindow,
  cutWindow,
  openWindow,
  Pacer,
  raiseWindow,
  resizeWindow,
  windowLimit,
} from '../transport/index.ts';
import type { AppHealth } from './app-health.ts';
import type { Ready } from './links-in-hand.ts';
import type { PumpFrame } from './pump-frame.ts';
import { runWork, type WorkResult } from './run-work.ts';

/** Nothing is sent in the last part of a lease: a call must end, or at least begin, while the lease is surely ours. */
const LEASE_MARGIN_MS = 5_000;

/** What becomes of a piece of work that was sent. */
export interface SentHandler {
  finished(result: Extract<WorkResult, { kind: 'done' }>, ready: Ready): Promise<void>;
  /** The lease may be over: the intent is left for the next pump. */
  notSent(): void;
}

/** The fifth stage: sends what has its intent on record, as many calls at a time as the target bears. */
export class SendStage {
  readonly #frame: PumpFrame;
  readonly #handler: SentHandler;
  readonly #signal: AbortSignal;
  #window: AdaptiveWindow = openWindow(1);
  #health!: AppHealth;
  #pacer!: Pacer;
  #inFlight = 0;
  /** Calls under way, and those that have an answer which is not yet handed on. */
  #unsettled = 0;

  constructor(frame: PumpFrame, handler: SentHandler, signal: AbortSignal) {
    this.#frame = frame;
    this.#handler = handler;
    this.#signal = signal;
  }

  use({ app }: AppRuntime, health: AppHealth): void {
    this.#health = health;
    this.#pacer = new Pacer(app.maxPerSecond, this.#frame.ground.clock);
    const isFirst = this.#window.max === 1;
    this.#window = isFirst ? openWindow(app.maxConcurrency) : resizeWindow(this.#window, app.maxConcurrency);
  }

  get window(): AdaptiveWindow {
    return this.#window;
  }

  /** How many pieces of work will still be handed on: a pump that ended before would leave them without an outcome. */
  get unsettled(): number {
    return this.#unsettled;
  }

  begin(): void {
    const { hand } = this.#frame;
    while (this.#inFlight < windowLimit(this.#window) && this.#pacer.isOpen) {
      const next = hand.nextReady();
      if (!next) return;
      this.#inFlight += 1;
      this.#unsettled += 1;
      void this.#send(next);
    }
    if (!this.#pacer.isOpen && this.#inFlight === 0) this.#frame.wakeIn(this.#pacer.waitMs);
  }

  async #send(ready: Ready): Promise<void> {
    const { ground, deadline, runtime, hand } = this.#frame;
    const sentAtMs = ground.clock.monotonicMs();
    try {
      const isLeaseLive = () => deadline.leftMs > LEASE_MARGIN_MS;
      const isLeaseOurs = () => deadline.leftMs > 0;
      const work = {
        ...{
          ...ground,
          runtime: ready.item.served,
          pacer: this.#pacer,
          signal: this.#signal,
          isLeaseLive,
          isLeaseOurs,
        },
        reserve: (remoteId: string, user: AccountOwner) => hand.reserve(remoteId, user),
      };
      const result = await runWork(work, ready.item, ready.request);
      crashPoint('target-answered');
      this.#inFlight -= 1;
      if (result.kind === 'not sent') return this.#handler.notSent();
      const nowMs = ground.clock.monotonicMs();
      ground.metrics?.call(runtime.app.name, (nowMs - sentAtMs) / 1000);
      if (result.pushback) this.#window = cutWindow(this.#window, sentAtMs, nowMs);
      else this.#window = raiseWindow(this.#window, this.#inFlight + 1);
      await this.#health.record(result);
      await this.#handler.finished(result, ready);
    } catch (error) {
      this.#frame.fail(error, 'send');
    } finally {
      this.#unsettled -= 1;
    }
    this.#frame.wake();
  }
}
