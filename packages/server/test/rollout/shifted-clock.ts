import { type Clock, systemClock } from '../../src/clock.ts';

/** The machine's clock, set ahead: hours pass when a test says so, and everything else goes on in real time. */
export interface ShiftedClock extends Clock {
  /** Lets so much time pass. */
  pass(ms: number): void;
  /** Sets the wall clock alone, as an operator or a time server does. */
  jump(ms: number): void;
}

export function createShiftedClock(): ShiftedClock {
  let passedMs = 0;
  let jumpedMs = 0;
  return {
    ...systemClock,
    now: () => new Date(systemClock.now().getTime() + passedMs + jumpedMs),
    monotonicMs: () => systemClock.monotonicMs() + passedMs,
    pass: (ms) => {
      passedMs += ms;
    },
    jump: (ms) => {
      jumpedMs += ms;
    },
  };
}
