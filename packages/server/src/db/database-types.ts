import type { Queryable } from './pool.ts';

const HEADER = `// The tables as Kysely sees them, written by \`npm run generate\` from the schema. Do not edit.
import type { ColumnType } from 'kysely';

/** May be left out of an insert. */
export type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>;
/** PostgreSQL alone writes it. */
export type GeneratedAlways<T> = T extends ColumnType<infer S, unknown, unknown> ? ColumnType<S, never, never> : ColumnType<T, never, never>;
export type Timestamp = ColumnType<Date, Date | string, Date | string>;
/** Read as the parsed value; written as text, for pg would take an array for one of PostgreSQL's. */
export type Json = ColumnType<unknown, string, string>;
`;

interface ColumnRow {
  readonly table: string;
  readonly column: string;
  /** The element's type where `is_array`. */
  readonly type: string;
  readonly is_array: boolean;
  readonly nullable: boolean;
  readonly written_by: 'us' | 'default' | 'always';
  readonly labels: string[] | null;
  readonly checks: string[];
}

const COLUMNS = `
  select c.relname as table, a.attname as column, e.typname as type, t.typelem <> 0 and t.typcategory = 'A' as is_array,
    not a.attnotnull as nullable,
    case when a.attidentity = 'a' or a.attgenerated <> '' then 'always'
      when a.attidentity = 'd' or a.atthasdef then 'default' else 'us' end as written_by,
    (select array_agg(enumlabel::text order by enumsortorder) from pg_enum where enumtypid = e.oid) as labels,
    array(select pg_get_constraintdef(k.oid) from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]) as checks
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type d on d.oid = a.atttypid
  join pg_type t on t.oid = case when d.typtype = 'd' then d.typbasetype else d.oid end
  join pg_type e on e.oid = case when t.typelem <> 0 and t.typcategory = 'A' then t.typelem else t.oid end
  where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
  order by c.relname collate "C", a.attnum`;

/** Agrees with the parsers of `pool.ts`. */
const TYPES: Readonly<Record<string, string>> = {
  bool: 'boolean',
  int2: 'number',
  int4: 'number',
  // A bigint beyond 2^53, which no counter of ours reaches.
  int8: 'number',
  float4: 'number',
  float8: 'number',
  numeric: 'string',
  text: 'string',
  varchar: 'string',
  bpchar: 'string',
  name: 'string',
  citext: 'string',
  uuid: 'string',
  date: 'string',
  time: 'string',
  timestamp: 'string',
  inet: 'string',
  cidr: 'string',
  timestamptz: 'Timestamp',
  json: 'Json',
  jsonb: 'Json',
  xid8: 'string',
  pg_lsn: 'string',
  oid: 'number',
  bytea: 'Buffer',
};

/** Writes the interface `Database` for Kysely, and one interface a table, as a TypeScript file. */
export async function generateDatabaseTypes(db: Queryable): Promise<string> {
  const { rows } = await db.query<ColumnRow>(COLUMNS);
  const tables = Map.groupBy(rows, (row) => row.table);
  const interfaces = [...tables].map(([table, columns]) => {
    const lines = columns.map((column) => `  ${column.column}: ${typeOf(column)};`);
    return `export interface ${interfaceName(table)} {\n${lines.join('\n')}\n}\n`;
  });
  const members = [...tables.keys()].map((table) => `  ${table}: ${interfaceName(table)};`);
  return `${HEADER}\n${interfaces.join('\n')}\nexport interface Database {\n${members.join('\n')}\n}\n`;
}

function interfaceName(table: string): string {
  return `${table.replace(/(^|_)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase())}Table`;
}

function typeOf(column: ColumnRow): string {
  const literals = column.labels ?? findCheckedLiterals(column);
  const single = literals ? literals.map((text) => JSON.stringify(text)).join(' | ') : TYPES[column.type];
  if (!single) {
    throw new Error(
      `The column ${column.table}.${column.column} has the type ${column.type}, for which database-types.ts has no TypeScript type; add it`,
    );
  }
  const list = column.is_array ? `Array<${single === 'Timestamp' ? 'Date' : single}>` : single;
  const type = column.nullable ? `${list} | null` : list;
  if (column.written_by === 'us') return type;
  return `${column.written_by === 'always' ? 'GeneratedAlways' : 'Generated'}<${type}>`;
}

/** The values of `check (state in ('new', 'done'))`, as PostgreSQL prints it. */
function findCheckedLiterals(column: ColumnRow): string[] | undefined {
  if (column.is_array) return undefined;
  for (const check of column.checks) {
    const list = /^CHECK \(\(\(?"?\w+"?\)? = ANY \(ARRAY\[((?:'(?:[^']|'')*'::text(?:, )?)+)\]\)\)\)$/.exec(check)?.[1];
    if (list)
      return [...list.matchAll(/'((?:[^']|'')*)'::text/g)].map((match) => (match[1] ?? '').replaceAll("''", "'"));
  }
  return undefined;
}
