import type { Quarantine } from '../apps/index.ts';
import type { AccountState, Reason } from '../planning/index.ts';
import { REASON_CODES } from '../planning/index.ts';

/** Where a user stands at an app, in one state. */
export type LinkState =
  | 'has account'
  | 'no account'
  | 'account deactivated'
  | 'account deleted'
  | 'not assigned'
  | 'in progress'
  | 'retrying'
  | 'waiting'
  | 'parked'
  | 'held'
  | 'app draft'
  | 'app paused'
  | 'app quarantined'
  | 'app rate limited';

/** Everything that says why, read in one go. */
export interface LinkSituation {
  user: { username: string; isActive: boolean; isDeleted: boolean };
  app: {
    name: string;
    state: 'draft' | 'active' | 'paused';
    quarantine: Quarantine | null;
    stoppedUntil: Date | null;
  };
  grants: { kind: string; name: string; through: string | null; expiresAt: Date | null }[];
  schedule: { wantedRev: number; doneRev: number; nextDueAt: Date | null } | null;
  link: {
    remoteId: string | null;
    remoteUsername: string | null;
    accountState: AccountState;
    standing: 'settled' | 'waiting' | 'retrying' | 'parked' | 'held';
    reason: Reason | null;
    deleteAt: Date | null;
    updatedAt: Date;
    requestId: string | null;
  } | null;
}

/** One answer to "why?" and "why not?": one state, one reason, one next step. */
export interface Explanation {
  state: LinkState;
  sentence: string;
  reason: { code: string; message: string; nextStep: string; detail?: string | undefined } | null;
  since: Date | null;
  nextAttemptAt: Date | null;
}

/**
 * The one reason that stands between this user and what they should have, or what they have. What concerns this link
 * alone goes before what concerns the app, since it stays when the app is back. Pure.
 */
export function explainLink(situation: LinkSituation, now: Date): Explanation {
  const { link, schedule, app } = situation;
  const entitled = isEntitled(situation);
  if (link?.standing === 'held' || link?.standing === 'parked') {
    const verb = link.standing === 'held' ? 'A guard holds the change' : 'The change is parked';
    return explanation(link.standing, `${verb}: ${sentenceOf(link.reason)}`, link.reason, link.updatedAt, null);
  }
  if (app.state === 'draft' && entitled) {
    const reason = {
      code: 'app_draft',
      message: `${app.name} is a draft and sends nothing`,
      nextStep: 'Activate the app',
    };
    return explanation('app draft', reason.message, reason, null, null);
  }
  const due = schedule !== null && (schedule.wantedRev !== schedule.doneRev || isPast(schedule.nextDueAt, now));
  if (due && schedule) return explainDue(situation, schedule.nextDueAt, now);
  if (!entitled) return explainDeparted(situation);
  if (link?.standing === 'waiting' && link.reason) {
    return explanation('waiting', sentenceOf(link.reason), link.reason, link.updatedAt, schedule?.nextDueAt ?? null);
  }
  return explainAccount(situation);
}

function isEntitled({ user, grants }: LinkSituation): boolean {
  return user.isActive && !user.isDeleted && grants.length > 0;
}

function explainDue(situation: LinkSituation, nextDueAt: Date | null, now: Date): Explanation {
  const { app, link } = situation;
  if (app.state === 'paused') {
    const reason = {
      code: 'app_paused',
      message: `${app.name} is paused`,
      nextStep: 'Resume the app: nothing is lost',
    };
    return explanation('app paused', `${reason.message}; the change waits`, reason, null, null);
  }
  if (app.quarantine) {
    const { detail, since, probeAt } = app.quarantine;
    const reason = {
      code: 'app_quarantined',
      message: detail.message,
      nextStep: detail.nextStep,
      detail: detail.targetSaid,
    };
    return explanation('app quarantined', `${app.name} is quarantined: ${detail.message}`, reason, since, probeAt);
  }
  if (app.stoppedUntil && app.stoppedUntil > now) {
    const message = `${app.name} asked to be left alone until ${formatMinute(app.stoppedUntil)}`;
    const reason = { code: 'rate_limited', message, nextStep: 'Nothing to do: it goes on by itself' };
    return explanation('app rate limited', message, reason, null, app.stoppedUntil);
  }
  if (link?.standing === 'retrying' && link.reason) {
    return explanation('retrying', sentenceOf(link.reason), link.reason, link.updatedAt, nextDueAt);
  }
  return explanation('in progress', 'The change is on its way', null, nextDueAt, nextDueAt);
}

function explainDeparted(situation: LinkSituation): Explanation {
  const { user, app, link } = situation;
  const left = user.isDeleted
    ? (['user_deleted', `${user.username} was deleted from the directory`] as const)
    : user.isActive
      ? (['not_assigned', `${user.username} is granted ${app.name} by nothing`] as const)
      : (['user_inactive', `${user.username} is not active`] as const);
  if (link?.accountState === 'active' && link.reason) {
    return explanation('has account', sentenceOf(link.reason), link.reason, link.updatedAt, null);
  }
  const reason = {
    code: left[0],
    message: left[1],
    nextStep:
      left[0] === 'not_assigned' ? 'Assign a profile, permission set or group that grants it' : 'Activate the user',
  };
  if (link?.accountState === 'deactivated') {
    const kept = link.reason?.code === 'dismissed' ? link.reason : null;
    const deletion = link.deleteAt ? `, and will be deleted on ${link.deleteAt.toISOString().slice(0, 10)}` : '';
    const sentence = `${left[1]}: the account is deactivated${deletion}${kept ? ', and is not deleted' : ''}`;
    return explanation('account deactivated', sentence, kept ?? reason, link.updatedAt, link.deleteAt);
  }
  if (link?.accountState === 'deleted') {
    return explanation('account deleted', `${left[1]}: the account is deleted`, reason, link.updatedAt, null);
  }
  return explanation('not assigned', left[1], reason, link?.updatedAt ?? null, null);
}

function explainAccount({ link, user, app }: LinkSituation): Explanation {
  if (link?.accountState === 'active') {
    const name = link.remoteUsername ?? link.remoteId ?? '';
    // Most accounts are called as their user is: nobody has to read the same name twice.
    const named = name.toLowerCase() === user.username.toLowerCase() ? '' : `, called ${name}`;
    const sentence = `${user.username} has an account at ${app.name}${named}`;
    return explanation('has account', sentence, null, link.updatedAt, null);
  }
  if (link?.accountState === 'deactivated') {
    return explanation('account deactivated', 'The account is deactivated', null, link.updatedAt, null);
  }
  const message = `${user.username} has no account at ${app.name} yet`;
  return explanation('no account', message, null, link?.updatedAt ?? null, null);
}

function sentenceOf(reason: Reason | null): string {
  if (!reason) return 'no reason was recorded';
  const message = reason.message || REASON_CODES[reason.code];
  return reason.detail ? `${message.replace(/\.$/, '')} (${reason.detail})` : message;
}

/** To the minute, in UTC. */
function formatMinute(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function isPast(at: Date | null, now: Date): boolean {
  return at !== null && at <= now;
}

function explanation(
  state: LinkState,
  sentence: string,
  reason: Explanation['reason'],
  since: Date | null,
  nextAttemptAt: Date | null,
): Explanation {
  return { state, sentence, reason, since, nextAttemptAt };
}
