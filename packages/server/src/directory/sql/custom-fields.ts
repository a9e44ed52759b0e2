import { type Queryable, statement } from '../../db/index.ts';
import type { CustomField, CustomFieldType } from '../custom-field.ts';

interface Row {
  name: string;
  label: string;
  type: CustomFieldType;
  length: number | null;
  picklist_values: string[] | null;
  required: boolean;
  revision: number | bigint;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = 'name, label, type, length, picklist_values, required, revision, created_at, updated_at';
const LIST = statement<Row>('list-custom-fields', `select ${COLUMNS} from custom_field order by lower(name)`);
const LOCK = statement<Row>(
  'lock-custom-field',
  `select ${COLUMNS} from custom_field where lower(name) = lower($1) for update`,
);
const INSERT = statement(
  'insert-custom-field',
  `insert into custom_field (name, label, type, length, picklist_values, required, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $7)`,
);
const UPDATE = statement(
  'update-custom-field',
  `update custom_field set label = $2, length = $3, picklist_values = $4, required = $5, updated_at = $6,
     revision = revision + 1 where name = $1`,
);
const DELETE = statement('delete-custom-field', 'delete from custom_field where name = $1');
const COUNT_USERS = statement<{ users: number | bigint }>(
  'count-users-with-field',
  'select count(*) as users from directory_user where fields ? $1',
);
const COUNT_UNFIT = statement<{ users: number | bigint }>(
  'count-users-with-unfit-value',
  `select count(*) as users from directory_user where fields ? $1 and case
     when jsonb_typeof(fields -> $1) = 'array' then exists (
       select from jsonb_array_elements_text(fields -> $1) v (value) where v.value <> all ($2::text[]))
     when $2::text[] is not null then fields ->> $1 <> all ($2::text[])
     else length(fields ->> $1) > $3::int end`,
);
const CLEAR = statement<{ id: string }>(
  'clear-field-of-users',
  `update directory_user set fields = fields - $1, revision = revision + 1, updated_at = $2 where fields ? $1 returning id`,
);
const READERS = statement<FieldReader>(
  'apps-that-read-field',
  `select a.name as app, c.version, c.document from connected_app a join app_configuration c on c.app_id = a.id
   where c.version = coalesce(a.active_version, (select max(l.version) from app_configuration l where l.app_id = a.id))
     and c.document::text ~* ('\\m' || $1 || '\\M') order by a.name`,
);

export async function listCustomFields(db: Queryable): Promise<CustomField[]> {
  return (await LIST.rows(db)).map(toCustomField);
}

export async function lockCustomField(db: Queryable, name: string): Promise<CustomField | undefined> {
  const row = await LOCK.find(db, [name]);
  return row && toCustomField(row);
}

export async function insertCustomField(
  db: Queryable,
  now: Date,
  field: Omit<CustomField, 'revision' | 'createdAt' | 'updatedAt'>,
): Promise<void> {
  await INSERT.run(db, [field.name, field.label, field.type, field.length, field.picklistValues, field.required, now]);
}

export async function updateCustomField(
  db: Queryable,
  now: Date,
  field: Pick<CustomField, 'name' | 'label' | 'length' | 'picklistValues' | 'required'>,
): Promise<void> {
  await UPDATE.run(db, [field.name, field.label, field.length, field.picklistValues, field.required, now]);
}

export async function deleteCustomFieldRow(db: Queryable, name: string): Promise<void> {
  await DELETE.run(db, [name]);
}

export async function countUsersWithField(db: Queryable, name: string): Promise<number> {
  return Number((await COUNT_USERS.find(db, [name]))?.users ?? 0);
}

/** Users whose value is none of the picklist's, or longer than the length. */
export async function countUsersWithUnfitValue(
  db: Queryable,
  field: Pick<CustomField, 'name' | 'length' | 'picklistValues'>,
): Promise<number> {
  return Number((await COUNT_UNFIT.find(db, [field.name, field.picklistValues, field.length]))?.users ?? 0);
}

/** Takes the value from every user; gives their ids. */
export async function clearFieldOfUsers(db: Queryable, now: Date, name: string): Promise<string[]> {
  return (await CLEAR.rows(db, [name, now])).map((row) => row.id);
}

/** A configuration whose text names a field. */
export interface FieldReader {
  app: string;
  version: number;
  document: unknown;
}

/** The present configurations of apps that name the field. */
export function listFieldReaders(db: Queryable, name: string): Promise<FieldReader[]> {
  return READERS.rows(db, [name]);
}

function toCustomField(row: Row): CustomField {
  return {
    name: row.name,
    label: row.label,
    type: row.type,
    length: row.length,
    picklistValues: row.picklist_values,
    required: row.required,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
