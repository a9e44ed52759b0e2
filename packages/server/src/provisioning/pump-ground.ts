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
}
