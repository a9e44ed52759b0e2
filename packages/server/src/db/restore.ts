import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import type { Log } from '../log.ts';
import {
  BACKUP_FORMAT,
  type BackupEnd,
  BackupError,
  type BackupHeader,
  type BackupTable,
  listTables,
} from './backup.ts';
import { copyIn } from './copy.ts';
import { type Migration, migrate, readMigrations } from './migrate.ts';
import { connectionOptions, createPool, dropConnection } from './pool.ts';

export interface RestoreOptions {
  readonly url: string;
  readonly path: string;
  readonly log: Log;
  /** Runs before the restored records become visible, in their transaction: to leave the instance paused, and to note why. */
  readonly beforeCommit?: (client: pg.Client, header: BackupHeader) => Promise<void>;
  readonly migrationsDir?: string;
}

export interface RestoreSummary {
  readonly takenAt: string;
  readonly tables: number;
  /** Migrations that came after the backup, applied to its records. */
  readonly migrated: readonly string[];
}

/**
 * Puts a backup's records into an empty database: makes the schema as it was, loads all in one transaction, and migrates it up to this
 * version. A database that holds an Usher with users or connected apps is refused, and one in which anything fails stays empty.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreSummary> {
  const lines = new LineReader(openFile(options.path));
  try {
    const header = parseHeader(await lines.readJson(), options.path);
    const known = await readMigrations(options.migrationsDir);
    assertKnown(header, known);
    await makeSchema(options, header.migrations.length);
    const tables = await load(options, header, lines);
    const migrated = await makeSchema(options);
    return { takenAt: header.takenAt, tables, migrated };
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(`The backup ${options.path} was not restored: ${(error as Error).message}`, { cause: error });
  } finally {
    lines.close();
  }
}

function openFile(path: string): Readable {
  const file = createReadStream(path);
  const gunzip = createGunzip();
  file.on('error', (error) => gunzip.destroy(error));
  gunzip.on('close', () => file.destroy());
  return file.pipe(gunzip);
}

function parseHeader(value: unknown, path: string): BackupHeader {
  const header = value as BackupHeader | undefined;
  if (header?.format === BACKUP_FORMAT) return header;
  const found = typeof header?.format === 'string' ? `it says "${header.format}"` : 'it has no header';
  throw new BackupError(
    `The file ${path} is no backup that this Usher reads: ${found}, and "${BACKUP_FORMAT}" was expected`,
  );
}

function assertKnown(header: BackupHeader, known: readonly Migration[]): void {
  header.migrations.forEach((applied, index) => {
    const migration = known[index];
    if (!migration) {
      throw new BackupError(
        `The backup was made by a newer Usher (its schema is ${header.migrations.at(-1)?.name}, this one's ${known.at(-1)?.file}). ` +
          'Restore it with that version or a later one.',
      );
    }
    if (migration.checksum !== applied.checksum) {
      throw new BackupError(
        `The backup was made with another form of the migration ${applied.name} than this Usher's. Use the version that made it.`,
      );
    }
  });
}

async function makeSchema(options: RestoreOptions, upTo?: number): Promise<readonly string[]> {
  const pool = createPool({ url: options.url, size: 1, name: 'usher restore', log: options.log });
  try {
    const result = await migrate(pool, options.log, {
      ...(options.migrationsDir === undefined ? {} : { directory: options.migrationsDir }),
      ...(upTo === undefined ? {} : { upTo }),
    });
    if (upTo !== undefined && result.current !== upTo) {
      throw new BackupError(
        'The database to restore into is newer than the backup. Restore into an empty one: a new data folder, or a new database.',
      );
    }
    return result.applied;
  } finally {
    await pool.end();
  }
}

async function load(options: RestoreOptions, header: BackupHeader, lines: LineReader): Promise<number> {
  const client = new pg.Client({
    ...connectionOptions(options.url, 'usher restore'),
    idle_in_transaction_session_timeout: 0,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('begin');
    await empty(client);
    await makePartitions(client, header);
    const tables = await loadTables(client, lines);
    await options.beforeCommit?.(client, header);
    await client.query('commit');
    await client.query('analyze');
    return tables;
  } finally {
    dropConnection(client);
  }
}

/** Migrations put some rows of their own into an empty schema, which are in the backup again. */
async function empty(client: pg.Client): Promise<void> {
  const tables = await listTables(client);
  for (const { table } of tables) {
    const name = client.escapeIdentifier(table);
    await client.query(`lock table ${name} in access exclusive mode`);
    if (['directory_user', 'connected_app'].includes(table)) {
      const { rowCount } = await client.query(`select from ${name} limit 1`);
      if (rowCount !== 0) {
        throw new BackupError(
          `The database to restore into is in use: its table ${table} holds rows. ` +
            'Restore into an empty one: a new data folder (USHER_DATA_DIR), or a new database (DATABASE_URL).',
        );
      }
    }
  }
  if (tables.length > 0) {
    await client.query(`truncate ${tables.map(({ table }) => client.escapeIdentifier(table)).join(', ')}`);
  }
}

async function makePartitions(client: pg.Client, header: BackupHeader): Promise<void> {
  for (const { name, parent, bounds } of header.partitions) {
    await client.query(
      `create table if not exists ${client.escapeIdentifier(name)} partition of ${client.escapeIdentifier(parent)} ${bounds}`,
    );
  }
}

async function loadTables(client: pg.Client, lines: LineReader): Promise<number> {
  let loaded = 0;
  for (;;) {
    const entry = (await lines.readJson()) as BackupTable | BackupEnd | undefined;
    if (!entry)
      throw new BackupError('The backup is cut off: its end is missing. Nothing was restored; use another backup.');
    if ('complete' in entry) {
      if (entry.tables !== loaded)
        throw new BackupError(`The backup lacks ${entry.tables - loaded} of its tables. Nothing was restored.`);
      await setSequences(client, entry);
      return loaded;
    }
    const table = client.escapeIdentifier(entry.table);
    const columns = entry.columns.map((column) => client.escapeIdentifier(column)).join(', ');
    await client.query(`alter table ${table} disable trigger user`);
    await copyIn(client, `copy ${table} (${columns}) from stdin`, lines.readRows());
    await client.query(`alter table ${table} enable trigger user`);
    loaded += 1;
  }
}

async function setSequences(client: pg.Client, end: BackupEnd): Promise<void> {
  for (const { name, value, called } of end.sequences) {
    await client.query('select setval($1::regclass, $2, $3)', [client.escapeIdentifier(name), value, called]);
  }
}

const NEWLINE = 0x0a;
const CHUNK_BYTES = 65_536;

/** Reads lines of JSON and runs of rows off one stream. */
class LineReader {
  readonly #source: Readable;
  readonly #iterator: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: Readable) {
    this.#source = source;
    this.#iterator = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  close(): void {
    this.#source.destroy();
  }

  async readJson(): Promise<unknown> {
    const line = await this.#readLine();
    if (line === undefined) return undefined;
    try {
      return JSON.parse(line.toString('utf8'));
    } catch (error) {
      throw new BackupError('The backup is damaged: a line of it cannot be read. Nothing was restored.', {
        cause: error,
      });
    }
  }

  /** Whole lines in pieces, up to the line `\.`. */
  async *readRows(): AsyncGenerator<Buffer> {
    let batch: Buffer[] = [];
    let bytes = 0;
    for (;;) {
      const line = await this.#readLine();
      if (!line)
        throw new BackupError('The backup is cut off within a table. Nothing was restored; use another backup.');
      if (line.length === 3 && line.toString() === '\\.\n') break;
      batch.push(line);
      bytes += line.length;
      if (bytes < CHUNK_BYTES) continue;
      yield Buffer.concat(batch);
      batch = [];
      bytes = 0;
    }
    if (bytes > 0) yield Buffer.concat(batch);
  }

  /** With its line end; undefined at the end of the stream. */
  async #readLine(): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (;;) {
      const at = this.#rest.indexOf(NEWLINE);
      if (at >= 0) {
        parts.push(this.#rest.subarray(0, at + 1));
        this.#rest = this.#rest.subarray(at + 1);
        return parts.length === 1 ? parts[0] : Buffer.concat(parts);
      }
      parts.push(this.#rest);
      const next = await this.#read();
      if (!next) return undefined;
      this.#rest = next;
    }
  }

  async #read(): Promise<Buffer | undefined> {
    try {
      const { value, done } = await this.#iterator.next();
      return done ? undefined : value;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'Z_BUF_ERROR') return undefined;
      throw new BackupError(`The backup cannot be read: ${(error as Error).message}`, { cause: error });
    }
  }
}
