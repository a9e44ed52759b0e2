import { inTransaction, type Pool } from './pool.ts';
import { findSqlState } from './sqlstate.ts';

/** Any number that nothing else of ours locks by. */
const PARTITION_LOCK = 7_301_202;
const MONTHS_AHEAD = 2;
/** Rows up to this size stay as they are: compressing them would cost more than writing the bytes that it saves. */
const UNCOMPRESSED_BYTES = 4_080;

/**
 * Makes the monthly partitions of these tables for this month and the next ones, before any row needs them. Rows of a
 * month without a partition go to the default one, where retention leaves them alone.
 */
export async function ensureMonthlyPartitions(pool: Pool, tables: readonly string[], now: Date): Promise<void> {
  const wanted = tables.flatMap((table) =>
    Array.from({ length: MONTHS_AHEAD + 1 }, (_, ahead) => partitionOf(table, now, ahead)),
  );
  const { rows } = await pool.query<{ missing: string }>(
    'select w.name as missing from unnest($1::text[]) w (name) where to_regclass(w.name) is null',
    [wanted.map(({ name }) => name)],
  );
  if (rows.length === 0) return;
  const missing = new Set(rows.map((row) => row.missing));
  await inTransaction(pool, async (db) => {
    await db.query('select pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
    for (const { table, name, from, to } of wanted) {
      if (!missing.has(name)) continue;
      await db.query(
        `create table if not exists ${name} partition of ${table} for values from ('${from}') to ('${to}')
         with (toast_tuple_target = ${UNCOMPRESSED_BYTES})`,
      );
    }
  });
}

function partitionOf(
  table: string,
  now: Date,
  ahead: number,
): { table: string; name: string; from: string; to: string } {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
  const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1, 1));
  const month = from.toISOString().slice(0, 7).replace('-', '_');
  return { table, name: `${table}_${month}`, from: from.toISOString(), to: to.toISOString() };
}

/** A month's part of a table. Times are UTC; `to` is exclusive. */
export interface MonthlyPartition {
  readonly name: string;
  readonly from: Date;
  readonly to: Date;
}

/** The monthly partitions of a table that are there, oldest first. The default one is none of them. */
export async function listMonthlyPartitions(pool: Pool, table: string): Promise<MonthlyPartition[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = $1::regclass order by c.relname collate "C"`,
    [table],
  );
  return rows.flatMap(({ name }) => {
    const [, year, month] = /_(\d{4})_(\d{2})$/.exec(name) ?? [];
    if (year === undefined || month === undefined) return [];
    const at = (ahead: number) => new Date(Date.UTC(Number(year), Number(month) - 1 + ahead, 1));
    return [{ name, from: at(0), to: at(1) }];
  });
}

/** Everybody who uses the table waits for this long at most, while it waits for everybody. */
const DROP_LOCK_TIMEOUT_MS = 500;

/**
 * Drops a month with all its rows but those of `keep`, which move to the default partition. False: the table was in use the
 * whole time, and nothing was done.
 */
export async function dropPartition(
  pool: Pool,
  table: string,
  partition: string,
  keep: { column: string; ids: readonly string[] } | undefined,
): Promise<boolean> {
  try {
    await inTransaction(pool, async (db) => {
      await db.query(`set local lock_timeout = ${DROP_LOCK_TIMEOUT_MS}`);
      await db.query(`alter table ${table} detach partition ${partition}`);
      if (keep && keep.ids.length > 0) {
        await db.query(`insert into ${table} select * from ${partition} where ${keep.column} = any ($1)`, [keep.ids]);
      }
      await db.query(`drop table ${partition}`);
    });
    return true;
  } catch (error) {
    if (findSqlState(error) === '55P03') return false;
    throw error;
  }
}
