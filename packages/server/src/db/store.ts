import { stat } from 'node:fs/promises';
import pg from 'pg';
import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { type Log, redactText } from '../log.ts';
import { databaseDirOf } from './embedded/database-folder.ts';
import { EmbeddedServer, findRunningDatabase } from './embedded/embedded-server.ts';
import { connectionOptions, createPool, type Pool } from './pool.ts';
import { findSqlState, isConnectionFailure } from './sqlstate.ts';

/** The database, wherever it runs. */
export interface Store {
  readonly pool: Pool;
  /** For connections beside the pool, such as the listening one. Holds the password. */
  readonly url: string;
  readonly embedded: boolean;
  /** On the embedded database only: as superuser, for backups. */
  readonly superuserUrl?: string;
  /** Ends the pool, waiting for what runs on it within bounded time, and stops the embedded server when this was its last engine. */
  close(): Promise<void>;
}

/** The database cannot be used; the message says why and what to do, and holds no password. */
export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
  }
}

export type StoreConfig = Pick<Config, 'databaseUrl' | 'databasePoolSize' | 'dataDir' | 'shareDatabase' | 'replica'>;

const OLDEST_SERVER = 150_000;
const POOL_CLOSE_MS = 5_000;
/** A database beside us, as in Compose, may need this long to come up. */
const EXTERNAL_WAIT_MS = 30_000;

/** Opens the database that the configuration names, or the embedded one on the data folder. The schema is `migrate`'s. */
export async function openStore(
  config: StoreConfig,
  log: Log,
  options: { readonly waitMs?: number } = {},
): Promise<Store> {
  if (config.databaseUrl !== undefined) {
    await assertUsable(config.databaseUrl, log, options.waitMs ?? EXTERNAL_WAIT_MS);
    const pool = createPool(poolOptions(config, config.databaseUrl, log));
    return { pool, url: config.databaseUrl, embedded: false, close: () => endPool(pool, log) };
  }
  const server = await EmbeddedServer.open({ dataDir: config.dataDir, share: config.shareDatabase, log });
  const url = await server.url();
  const pool = createPool(poolOptions(config, url, log));
  return {
    pool,
    url,
    embedded: true,
    superuserUrl: await server.superuserUrl(),
    close: async () => {
      await endPool(pool, log);
      await server.close();
    },
  };
}

/**
 * The database that the configuration names, for somebody who works beside a running server and must not disturb it, such
 * as a backup. An embedded one that does not run is started for the time; one that is not there is not made.
 */
export async function reachStore(config: StoreConfig, log: Log): Promise<Pick<Store, 'url' | 'close'>> {
  if (config.databaseUrl === undefined) {
    const databaseDir = databaseDirOf(config.dataDir);
    if (!(await stat(databaseDir).catch(() => undefined))) {
      throw new StoreError(
        `There is no embedded database in ${config.dataDir}. Give the data folder of the server with --data-dir or ` +
          'USHER_DATA_DIR, or its PostgreSQL with DATABASE_URL.',
      );
    }
    const url = await findRunningDatabase(config.dataDir);
    if (url !== undefined) return { url, close: async () => {} };
  }
  const store = await openStore(config, log);
  return { url: store.url, close: () => store.close() };
}

function poolOptions(config: StoreConfig, url: string, log: Log) {
  return { url, size: config.databasePoolSize, name: `usher ${config.replica}`, log };
}

/** A query that hangs must not keep us from ending. */
async function endPool(pool: Pool, log: Log): Promise<void> {
  if (pool.ending) return;
  const late = new AbortController();
  const timeout = systemClock.sleep(POOL_CLOSE_MS, late.signal).then(
    () => log.warn('Database connections were still in use when the pool was closed'),
    () => {},
  );
  await Promise.race([pool.end(), timeout]);
  late.abort();
}

async function assertUsable(url: string, log: Log, waitMs: number): Promise<void> {
  const deadlineMs = systemClock.monotonicMs() + waitMs;
  for (let told = false; ; told = true) {
    try {
      return await checkServer(url);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      const hopeless = !isConnectionFailure(error) || systemClock.monotonicMs() > deadlineMs;
      if (hopeless) throw explain(url, error);
      if (!told) log.warn({ err: error }, 'The database is not reachable yet; waiting for it');
      await systemClock.sleep(500);
    }
  }
}

async function checkServer(url: string): Promise<void> {
  const client = new pg.Client({ ...connectionOptions(url, 'usher start') });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query(`select current_setting('server_version_num')::int as version,
      current_setting('server_version') as name, current_setting('server_encoding') as encoding,
      pg_is_in_recovery() as standby, has_schema_privilege(current_schema(), 'create') as may_create`);
    const [{ version, name, encoding, standby, may_create: mayCreate }] = rows;
    if (version < OLDEST_SERVER) {
      throw new StoreError(`DATABASE_URL is at PostgreSQL ${name}; Usher needs 15 or newer. Upgrade that server.`);
    }
    if (encoding !== 'UTF8') {
      throw new StoreError(
        `The database of DATABASE_URL has the encoding ${encoding}, which cannot hold every name. ` +
          "Make one with: create database usher encoding 'UTF8' template template0",
      );
    }
    if (standby) {
      throw new StoreError(
        'DATABASE_URL is at a standby, which cannot be written to. Give the address of the primary.',
      );
    }
    if (!mayCreate) {
      throw new StoreError(
        "The role of DATABASE_URL may not create tables in the database's schema. " +
          'Make it the owner of the database: alter database … owner to …',
      );
    }
  } finally {
    await client.end().catch(() => {});
  }
}

function explain(url: string, error: unknown): StoreError {
  const where = redactText(url);
  const message = redactText(error instanceof Error ? error.message || String(findCause(error)) : String(error));
  const fixes: Record<string, string> = {
    '28P01': 'Check the name and the password; special characters of a password must be percent-encoded.',
    '28000': 'The server lets this role or host in only otherwise: check its pg_hba.conf, and sslmode in DATABASE_URL.',
    '3D000': 'Make the database first: create database … owner …',
    '53300': 'Raise max_connections of the server, or lower USHER_DATABASE_POOL_SIZE.',
  };
  const fix =
    fixes[findSqlState(error) ?? ''] ?? 'Check that the server runs there and that this machine may reach it.';
  return new StoreError(`The database at ${where} (DATABASE_URL) cannot be used: ${message}. ${fix}`, { cause: error });
}

/** Node tries every address of a name and reports the failures together, with no message of its own. */
function findCause(error: Error): string {
  return error instanceof AggregateError ? error.errors.map((each) => (each as Error).message).join('; ') : error.name;
}
