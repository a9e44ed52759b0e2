import { markApp } from '../marking/index.ts';
import { TRIGGER_EFFECTS, TRIGGERS } from '../planning/index.ts';
import { type FieldProblem, Refusal } from '../refusal.ts';
import { type AppChange, type AppCommand, changeApp, getApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import type { ConnectedApp } from './connected-app.ts';
import { assertUsable } from './open-app.ts';
import { listAssignments } from './sql/assignments.ts';
import { findCredential } from './sql/credentials.ts';
import { deleteAppRows, findAppUse } from './sql/delete-app.ts';
import { noteForcedVersion } from './sql/serving.ts';
import { updateApp } from './sql/write-apps.ts';

/** What came of starting an app. */
export interface Started {
  /** Links that are due now. */
  links: number;
  warnings: FieldProblem[];
}

/**
 * Lets a draft work for everyone at once, which needs a reason: the careful way is a rollout, whose pilot starts the app.
 * Refused while it could not work: without a configuration, a credential or a connector that it needs.
 */
export async function activateApp(
  ground: AppGround,
  command: AppCommand,
  { withoutRollout }: { withoutRollout?: string | undefined } = {},
): Promise<Started> {
  const version = await checkStart(ground, command);
  return changeApp(ground, command, async (change) => {
    const { app } = change;
    assertUnchanged(app, version);
    if (app.state === 'active') return { links: 0, warnings: await warnOfStart(change) };
    if (app.state === 'paused') {
      throw new Refusal('conflict', `${app.name} was activated before and is paused. Resume it.`);
    }
    if (withoutRollout === undefined) throw refuseEveryone(app);
    const forced = { appId: app.id, version, baseVersion: null, reason: withoutRollout, addedPaths: [] };
    await noteForcedVersion(change.db, forced, change.now, change.author);
    return start(change, 'app.activated', withoutRollout);
  });
}

function refuseEveryone(app: ConnectedApp): Refusal {
  const problem = 'activating it reaches everyone who is granted the app at once';
  const fix =
    `Name a pilot and start with it: POST /api/v1/apps/${app.name}/rollouts, or usher rollouts plan ${app.name} --user USER. ` +
    'Or say in withoutRollout why everyone is to be reached at once.';
  return new Refusal('conflict', `${app.name} is a draft, and ${problem}. ${fix}`, [
    { field: 'withoutRollout', problem, fix, place: 'pilot' },
  ]);
}

/** What a rollout needs of an app before its first stage: the version could work. Run before the transaction. */
export async function assertVersionUsable(ground: AppGround, app: ConnectedApp, version: number): Promise<void> {
  await assertUsable(ground, app, version);
}

/** Sends nothing more after the call that is under way. What happens meanwhile stays due. */
export async function pauseApp(ground: AppGround, command: AppCommand, reason: string | undefined): Promise<void> {
  await changeApp(ground, command, async ({ db, app, now, audit }) => {
    if (app.state === 'paused') return;
    if (app.state === 'draft') throw new Refusal('conflict', `${app.name} is a draft: it sends nothing as it is.`);
    await updateApp(db, { ...app, state: 'paused' }, now);
    await audit('app.paused', { before: { state: app.state }, after: { state: 'paused' }, reason });
  });
}

/** Goes on with everything that became due meanwhile. */
export async function resumeApp(ground: AppGround, command: AppCommand): Promise<Started> {
  const version = await checkStart(ground, command);
  return changeApp(ground, command, async (change) => {
    const { app } = change;
    assertUnchanged(app, version);
    if (app.state === 'active') return { links: 0, warnings: await warnOfStart(change) };
    if (app.state === 'draft') throw new Refusal('conflict', `${app.name} is a draft. Activate it.`);
    return start(change, 'app.resumed');
  });
}

async function checkStart(ground: AppGround, command: AppCommand): Promise<number> {
  const app = await getApp(ground, command.app);
  if (app.activeVersion === null) {
    const problem = 'has no configuration yet';
    const fix = 'Save one: its proposed mapping is under mapping/proposal.';
    throw new Refusal('conflict', `${app.name} ${problem}. ${fix}`, [{ field: 'configuration', problem, fix }]);
  }
  await assertUsable(ground, app, app.activeVersion);
  return app.activeVersion;
}

/** The check looked at a state that may have passed by now. */
function assertUnchanged(app: ConnectedApp, checkedVersion: number): void {
  if (app.activeVersion === checkedVersion) return;
  throw new Refusal('conflict', `${app.name} was configured anew while it was being started. Try again.`);
}

async function start(change: AppChange, action: string, reason?: string): Promise<Started> {
  const { db, app, now, audit } = change;
  await updateApp(db, { ...app, state: 'active' }, now);
  const links = await markApp(db, now, app.id);
  await audit(action, {
    before: { state: app.state },
    after: { state: 'active', version: app.activeVersion, baseUrl: app.baseUrl, triggers: app.triggers },
    reason,
  });
  return { links, warnings: await warnOfStart(change) };
}

async function warnOfStart({ db, app }: AppChange): Promise<FieldProblem[]> {
  const warnings: FieldProblem[] = [];
  if ((await listAssignments(db, app.id)).length === 0) {
    const fix = 'Assign it to a profile, permission set or permission set group.';
    warnings.push({ field: 'assignments', problem: 'nobody is granted the app, so nothing is provisioned', fix });
  }
  if (!(await findCredential(db, app.id))) {
    const fix = 'Enter a credential if the target wants one.';
    warnings.push({ field: 'credential', problem: 'there is none: requests are sent without one', fix });
  }
  for (const name of TRIGGERS) {
    if (app.triggers[name]) continue;
    const problem = `is off: ${TRIGGER_EFFECTS[name].off.toLowerCase()}`;
    warnings.push({ field: `triggers.${name}`, problem, fix: 'Turn it on, unless that is wanted.' });
  }
  return warnings;
}

/** Asks the target at once whether the quarantine can end, instead of at the next planned probe. */
export async function probeNow(ground: AppGround, command: AppCommand): Promise<void> {
  await changeApp(ground, command, async ({ db, app, now, audit }) => {
    if (!app.quarantine) throw new Refusal('conflict', `${app.name} is not quarantined: there is nothing to end.`);
    if (app.state !== 'active') {
      throw new Refusal('conflict', `${app.name} is ${app.state} and sends nothing. Resume it: it is probed then.`);
    }
    await updateApp(db, app, now);
    await audit('app.probe_asked', { before: { quarantine: app.quarantine.detail } });
  });
}

/** Deletes an app that sends nothing. `leaveAccounts` says that its accounts at the target may stay as they are. */
export async function deleteApp(ground: AppGround, command: AppCommand, leaveAccounts: boolean): Promise<void> {
  await changeApp(ground, command, async ({ db, app, now, audit }) => {
    if (app.state === 'active') {
      throw new Refusal('conflict', `${app.name} is active. Pause it before you delete it.`);
    }
    const { linked, pumped } = await findAppUse(db, app.id);
    if (pumped) {
      throw new Refusal('conflict', `A call of ${app.name} may still be under way. Try again in a few seconds.`);
    }
    if (linked > 0 && !leaveAccounts) {
      const accounts = linked === 1 ? 'an account' : `${linked} accounts`;
      const problem = `${accounts} at the target would stay as they are, with nobody to deactivate them`;
      const fix = 'Unassign the app first so that they are deactivated, or say accounts=leave.';
      throw new Refusal('conflict', `${app.name} still has ${accounts} linked. ${fix}`, [
        { field: 'query.accounts', problem, fix },
      ]);
    }
    await deleteAppRows(db, app.id, now);
    const { label, connector, baseUrl, activeVersion } = app;
    await audit('app.deleted', { before: { label, connector, baseUrl, activeVersion, linkedAccounts: linked } });
  });
}
