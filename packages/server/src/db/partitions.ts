import { inTransaction, type Pool } from './pool.ts';

/** Any number that nothing else of ours locks by. */
const PARTITION_LOCK = 7_301_202;
const MONTHS_AHEAD = 2;

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
        `create table if not exists ${name} partition of ${table} for values from ('${from}') to ('${to}')`,
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
