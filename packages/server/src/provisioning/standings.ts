import type { Queryable } from '../db/pool.ts';
import { describeStanding, type Standing, type StandingState } from './describe-standing.ts';
import type { Explanation } from './explain-link.ts';
import { explainUser } from './explain-user.ts';
import { type AppOfUser, listAppsOfUser } from './sql/apps-of-user.ts';

export interface AppStanding extends Standing {
  readonly app: string;
  readonly label: string;
  readonly since: Date | null;
  readonly nextAttemptAt: Date | null;
  readonly reason: Explanation['reason'];
  readonly remoteUsername: string | null;
  /** Whom to ask about the app. */
  readonly contact: AppContact | null;
}

/** At least one of them is there. */
export interface AppContact {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
}

/** Where a user stands at the apps that concern them, or at all of them: those that do first. Nothing is run. */
export async function listStandings(
  db: Queryable,
  userId: string,
  now: Date,
  { all }: { all: boolean },
): Promise<AppStanding[]> {
  const apps = await listAppsOfUser(db, userId, now);
  const found: AppStanding[] = [];
  for (const app of apps) {
    const { id, name, label } = app;
    if (!app.concerns) continue;
    const explained = await explainUser(db, id, userId, now);
    if (!explained) continue;
    const { situation, explanation } = explained;
    const { since, nextAttemptAt, reason } = explanation;
    const remoteUsername = situation.link?.remoteUsername ?? null;
    const standing = describeStanding(situation, explanation, label);
    found.push(withContact(app, { app: name, label, ...standing, since, nextAttemptAt, reason, remoteUsername }));
  }
  return all ? [...found, ...apps.filter((app) => !app.concerns).map(describeUnassigned)] : found;
}

/** With the other states it is one of us who has to do something, and nobody is sent elsewhere. */
const SENDS_ON: readonly StandingState[] = ['has account', 'not assigned'];

function withContact(app: AppOfUser, standing: Omit<AppStanding, 'contact'>): AppStanding {
  const { contactName: name, contactEmail: email, contactPhone: phone } = app;
  const told = [name, email, phone].filter((part) => part !== null);
  if (told.length === 0) return { ...standing, contact: null };
  const more = SENDS_ON.includes(standing.state) ? ` Questions about ${app.label} go to ${told.join(', ')}.` : '';
  return { ...standing, sayToCaller: `${standing.sayToCaller}${more}`, contact: { name, email, phone } };
}

function describeUnassigned(app: AppOfUser): AppStanding {
  const { name, label } = app;
  return withContact(app, {
    app: name,
    label,
    state: 'not assigned',
    sentence: `Nothing grants ${label} to this user.`,
    sayToCaller: `You are not set up to have an account at ${label}. If you need one, ask whoever grants access in your department.`,
    since: null,
    nextAttemptAt: null,
    reason: {
      code: 'not_assigned',
      message: `Nothing grants ${label} to this user`,
      nextStep: 'Assign a profile, permission set or group that grants it',
    },
    remoteUsername: null,
  });
}
