import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import type { Queryable } from '../db/pool.ts';
import { forecastCredentials } from './forecast.ts';

const STATES = ['live', 'refused', 'dead', 'missing'] as const;

/** Read from the database at each scrape, so that every replica tells the same. */
export function addCredentialMetrics(registry: Registry, ground: { pool: Queryable; clock: Clock }): void {
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const state = new Gauge({
    name: 'usher_credential_state',
    help: '1 for the state that the credential of the app is in: live, refused, dead, missing',
    labelNames: ['app', 'state'] as const,
    registers: [registry],
    collect: async () => {
      for (const one of [state, ends, age, used]) one.reset();
      const now = ground.clock.now();
      for (const forecast of await forecastCredentials(ground.pool, now)) {
        const { app } = forecast;
        for (const name of STATES) state.set({ app, state: name }, forecast.state === name ? 1 : 0);
        for (const { what, at } of forecast.ends) ends.set({ app, what }, (at.getTime() - now.getTime()) / 1000);
        if (forecast.ageSeconds !== null) age.set({ app }, forecast.ageSeconds);
        if (forecast.lastUsedAt) used.set({ app }, (now.getTime() - forecast.lastUsedAt.getTime()) / 1000);
      }
    },
  });
  const ends = gauge(
    'usher_credential_ends_in_seconds',
    'Until the credential, secret or certificate of the app ends by itself',
    ['app', 'what'],
  );
  const age = gauge('usher_credential_age_seconds', 'Since the app was authorized or its credential entered', ['app']);
  const used = gauge('usher_credential_unused_seconds', 'Since the credential of the app was last used', ['app']);
}
