import type { Clock } from '../../clock.ts';

const MOST_BYTES = 33_554_432;
const LONGEST_WAIT_MS = 3_000;

export interface ReceivedFile {
  readonly source: AsyncIterable<Uint8Array>;
  /** All of it is in memory, so that nobody waits for the sender any more. */
  readonly isComplete: boolean;
}

/** Receives a file before it is read, unless it is larger than 32 MiB or its sender is slow. */
export async function receiveFile(clock: Clock, source: AsyncIterable<Uint8Array>): Promise<ReceivedFile> {
  const iterator = source[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  const enough = new AbortController();
  const late = clock.sleep(LONGEST_WAIT_MS, enough.signal).then(
    () => 'late' as const,
    () => 'late' as const,
  );
  let bytes = 0;
  let next = iterator.next();
  try {
    while (bytes < MOST_BYTES) {
      const result = await Promise.race([next, late]);
      if (result === 'late') break;
      if (result.done) return { source: drain(pieces), isComplete: true };
      pieces.push(result.value);
      bytes += result.value.length;
      next = iterator.next();
    }
  } finally {
    enough.abort();
  }
  // It is awaited when the pieces are read, and must not count as unhandled until then.
  next.catch(() => {});
  return { source: readOn(pieces, next, iterator), isComplete: false };
}

async function* drain(pieces: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) yield piece;
}

async function* readOn(
  pieces: Uint8Array[],
  next: Promise<IteratorResult<Uint8Array>>,
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* drain(pieces);
    for (let result = await next; !result.done; result = await iterator.next()) yield result.value;
  } finally {
    await iterator.return?.();
  }
}
