import type { QueryResultRow } from 'pg';
import type { Queryable } from './pool.ts';

/** A statement that each connection prepares once under its name: PostgreSQL then parses and plans it once. */
export interface Statement<Row extends QueryResultRow> {
  readonly name: string;
  readonly text: string;
  /** All rows. */
  rows(db: Queryable, values?: readonly unknown[]): Promise<Row[]>;
  /** The only row, or undefined; more than one is our bug. */
  find(db: Queryable, values?: readonly unknown[]): Promise<Row | undefined>;
  /** The number of rows that were written or read. */
  run(db: Queryable, values?: readonly unknown[]): Promise<number>;
}

const LONGEST_NAME_BYTES = 63;
const textByName = new Map<string, string>();

/**
 * Names a statement. A name stands for one text in the whole process; PostgreSQL cuts names after 63 bytes. With
 * `answerWithinMs` it fails when no answer came by then: a connection may be cut without a word to either end.
 */
export function statement<Row extends QueryResultRow = QueryResultRow>(
  name: string,
  text: string,
  { answerWithinMs }: { answerWithinMs?: number } = {},
): Statement<Row> {
  if (Buffer.byteLength(name) > LONGEST_NAME_BYTES) {
    throw new Error(`The statement name "${name}" is longer than ${LONGEST_NAME_BYTES} bytes; shorten it`);
  }
  if ((textByName.get(name) ?? text) !== text) {
    throw new Error(`Two statements are called "${name}"; rename one`);
  }
  textByName.set(name, text);
  // Of pg's own, though its types do not know it there.
  const limit = answerWithinMs === undefined ? {} : { query_timeout: answerWithinMs };
  const query = async (db: Queryable, values: readonly unknown[] = []) =>
    await db.query<Row>({ name, text, values: values as unknown[], ...limit });
  return {
    name,
    text,
    rows: async (db, values) => (await query(db, values)).rows,
    find: async (db, values) => {
      const { rows } = await query(db, values);
      if (rows.length > 1) throw new Error(`The statement "${name}" gave ${rows.length} rows where one is the most`);
      return rows[0];
    },
    run: async (db, values) => (await query(db, values)).rowCount ?? 0,
  };
}
