import type { Clock } from '../clock.ts';

/** Both clocks at one moment. */
export interface Moment {
  monotonicMs: number;
  wallMs: number;
}

export function readClocks(clock: Clock): Moment {
  return { monotonicMs: clock.monotonicMs(), wallMs: clock.now().getTime() };
}

/**
 * Until when a lease is surely ours, by the more pessimistic of two clocks. The monotonic one may stand still while the
 * machine sleeps or is moved, and the database's goes on; the wall clock goes on too, but may be set back.
 */
export class LeaseDeadline {
  readonly #clock: Clock;
  #ends: Moment;

  /** `asked` is from before the lease was asked for. */
  constructor(clock: Clock, asked: Moment, lengthMs: number) {
    this.#clock = clock;
    this.#ends = endOf(asked, lengthMs);
  }

  extend(asked: Moment, lengthMs: number): void {
    this.#ends = endOf(asked, lengthMs);
  }

  get leftMs(): number {
    const { monotonicMs, wallMs } = readClocks(this.#clock);
    return Math.min(this.#ends.monotonicMs - monotonicMs, this.#ends.wallMs - wallMs);
  }
}

function endOf(asked: Moment, lengthMs: number): Moment {
  return { monotonicMs: asked.monotonicMs + lengthMs, wallMs: asked.wallMs + lengthMs };
}
