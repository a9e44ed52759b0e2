import { counted } from './format.ts';

export const entitlementTexts = {
  title: 'Entitlements',
  lead: 'What users have and what may grant an app: one profile a user, any number of permission sets, and groups of sets.',
  kinds: { profile: 'Profiles', 'permission-set': 'Permission sets', 'permission-set-group': 'Permission set groups' },
  kindsLabel: 'Kind of entitlement',
  one: { profile: 'profile', 'permission-set': 'permission set', 'permission-set-group': 'permission set group' },
  columns: { name: 'Name', label: 'Label', description: 'Description', sets: 'Permission sets' },
  search: 'Beginning of the name',
  add: (kind: string) => `Add a ${kind}`,
  addTitle: (kind: string) => `Add a ${kind}`,
  editTitle: (name: string) => `Edit ${name}`,
  name: 'Name',
  label: 'Label',
  description: 'Description',
  sets: 'Permission sets in it',
  created: (name: string) => `${name} was added`,
  saved: 'Saved',
  delete: 'Delete',
  deleteTitle: (name: string) => `Delete ${name}?`,
  deleteEffect: {
    profile: 'It is refused while users have the profile. 1 profile is deleted.',
    'permission-set':
      '1 permission set is taken from everyone who has it and is deleted. Where nothing else grants an app, accounts follow the deprovisioning policy; guards hold what goes beyond their limits.',
    'permission-set-group':
      '1 permission set group is taken from everyone who has it and is deleted. Where nothing else grants an app, accounts follow the deprovisioning policy; guards hold what goes beyond their limits.',
  },
  deleteVerb: (kind: string) => `Delete 1 ${kind}`,
  deleted: (holders: number) => `Deleted; ${counted(holders, 'user', 'users')} had it`,
  emptyTitle: (kind: string) => `There are no ${kind} yet`,
  emptyBody: 'They are made here, by an import, or through the API.',
  emptySearch: 'Nothing’s name begins so.',
};
