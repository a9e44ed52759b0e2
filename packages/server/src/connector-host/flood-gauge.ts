import type { ChildLimits } from './child-limits.ts';

type FloodLimits = Pick<ChildLimits, 'logLinesPerSecond' | 'floodLinesPerSecond' | 'floodCharsPerSecond'>;

/** A burst may be this many seconds' worth. */
const BURST_SECONDS = 5;

/** Counts what a child prints and logs. Pure but for its own counts; time comes in as ticks. */
export class FloodGauge {
  readonly #limits: FloodLimits;
  #lines = 0;
  #chars = 0;
  #passed = 0;
  #dropped = 0;

  constructor(limits: FloodLimits) {
    this.#limits = limits;
  }

  /** A line of the log. `pass`: write it; `drop`: count it; `flood`: end the process. */
  line(chars: number): 'pass' | 'drop' | 'flood' {
    this.#lines += 1;
    if (this.output(chars) === 'flood' || this.#lines > this.#limits.floodLinesPerSecond * BURST_SECONDS)
      return 'flood';
    if (this.#passed >= this.#limits.logLinesPerSecond * BURST_SECONDS) {
      this.#dropped += 1;
      return 'drop';
    }
    this.#passed += 1;
    return 'pass';
  }

  output(chars: number): 'pass' | 'flood' {
    this.#chars += chars;
    return this.#chars > this.#limits.floodCharsPerSecond * BURST_SECONDS ? 'flood' : 'pass';
  }

  /** Lets time pass, and gives the number of lines dropped since the last time. */
  tick(seconds: number): number {
    const { logLinesPerSecond, floodLinesPerSecond, floodCharsPerSecond } = this.#limits;
    this.#passed = Math.max(0, this.#passed - logLinesPerSecond * seconds);
    this.#lines = Math.max(0, this.#lines - floodLinesPerSecond * seconds);
    this.#chars = Math.max(0, this.#chars - floodCharsPerSecond * seconds);
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }
}
