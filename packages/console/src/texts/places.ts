import type { Problem } from '../api/problem.ts';

export type Place = NonNullable<Problem['errors'][number]['place']>;

/** What is to be done at each place that a refusal or readiness leads to, and what the page there is called. */
export const placeTexts: Record<Place, { fix: string; page: string }> = {
  apps: { fix: 'Choose one that is there.', page: 'Apps' },
  setup: { fix: 'Mend what is red in the set-up.', page: 'Set-up' },
  users: { fix: 'Find the user anew.', page: 'Users' },
  credential: { fix: 'Enter the credential, or authorize the app.', page: 'Credential' },
  mapping: { fix: 'Save the mapping that is proposed, or one of your own.', page: 'Mapping' },
  versions: { fix: 'Choose a version that is saved.', page: 'Versions' },
  plans: { fix: 'Choose one that is kept, or make another.', page: 'Plans' },
  matching: { fix: 'Choose one that is kept, or make another.', page: 'Matching' },
  drill: { fix: 'Run a drill on a test user.', page: 'Drill' },
  drills: { fix: 'Choose one that is kept, or run another.', page: 'Drills' },
  'test users': { fix: 'Mark a user that is nobody’s for tests, and take that one.', page: 'Drills' },
  rollouts: { fix: 'Look at how far it is, then complete it or roll it back.', page: 'Rollouts' },
  pilot: { fix: 'Name a few people who will tell you when something is wrong.', page: 'Pilot' },
};

/** Refusals about what the console sends by itself: what to do does not depend on what was asked for. */
export const codeTexts: Partial<Record<string, string>> = {
  precondition_failed:
    'Somebody changed it meanwhile. Load the page again, look at what is different, and repeat your change.',
  cross_site: 'This page belongs to another session by now, or to another address. Load it again.',
};

export const lacksTexts = (permission: string) =>
  `Your role does not have this: ${permission}. Ask an administrator for another role.`;
