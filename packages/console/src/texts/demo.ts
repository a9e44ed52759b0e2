import { counted } from './format.ts';

const parts = (users: number, sets: number, groups: number) =>
  `${counted(users, 'invented user', 'invented users')}, ${counted(sets, 'permission set', 'permission sets')} and ${counted(groups, 'group', 'groups')}`;

export const demoTexts = {
  load: 'Load a demo company',
  loadTitle: 'Load a demo company?',
  loadEffect: (users: number, sets: number, groups: number) =>
    `${parts(users, sets, groups)} come into the directory, all named as a demo. Nothing is sent anywhere. They can be removed in one act, as long as no account of theirs was made.`,
  loadVerb: (users: number) => `Load ${counted(users, 'user', 'users')}`,
  loaded: (users: number) => `${counted(users, 'invented user is', 'invented users are')} here`,
  notice: (users: number) => `${counted(users, 'user is', 'users are')} invented: this is the demo company`,
  loadedBy: (who: string) => `Loaded by ${who}`,
  obstacle: 'It cannot be removed now.',
  remove: 'Remove the demo company',
  removeTitle: 'Remove the demo company?',
  removeEffect: (users: number, sets: number, groups: number) =>
    `${parts(users, sets, groups)} are deleted, with what plans, drafts and drills know of them; nobody else is. The audit keeps that they were here. It can be loaded again while there are no other users.`,
  removeVerb: (users: number) => `Remove ${counted(users, 'user', 'users')}`,
  removed: (users: number) => `Removed ${counted(users, 'invented user', 'invented users')}`,
};
