import type { SourceSchema, ValueType } from '@usher/formula';
import type { Queryable } from '../db/pool.ts';
import { type FieldType, STANDARD_USER_FIELDS } from '../directory/user-fields.ts';
import { buildUserSourceSchema, type SourceFieldDefinition } from '../mapping/index.ts';
import { type CustomFieldRow, listCustomFields } from './sql/load-organization.ts';

/** What formulas may read of a user, here and now. Equal revisions have equal schemas. */
export interface UserSource {
  schema: SourceSchema;
  revision: string;
}

const STANDARD_TYPES: Record<FieldType, ValueType> = {
  text: 'text',
  textarea: 'text',
  email: 'text',
  phone: 'text',
  picklist: 'text',
  reference: 'text',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  dateTime: 'dateTime',
  multipicklist: 'textList',
  names: 'textList',
};

// Columns, assignments and derived fields come to a formula by ways of their own.
const standard: SourceFieldDefinition[] = STANDARD_USER_FIELDS.filter(({ place }) => place === undefined).map(
  ({ name, label, type }) => ({ name, label, type: STANDARD_TYPES[type] }),
);

let last: { key: string; source: UserSource } | undefined;

/** The fields of the User object and the custom ones that are declared now. */
export async function loadUserSource(db: Queryable): Promise<UserSource> {
  const custom = await listCustomFields(db);
  const key = JSON.stringify(custom);
  if (last?.key !== key) last = { key, source: { schema: buildSchema(custom), revision: key } };
  return last.source;
}

function buildSchema(custom: readonly CustomFieldRow[]): SourceSchema {
  return buildUserSourceSchema([
    ...standard,
    ...custom.map(({ name, label, type }) => ({ name, label, type: STANDARD_TYPES[type] })),
  ]);
}
