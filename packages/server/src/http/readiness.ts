import { readMigrations } from '../db/migrate.ts';
import type { Ground } from '../ground.ts';
import type { ReadinessCheck } from './probe-routes.ts';

/** The database answers, can be written to, and has every migration that this code knows. */
export function databaseChecks(ground: Ground): ReadinessCheck[] {
  const newest = readMigrations().then((migrations) => migrations.at(-1)?.number ?? 0);
  newest.catch(() => {});
  return [
    {
      name: 'database',
      check: async () => {
        const { rows } = await ground.pool.query<{ readOnly: boolean }>(
          `select pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool as "readOnly"`,
        );
        return rows[0]?.readOnly ? 'cannot be written to' : undefined;
      },
    },
    {
      name: 'migrations',
      check: async () => {
        const wanted = await newest;
        const { rows } = await ground.pool.query<{ number: number | null }>(
          'select max(number) as number from schema_migration',
        );
        const number = rows[0]?.number ?? 0;
        return number < wanted
          ? `the schema is at ${number}, and this version needs ${wanted}; run usher migrate`
          : undefined;
      },
    },
  ];
}
