export { EmbeddedDatabaseError } from './embedded/embedded-database-error.ts';
export { type Listener, type ListenOptions, listen } from './listen.ts';
export { MigrationError, type MigrationResult, migrate } from './migrate.ts';
export { inTransaction, type Pool, type PoolClient, type Queryable, type TransactionOptions } from './pool.ts';
export { createQueryBuilder } from './query-builder.ts';
export * from './sqlstate.ts';
export { type Statement, statement } from './statement.ts';
export { openStore, type Store, StoreError } from './store.ts';
