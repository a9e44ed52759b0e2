import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { EmbeddedServer } from '../../src/db/embedded/embedded-server.ts';
import { fingerprintMigrations, MIGRATIONS_DIR, migrate, readMigrations } from '../../src/db/migrate.ts';
import { createPool, type Pool } from '../../src/db/pool.ts';
import { createTestLog } from './test-log.ts';

/** A database of its own for one test file, dropped by `close`. */
export interface TestDatabase {
  readonly url: string;
  /** May do anything, such as cutting the connections of others. */
  readonly superuserUrl: string;
  readonly pool: Pool;
  close(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** With the schema of the migrations, unless false. */
  readonly migrated?: boolean;
  readonly migrationsDir?: string;
  readonly poolSize?: number;
}

/** Speed over safety: what these databases hold may be lost with the machine. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  autovacuum_naptime: '60s',
};
const log = createTestLog();
const TEMPLATE_LOCK = 7_301_201;

/**
 * All test processes of this OS user and checkout share one server; it survives from run to run, and stops by itself when
 * unused. Another checkout has its own: this one's binaries may go away with its folder.
 */
const CHECKOUT = createHash('sha256')
  .update(import.meta.url)
  .digest('hex')
  .slice(0, 8);
export const TEST_DATA_DIR = join(tmpdir(), `usher-test-${process.getuid?.() ?? 'user'}-${CHECKOUT}`);

export async function openTestServer(): Promise<EmbeddedServer> {
  return await EmbeddedServer.open({ dataDir: TEST_DATA_DIR, share: true, log, settings: SETTINGS });
}

let server: Promise<EmbeddedServer> | undefined;
let users = 0;

async function enterServer(): Promise<EmbeddedServer> {
  users += 1;
  server ??= openTestServer().then((opened) => {
    startKeeper();
    return opened;
  });
  return await server;
}

async function leaveServer(): Promise<void> {
  users -= 1;
  if (users > 0 || !server) return;
  const left = await server;
  server = undefined;
  await left.close();
}

/** Keeps the server up between two test files, and stops it soon after the last, also when tests were killed. */
function startKeeper(): void {
  const script = fileURLToPath(new URL('./keep-test-server.ts', import.meta.url));
  spawn(process.execPath, [script], { detached: true, stdio: 'ignore', env: { TMPDIR: tmpdir() }, cwd: '/' }).unref();
}

/** Makes a database: a clone of a template that is migrated once for each set of migrations. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const entered = await enterServer();
  try {
    const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
    const admin = await connect(await entered.superuserUrl('postgres'));
    try {
      const template = await makeTemplate(entered, admin, options);
      await admin.query(`create database ${name} template ${template} owner usher strategy file_copy`);
    } finally {
      await admin.end();
    }
    return await describeDatabase(entered, name, options.poolSize ?? 10);
  } catch (error) {
    await leaveServer();
    throw error;
  }
}

async function describeDatabase(entered: EmbeddedServer, name: string, poolSize: number): Promise<TestDatabase> {
  const superuserUrl = await entered.superuserUrl(name);
  const url = withDatabase(await entered.url(), name);
  const pool = createPool({ url, size: poolSize, name: 'usher test', log });
  let closed: Promise<void> | undefined;
  const close = async () => {
    await pool.end();
    const admin = await connect(await entered.superuserUrl('postgres'));
    await admin.query(`drop database if exists ${name} with (force)`).finally(() => admin.end());
    await leaveServer();
  };
  return {
    url,
    superuserUrl,
    pool,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'usher test' });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** A template bears its name only once it is complete. */
async function makeTemplate(entered: EmbeddedServer, admin: pg.Client, options: TestDatabaseOptions): Promise<string> {
  if (options.migrated === false) return 'template0';
  const directory = options.migrationsDir ?? MIGRATIONS_DIR;
  const name = `template_${fingerprintMigrations(await readMigrations(directory))}`;
  const isThere = async () =>
    (await admin.query('select 1 from pg_database where datname = $1', [name])).rowCount === 1;
  if (await isThere()) return name;
  await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    if (await isThere()) return name;
    const draft = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
    await admin.query(`create database ${draft} template template0 owner usher`);
    const pool = createPool({ url: withDatabase(await entered.url(), draft), size: 2, name: 'usher test', log });
    await migrate(pool, log, { directory }).finally(() => pool.end());
    // The last connection's process may take a moment to leave.
    await admin.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [draft]);
    await admin.query(`alter database ${draft} rename to ${name}`);
    return name;
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}
