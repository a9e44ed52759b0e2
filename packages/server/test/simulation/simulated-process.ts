import { type Clock, createUuidSequence } from '../../src/clock.ts';
import { type SimulatedTime, START_MS } from './simulated-time.ts';

/**
 * A replica's process as the engine sees it: its clocks, and whether what it waits for reaches it. One that is dead
 * hears of nothing any more, wherever it was waiting; one that is frozen hears of it when it goes on.
 */
export class SimulatedProcess {
  readonly name: string;
  readonly clock: Clock;
  /** The worst moments of its life, drawn when it meets the outside world: dies at those that this says. */
  diesAt: (point: string) => boolean = () => false;
  onDeath: () => void = () => {};
  readonly #time: SimulatedTime;
  #state: 'running' | 'frozen' | 'dead' = 'running';
  #waiting: (() => void)[] = [];
  #stoodStillMs = 0;
  #frozenAtMs = 0;
  #stopsMonotonic = false;
  /** Told to end; it may not know yet. */
  isLeaving = false;
  /** How far its wall clock is from the time. */
  wallAheadMs = 0;

  constructor(name: string, time: SimulatedTime, random: () => number) {
    this.name = name;
    this.#time = time;
    const now = () => new Date(time.nowMs + this.wallAheadMs);
    const bytes = (count: number) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
    this.clock = {
      now,
      monotonicMs: () => this.#monotonicMs(),
      uuid: createUuidSequence(() => now().getTime(), bytes),
      sleep: (ms, signal) => this.#sleep(ms, signal),
    };
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  get isDead(): boolean {
    return this.#state === 'dead';
  }

  #monotonicMs(): number {
    const standing = this.#state === 'frozen' && this.#stopsMonotonic ? this.#time.nowMs - this.#frozenAtMs : 0;
    return this.#time.nowMs - START_MS - this.#stoodStillMs - standing;
  }

  die(): void {
    if (this.#state === 'dead') return;
    this.#state = 'dead';
    this.#waiting = [];
    this.onDeath();
  }

  /** As by SIGSTOP, or, where the monotonic clock stands still too, as a machine that sleeps. */
  freeze(stopsMonotonic: boolean): void {
    if (this.#state !== 'running') return;
    this.#state = 'frozen';
    this.#frozenAtMs = this.#time.nowMs;
    this.#stopsMonotonic = stopsMonotonic;
  }

  thaw(): void {
    if (this.#state !== 'frozen') return;
    if (this.#stopsMonotonic) this.#stoodStillMs += this.#time.nowMs - this.#frozenAtMs;
    this.#state = 'running';
    for (const goOn of this.#waiting.splice(0)) goOn();
  }

  /** Lets something from outside reach the process: now, when it goes on, or never. */
  reach(fire: () => void): void {
    if (this.#state === 'running') fire();
    else if (this.#state === 'frozen') this.#waiting.push(fire);
  }

  /** An answer from outside on its way into the process. */
  deliver<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      answer.then(
        (value) => this.reach(() => resolve(value)),
        (error) => this.reach(() => reject(error)),
      );
    });
  }

  /** The border between the process and the world. False: it has just died there. */
  passes(point: string): boolean {
    if (this.#state === 'running' && this.diesAt(point)) this.die();
    return this.#state !== 'dead';
  }

  #sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = this.#time.after(ms, () =>
        this.reach(() => {
          signal?.removeEventListener('abort', stop);
          resolve();
        }),
      );
      signal?.addEventListener('abort', stop, { once: true });
    });
  }
}

/** Never comes. */
export const never = <T>(): Promise<T> => new Promise<T>(() => {});
