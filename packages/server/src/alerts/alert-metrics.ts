import { Gauge, type Registry } from 'prom-client';
import type { Queryable } from '../db/pool.ts';
import { countDeliveries } from './sql/deliveries.ts';

/** Read from the database at each scrape, so that every replica tells the same. */
export function addAlertMetrics(registry: Registry, pool: Queryable): void {
  const deliveries = new Gauge({
    name: 'usher_alert_deliveries',
    help: 'Deliveries of alerts by state: waiting, delivered, given up',
    labelNames: ['state'] as const,
    registers: [registry],
    collect: async () => {
      deliveries.reset();
      for (const { state, count } of await countDeliveries(pool)) deliveries.set({ state }, count);
    },
  });
}
