import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import type { Queryable } from '../db/pool.ts';
import type { Outcome } from './outcome.ts';
import { countStandings } from './sql/count-standings.ts';

/** What the pumps tell a monitoring system. Nobody is named: apps are, users are not. */
export interface PumpMetrics {
  outcome(app: string, outcome: Outcome): void;
  call(app: string, seconds: number): void;
}

export function createPumpMetrics(registry: Registry, ground: { pool: Queryable; clock: Clock }): PumpMetrics {
  const outcomes = new Counter({
    name: 'usher_provisioning_outcomes_total',
    help: 'Ends of attempts by this replica, by app, operation, outcome and reason',
    labelNames: ['app', 'operation', 'outcome', 'reason'] as const,
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'usher_provisioning_operation_duration_seconds',
    help: 'Time of one operation at the target, with all its requests, by app',
    labelNames: ['app'] as const,
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
    registers: [registry],
  });
  addStandingGauges(registry, ground);
  return {
    outcome: (app, { kind, request, link }) =>
      outcomes.inc({
        app,
        operation: request?.operation ?? 'none',
        outcome: kind,
        reason: link?.reason?.code ?? 'none',
      }),
    call: (app, took) => seconds.observe({ app }, took),
  };
}

/** Read from the database at each scrape, so that every replica tells the same. */
function addStandingGauges(registry: Registry, ground: { pool: Queryable; clock: Clock }): void {
  const links = new Gauge({
    name: 'usher_links',
    help: 'Links by app and standing: due, parked, held, retrying',
    labelNames: ['app', 'standing'] as const,
    registers: [registry],
    collect: async () => {
      links.reset();
      quarantined.reset();
      oldest.reset();
      for (const row of await countStandings(ground.pool, ground.clock.now())) {
        for (const standing of ['due', 'parked', 'held', 'retrying'] as const) {
          links.set({ app: row.app, standing }, row[standing]);
        }
        quarantined.set({ app: row.app }, row.quarantined ? 1 : 0);
        oldest.set({ app: row.app }, row.oldestDueSeconds);
      }
    },
  });
  const quarantined = new Gauge({
    name: 'usher_app_quarantined',
    help: '1 while the app is quarantined and nothing is sent to it',
    labelNames: ['app'] as const,
    registers: [registry],
  });
  const oldest = new Gauge({
    name: 'usher_oldest_due_seconds',
    help: 'For how long the longest waiting link of the app has been due',
    labelNames: ['app'] as const,
    registers: [registry],
  });
}
