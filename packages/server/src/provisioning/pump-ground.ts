import type { OpenApp } from '../apps/index.ts';
import type { Clock } from '../clock.ts';
import type { Pool } from '../db/pool.ts';
import type { Log } from '../log.ts';
import type { PumpMetrics } from './pump-metrics.ts';

/** What a pump stands on. */
export interface PumpGround {
  pool: Pool;
  clock: Clock;
  log: Log;
  openApp: OpenApp;
  metrics?: PumpMetrics | undefined;
  /** Told at once of an app whose changes fail or need a person, for what judges its rollout. */
  noteFailure?: ((appId: number) => void) | undefined;
}
