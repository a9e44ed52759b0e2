import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crashPoint } from '../crash-point.ts';
import type { Log } from '../log.ts';
import type { Pool, PoolClient } from './pool.ts';

export const MIGRATIONS_DIR = fileURLToPath(new URL('./migrations', import.meta.url));

/** One file `NNNN-name.sql`. `breaking` is set by a line `-- breaking` in it: code that does not know the migration must not run on it. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly file: string;
  readonly sql: string;
  readonly checksum: string;
  readonly breaking: boolean;
}

/** The schema and the code do not go together; the message says what to do. */
export class MigrationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MigrationError';
  }
}

interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly breaking: boolean;
}

export interface MigrationResult {
  /** File names, in the order in which they were applied now. */
  readonly applied: readonly string[];
  /** The number of the schema after it. */
  readonly current: number;
}

// Any constant will do that no other use of advisory locks in this database has ("ushr", "mig").
const LOCK_KEYS = '1970497650, 7170407';

/** Reads the migrations of a folder in their order. */
export async function readMigrations(directory: string = MIGRATIONS_DIR): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
  const migrations: Migration[] = [];
  for (const file of files) {
    const match = /^(\d{4})-([a-z0-9][a-z0-9-]*)\.sql$/.exec(file);
    if (!match) throw new MigrationError(`The migration file "${file}" is not named NNNN-name.sql; rename it`);
    // Line ends differ between checkouts on Windows and elsewhere; the migration does not.
    const sql = (await readFile(join(directory, file), 'utf8')).replaceAll('\r\n', '\n');
    migrations.push({
      number: Number(match[1]),
      name: match[2] ?? '',
      file,
      sql,
      checksum: createHash('sha256').update(sql).digest('hex'),
      breaking: /^-- breaking\s*$/m.test(sql),
    });
  }
  migrations.forEach((migration, index) => {
    if (migration.number !== index + 1) {
      throw new MigrationError(
        `The migrations must be numbered from 0001 without gaps or repeats: "${migration.file}" stands at place ${index + 1}`,
      );
    }
  });
  return migrations;
}

/** One value for a whole set of migrations. */
export function fingerprintMigrations(migrations: readonly Migration[]): string {
  const hash = createHash('sha256');
  for (const migration of migrations) hash.update(`${migration.file}:${migration.checksum}\n`);
  return hash.digest('hex').slice(0, 16);
}

/**
 * Brings the schema up to the code: applies each missing migration in a transaction of its own, forward only.
 * Replicas that start at once take turns by an advisory lock. Throws a MigrationError, before it changes anything, when an applied
 * migration was edited, one in the middle is missing, or the schema is newer and breaking.
 */
export async function migrate(
  pool: Pool,
  log: Log,
  options: {
    readonly directory?: string;
    /** Applies no migration beyond this number: for a backup that was made before them. */
    readonly upTo?: number;
  } = {},
): Promise<MigrationResult> {
  const migrations = (await readMigrations(options.directory)).slice(0, options.upTo);
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    // A session lock outlives the transactions of the migrations, and ends by itself with the connection.
    await client.query('set statement_timeout = 0');
    const { rows } = await client.query(`select pg_try_advisory_lock(${LOCK_KEYS}) as got`);
    if (!rows[0].got) {
      log.info('Another process is migrating the database; waiting for it');
      await client.query(`select pg_advisory_lock(${LOCK_KEYS})`);
    }
    return await applyMissing(client, migrations, log);
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    if (!broken) await client.query(`reset statement_timeout; select pg_advisory_unlock(${LOCK_KEYS})`);
    client.release(broken);
  }
}

async function applyMissing(client: PoolClient, migrations: readonly Migration[], log: Log): Promise<MigrationResult> {
  await client.query(`create table if not exists schema_migration (
    number     int primary key check (number > 0),
    name       text not null,
    applied_at timestamptz not null default now(),
    checksum   text not null,
    breaking   boolean not null default false
  )`);
  const { rows: applied } = await client.query<AppliedMigration>(
    'select number, name, checksum, breaking from schema_migration order by number',
  );
  assertSchemaFits(migrations, applied, log);
  const missing = migrations.slice(applied.length);
  for (const migration of missing) await applyOne(client, migration, log);
  return { applied: missing.map((migration) => migration.file), current: Math.max(applied.length, migrations.length) };
}

function assertSchemaFits(migrations: readonly Migration[], applied: readonly AppliedMigration[], log: Log): void {
  const unknown: AppliedMigration[] = [];
  applied.forEach((row, index) => {
    if (row.number !== index + 1) {
      throw new MigrationError(
        `The database has the migration ${format(row)} without ${String(index + 1).padStart(4, '0')} before it. ` +
          'Restore the database from a backup, or give back the missing row of schema_migration.',
      );
    }
    const known = migrations[index];
    if (!known) unknown.push(row);
    else if (known.checksum !== row.checksum) {
      throw new MigrationError(
        `The migration ${format(row)} was changed after this database had applied it (as ${known.file}). ` +
          'Put the file back as it was, and write a new migration for the change.',
      );
    }
  });
  const breaking = unknown.find((row) => row.breaking);
  if (breaking) {
    throw new MigrationError(
      `The database was migrated by a newer Usher (to ${format(applied.at(-1) ?? breaking)}), and ${format(breaking)} ` +
        'does not go together with this older version. Start the newer version, or restore a backup made before the upgrade.',
    );
  }
  if (unknown.length > 0) {
    log.warn(
      { migrations: unknown.map(format) },
      'The database was migrated by a newer Usher; this older version goes on, for the new migrations allow it',
    );
  }
}

function format(row: { readonly number: number; readonly name: string }): string {
  return `${String(row.number).padStart(4, '0')}-${row.name}`;
}

async function applyOne(client: PoolClient, migration: Migration, log: Log): Promise<void> {
  const startMs = performance.now();
  try {
    await client.query('begin');
    await client.query(migration.sql);
    await client.query('insert into schema_migration (number, name, checksum, breaking) values ($1, $2, $3, $4)', [
      migration.number,
      migration.name,
      migration.checksum,
      migration.breaking,
    ]);
    crashPoint('before-migration-commit');
    await client.query('commit');
    crashPoint('after-migration');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    const line = lineOf(migration.sql, error);
    throw new MigrationError(
      `The migration ${migration.file}${line} failed and was rolled back: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
  const tookMs = Math.round(performance.now() - startMs);
  log.info({ migration: migration.file, tookMs }, 'Migrated the database');
}

function lineOf(sql: string, error: unknown): string {
  const position = Number((error as { position?: string } | undefined)?.position);
  return position > 0 ? `, line ${sql.slice(0, position).split('\n').length},` : '';
}
