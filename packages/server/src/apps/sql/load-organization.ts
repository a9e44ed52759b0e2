import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

export interface CustomFieldRow {
  name: string;
  label: string;
  type: 'text' | 'number' | 'boolean' | 'date' | 'dateTime' | 'picklist' | 'multipicklist';
}

const CUSTOM_FIELDS = statement<CustomFieldRow>(
  'apps-custom-fields',
  'select name, label, type from custom_field order by name',
);
const TIME_ZONE = statement<{ value: unknown }>(
  'apps-time-zone',
  `select value from instance_setting where name = 'time_zone'`,
);

export function listCustomFields(db: Queryable): Promise<CustomFieldRow[]> {
  return CUSTOM_FIELDS.rows(db);
}

/** The organization's zone, an IANA name: it decides the day of TODAY(). */
export async function findTimeZone(db: Queryable): Promise<string> {
  const value = (await TIME_ZONE.find(db))?.value;
  return typeof value === 'string' && value !== '' ? value : 'UTC';
}
