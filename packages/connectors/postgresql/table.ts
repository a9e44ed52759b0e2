import {
  type AttributeValue,
  buildSqlError,
  type ConnectorContext,
  ConnectorError,
  quoteIdentifier,
  type SqlParameter,
  type SqlRequest,
  type SqlTransport,
} from '@usher/connector-sdk';
import type { PostgresqlOptions } from './postgresql-options.ts';

/** One column as the database's own catalogue has it. */
export interface Column {
  name: string;
  /** As `format_type` writes it: `text`, `character varying(100)`, `timestamp with time zone`. */
  type: string;
  /** Null is refused, and nothing fills it in. */
  isRequired: boolean;
  isGenerated: boolean;
  isUnique: boolean;
  comment: string | undefined;
}

export interface Table {
  /** Quoted, with its schema. */
  name: string;
  columns: ReadonlyMap<string, Column>;
}

export interface TableGround {
  sql: SqlTransport;
  options: PostgresqlOptions;
  context: Pick<ConnectorContext<PostgresqlOptions>, 'memory' | 'now'>;
}

export type Row = Record<string, AttributeValue>;

/** The catalogue is asked for again after this long: tables are changed without us. */
const REMEMBERED_MS = 60_000;

/** Columns that hold a password, its hash or a key: written where they are mapped, never read. */
const SECRET_COLUMN = /passw|pwd|secret|token|api_?key|private_?key|salt$/i;

export function isSecretColumn(name: string): boolean {
  return SECRET_COLUMN.test(name);
}

/**
 * The table of an app, from the catalogue: names in the options are values there, so nothing that is written into them
 * becomes part of a statement. What the catalogue gives back is what identifiers are made of.
 */
export async function getTable(ground: TableGround): Promise<Table> {
  const { memory, now } = ground.context;
  const { schema, table, idColumn, activeColumn } = ground.options;
  const at = now().getTime();
  const known = memory.get('postgresql.table') as { table: Table; at: number } | undefined;
  if (known && at - known.at < REMEMBERED_MS) return known.table;
  const rows = await run(ground, {
    statement: CATALOGUE,
    effect: 'read',
    parameters: [
      { name: 'schema', value: schema },
      { name: 'table', value: table },
    ],
  });
  const columns = new Map(rows.map((row) => [String(row['name']), readColumn(row)]));
  if (columns.size === 0) {
    const fix = 'Correct the options, or grant the login the right to it.';
    throw new ConnectorError('unsupported', `There is no table ${schema}.${table} that this login can see. ${fix}`);
  }
  for (const wanted of [idColumn, activeColumn]) {
    if (!columns.has(wanted)) throw buildMissingColumn(ground.options, columns, wanted);
  }
  const found: Table = { name: `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`, columns };
  memory.set('postgresql.table', { table: found, at });
  return found;
}

/** Tables and views alike; a unique index of one column without a condition makes that column unique. */
const CATALOGUE = `
select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
  a.attnotnull and not a.atthasdef and a.attidentity = '' as required,
  a.attgenerated <> '' or a.attidentity = 'a' as generated,
  exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and i.indpred is null
    and i.indnkeyatts = 1 and i.indkey[0] = a.attnum) as is_unique,
  col_description(c.oid, a.attnum) as comment
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'f') and a.attnum > 0 and not a.attisdropped
  and has_schema_privilege(n.oid, 'usage')
order by a.attnum`.trim();

function readColumn(row: Row): Column {
  const { name, type, required, generated, is_unique: isUnique, comment } = row;
  return {
    name: String(name),
    type: String(type),
    isRequired: required === true,
    isGenerated: generated === true,
    isUnique: isUnique === true,
    comment: typeof comment === 'string' ? comment : undefined,
  };
}

/** The identifier of a column that the catalogue has. Throws for every other name. */
export function columnOf({ columns }: Table, name: string, { options }: TableGround): string {
  if (!columns.has(name)) throw buildMissingColumn(options, columns, name);
  return quoteIdentifier(name);
}

function buildMissingColumn(
  { schema, table }: PostgresqlOptions,
  columns: ReadonlyMap<string, Column>,
  name: string,
): ConnectorError {
  const known = [...columns.keys()].slice(0, 30).join(', ');
  return new ConnectorError(
    'unsupported',
    `The table ${schema}.${table} has no column "${name.slice(0, 80)}". Give one of ${known}.`,
    { attribute: name.slice(0, 80) },
  );
}

/** Every column that may be read, for `select` and `returning`. */
export function selectList({ columns }: Table): string {
  return [...columns.keys()]
    .filter((name) => !isSecretColumn(name))
    .map(quoteIdentifier)
    .join(', ');
}

/** Runs a statement; throws for every answer that is an error. */
export async function run({ sql }: TableGround, request: SqlRequest): Promise<Row[]> {
  const answer = await sql.request(request);
  if (answer.ok) return answer.rows;
  throw buildSqlError(request, answer);
}

/** Numbers parameters as they are added. */
export class Parameters {
  readonly list: SqlParameter[] = [];

  add(name: string, value: AttributeValue): string {
    this.list.push({ name, value });
    return `$${this.list.length}`;
  }
}
