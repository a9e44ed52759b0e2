import {
  type AccountOperations,
  type AccountSchema,
  type AttributeSchema,
  type Attributes,
  type AttributeValue,
  buildSqlError,
  ConnectorError,
  type ListRequest,
  type ListResult,
  readAttribute,
  type SqlRequest,
  type TargetAccount,
  type UpdateRequest,
} from '@usher/connector-sdk';
import {
  type Column,
  columnOf,
  getTable,
  isSecretColumn,
  Parameters,
  type Row,
  run,
  selectList,
  type Table,
  type TableGround,
} from './table.ts';

/** Accounts that are rows of a table. Each write is one statement, so it is done or not. */
export function buildPostgresqlAccounts(ground: TableGround): AccountOperations {
  const toAccount = (row: Row) => buildAccount(row, ground);
  return {
    schema: () => readSchema(ground),
    find: async ({ path, value }) => ({ accounts: (await findRows(ground, path, value)).map(toAccount) }),
    get: async ({ remoteId }) => {
      const [row] = await findRows(ground, ground.options.idColumn, remoteId);
      return row ? { found: true, account: toAccount(row) } : { found: false };
    },
    create: async ({ attributes }) => ({ account: toAccount(await insertRow(ground, attributes)) }),
    update: async (request) => ({ account: toAccount(await updateRow(ground, request)) }),
    // Nothing but the state: a refused value elsewhere must not keep a leaver inside.
    deactivate: async ({ remoteId }) => {
      const active = { path: 'active', operation: 'set', value: false } as const;
      return { account: toAccount(await updateRow(ground, { remoteId, changes: [active], desired: {} })) };
    },
    delete: ({ remoteId }) => deleteRow(ground, remoteId),
    list: (request) => listRows(ground, request),
    read: ({ representation }, path) => readAttribute(representation, path),
  };
}

function buildAccount(row: Row, { options }: TableGround): TargetAccount {
  const id = row[options.idColumn];
  if (id === undefined || id === null || typeof id === 'object' || id === '') {
    throw new ConnectorError('transient', `A row came without a value in "${options.idColumn}", its key.`);
  }
  return { remoteId: String(id), active: isActive(row[options.activeColumn], options), representation: row };
}

function isActive(
  value: AttributeValue | undefined,
  { disableBy, inactiveValue }: TableGround['options'],
): boolean | undefined {
  if (value === undefined) return undefined;
  if (disableBy === 'time') return value === null;
  return value === null ? undefined : String(value) !== inactiveValue;
}

/** What the column is set to. The time is the database's own, and the first one stays. */
function writeState(
  column: string,
  active: boolean,
  { disableBy, activeColumn, activeValue, inactiveValue }: TableGround['options'],
  parameters: Parameters,
  isNew: boolean,
): string {
  if (disableBy === 'value') return parameters.add(activeColumn, active ? activeValue : inactiveValue);
  if (active) return 'null';
  return isNew ? 'now()' : `coalesce(${column}, now())`;
}

/** 22P02 and the like: what was asked for cannot be a value of that column, so no row has it. */
const NO_SUCH_VALUE = /^22/;

async function findRows(ground: TableGround, path: string, value: string): Promise<Row[]> {
  const table = await getTable(ground);
  const parameters = new Parameters();
  const place = parameters.add(path, value);
  const request: SqlRequest = {
    statement: `select ${selectList(table)} from ${table.name} where ${columnOf(table, path, ground)} = ${place} limit 100`,
    parameters: parameters.list,
    effect: 'read',
  };
  const answer = await ground.sql.request(request);
  if (answer.ok) return answer.rows;
  if (NO_SUCH_VALUE.test(answer.sqlstate)) return [];
  throw buildSqlError(request, answer);
}

async function insertRow(ground: TableGround, { active, ...attributes }: Attributes): Promise<Row> {
  const table = await getTable(ground);
  const parameters = new Parameters();
  const names: string[] = [];
  const values: string[] = [];
  for (const [path, value] of Object.entries(attributes)) {
    names.push(writableColumn(table, path, ground));
    values.push(parameters.add(path, value));
  }
  const column = columnOf(table, ground.options.activeColumn, ground);
  names.push(column);
  values.push(writeState(column, active !== false, ground.options, parameters, true));
  const statement = `insert into ${table.name} (${names.join(', ')}) values (${values.join(', ')}) returning ${selectList(table)}`;
  const [row] = await run(ground, { statement, parameters: parameters.list, effect: 'write' });
  if (row) return row;
  throw new ConnectorError('ambiguous', 'The row was inserted, and the database did not show it.');
}

function writableColumn(table: Table, path: string, ground: TableGround): string {
  const written = columnOf(table, path, ground);
  const column = table.columns.get(path);
  if (path === ground.options.activeColumn) {
    const fix = 'Map active instead.';
    throw new ConnectorError('invalid_request', `"${path}" is what disables an account. ${fix}`, { attribute: path });
  }
  if (!column?.isGenerated) return written;
  const fix = 'Take it out of the mapping.';
  throw new ConnectorError('invalid_request', `The database gives "${path}" its value. ${fix}`, { attribute: path });
}

async function updateRow(ground: TableGround, { remoteId, changes }: UpdateRequest): Promise<Row> {
  const table = await getTable(ground);
  const { options } = ground;
  const parameters = new Parameters();
  const assignments = changes.map((change) => {
    const value = change.operation === 'set' ? change.value : null;
    if (change.path === 'active') {
      const column = columnOf(table, options.activeColumn, ground);
      return `${column} = ${writeState(column, value !== false, options, parameters, false)}`;
    }
    if (change.path === options.idColumn) {
      const message = `"${change.path}" is the key of the row, which never changes. Apply its rule on create only.`;
      throw new ConnectorError('invalid_request', message, { attribute: change.path });
    }
    return `${writableColumn(table, change.path, ground)} = ${parameters.add(change.path, value)}`;
  });
  const key = `${columnOf(table, options.idColumn, ground)} = ${parameters.add(options.idColumn, remoteId)}`;
  const statement = `update ${table.name} set ${assignments.join(', ')} where ${key} returning ${selectList(table)}`;
  const [row] = await run(ground, { statement, parameters: parameters.list, effect: 'write' });
  if (row) return row;
  throw buildGone(remoteId, options);
}

async function deleteRow(ground: TableGround, remoteId: string): Promise<void> {
  const table = await getTable(ground);
  const parameters = new Parameters();
  const id = columnOf(table, ground.options.idColumn, ground);
  const statement = `delete from ${table.name} where ${id} = ${parameters.add(ground.options.idColumn, remoteId)} returning 1 as done`;
  const rows = await run(ground, { statement, parameters: parameters.list, effect: 'write' });
  if (rows.length === 0) throw buildGone(remoteId, ground.options);
}

function buildGone(remoteId: string, { table, idColumn }: TableGround['options']): ConnectorError {
  return new ConnectorError('not_found', `The table ${table} has no row whose ${idColumn} is ${remoteId}.`);
}

/** In the order of the key, from the one after the cursor on. */
async function listRows(ground: TableGround, { cursor, limit }: ListRequest): Promise<ListResult> {
  const table = await getTable(ground);
  const parameters = new Parameters();
  const id = columnOf(table, ground.options.idColumn, ground);
  const after = cursor === undefined ? '' : ` where ${id} > ${parameters.add('cursor', cursor)}`;
  const most = Math.max(1, Math.min(limit, 5_000));
  const statement = `select ${selectList(table)} from ${table.name}${after} order by ${id} limit ${most + 1}`;
  const rows = await run(ground, { statement, parameters: parameters.list, effect: 'read' });
  const accounts = rows.slice(0, most).map((row) => buildAccount(row, ground));
  const last = accounts.at(-1);
  return rows.length > most && last ? { accounts, nextCursor: last.remoteId } : { accounts };
}

async function readSchema(ground: TableGround): Promise<AccountSchema> {
  const { columns } = await getTable(ground);
  const { options } = ground;
  const active: AttributeSchema = {
    path: 'active',
    type: 'boolean',
    multiValued: false,
    required: false,
    mutability: 'readWrite',
    uniqueness: 'none',
    caseExact: true,
    description: 'Whether the account may be used',
  };
  const others = [...columns.values()].filter(({ name }) => name !== options.activeColumn && name !== 'active');
  return { source: 'target', attributes: [active, ...others.map((column) => buildAttribute(column, ground))] };
}

function buildAttribute(column: Column, { options }: TableGround): AttributeSchema {
  const { name, type, isRequired, isGenerated, isUnique, comment } = column;
  const isKey = name === options.idColumn;
  const mutability = isGenerated ? 'readOnly' : isKey ? 'immutable' : isSecretColumn(name) ? 'writeOnly' : 'readWrite';
  return {
    path: name,
    type: chooseType(type),
    multiValued: type.endsWith('[]'),
    required: isRequired,
    mutability,
    uniqueness: isUnique || options.uniqueColumns.includes(name) ? 'server' : 'none',
    caseExact: type !== 'citext',
    description: comment ?? type,
  };
}

function chooseType(type: string): AttributeSchema['type'] {
  if (type === 'boolean') return 'boolean';
  if (/^(smallint|integer|bigint|real|double precision)$/.test(type)) return 'number';
  // Times, numerics and what else there is are compared as the texts that PostgreSQL writes.
  return 'text';
}
