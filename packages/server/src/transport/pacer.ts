import type { Clock } from '../clock.ts';
import { countTokens, openRateLimit, type RateLimit, takeToken } from './rate-limit.ts';

/**
 * Lets requests to one target out at the configured rate, those that take access away first. Every request passes
 * here, also the second and third of one operation, so that the rate is the target's and not an average of ours.
 */
export class Pacer {
  #limit: RateLimit | undefined;
  readonly #clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  readonly #waiting: [urgent: (() => void)[], ordinary: (() => void)[]] = [[], []];
  #isScheduled = false;

  constructor(perSecond: number | null, clock: Pick<Clock, 'monotonicMs' | 'sleep'>) {
    this.#clock = clock;
    // A tenth of a second's worth may go at once; more would be a burst that the target did not agree to.
    if (perSecond !== null) this.#limit = openRateLimit(perSecond, Math.max(1, perSecond / 10), clock.monotonicMs());
  }

  /** Whether another operation may begin now: nobody waits and the next request could go. */
  get isOpen(): boolean {
    if (!this.#limit) return true;
    return (
      this.#waiting[0].length + this.#waiting[1].length === 0 && countTokens(this.#limit, this.#clock.monotonicMs()) > 0
    );
  }

  /** Resolves when the request may go; at once, without a promise, where there is no rate. */
  take(urgent: boolean): Promise<void> | undefined {
    if (!this.#limit) return undefined;
    if (this.isOpen && this.#spend()) return undefined;
    return new Promise((resolve) => {
      this.#waiting[urgent ? 0 : 1].push(resolve);
      this.#schedule();
    });
  }

  #spend(): boolean {
    if (!this.#limit) return true;
    const { limit, waitMs } = takeToken(this.#limit, this.#clock.monotonicMs());
    this.#limit = limit;
    return waitMs === 0;
  }

  #schedule(): void {
    if (this.#isScheduled || !this.#limit) return;
    const { waitMs } = takeToken(this.#limit, this.#clock.monotonicMs());
    this.#isScheduled = true;
    void this.#clock.sleep(Math.max(1, waitMs)).then(() => {
      this.#isScheduled = false;
      while (this.#waiting[0].length + this.#waiting[1].length > 0 && this.#spend()) {
        (this.#waiting[0].shift() ?? this.#waiting[1].shift())?.();
      }
      if (this.#waiting[0].length + this.#waiting[1].length > 0) this.#schedule();
    });
  }

  /** Milliseconds until an operation may begin. */
  get waitMs(): number {
    return this.#limit ? takeToken(this.#limit, this.#clock.monotonicMs()).waitMs : 0;
  }
}
