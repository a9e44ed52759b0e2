import { counted, number } from './format.ts';

export const settingsTexts = {
  title: 'Settings',
  tabs: {
    keys: 'API keys',
    people: 'People',
    alerts: 'Alerts',
    me: 'You',
    fields: 'User fields',
    organization: 'Organisation',
    retention: 'Retention',
    vault: 'Vault',
    signOn: 'Single sign-on',
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
    'apps:operate': 'Pause and resume apps, hold rollouts back',
    'apps:write': 'Change apps and their configuration',
    'reasons:read': 'See where users stand, and why',
    'provision:now': 'Provision users now',
    'provisioning:read': 'See requests and holds',
    'provisioning:write': 'Try again, run drills and matching reports',
    'holds:release': 'Release and reject holds',
    'exchanges:unmask': 'Show one masked value, for a reason',
    'exchanges:read': 'See exchanges unmasked',
    'status-links:write': 'Make status links',
    'audit:read': 'See the audit log',
    'keys:read': 'See keys',
    'keys:write': 'Make and revoke keys',
    'people:read': 'See people',
    'people:write': 'Invite and change people',
    'alerts:read': 'See alerts and channels',
    'alerts:write': 'Change alert channels',
    'retention:write': 'Change retention, erase personal data',
    'vault:read': 'See which key seals how many secrets',
    'vault:write': 'Seal every secret anew',
    'metrics:read': 'Read the metrics',
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

export const vaultTexts = {
  title: 'Master keys',
  lead: 'Credentials are sealed with a key that is kept outside the database. Without it nobody can read them, and nobody can use them.',
  columns: { key: 'Key', state: 'State', values: 'Secrets under it' },
  seals: 'Seals',
  opens: 'Opens only',
  missing: 'Not here',
  missingTitle: (values: number) => `${counted(values, 'secret', 'secrets')} cannot be opened`,
  missingBody:
    'Their key was not given to this server. Put it back as an older key, or enter those credentials again; until then their apps cannot send.',
  oneKey: 'Every secret is sealed under the key that seals.',
  behind: (values: number) =>
    `${counted(values, 'secret is', 'secrets are')} still sealed under an older key. Rotate, then take that key away.`,
  how: 'To change the key',
  howSteps: [
    'Make one: openssl rand -base64 32',
    'Put it first, before the one that is there: a line of the key file or of the command’s output, or USHER_MASTER_KEY with the former one in USHER_MASTER_KEY_OLDER (then start the server again).',
    'Rotate here: every secret is sealed anew under the first key, while everything goes on.',
    'Take the former key away once no secret is under it, and keep it as long as you keep backups that were sealed with it.',
  ],
  rotate: 'Rotate',
  rotateTitle: 'Seal every secret anew?',
  rotateEffect: (values: number, behind: number) =>
    `The keys are read again. ${
      behind === 0
        ? `All ${counted(values, 'secret is', 'secrets are')} under the key that seals already, as far as this server knows: if no new key was put first, nothing changes.`
        : `${counted(behind, 'secret', 'secrets')} of ${number(values)} are sealed anew under the first key.`
    } Apps go on sending meanwhile, and no credential changes at any target.`,
  rotateVerb: (values: number) => `Seal ${counted(values, 'secret', 'secrets')} anew`,
  rotating: (done: number, values: number) =>
    `${number(done)} of ${counted(values, 'secret', 'secrets')} under the key that seals. Leave this page; it goes on.`,
  rotatingLabel: 'Secrets sealed anew',
  rotated: (resealed: number) =>
    resealed === 0
      ? 'Every secret was under the first key already'
      : `Sealed anew: ${counted(resealed, 'secret', 'secrets')}`,
  unopened: (count: number) => `${counted(count, 'secret', 'secrets')} could not be opened, and stay as they are`,
  past: 'Rotations',
  pastColumns: { at: 'When', by: 'By', what: 'What came of it' },
  pastNone: 'The keys were never rotated.',
  pastLine: (resealed: number, unopened: number) =>
    `${counted(resealed, 'secret', 'secrets')} sealed anew${unopened > 0 ? `, ${number(unopened)} could not be opened` : ''}`,
  pastAll: 'In the audit',
};

export const signOnTexts = {
  title: 'Single sign-on',
  lead: 'People sign in by the OpenID provider of your organisation. Signing in by password stays possible for those who have one, so that a provider that fails locks nobody out.',
  on: (label: string) => `On: the sign-in page offers “${label}”.`,
  off: 'Off: people sign in with a password or a passkey.',
  why: 'It is set where the server is started and not here, so that nobody who is let in can let others in.',
  redirect: 'Redirect address to register at the provider',
  redirectLoose:
    'It follows the address by which this page is visited, for USHER_PUBLIC_URL is not set: set it, or the provider may refuse the answer.',
  set: 'What is set',
  fields: {
    issuer: 'Issuer',
    clientId: 'Client id',
    clientSecret: 'Client secret',
    label: 'Button of the sign-in page',
    scopes: 'Scopes',
    roleClaim: 'Claim that gives roles',
    roles: 'Roles by its values',
    defaultRole: 'Without any such value',
    emailDomains: 'Who comes in uninvited',
  },
  secretSet: 'Set; it is never shown',
  secretNone: 'None: a public client',
  claimNone: 'None: roles are given here',
  rolesNone: 'None',
  notLetIn: 'Not let in',
  domains: (domains: string) => `People of ${domains}`,
  everyDomain: 'People of every domain',
  test: 'Test it',
  testLead: 'The provider is asked what it is. Nobody is signed in.',
  testOk: 'The provider answers, and offers what a sign-in needs. Try it in a private window before you rely on it.',
  testBad: 'A sign-in would fail',
  checks: {
    discovery: 'Discovery document',
    'code flow': 'Authorization code flow',
    proof: 'Proof of Usher',
    keys: 'Keys of the provider',
    claim: 'Claim of roles',
  } as Record<string, string>,
  fix: 'What to do',
  variables: 'To set it up',
  variablesLead:
    'Register Usher at the provider with the redirect address, set these where the server is started, and start it again.',
  columns: { variable: 'Variable', what: 'What it says' },
  explained: {
    issuer: 'The address of the provider, as its own document writes it. Needed.',
    clientId: 'The id under which the provider knows Usher. Needed.',
    clientSecret: 'The secret that goes with it. Without one Usher is a public client.',
    label: 'What the button of the sign-in page says.',
    scopes: 'What is asked for besides openid; profile and email unless told.',
    roleClaim: 'The claim whose values give roles, such as groups.',
    roles: 'Which value gives which role: usher-admins=administrator, usher-desk=help desk',
    defaultRole: 'The role of those whom no value gives one. Without it they are not let in.',
    emailDomains: 'Domains whose people come in uninvited: example.com',
  } as Record<string, string>,
};
