import type { OpenApp } from '../apps/index.ts';
import type { Clock } from '../clock.ts';
import type { Pool } from '../db/pool.ts';
import type { Log } from '../log.ts';
import type { PumpMetrics } from './pump-metrics.ts';
import type { JudgeRollout } from './rollout-brake.ts';

/** What a pump stands on. */
export interface PumpGround {
  pool: Pool;
  clock: Clock;
  log: Log;
  openApp: OpenApp;
  metrics?: PumpMetrics | undefined;
  /** Halts a rollout that fails too often. Absent: nobody judges, as in previews. */
  judgeRollout?: JudgeRollout | undefined;
}
