import { type ConnectionReport, type Connector, ConnectorError, type TargetTraits } from '@usher/connector-sdk';
import { buildPostgresqlAccounts } from './postgresql-accounts.ts';
import { type PostgresqlOptions, postgresqlOptionsSchema } from './postgresql-options.ts';
import { getTable, run, selectList, type TableGround } from './table.ts';

/** Accounts in the user table of an application whose only interface is its PostgreSQL database. */
export const postgresql: Connector<PostgresqlOptions> = {
  id: 'postgresql',
  version: '1.0.0',
  label: 'PostgreSQL table',
  description: "Rows of an application's own user table. Base URL: postgresql://host/database.",
  optionsSchema: postgresqlOptionsSchema,
  protocol: 'sql',
  credentialKinds: ['basic'],
  connect: (context) => {
    const options = withDefaults(context.options);
    const ground: TableGround = { sql: context.sql, options, context };
    return {
      accounts: buildPostgresqlAccounts(ground),
      traits: buildTraits(options),
      test: () => testConnection(ground),
    };
  },
};

/** Also for who runs a changed copy of this folder as a connector of their own. */
export default postgresql;

/** The host fills in defaults; whoever joins the connector otherwise need not. */
function withDefaults(options: Partial<PostgresqlOptions>): PostgresqlOptions {
  const defaults: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(postgresqlOptionsSchema.properties)) {
    if ('default' in property) defaults[name] = property.default;
  }
  return { ...(defaults as unknown as PostgresqlOptions), ...options };
}

function buildTraits({ disableBy, activeColumn, inactiveValue, uniqueColumns }: PostgresqlOptions): TargetTraits {
  const disabling =
    disableBy === 'time' ? `Writes the time into ${activeColumn}` : `Sets ${activeColumn} to ${inactiveValue}`;
  return {
    visibilityDelayMs: 0,
    uniqueness: { enforced: 'unknown', attributes: uniqueColumns },
    searchable: 'any',
    deactivate: { effect: 'deactivates', note: `${disabling}; the application has to look at it.` },
    delete: { effect: 'deletes', note: 'Deletes the row; rows of other tables that refer to it may go with it.' },
    rateLimits: [],
    credentialLifetimeDays: undefined,
    notes: [
      "Give the login no more than this table's rights: select, insert, update, and delete where accounts are deleted.",
      'Triggers of the table run, and may make something else of what is written.',
    ],
    sources: ['https://www.postgresql.org/docs/current/sql-grant.html'],
  };
}

async function testConnection(ground: TableGround): Promise<ConnectionReport> {
  const steps: ConnectionReport['steps'] = [];
  try {
    const table = await getTable(ground);
    const { schema, table: name } = ground.options;
    steps.push({ step: 'discovery', ok: true, message: `${schema}.${name} has ${table.columns.size} columns.` });
    const statement = `select ${selectList(table)} from ${table.name} limit 1`;
    const rows = await run(ground, { statement, parameters: [], effect: 'read' });
    const what = rows.length === 0 ? 'there is none yet' : 'one was read';
    steps.push({ step: 'read', ok: true, message: `Rows can be read: ${what}.` });
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const step = steps.length === 0 ? 'discovery' : 'read';
    steps.push({ step, ok: false, message: error.message, detail: error.detail });
  }
  return { steps };
}
