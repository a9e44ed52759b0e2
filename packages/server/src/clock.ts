import { randomBytes } from 'node:crypto';

/** The only source of time and of new ids. Everything else takes `now` as an argument or asks a clock it was given. */
export interface Clock {
  now(): Date;
  /** Milliseconds that never go backwards; only differences mean something. */
  monotonicMs(): number;
  /** A version 7 UUID (RFC 9562 section 5.7): ids made later by one process sort after those made earlier. */
  uuid(): string;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * Makes version 7 UUIDs that stay in order within one millisecond and when the wall clock steps back:
 * the 12 bits after the time are a counter (RFC 9562 section 6.2, method 1), started low so that it seldom overflows.
 */
export function createUuidSequence(nowMs: () => number, random: (bytes: number) => Uint8Array): () => string {
  let lastMs = -1;
  let counter = 0;
  return () => {
    const bytes = Buffer.from(random(10));
    const wallMs = nowMs();
    if (wallMs > lastMs) {
      lastMs = wallMs;
      counter = bytes.readUInt16BE(8) & 0x3ff;
    } else if (++counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
    const variant = ((bytes[0] ?? 0) & 0x3f) | 0x80;
    bytes[0] = variant;
    const time = lastMs.toString(16).padStart(12, '0');
    const tail = bytes.toString('hex', 0, 8);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${tail.slice(0, 4)}-${tail.slice(4)}`;
  };
}

const POOL_BYTES = 4096;
let pooled = Buffer.alloc(0);

/** Randomness in stock: a call into the system for each id would cost ten times the rest of it. No byte is given twice. */
function takeRandom(bytes: number): Uint8Array {
  if (pooled.length < bytes) pooled = randomBytes(POOL_BYTES);
  const taken = pooled.subarray(0, bytes);
  pooled = pooled.subarray(bytes);
  return taken;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  uuid: createUuidSequence(Date.now, takeRandom),
  sleep: (ms, signal) => sleepUntil(ms, signal),
};

/** Node's timers hold at most 2^31-1 ms and fire at once beyond that, so that a wait of a month is slept in pieces. */
async function sleepUntil(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const longestMs = 2 ** 31 - 1;
  const deadlineMs = performance.now() + ms;
  for (;;) {
    signal?.throwIfAborted();
    const leftMs = deadlineMs - performance.now();
    if (leftMs <= 0 && ms > 0) return;
    await delay(Math.max(0, Math.min(leftMs, longestMs)), signal);
    if (ms <= 0) return;
  }
}

/** As `timers/promises` has it, but for the error with a stack that it makes of each wait that is given up. */
function delay(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    }, ms);
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}
