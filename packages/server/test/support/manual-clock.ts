import { type Clock, createUuidSequence } from '../../src/clock.ts';

/** A clock that stands still until a test moves it. Its ids are the same in every run. */
export interface ManualClock extends Clock {
  /** Moves the time and wakes every sleeper whose time has come, in order, letting each run before the next. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock alone, as an operator or a time server does. */
  jumpTo(now: Date): void;
  /** How many sleep now. */
  readonly sleepers: number;
}

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

export function createManualClock(start: Date = new Date('2026-01-05T08:00:00Z')): ManualClock {
  let elapsedMs = 0;
  let wallMs = start.getTime();
  const sleepers = new Set<Sleeper>();
  const moveTo = (targetMs: number) => {
    wallMs += targetMs - elapsedMs;
    elapsedMs = targetMs;
  };
  return {
    now: () => new Date(wallMs),
    monotonicMs: () => elapsedMs,
    uuid: createUuidSequence(
      () => wallMs,
      (bytes) => new Uint8Array(bytes),
    ),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          wakeAtMs: elapsedMs + ms,
          wake: () => {
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', abort, { once: true });
      }),
    advance: async (ms) => {
      const endMs = elapsedMs + ms;
      for (;;) {
        const next = [...sleepers].filter((s) => s.wakeAtMs <= endMs).sort((a, b) => a.wakeAtMs - b.wakeAtMs)[0];
        if (!next) break;
        moveTo(Math.max(elapsedMs, next.wakeAtMs));
        sleepers.delete(next);
        next.wake();
        await new Promise((resolve) => setImmediate(resolve));
      }
      moveTo(endMs);
    },
    jumpTo: (now) => {
      wallMs = now.getTime();
    },
    get sleepers() {
      return sleepers.size;
    },
  };
}
