import { counted } from './format.ts';

export const settingsTexts = {
  title: 'Settings',
  tabs: {
    keys: 'API keys',
    people: 'People and sign-in',
    alerts: 'Alerts',
    me: 'You',
    fields: 'User fields',
    organization: 'Organisation',
    retention: 'Retention',
  },
  tabsLabel: 'Settings',
};

export const keyTexts = {
  lead: 'For programs and the command line. A key is shown once; only its hash is kept.',
  make: 'Make a key',
  makeTitle: 'Make an API key',
  name: 'Who or what uses it',
  nameHint: 'The audit log shows it.',
  scopes: 'What it may do',
  expires: 'Ends',
  expiresChoices: { '30': 'in 30 days', '90': 'in 90 days', '365': 'in a year', never: 'never' },
  columns: { name: 'Name', prefix: 'Begins with', scopes: 'May', used: 'Last used', ends: 'Ends', made: 'Made' },
  never: 'never',
  revoke: 'Revoke',
  revoked: 'Revoked',
  expired: 'Expired',
  revokeTitle: (name: string) => `Revoke the key “${name}”?`,
  revokeEffect: (name: string) => `Whatever uses “${name}” is refused at once, for good. 1 key is concerned.`,
  revokeVerb: 'Revoke 1 key',
  revokedDone: 'Revoked',
  shownOnce: 'This is the key. It is shown now and never again.',
  copyKey: 'Copy the key',
  stored: 'I have stored it',
  empty: 'There are no keys.',
  count: (count: number) => counted(count, 'key', 'keys'),
  scopeNames: {
    all: 'Everything, also what later versions add',
    'directory:read': 'See users and entitlements',
    'directory:write': 'Change users and entitlements',
    'apps:read': 'See apps and their configuration',
    'apps:write': 'Change apps and their configuration',
    'provisioning:read': 'See requests, reasons and holds',
    'provisioning:write': 'Provision now, try again',
    'holds:release': 'Release and reject holds',
    'audit:read': 'See the audit log',
    'keys:write': 'Make and revoke keys',
    'retention:write': 'Change retention, erase personal data',
  } as Record<string, string>,
};

export const fieldTexts = {
  lead: 'Custom fields that users have beside the standard ones.',
  columns: { name: 'Name', label: 'Label', type: 'Type', required: 'Needed', more: 'Values or length' },
  add: 'Declare a field',
  addTitle: 'Declare a custom field',
  name: 'Name',
  nameHint: 'Ends with __c, for example CostCentre__c',
  label: 'Label',
  type: 'Type',
  length: 'Most characters',
  values: 'Values',
  valuesHint: 'Press Enter after each.',
  required: 'A new user must have it',
  created: (name: string) => `${name} was declared`,
  delete: 'Delete',
  deleteTitle: (name: string) => `Delete the field ${name}?`,
  deleteEffect: (name: string) =>
    `The field ${name} and its value of every user are deleted. Mappings that use it fail at their next save. It cannot be undone.`,
  deleteVerb: 'Delete 1 field',
  deleted: 'Deleted',
  empty: 'No custom field is declared.',
};

export const organizationTexts = {
  lead: 'What new users get when they say nothing else. The zone decides the day of TODAY() in formulas.',
  TimeZoneSidKey: 'Time zone',
  LocaleSidKey: 'Locale',
  LanguageLocaleKey: 'Language',
  EmailEncodingKey: 'E-mail encoding',
  saved: 'Saved',
};

export const retentionTexts = {
  lead: 'How long requests and their log are kept. The audit log is kept for ever.',
  days: 'Days that requests, their log and closed holds are kept',
  bodyDays: 'Days that the exchanges with targets are kept',
  shorterTitle: 'Keep less?',
  shorterEffect: (days: number, bodyDays: number) =>
    `At the next cleaning, requests and log older than ${counted(days, 'day', 'days')} and exchanges older than ${counted(bodyDays, 'day', 'days')} are deleted for good.`,
  shorterVerb: 'Keep less',
  saved: 'Saved',
};
