import type { Outcome } from './outcome.ts';

/** Says of the rollout of an app, from what is on record, how many more failures it bears; 0: it runs no more. */
export type JudgeRollout = (appId: number) => Promise<number>;

/**
 * Keeps a version from failing at many more accounts than its limit before it is halted. After as many failures as the last
 * verdict leaves room for, nothing more is sent until the rollout is judged anew: what fails beyond the limit is what was
 * under way. While little fails, verdicts are as seldom as the room is large.
 */
export class RolloutBrake {
  #left = Number.POSITIVE_INFINITY;

  /** Another configuration is in force. What runs is judged before anything is sent. */
  use(isRunning: boolean): void {
    this.#left = isRunning ? 0 : Number.POSITIVE_INFINITY;
  }

  /** Nothing more is to be sent before the next verdict. */
  get isOn(): boolean {
    return this.#left <= 0;
  }

  count(failures: number): void {
    this.#left -= failures;
  }

  take(verdict: number): void {
    this.#left = verdict;
  }
}

/** Needs a person, or failed often enough to be taken for that. */
export function isFailure({ kind, attempts }: Pick<Outcome, 'kind' | 'attempts'>): boolean {
  return kind === 'parked' || (kind === 'retry' && attempts >= 3);
}
