import type { NewAlert, Severity } from './alert.ts';
import { type AlertGround, linkToApp, linkToCredential, linkToDeletions, linkToHolds } from './alert-ground.ts';
import { raiseAlert, resolveAlerts } from './sql/alerts.ts';
import { listComingDeletions, type QuarantinedApp, takeEndedQuarantines, takeQuarantined } from './sql/waiting-apps.ts';
import { takeTellableHolds, type WaitingHolds } from './sql/waiting-holds.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** What waits for longer is told louder. */
const CRITICAL_HOURS = 4;
/** People are told so long before accounts are deleted, which nothing brings back. */
const DELETIONS_AHEAD_MS = 3 * DAY_MS;

/** At once, and again until somebody decides: a hold on a deactivation leaves an account usable, and comes every hour. */
export async function tellOfHolds(ground: AlertGround): Promise<void> {
  const { pool, clock } = ground;
  const now = clock.now();
  const [next, later] = [new Date(now.getTime() + HOUR_MS), new Date(now.getTime() + DAY_MS)];
  for (const waiting of await takeTellableHolds(pool, now, next, later)) {
    await raiseAlert(pool, clock.uuid(), describeHolds(ground, waiting, now), now);
  }
}

function describeHolds(ground: AlertGround, waiting: WaitingHolds, now: Date): NewAlert {
  const { appId, app, label, count, oldestAt, keepingAccess, asking } = waiting;
  const hours = Math.floor((now.getTime() - oldestAt.getTime()) / HOUR_MS);
  const oldest = hours > 0 ? `, the oldest for ${spell(hours)}` : '';
  const base = {
    key: `hold_waiting ${appId} ${now.toISOString()}`,
    ...({ kind: 'hold_waiting', appId, app } as const),
    nextStep:
      asking > 0 ? 'Whoever may approve them looks at the holds.' : 'Look at the holds, and release or reject them.',
    link: linkToHolds(ground, app),
    facts: { holds: count, keepingAccess, askingApproval: asking, oldestAt: oldestAt.toISOString() },
  };
  const waits = `wait${count === 1 ? 's' : ''}`;
  if (keepingAccess === 0) {
    const title = `${label}: ${count} held change${count === 1 ? '' : 's'} ${waits}`;
    const message = `A guard holds ${count === 1 ? 'a change' : `${count} changes`} at ${label}${oldest}. Nobody keeps access by it.`;
    return { ...base, severity: 'warning', title, message };
  }
  const accounts =
    count === 1 ? 'An account that should be deactivated is' : `${count} accounts that should be deactivated are`;
  return {
    ...base,
    severity: loudness(hours),
    title: `${label}: ${count} held deactivation${count === 1 ? '' : 's'} ${waits}`,
    message: `${accounts} still usable at ${label}: a guard holds the change${oldest}.`,
  };
}

function spell(hours: number): string {
  return hours === 1 ? 'an hour' : `${hours} hours`;
}

function loudness(hours: number): Severity {
  return hours >= CRITICAL_HOURS ? 'critical' : 'warning';
}

/** At once, every hour while it lasts, and when it is over. Leavers keep access for as long. */
export async function tellOfQuarantines(ground: AlertGround): Promise<void> {
  const { pool, clock } = ground;
  const now = clock.now();
  for (const quarantined of await takeQuarantined(pool, now, new Date(now.getTime() + HOUR_MS))) {
    await raiseAlert(pool, clock.uuid(), describeQuarantine(ground, quarantined, now), now);
  }
  for (const { appId, app, label } of await takeEndedQuarantines(pool)) {
    await resolveAlerts(pool, appId, ['app_quarantined'], now);
    const ended: NewAlert = {
      key: `app_quarantine_ended ${appId} ${now.toISOString()}`,
      ...({ kind: 'app_quarantine_ended', severity: 'info', appId, app } as const),
      title: `${label} works again`,
      message: `The quarantine of ${label} is over: provisioning goes on where it stopped.`,
      nextStep: 'Nothing to do.',
      link: linkToApp(ground, app),
    };
    await raiseAlert(pool, clock.uuid(), ended, now);
  }
}

function describeQuarantine(ground: AlertGround, quarantined: QuarantinedApp, now: Date): NewAlert {
  const { appId, app, label, since, cause, detail, waiting } = quarantined;
  const hours = Math.floor((now.getTime() - since.getTime()) / HOUR_MS);
  const links = waiting === 1 ? 'One change waits' : `${waiting} changes wait`;
  const what = { credential: 'refuses the credential', target: 'fails', connector: 'cannot be served as it is' }[cause];
  return {
    key: `app_quarantined ${appId} ${now.toISOString()}`,
    ...({ kind: 'app_quarantined', severity: loudness(hours), appId, app } as const),
    title: `${label} ${what}${hours > 0 ? `, for ${spell(hours)} now` : ''}`,
    message: `Nothing is sent to ${label}, and nothing is lost. ${links}, leavers included. ${detail.message}`,
    nextStep: detail.nextStep,
    link: cause === 'credential' ? linkToCredential(ground, app) : linkToApp(ground, app),
    facts: { cause, waiting, since: since.toISOString() },
  };
}

/** Once a day, for what goes within three days. */
export async function tellOfDeletions(ground: AlertGround): Promise<void> {
  const { pool, clock } = ground;
  const now = clock.now();
  for (const coming of await listComingDeletions(pool, new Date(now.getTime() + DELETIONS_AHEAD_MS))) {
    const { appId, app, label, accounts, firstAt } = coming;
    const count = accounts === 1 ? 'An account' : `${accounts} accounts`;
    const alert: NewAlert = {
      key: `deletions_pending ${appId} ${now.toISOString().slice(0, 10)}`,
      ...({ kind: 'deletions_pending', severity: 'warning', appId, app } as const),
      title: `${label}: ${count.toLowerCase()} will be deleted within 3 days`,
      message: `${count} of people who left will be deleted at ${label}, the first on ${firstAt.toISOString().slice(0, 10)}. Nothing brings them back then.`,
      nextStep: 'Look at them, and keep those that somebody still needs.',
      link: linkToDeletions(ground, app),
      facts: { accounts, firstAt: firstAt.toISOString() },
    };
    await raiseAlert(pool, clock.uuid(), alert, now);
  }
}
