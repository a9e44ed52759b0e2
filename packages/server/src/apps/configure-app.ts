import type { PoolClient } from '../db/index.ts';
import { markApp } from '../marking/index.ts';
import { Refusal } from '../refusal.ts';
import { type AppChange, type AppCommand, changeApp, getApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import { type ConfigurationVerdict, checkConfiguration } from './check-configuration.ts';
import type { ConfigurationDocument, ConfigurationVersion, ConnectedApp } from './connected-app.ts';
import { diffConfigurations } from './diff-configurations.ts';
import { assertUsable } from './open-app.ts';
import { CONFIGURATION_INPUT, type ConfigurationInput } from './parse-configuration.ts';
import { findConfiguration, findConfigurationVersion } from './sql/load-apps.ts';
import { findOpenRollout, noteForcedVersion, supersedeRolledBack } from './sql/serving.ts';
import { insertVersion, updateApp } from './sql/write-apps.ts';

export interface Saved {
  version: number;
  /** False: it serves nobody until a rollout brings it to them. */
  inForce: boolean;
  /** Links that are due now, to be compared with what the new version says; those that it leaves alike are not sent. */
  links: number;
  warnings: ConfigurationVerdict['warnings'];
}

/** Checks a configuration as a save would, and saves nothing. */
export async function dryRunConfiguration(
  ground: AppGround,
  idOrName: string,
  input: ConfigurationInput,
): Promise<ConfigurationVerdict> {
  return checkConfiguration(ground, await getApp(ground, idOrName), input);
}

export interface SaveOptions {
  /** Why it is saved although mapping tests fail. */
  force?: string | undefined;
  /** Why it reaches everyone at once. Without it, it serves nobody of a working app until a rollout brings it to them. */
  withoutRollout?: string | undefined;
  /** The version that it was made of, 0 for none; it is refused when another was saved meanwhile. */
  baseVersion?: number | undefined;
}

/**
 * Saves a configuration as a new version. Of a draft it is the one that will be started with; of a working app it serves
 * nobody yet, unless a reason is given for putting it in force at once. Refused with every problem that it has.
 */
export async function saveConfiguration(
  ground: AppGround,
  command: AppCommand,
  input: ConfigurationInput,
  note: string | null,
  options: SaveOptions = {},
): Promise<Saved> {
  const checked = await getApp(ground, command.app);
  const verdict = await checkConfiguration(ground, checked, input);
  const document = assertSavable(verdict, options);
  return changeApp(ground, command, async (change) => {
    assertSameTarget(change.app, checked);
    const { db, app, now } = change;
    const warnings = [...verdict.warnings, ...verdict.testFailures];
    const version = await writeVersion(change, document, describeSave(verdict, note, options), options.force);
    assertMadeOf(options.baseVersion, version - 1, app.name);
    if (app.state === 'draft') {
      await updateApp(db, { ...app, activeVersion: version }, now);
      return { version, inForce: true, links: 0, warnings };
    }
    if (options.withoutRollout === undefined) return { version, inForce: false, links: 0, warnings };
    await putInForce(change, version, document, options.withoutRollout);
    return { version, inForce: true, links: await markApp(db, now, app.id), warnings };
  });
}

/** Who saves takes nothing back that somebody else saved meanwhile. */
function assertMadeOf(base: number | undefined, latest: number, appName: string): void {
  if (base === undefined || base === latest) return;
  const newest = latest === 0 ? 'no version was saved yet' : `the newest version is ${latest}`;
  const problem = `is ${base}, and ${base > latest ? newest : `version ${latest} was saved meanwhile`}`;
  const fix = latest === 0 ? 'Send 0.' : 'Read that version, and repeat the change on it.';
  throw new Refusal(
    'precondition_failed',
    `${appName} is configured otherwise than the change was made of: baseVersion ${problem}. ${fix}`,
    [{ field: 'baseVersion', problem, fix }],
  );
}

/** Puts a saved version in force for everyone at once, and says why no rollout brings it to them. */
export async function activateVersion(
  ground: AppGround,
  command: AppCommand,
  version: number,
  reason: string,
): Promise<Saved> {
  const checked = await getApp(ground, command.app);
  const { document } = await getVersion(ground, checked.id, checked.name, version);
  await assertUsable(ground, checked, version);
  return changeApp(ground, command, async (change) => {
    const { db, app, now } = change;
    assertSameTarget(app, checked);
    if (app.state === 'draft') {
      await updateApp(db, { ...app, activeVersion: version }, now);
      await change.audit('app.configured', { before: { version: app.activeVersion }, after: { version }, reason });
      return { version, inForce: true, links: 0, warnings: [] };
    }
    if (app.activeVersion === version && app.rolloutId === null) {
      throw new Refusal('conflict', `Version ${version} serves everyone of ${app.name} already.`);
    }
    await putInForce(change, version, document, reason);
    return { version, inForce: true, links: await markApp(db, now, app.id), warnings: [] };
  });
}

/** Makes a version serve everyone. Marks nobody. */
async function putInForce(
  { db, app, now, author, audit }: AppChange,
  version: number,
  document: ConfigurationDocument,
  reason: string,
): Promise<void> {
  const open = await findOpenRollout(db, app.id);
  if (open) {
    const problem = `version ${open.version} is being rolled out (${open.state})`;
    const fix = `Roll it back, or complete it: GET /api/v1/apps/${app.name}/rollouts/${open.id} shows it.`;
    throw new Refusal('conflict', `${app.name} has a rollout: ${problem}. ${fix}`, [
      { field: 'app', problem, fix, place: 'rollouts' },
    ]);
  }
  // What the pointer names still is a first version that was rolled back: nobody was served.
  const baseVersion = app.rolloutId === null ? app.activeVersion : null;
  const before = baseVersion === null ? undefined : await findConfiguration(db, app.id, baseVersion);
  const addedPaths = before ? listAddedPaths(before, document) : [];
  if (app.rolloutId !== null) await supersedeRolledBack(db, app.rolloutId, now, author);
  await noteForcedVersion(db, { appId: app.id, version, baseVersion, reason, addedPaths }, now, author);
  await updateApp(db, { ...app, activeVersion: version, rolloutId: null }, now);
  await audit('app.version_forced', { before: { version: baseVersion }, after: { version }, reason });
}

/** The attributes that a configuration writes and the one before does not name. */
export function listAddedPaths(before: ConfigurationDocument, after: ConfigurationDocument): string[] {
  const known = new Set(before.mapping.map(({ target }) => target.toLowerCase()));
  return after.mapping.map(({ target }) => target).filter((target) => !known.has(target.toLowerCase()));
}

/** The document of a verdict that allows the save; refuses with every problem otherwise. */
export function assertSavable(verdict: ConfigurationVerdict, { force }: SaveOptions): ConfigurationDocument {
  const { document, testFailures } = verdict;
  const problems = document && !force ? testFailures : verdict.problems;
  if (document && problems.length === 0) return document;
  const summary = problems.map(({ field, problem }) => `${field}: ${problem}`).join('; ');
  throw new Refusal('invalid_value', `The configuration cannot be saved. ${summary}`, problems);
}

function describeSave(
  { testFailures }: ConfigurationVerdict,
  note: string | null,
  { force }: SaveOptions,
): string | null {
  if (!force || testFailures.length === 0) return note;
  const forced = `Saved although ${testFailures.length} mapping ${testFailures.length === 1 ? 'test fails' : 'tests fail'}: ${force}`;
  return note ? `${note} (${forced})` : forced;
}

/** What was checked or planned must still be about the same target. */
function assertSameTarget(app: ConnectedApp, checked: Pick<ConnectedApp, 'connector' | 'baseUrl'>): void {
  if (app.connector === checked.connector && app.baseUrl === checked.baseUrl) return;
  throw new Refusal('conflict', `${app.name} was pointed at another target meanwhile. Save again for that one.`);
}

async function writeVersion(
  { db, app, now, audit, author }: AppChange,
  document: ConfigurationDocument,
  note: string | null,
  reason?: string,
): Promise<number> {
  const before = app.activeVersion === null ? undefined : await findConfiguration(db, app.id, app.activeVersion);
  const version = await insertVersion(db, app.id, document, author, note, now);
  await audit('app.configured', {
    before: { version: app.activeVersion },
    after: { version, note, changes: before ? diffConfigurations(before, document) : toInput(document) },
    reason,
  });
  return version;
}

/** What a plan was made of, as it is demanded to be still. */
export interface PlannedVersion {
  baseVersion: number | null;
  connector: string;
  baseUrl: string;
  /** A version that is saved already; else the document becomes a new one. */
  version: number | null;
  document: ConfigurationDocument;
  note: string | null;
  /** Why it serves everyone at once, instead of by a rollout; needed where it is not in force already. */
  reason: string | null;
}

/**
 * Puts the configuration of a plan in force and marks nobody: the plan's own users are marked by whoever applies it.
 * Runs `together` in the same transaction. Refused when the app is no longer as it was planned for. Gives the version.
 */
export async function applyPlannedVersion(
  ground: AppGround,
  command: AppCommand,
  planned: PlannedVersion,
  together: (db: PoolClient, version: number, now: Date) => Promise<void>,
): Promise<number> {
  return changeApp(ground, command, async (change) => {
    const { db, app, now } = change;
    assertSameTarget(app, planned);
    if (app.activeVersion !== planned.baseVersion) {
      const [was, is] = [planned.baseVersion ?? 'none', app.activeVersion ?? 'none'];
      const message = `${app.name} has another configuration in force (${is}) than when this was planned (${was}).`;
      throw new Refusal('conflict', `${message} Plan again.`);
    }
    if (app.state === 'draft') {
      const fix = 'Activate the app: everything that this plan shows happens then.';
      throw new Refusal('conflict', `${app.name} is a draft and sends nothing. ${fix}`);
    }
    let version = planned.version;
    const { reason } = planned;
    if (version !== app.activeVersion && reason === null) {
      const problem = 'is needed: the planned configuration is put in force for everyone at once';
      const fix = `Say why. Or let it reach a pilot first: save it, and POST /api/v1/apps/${app.name}/rollouts.`;
      throw new Refusal('invalid_value', `note ${problem}.`, [{ field: 'note', problem, fix, place: 'rollouts' }]);
    }
    if (version === null) version = await writeVersion(change, planned.document, planned.note);
    if (version !== app.activeVersion) await putInForce(change, version, planned.document, reason ?? '');
    await together(db, version, now);
    return version;
  });
}

/** Saves an older version anew, as the newest one. */
export async function restoreConfiguration(
  ground: AppGround,
  command: AppCommand,
  version: number,
  note: string | null,
  options: SaveOptions = {},
): Promise<Saved> {
  const app = await getApp(ground, command.app);
  const { document } = await getVersion(ground, app.id, app.name, version);
  const input = CONFIGURATION_INPUT.safeParse(toInput(document));
  if (!input.success) {
    const problem = input.error.issues[0]?.message ?? 'it has another form';
    throw new Refusal(
      'invalid_value',
      `Version ${version} was saved by another Usher and cannot be restored: ${problem}.`,
    );
  }
  const restored = `Restored version ${version}`;
  return saveConfiguration(ground, command, input.data, note ? `${restored}: ${note}` : restored, options);
}

export async function getVersion(
  { pool }: Pick<AppGround, 'pool'>,
  appId: number,
  appName: string,
  version: number,
  /** Where the version was named. */
  field: 'path.version' | 'version' = 'path.version',
): Promise<ConfigurationVersion> {
  const found = await findConfigurationVersion(pool, appId, version);
  if (found) return found;
  throw new Refusal('not_found', `${appName} has no configuration version ${version}.`, [
    {
      ...{ field, problem: 'does not exist', place: 'versions' },
      fix: `GET /api/v1/apps/${appName}/configurations lists them.`,
    },
  ]);
}

/** A saved configuration as it can be sent again: without what the target said of itself at the time. */
export function toInput({
  accountSchema: _known,
  ...input
}: ConfigurationDocument): Omit<ConfigurationDocument, 'accountSchema'> {
  return input;
}
