import type { Queryable } from '../db/pool.ts';
import { describeStanding, type Standing } from './describe-standing.ts';
import type { Explanation } from './explain-link.ts';
import { explainUser } from './explain-user.ts';
import { listAppsOfUser } from './sql/apps-of-user.ts';

export interface AppStanding extends Standing {
  readonly app: string;
  readonly label: string;
  readonly since: Date | null;
  readonly nextAttemptAt: Date | null;
  readonly reason: Explanation['reason'];
  readonly remoteUsername: string | null;
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
  for (const { id, name, label, concerns } of apps) {
    if (!concerns) continue;
    const explained = await explainUser(db, id, userId, now);
    if (!explained) continue;
    const { situation, explanation } = explained;
    const { since, nextAttemptAt, reason } = explanation;
    const remoteUsername = situation.link?.remoteUsername ?? null;
    const standing = describeStanding(situation, explanation, label);
    found.push({ app: name, label, ...standing, since, nextAttemptAt, reason, remoteUsername });
  }
  return all ? [...found, ...apps.filter((app) => !app.concerns).map(describeUnassigned)] : found;
}

function describeUnassigned({ name, label }: { name: string; label: string }): AppStanding {
  return {
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
  };
}
