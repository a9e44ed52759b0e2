import pg from 'pg';
import type { Log } from '../log.ts';
import { CommitOutcomeUnknownError, isConnectionFailure, isReadOnly, isSerializationFailure } from './sqlstate.ts';

export type Pool = pg.Pool;
export type PoolClient = pg.PoolClient;
/** What a statement can run on: the pool, or the connection of a transaction. */
export type Queryable = Pick<pg.Pool, 'query'>;

const OID = { int8: 20, date: 1082, timestamp: 1114, int8Array: 1016, dateArray: 1182, timestampArray: 1115 } as const;
const asText = (text: string): string => text;

/** A JavaScript number while that is exact, otherwise a bigint: never a rounded value. */
export function parseInt8(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** Arrays of these types hold digits and signs only, so that no quoting can occur in them. */
function parsePlainArray<T>(parse: (text: string) => T): (text: string) => Array<T | null> {
  return (text) => {
    const inner = text.slice(1, -1);
    if (inner === '') return [];
    return inner.split(',').map((item) => (item === 'NULL' ? null : parse(item.replaceAll('"', ''))));
  };
}

const PARSERS = new Map<number, (text: string) => unknown>([
  [OID.int8, parseInt8],
  [OID.date, asText],
  // Without a zone it is no instant; pg would read it in the zone of this machine.
  [OID.timestamp, asText],
  [OID.int8Array, parsePlainArray(parseInt8)],
  [OID.dateArray, parsePlainArray(asText)],
  [OID.timestampArray, parsePlainArray(asText)],
]);

/** How columns become JavaScript values; the parsers of pg for every type that is not named above. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    const parser = format === 'binary' ? undefined : PARSERS.get(oid);
    return parser ?? pg.types.getTypeParser(oid, format as 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

export interface PoolOptions {
  readonly url: string;
  readonly size: number;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  readonly log: Log;
}

/** Options that every connection of ours has, pooled or not. */
export function connectionOptions(url: string, name: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: name.slice(0, 63),
    types: columnTypes,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    // A transaction whose process hangs would hold its locks, and back vacuum, for ever.
    idle_in_transaction_session_timeout: 60_000,
  };
}

/** A pool that survives the loss of its connections: a broken one is dropped and logged, and the next query opens another. */
export function createPool(options: PoolOptions): Pool {
  const pool = new pg.Pool({
    ...connectionOptions(options.url, options.name),
    max: options.size,
    idleTimeoutMillis: 60_000,
  });
  pool.on('error', (error) => options.log.warn({ err: error }, 'An idle database connection was lost'));
  // An error between two queries of a checked-out connection has no other listener, and would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Ends a connection at once; `end` would wait for a peer that may not answer any more. */
export function dropConnection(client: pg.Client): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  readonly readOnly?: boolean;
  /** How often `fn` may run altogether when the transaction loses against another one. 1 by default: `fn` runs once. */
  readonly attempts?: number;
}

/**
 * Runs `fn` in one transaction and commits it; rolls back and rethrows when `fn` throws.
 * Throws CommitOutcomeUnknownError when the connection broke at the commit, and an error when PostgreSQL turned the commit
 * into a rollback because `fn` swallowed the failure of one of its statements.
 */
export async function inTransaction<T>(
  pool: Pool,
  fn: (client: PoolClient) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runTransaction(pool, fn, options);
    } catch (error) {
      if (attempt >= (options.attempts ?? 1) || !isSerializationFailure(error)) throw error;
    }
  }
}

async function runTransaction<T>(
  pool: Pool,
  fn: (client: PoolClient) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const isolation = options.isolation ? ` isolation level ${options.isolation}` : '';
    await client.query(`begin${isolation}${options.readOnly ? ' read only' : ''}`);
    const result = await fn(client);
    await commit(client);
    return result;
  } catch (error) {
    if (error instanceof CommitOutcomeUnknownError) broken = error;
    // The server was demoted under us: the next connection may reach the new primary, this one never will.
    else if (isReadOnly(error) && !options.readOnly) broken = error as Error;
    else broken = await rollBack(client);
    throw error;
  } finally {
    client.release(broken);
  }
}

async function commit(client: PoolClient): Promise<void> {
  let answer: pg.QueryResult;
  try {
    answer = await client.query('commit');
  } catch (error) {
    throw isConnectionFailure(error) ? new CommitOutcomeUnknownError(error) : error;
  }
  if (answer.command === 'ROLLBACK') {
    throw new Error(
      'The transaction was rolled back at its commit, because an error of one of its statements was caught',
    );
  }
}

/** A connection that cannot roll back is unfit for the next user of the pool. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
