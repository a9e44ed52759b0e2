const MOST_WRONG = 20;
const FORGIVE_ONE_MS = 3_000;
const MOST_REMEMBERED = 10_000;

/**
 * Counts wrong keys by network: twenty at once, then one in three seconds. A network over the limit is refused before its key is
 * looked at, except with keys that already worked from there: a proxy in front makes one network of everybody, and a
 * stranger's guesses must not lock the others out.
 */
export class WrongKeyLimit {
  readonly #wrong = new Map<string, { count: number; atMs: number }>();
  readonly #worked = new Map<string, true>();

  /** Milliseconds to wait, or 0. */
  waitMs(network: string, keyHash: string, nowMs: number): number {
    if (this.#worked.has(`${network} ${keyHash}`)) return 0;
    const count = this.#countAt(network, nowMs);
    return count < MOST_WRONG ? 0 : Math.ceil((count - MOST_WRONG + 1) * FORGIVE_ONE_MS);
  }

  /** Whether this wrong key was the one that brought the network to the limit. */
  noteWrong(network: string, nowMs: number): boolean {
    const before = this.#countAt(network, nowMs);
    remember(this.#wrong, network, { count: before + 1, atMs: nowMs });
    return before < MOST_WRONG && before + 1 >= MOST_WRONG;
  }

  noteWorked(network: string, keyHash: string): void {
    remember(this.#worked, `${network} ${keyHash}`, true);
  }

  #countAt(network: string, nowMs: number): number {
    const entry = this.#wrong.get(network);
    return entry ? Math.max(0, entry.count - (nowMs - entry.atMs) / FORGIVE_ONE_MS) : 0;
  }
}

/** Keeps the newest entries; a Map goes through them in the order of their insertion. */
function remember<Value>(map: Map<string, Value>, name: string, value: Value): void {
  map.delete(name);
  map.set(name, value);
  if (map.size <= MOST_REMEMBERED) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
