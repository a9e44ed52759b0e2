import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import pg from 'pg';
import { copyOut } from './copy.ts';
import { connectionOptions, dropConnection } from './pool.ts';

/*
 * A backup is a gzip file of lines: one of JSON that says what it is; for each table one of JSON, its rows as COPY writes them, and a
 * line `\.`; at last one of JSON that says that it is complete. It holds no schema, for the migrations are that.
 */

export const BACKUP_FORMAT = 'usher backup 1';

export interface BackupHeader {
  readonly format: string;
  readonly takenAt: string;
  /** The migrations that the schema had, in their order. */
  readonly migrations: ReadonlyArray<{ readonly name: string; readonly checksum: string }>;
  /** In an order in which each follows those that it refers to. */
  readonly partitions: ReadonlyArray<{ readonly name: string; readonly parent: string; readonly bounds: string }>;
}

export interface BackupTable {
  readonly table: string;
  readonly columns: readonly string[];
}

export interface BackupEnd {
  readonly complete: true;
  readonly tables: number;
  readonly sequences: ReadonlyArray<{ readonly name: string; readonly value: string; readonly called: boolean }>;
}

export interface BackupSummary {
  readonly tables: number;
  readonly bytes: number;
  readonly migration: string;
}

export class BackupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BackupError';
  }
}

/** pg-boss makes its own tables anew; what is in them are schedules and work in progress. */
const OUR_SCHEMA = 'public';

/**
 * Writes all records as they were at one moment into a file, while everything goes on. The file is only readable by its owner, and bears
 * its name only once it is complete and flushed. Credentials in it are sealed under the master key, which is not in it.
 */
export async function backUp(options: {
  readonly url: string;
  readonly path: string;
  readonly now: Date;
}): Promise<BackupSummary> {
  if (await stat(options.path).catch(() => undefined)) {
    throw new BackupError(`The file ${options.path} exists already; give the backup another name`);
  }
  const draft = `${options.path}.part`;
  const client = new pg.Client({
    ...connectionOptions(options.url, 'usher backup'),
    idle_in_transaction_session_timeout: 0,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    const file = createWriteStream(draft, { mode: 0o600 });
    await once(file, 'open');
    const summary = await writeTo(client, file, options.now);
    await flush(draft);
    await rename(draft, options.path);
    await flush(dirname(options.path)).catch(() => {});
    return { ...summary, bytes: (await stat(options.path)).size };
  } catch (error) {
    await rm(draft, { force: true });
    if (error instanceof BackupError) throw error;
    throw new BackupError(`The backup to ${options.path} failed: ${(error as Error).message}`, { cause: error });
  } finally {
    dropConnection(client);
  }
}

async function writeTo(client: pg.Client, file: Writable, now: Date): Promise<Omit<BackupSummary, 'bytes'>> {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  // A disk that fills up must end the copying as well.
  file.on('error', (error) => gzip.destroy(error));
  const failed = new Promise<never>((_, reject) => gzip.on('error', reject));
  failed.catch(() => {});
  gzip.pipe(file);
  const written = (async () => {
    await client.query('begin isolation level repeatable read read only');
    const header = await readHeader(client, now);
    await writeLine(gzip, header);
    const tables = await listTables(client);
    for (const table of tables) {
      await writeLine(gzip, table);
      const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(', ');
      await copyOut(client, `copy (select ${columns} from ${client.escapeIdentifier(table.table)}) to stdout`, gzip);
      gzip.write('\\.\n');
    }
    const end: BackupEnd = { complete: true, tables: tables.length, sequences: await listSequences(client) };
    await writeLine(gzip, end);
    await client.query('commit');
    gzip.end();
    await finished(file);
    return { tables: tables.length, migration: header.migrations.at(-1)?.name ?? '' };
  })();
  written.catch(() => {});
  return await Promise.race([written, failed]);
}

async function writeLine(destination: Writable, value: object): Promise<void> {
  if (!destination.write(`${JSON.stringify(value)}\n`)) await once(destination, 'drain');
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readHeader(client: pg.Client, now: Date): Promise<BackupHeader> {
  const migrations = await client
    .query(`select to_char(number, 'FM0000') || '-' || name as name, checksum from schema_migration order by number`)
    .catch((error: Error) => {
      throw new BackupError(`The database holds no Usher to back up: ${error.message}`, { cause: error });
    });
  const partitions = await client.query(
    `select c.relname as name, p.relname as parent, pg_get_expr(c.relpartbound, c.oid) as bounds
     from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
     where c.relnamespace = $1::regnamespace and c.relispartition and c.relkind = 'r'
     order by c.relname collate "C"`,
    [OUR_SCHEMA],
  );
  return {
    format: BACKUP_FORMAT,
    takenAt: now.toISOString(),
    migrations: migrations.rows,
    partitions: partitions.rows,
  };
}

/** All tables but the note of migrations, each after those that its foreign keys name. */
export async function listTables(client: pg.Client): Promise<BackupTable[]> {
  const { rows } = await client.query<BackupTable & { refers_to: string[] }>(
    `select c.relname as table,
       array(select attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         and a.attgenerated = '' order by a.attnum) as columns,
       array(select distinct r.relname::text from pg_constraint k join pg_class r on r.oid = k.confrelid
         where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid and not r.relispartition) as refers_to
     from pg_class c
     where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'schema_migration'
     order by c.relname collate "C"`,
    [OUR_SCHEMA],
  );
  const ordered: BackupTable[] = [];
  const waiting = new Map(rows.map((row) => [row.table, row]));
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter((row) => row.refers_to.every((name) => !waiting.has(name)));
    if (ready.length === 0) {
      throw new BackupError(
        `The tables ${[...waiting.keys()].join(', ')} refer to each other in a circle; no order restores them`,
      );
    }
    for (const { table, columns } of ready) {
      ordered.push({ table, columns });
      waiting.delete(table);
    }
  }
  return ordered;
}

/** Read last: a sequence knows no snapshot, and too high a value is the harmless one. */
async function listSequences(client: pg.Client): Promise<BackupEnd['sequences']> {
  const { rows } = await client.query<{ name: string }>(
    'select relname as name from pg_class where relnamespace = $1::regnamespace and relkind = \'S\' order by relname collate "C"',
    [OUR_SCHEMA],
  );
  const sequences: Array<BackupEnd['sequences'][number]> = [];
  for (const { name } of rows) {
    const state = await client.query(
      `select last_value::text as value, is_called as called from ${client.escapeIdentifier(name)}`,
    );
    sequences.push({ name, value: state.rows[0].value, called: state.rows[0].called });
  }
  return sequences;
}
