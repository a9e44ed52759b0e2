/** How the values of a field are written and checked. */
export type FieldType =
  | 'text'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'number'
  | 'boolean'
  | 'date'
  | 'dateTime'
  | 'picklist'
  | 'multipicklist'
  | 'reference'
  | 'names';

/** A value as it is stored in `directory_user.fields`; multi-valued picklists are lists. */
export type FieldValue = string | number | boolean | string[];

/**
 * One field of a user. `required`: a new user must have it and it cannot be cleared. `defaulted`: Salesforce demands it and
 * Usher fills it in when it is left out, so that it is never blank either.
 */
export interface UserField {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly length?: number;
  readonly required?: true;
  readonly defaulted?: true;
  /** Set by Usher; whoever sends it is told so. */
  readonly readOnly?: true;
  /** The only values, in the spelling that is stored. */
  readonly picklist?: readonly string[];
  readonly custom?: true;
  /** Where the value is: in `fields` unless named here. */
  readonly place?: 'column' | 'assignment' | 'derived';
  readonly note?: string;
}

const text = (name: string, label: string, length: number, more: Partial<UserField> = {}): UserField => ({
  name,
  label,
  type: 'text',
  length,
  ...more,
});

export const EMAIL_ENCODINGS = [
  'UTF-8',
  'ISO-8859-1',
  'Shift_JIS',
  'ISO-2022-JP',
  'EUC-JP',
  'ks_c_5601-1987',
  'Big5',
  'GB2312',
  'Big5-HKSCS',
  'x-SJIS_0213',
] as const;

/** The User object of Salesforce as far as it provisions, in the order in which people expect to see it. */
export const STANDARD_USER_FIELDS: readonly UserField[] = [
  { name: 'Id', label: 'User ID', type: 'text', length: 36, readOnly: true, place: 'column' },
  {
    name: 'Username',
    label: 'Username',
    type: 'email',
    length: 80,
    required: true,
    place: 'column',
    note: 'In the form of an email address. Unique among the users that are not deleted; upper and lower case do not differ.',
  },
  text('FirstName', 'First Name', 40),
  text('MiddleName', 'Middle Name', 40),
  text('LastName', 'Last Name', 80, { required: true }),
  text('Suffix', 'Suffix', 40),
  text('Name', 'Full Name', 203, { readOnly: true, place: 'derived', note: 'FirstName and LastName.' }),
  { name: 'Email', label: 'Email', type: 'email', length: 128, required: true },
  text('Alias', 'Alias', 8, {
    defaulted: true,
    note: 'Made from the first letter of FirstName and from LastName when left out.',
  }),
  text('CommunityNickname', 'Nickname', 40, { defaulted: true, note: 'Made from Username when left out.' }),
  {
    name: 'IsActive',
    label: 'Active',
    type: 'boolean',
    defaulted: true,
    place: 'column',
    note: 'true when left out. Turning it false deactivates the accounts.',
  },
  text('Profile', 'Profile', 255, {
    required: true,
    place: 'column',
    note: 'By name. "Standard User" when left out, if there is a profile of that name.',
  }),
  text('ProfileId', 'Profile ID', 20, { place: 'column', note: 'Instead of Profile.' }),
  {
    name: 'Manager',
    label: 'Manager',
    type: 'email',
    length: 80,
    place: 'column',
    note: 'By Username.',
  },
  {
    name: 'ManagerId',
    label: 'Manager ID',
    type: 'reference',
    length: 36,
    place: 'column',
    note: 'Instead of Manager.',
  },
  {
    name: 'PermissionSets',
    label: 'Permission Sets',
    type: 'names',
    place: 'assignment',
    note: 'Names, parted by semicolons in a text. The whole list: those left out of it are taken away.',
  },
  {
    name: 'PermissionSetGroups',
    label: 'Permission Set Groups',
    type: 'names',
    place: 'assignment',
    note: 'Names, parted by semicolons in a text. The whole list: those left out of it are taken away.',
  },
  text('FederationIdentifier', 'SAML Federation ID', 512, { note: 'Unique among the users that are not deleted.' }),
  text('EmployeeNumber', 'Employee Number', 20),
  text('Title', 'Title', 80),
  text('Department', 'Department', 80),
  text('Division', 'Division', 80),
  text('CompanyName', 'Company Name', 80),
  { name: 'DelegatedApproverId', label: 'Delegated Approver ID', type: 'reference', length: 36 },
  text('UserRoleId', 'Role ID', 18),
  { name: 'Phone', label: 'Phone', type: 'phone', length: 40 },
  { name: 'MobilePhone', label: 'Mobile', type: 'phone', length: 40 },
  { name: 'Fax', label: 'Fax', type: 'phone', length: 40 },
  { name: 'Extension', label: 'Extension', type: 'phone', length: 40 },
  { name: 'Street', label: 'Street', type: 'textarea', length: 255 },
  text('City', 'City', 40),
  text('State', 'State/Province', 80),
  text('StateCode', 'State/Province Code', 10),
  text('PostalCode', 'Zip/Postal Code', 20),
  text('Country', 'Country', 80),
  text('CountryCode', 'Country Code', 10),
  text('TimeZoneSidKey', 'Time Zone', 40, {
    defaulted: true,
    note: 'An IANA name such as Europe/Berlin. The organization’s when left out.',
  }),
  text('LocaleSidKey', 'Locale', 40, { defaulted: true, note: 'Such as de_DE. The organization’s when left out.' }),
  text('LanguageLocaleKey', 'Language', 40, { defaulted: true, note: 'Such as de. The organization’s when left out.' }),
  {
    name: 'EmailEncodingKey',
    label: 'Email Encoding',
    type: 'picklist',
    length: 40,
    defaulted: true,
    picklist: EMAIL_ENCODINGS,
    note: 'The organization’s when left out.',
  },
  { name: 'ForecastEnabled', label: 'Allow Forecasting', type: 'boolean' },
  { name: 'ReceivesInfoEmails', label: 'Info Emails', type: 'boolean' },
  { name: 'ReceivesAdminInfoEmails', label: 'Admin Info Emails', type: 'boolean' },
  {
    name: 'DigestFrequency',
    label: 'Chatter Email Highlights Frequency',
    type: 'picklist',
    length: 1,
    picklist: ['D', 'W', 'N'],
    note: 'Daily, weekly or never.',
  },
  text('DefaultCurrencyIsoCode', 'Default Currency', 3, { note: 'An ISO 4217 code such as EUR.' }),
  text('ContactId', 'Contact ID', 18),
  text('AccountId', 'Account ID', 18, { readOnly: true }),
  text('UserType', 'User Type', 40, { readOnly: true, place: 'derived' }),
  { name: 'LastLoginDate', label: 'Last Login', type: 'dateTime', readOnly: true },
  { name: 'AboutMe', label: 'About Me', type: 'textarea', length: 1000 },
  { name: 'Signature', label: 'Email Signature', type: 'textarea', length: 1333 },
  { name: 'SenderEmail', label: 'Email Sender Address', type: 'email', length: 80 },
  text('SenderName', 'Email Sender Name', 80),
  { name: 'IsDeleted', label: 'Deleted', type: 'boolean', readOnly: true, place: 'column' },
  { name: 'CreatedDate', label: 'Created Date', type: 'dateTime', readOnly: true, place: 'column' },
  { name: 'LastModifiedDate', label: 'Last Modified Date', type: 'dateTime', readOnly: true, place: 'column' },
];

/** The fields of users here and now: the standard ones and the custom ones that were declared. */
export interface UserFieldCatalog {
  readonly fields: readonly UserField[];
  /** By the exact name. */
  find(name: string): UserField | undefined;
  /** Whatever the case, as the header of a CSV file is read. */
  findCaseless(name: string): UserField | undefined;
}

export function buildUserFieldCatalog(customFields: readonly UserField[]): UserFieldCatalog {
  const fields = [...STANDARD_USER_FIELDS, ...customFields];
  const exact = new Map(fields.map((field) => [field.name, field]));
  const caseless = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  return {
    fields,
    find: (name) => exact.get(name),
    findCaseless: (name) => caseless.get(name.toLowerCase()),
  };
}

/** Whether the value is a member of `directory_user.fields`. */
export function isStoredInFields(field: UserField): boolean {
  return field.place === undefined;
}
