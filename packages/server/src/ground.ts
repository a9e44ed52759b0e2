import type pg from 'pg';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

/** What every part of the server stands on. Passed as a value; nothing is global. */
export interface Ground {
  pool: pg.Pool;
  clock: Clock;
  log: Log;
}
