import { counted } from './format.ts';

export const usersTexts = {
  title: 'Users',
  searchLabel: 'Find a user',
  searchHint: 'Beginning of a name, e-mail or user name',
  add: 'Add a user',
  import: 'Import CSV',
  columns: {
    name: 'Name',
    username: 'User name',
    email: 'E-mail',
    department: 'Department',
    title: 'Title',
    profile: 'Profile',
    state: 'State',
  },
  active: 'Active',
  inactive: 'Inactive',
  deleted: 'Deleted',
  filters: { state: 'State', profile: 'Profile', deleted: 'Deleted users' },
  states: { any: 'Any state', true: 'Active', false: 'Inactive' },
  deletedChoices: { no: 'Without deleted', also: 'With deleted', only: 'Deleted only' },
  anyProfile: 'Any profile',
  found: (count: number) => counted(count, 'user', 'users'),
  emptyTitle: 'No user fits',
  emptyBody: (search: string) => `Nobody’s user name, e-mail, first or last name begins with “${search}”.`,
  emptyFilter: 'No user meets these conditions.',
  neverTitle: 'There are no users yet',
  neverBody:
    'Import them from a CSV file, or add one by hand. Users of an import can be looked at before anything is changed.',
};

export const userTexts = {
  apps: 'Apps',
  appsLead: 'Where this person stands, app by app.',
  noApps: 'No app is connected yet.',
  why: 'Why',
  whyNot: 'Why not',
  since: 'Since',
  nextAttempt: 'Next attempt',
  nextStep: 'What to do',
  reason: 'Reason',
  grantedBy: 'Granted by',
  grantedByNothing: 'Nothing grants this app to the user.',
  through: (group: string) => `through ${group}`,
  until: 'until',
  account: 'Account',
  deleteAt: 'Will be deleted',
  say: 'Say to the caller',
  copySay: 'Copy the text',
  provision: 'Provision now',
  provisioned: (app: string) => `${app}: done`,
  queued: (app: string) => `${app}: marked as urgent; the answer is not there yet`,
  preview: 'Preview',
  requests: 'Requests',
  unlink: 'Unlink',
  unlinkTitle: (app: string) => `Unlink the account at ${app}?`,
  unlinkEffect: (name: string, app: string) =>
    `Usher forgets that this account at ${app} is ${name}’s. At the target nothing happens: the account stays usable. One account is concerned. It is found and linked again with the next change, if it still matches.`,
  unlinkVerb: 'Unlink 1 account',
  unlinked: 'Unlinked',
  details: 'Details',
  fields: 'Fields',
  edit: 'Edit',
  editTitle: (name: string) => `Edit ${name}`,
  saved: 'Saved',
  created: (name: string) => `${name} was added`,
  assignments: 'Permission sets and groups',
  noAssignments: 'None.',
  addAssignment: 'Give a permission set or group',
  addAssignmentLabel: 'Permission set or group',
  give: 'Give',
  given: 'Given',
  takeAway: 'Take away',
  takeTitle: (name: string) => `Take ${name} away?`,
  takeEffect: (user: string, name: string) =>
    `${user} loses ${name}. Where nothing else grants an app, its account follows the deprovisioning policy of that app.`,
  taken: 'Taken away',
  deactivate: 'Deactivate',
  deactivateTitle: (name: string) => `Deactivate ${name}?`,
  deactivateEffect: (accounts: number) =>
    accounts === 0
      ? 'The user has no account at any app. 1 user becomes inactive. It can be undone by activating the user again.'
      : `The user becomes inactive, and ${counted(accounts, 'account is', 'accounts are')} deprovisioned as each app’s policy says, at once. It can be undone by activating the user again.`,
  deactivateVerb: 'Deactivate 1 user',
  deactivated: 'Deactivated',
  activate: 'Activate',
  activated: 'Activated',
  delete: 'Delete',
  deleteTitle: (name: string) => `Delete ${name}?`,
  deleteEffect: (accounts: number) =>
    `1 user is deleted from the directory${accounts === 0 ? '' : `, and ${counted(accounts, 'account is', 'accounts are')} deprovisioned as each app’s policy says`}. The user can be restored.`,
  deleteVerb: 'Delete 1 user',
  deleted: 'Deleted',
  restore: 'Restore',
  restored: 'Restored',
  isDeleted: 'This user is deleted.',
  isInactive: 'This user is inactive.',
  statusLink: 'Link for the person',
  statusLinkTitle: 'A link that shows only this person’s status',
  statusLinkBody:
    'Whoever has the link sees where this person stands at each app, and nothing else. It ends by itself.',
  statusLinkMake: 'Make a link',
  statusLinkEnds: 'Ends',
  copyLink: 'Copy the link',
  timeline: 'Latest requests',
  allRequests: 'All requests of this user',
  noRequests: 'Nothing was sent for this user yet.',
  groups: {
    identity: 'Identity',
    work: 'Work',
    contact: 'Contact',
    locale: 'Language and time',
    custom: 'Custom fields',
    other: 'More',
  },
  notSet: 'not set',
  newTitle: 'Add a user',
  newLead: 'Only the fields with a star are needed. What grants apps can be given here or later.',
  create: 'Add the user',
  showAllFields: 'Show all fields',
};

/** What the help desk may read to the person, when the server gives no text of its own. */
export function sayToCaller(state: string, app: string): string {
  switch (state) {
    case 'has account':
      return `You have an account at ${app}, and it is up to date. If you cannot sign in, the sign-in itself is what to look at.`;
    case 'in progress':
    case 'retrying':
      return `Your account at ${app} is being worked on right now. Please try again in a few minutes.`;
    case 'app rate limited':
      return `${app} asked us to slow down for a moment. Your change is in the queue and goes on by itself.`;
    case 'held':
      return `The change at ${app} is held until one of our administrators has looked at it. You need not do anything.`;
    case 'parked':
      return `Something keeps us from changing your account at ${app}. Our administrators see it and will set it right.`;
    case 'app paused':
    case 'app draft':
      return `Changes at ${app} are paused at the moment. Yours is kept and goes on when they are resumed.`;
    case 'app quarantined':
      return `We cannot reach ${app} at the moment. Your change is kept and goes on by itself when it is back.`;
    case 'not assigned':
      return `You are not set up for ${app}. If you need it, please ask for access.`;
    case 'account deactivated':
      return `Your account at ${app} is switched off. If you need it again, please ask for access.`;
    default:
      return `You have no account at ${app} yet.`;
  }
}
