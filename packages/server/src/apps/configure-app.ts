import { markApp } from '../marking/index.ts';
import { Refusal } from '../refusal.ts';
import { type AppCommand, changeApp, getApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import { type ConfigurationVerdict, checkConfiguration } from './check-configuration.ts';
import type { ConfigurationDocument, ConfigurationVersion } from './connected-app.ts';
import { diffConfigurations } from './diff-configurations.ts';
import { CONFIGURATION_INPUT, type ConfigurationInput } from './parse-configuration.ts';
import { findConfiguration, findConfigurationVersion } from './sql/load-apps.ts';
import { insertVersion, updateApp } from './sql/write-apps.ts';

export interface Saved {
  version: number;
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

/** Saves a configuration as a new version, which is in force at once. Refused with every problem that it has. */
export async function saveConfiguration(
  ground: AppGround,
  command: AppCommand,
  input: ConfigurationInput,
  note: string | null,
): Promise<Saved> {
  const checked = await getApp(ground, command.app);
  const { document, problems, warnings } = await checkConfiguration(ground, checked, input);
  if (!document) {
    const summary = problems.map(({ field, problem }) => `${field}: ${problem}`).join('; ');
    throw new Refusal('invalid_value', `The configuration cannot be saved. ${summary}`, problems);
  }
  return changeApp(ground, command, async ({ db, app, now, audit }) => {
    if (app.connector !== checked.connector || app.baseUrl !== checked.baseUrl) {
      throw new Refusal('conflict', `${app.name} was pointed at another target meanwhile. Save again for that one.`);
    }
    const before = app.activeVersion === null ? undefined : await findConfiguration(db, app.id, app.activeVersion);
    const version = await insertVersion(db, app.id, document, command.actor.name, note, now);
    await updateApp(db, { ...app, activeVersion: version }, now);
    const links = app.state === 'draft' ? 0 : await markApp(db, now, app.id);
    await audit('app.configured', {
      before: { version: app.activeVersion },
      after: { version, note, changes: before ? diffConfigurations(before, document) : toInput(document) },
    });
    return { version, links, warnings };
  });
}

/** Saves an older version anew, as the newest one. */
export async function restoreConfiguration(
  ground: AppGround,
  command: AppCommand,
  version: number,
  note: string | null,
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
  return saveConfiguration(ground, command, input.data, note ? `${restored}: ${note}` : restored);
}

export async function getVersion(
  { pool }: Pick<AppGround, 'pool'>,
  appId: number,
  appName: string,
  version: number,
): Promise<ConfigurationVersion> {
  const found = await findConfigurationVersion(pool, appId, version);
  if (found) return found;
  throw new Refusal('not_found', `${appName} has no configuration version ${version}.`, [
    { field: 'path.version', problem: 'does not exist', fix: `GET /api/v1/apps/${appName}/configurations lists them.` },
  ]);
}

/** A saved configuration as it can be sent again: without what the target said of itself at the time. */
export function toInput({
  accountSchema: _known,
  ...input
}: ConfigurationDocument): Omit<ConfigurationDocument, 'accountSchema'> {
  return input;
}
