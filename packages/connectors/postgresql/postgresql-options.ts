/** What an administrator sets for an app that is a table. */
export interface PostgresqlOptions {
  schema: string;
  table: string;
  idColumn: string;
  disableBy: 'value' | 'time';
  activeColumn: string;
  activeValue: string;
  inactiveValue: string;
  uniqueColumns: string[];
}

const column = (title: string, description: string) => ({
  title,
  description,
  type: 'string',
  minLength: 1,
  maxLength: 63,
});

/** JSON Schema of {@link PostgresqlOptions}; it drives the options form. Names are as the database has them, case and all. */
export const postgresqlOptionsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['table', 'activeColumn'],
  properties: {
    schema: { ...column('Schema', 'The schema that the table is in.'), default: 'public' },
    table: column('Table', 'The table with one row for each account, as the database writes its name.'),
    idColumn: {
      ...column('Key', 'The primary key; its values are given by the database or mapped, and never change.'),
      default: 'id',
    },
    activeColumn: column('Column that disables', 'What says whether the account may be used.'),
    disableBy: {
      title: 'Disable by',
      description: 'A value in that column, or the time in it (empty while the account may be used).',
      enum: ['value', 'time'],
      default: 'value',
    },
    activeValue: {
      title: 'Its value when enabled',
      description: 'As PostgreSQL writes it: true, 1, active.',
      type: 'string',
      maxLength: 500,
      default: 'true',
    },
    inactiveValue: {
      title: 'Its value when disabled',
      description: 'As PostgreSQL writes it: false, 0, suspended.',
      type: 'string',
      maxLength: 500,
      default: 'false',
    },
    uniqueColumns: {
      title: 'Unique columns',
      description: 'Beside those that the database itself keeps unique.',
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: 63 },
      maxItems: 50,
      default: [],
    },
  },
} as const;
