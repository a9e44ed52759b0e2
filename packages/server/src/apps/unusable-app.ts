import { Refusal } from '../refusal.ts';
import type { Quarantine } from './connected-app.ts';

/**
 * Why an app cannot be opened although it is configured. An active app shows it as its quarantine; a caller who wanted
 * to see a preview or to activate the app is refused with it.
 */
export class UnusableAppError extends Refusal {
  readonly blames: Extract<Quarantine['cause'], 'credential' | 'connector'>;
  readonly fix: string;

  constructor(blames: UnusableAppError['blames'], message: string, fix: string) {
    super('conflict', `${message} ${fix}`, [{ field: blames, problem: message, fix }]);
    this.name = 'UnusableAppError';
    this.blames = blames;
    this.fix = fix;
  }

  /** What is wrong, without the fix. */
  get problem(): string {
    return this.problems[0]?.problem ?? this.message;
  }
}
