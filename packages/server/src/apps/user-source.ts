import type { SourceSchema, ValueType } from '@usher/formula';
import type { Queryable } from '../db/pool.ts';
import { type FieldType, loadUserFieldCatalog, type UserField } from '../directory/index.ts';
import { buildUserSourceSchema } from '../mapping/index.ts';

/** What formulas may read of a user, here and now. Equal revisions have equal schemas. */
export interface UserSource {
  schema: SourceSchema;
  revision: string;
}

const VALUE_TYPES: Record<FieldType, ValueType> = {
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

let last: UserSource | undefined;

/** The fields of the User object and the custom ones that are declared now. */
export async function loadUserSource(db: Queryable): Promise<UserSource> {
  const { fields } = await loadUserFieldCatalog(db);
  const revision = JSON.stringify(
    fields.filter(({ custom }) => custom).map(({ name, label, type }) => [name, label, type]),
  );
  if (last?.revision !== revision) last = { schema: buildSchema(fields), revision };
  return last;
}

/** Columns, assignments and derived fields come to a formula by ways of their own. */
function buildSchema(fields: readonly UserField[]): SourceSchema {
  const stored = fields.filter(({ place }) => place === undefined);
  return buildUserSourceSchema(stored.map(({ name, label, type }) => ({ name, label, type: VALUE_TYPES[type] })));
}
