import { Kysely, PostgresDialect } from 'kysely';
import type { Pool } from './pool.ts';

/**
 * Kysely over the same pool, for the lists of the API, whose filters vary. It does not own the pool: never call its `destroy`.
 * Statements of the hot path are named ones (`statement.ts`), which PostgreSQL plans once.
 */
export function createQueryBuilder<Database>(pool: Pool): Kysely<Database> {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}
