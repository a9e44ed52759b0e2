/** What a live chart shows: one value a second, oldest first. */
export interface Reading {
  readonly times: readonly number[];
  readonly done: readonly number[];
  readonly failed: readonly number[];
  readonly median: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
}

const SECONDS = 180;

/** The last three minutes in seconds; what is older falls out, whatever comes in. */
export class Readings {
  #second: number;
  #done: number[] = Array(SECONDS).fill(0);
  #failed: number[] = Array(SECONDS).fill(0);
  #median: (number | null)[] = Array(SECONDS).fill(null);
  #p95: (number | null)[] = Array(SECONDS).fill(null);

  constructor(nowMs: number) {
    this.#second = Math.floor(nowMs / 1000);
  }

  /** Lets the seconds up to now begin. */
  advance(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    const passed = Math.min(SECONDS, second - this.#second);
    if (passed <= 0) return;
    this.#done = [...this.#done.slice(passed), ...Array(passed).fill(0)];
    this.#failed = [...this.#failed.slice(passed), ...Array(passed).fill(0)];
    this.#median = [...this.#median.slice(passed), ...Array(passed).fill(null)];
    this.#p95 = [...this.#p95.slice(passed), ...Array(passed).fill(null)];
    this.#second = second;
  }

  count(nowMs: number, done: boolean): void {
    this.advance(nowMs);
    const counts = done ? this.#done : this.#failed;
    counts[SECONDS - 1] = (counts[SECONDS - 1] ?? 0) + 1;
  }

  measure(nowMs: number, latenciesMs: readonly number[]): void {
    if (latenciesMs.length === 0) return;
    this.advance(nowMs);
    const sorted = [...latenciesMs].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
    this.#median[SECONDS - 1] = at(0.5);
    this.#p95[SECONDS - 1] = at(0.95);
  }

  /** The present second is left out, for it is not over. */
  read(): Reading {
    const first = this.#second - SECONDS + 1;
    return {
      times: Array.from({ length: SECONDS - 1 }, (_, index) => first + index),
      done: this.#done.slice(0, -1),
      failed: this.#failed.slice(0, -1),
      median: join(this.#median.slice(0, -1)),
      p95: join(this.#p95.slice(0, -1)),
    };
  }
}

const LONGEST_GAP = 5;

/** Measured every few seconds: what lies between two measurements is the earlier one. */
function join(values: readonly (number | null)[]): (number | null)[] {
  let held: number | null = null;
  let age = 0;
  return values.map((value) => {
    if (value !== null) {
      held = value;
      age = 0;
    } else age += 1;
    return age > LONGEST_GAP ? null : held;
  });
}
