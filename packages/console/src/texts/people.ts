import { counted } from './format.ts';

export const personTexts = {
  find: 'Find a user',
  type: 'Type the beginning of a name, e-mail or user name',
  nobody: 'Nobody’s name begins so',
};

export const roleNames: Record<string, string> = {
  administrator: 'Administrator',
  operator: 'Operator',
  'help desk': 'Help desk',
  auditor: 'Auditor',
};

export const peopleTexts = {
  lead: 'Who signs in to this console, and what each may do. Users whose accounts are provisioned are under Users.',
  invite: 'Invite a person',
  columns: { name: 'Name', role: 'Role', state: 'State', factor: 'Second factor', seen: 'Last sign-in' },
  states: { invited: 'Invited', active: 'Active', disabled: 'Disabled' },
  name: 'Name',
  email: 'E-mail address',
  role: 'Role',
  factors: (totp: boolean, passkeys: number, sso: boolean) =>
    [
      passkeys > 0 ? counted(passkeys, 'passkey', 'passkeys') : '',
      totp ? 'authenticator app' : '',
      sso ? 'single sign-on' : '',
    ]
      .filter((part) => part !== '')
      .join(', ') || 'none yet',
  never: 'never',
  you: 'you',
  inviteVerb: 'Invite',
  linkTitle: 'The one-time link',
  linkBody: 'Hand it to the person. It is good once, and it is shown only now.',
  linkEnds: 'It ends',
  copyLink: 'Copy the link',
  handedOver: 'I have handed it over',
  edit: 'Change name or role',
  editTitle: (name: string) => `Change ${name}`,
  saved: 'Changed; in force at their next request',
  again: 'New invitation link',
  reset: 'Link for a new password',
  resetFactor: 'Link for a new password and second factor',
  resetFactorTitle: (name: string) => `Take the second factor of ${name} away?`,
  resetFactorEffect: (name: string) =>
    `${name} is signed out everywhere, and the passkeys, the authenticator app and the recovery codes of 1 person are removed. The link lets them choose new ones.`,
  resetFactorVerb: 'Reset 1 person',
  signOut: 'Sign out everywhere',
  signedOut: (count: number) => `Ended ${counted(count, 'session', 'sessions')}`,
  disable: 'Disable',
  disableTitle: (name: string) => `Disable ${name}?`,
  disableEffect: (name: string) =>
    `${name} is signed out everywhere at once, and the API keys of 1 person are refused. It can be undone.`,
  disableVerb: 'Disable 1 person',
  disabled: 'Disabled',
  enable: 'Enable again',
  enabled: 'Enabled',
  delete: 'Delete',
  deleteTitle: (name: string) => `Delete ${name}?`,
  deleteEffect: (name: string) =>
    `1 person is deleted with their sessions and keys. What ${name} did stays in the audit. It cannot be undone.`,
  deleteVerb: 'Delete 1 person',
  deleted: 'Deleted',
  acts: (name: string) => `Actions for ${name}`,
  roles: 'What each role may do',
};
