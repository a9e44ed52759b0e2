import type { Item } from '../../api/read.ts';

export type UserField = Item<'/api/v1/user-fields'>;

const GROUPS = {
  identity: [
    'Id',
    'Username',
    'FirstName',
    'MiddleName',
    'LastName',
    'Suffix',
    'Alias',
    'CommunityNickname',
    'FederationIdentifier',
    'EmployeeNumber',
  ],
  work: ['Profile', 'Manager', 'Title', 'Department', 'Division', 'CompanyName'],
  contact: ['Email', 'Phone', 'MobilePhone', 'Fax', 'Extension', 'Street', 'City', 'State', 'PostalCode', 'Country'],
  locale: ['TimeZoneSidKey', 'LocaleSidKey', 'LanguageLocaleKey', 'EmailEncodingKey'],
} as const;

export type FieldGroup = keyof typeof GROUPS | 'custom' | 'other';

/** Fields in groups that people look for, in the order of each group; empty groups are left out. */
export function groupFields(fields: readonly UserField[]): { group: FieldGroup; fields: UserField[] }[] {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const named = Object.entries(GROUPS).map(([group, names]) => ({
    group: group as FieldGroup,
    fields: names.flatMap((name) => byName.get(name) ?? []),
  }));
  const placed = new Set<string>(Object.values(GROUPS).flat());
  const rest = fields.filter(({ name }) => !placed.has(name));
  return [
    ...named,
    { group: 'custom' as const, fields: rest.filter(({ custom }) => custom) },
    { group: 'other' as const, fields: rest.filter(({ custom }) => !custom) },
  ].filter(({ fields: members }) => members.length > 0);
}
