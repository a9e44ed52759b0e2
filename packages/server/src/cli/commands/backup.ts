import { resolve } from 'node:path';
import { type BackupGround, backUpInstance, type RestoredInstance, restoreInstance } from '../../backup/index.ts';
import { systemClock } from '../../clock.ts';
import { type ConfigOverrides, readConfig } from '../../config.ts';
import { createLog } from '../../log.ts';
import type { AddCommand } from '../command-context.ts';
import { describeOsActor } from '../os-actor.ts';
import { formatFacts } from '../print.ts';
import { addConfigOptions } from './serve.ts';

/** `usher backup` and `usher restore`: they work on the database itself, not through a server. */
export const addBackupCommands: AddCommand = (program, context) => {
  addConfigOptions(
    program
      .command('backup')
      .description(
        'write all records as they are at one moment into a file, while the server runs or not; the master key is not in it',
      )
      .argument('<file>', 'file to make; it must not exist yet'),
  ).action(async (file: string, options: ConfigOverrides) => {
    const path = resolve(file);
    const summary = await backUpInstance(openGround(options), path);
    context.show({ file: path, ...summary }, () =>
      formatFacts([
        ['Backup', path],
        ['Bytes', summary.bytes],
        ['Tables', summary.tables],
        ['Schema', summary.migration],
      ]),
    );
    context.note(
      'The master key is not in it. Keep a copy of the key apart from the backup: without it the stored credentials of ' +
        'connected apps cannot be opened.',
    );
  });
  addRestore(program, context);
};

const addRestore: AddCommand = (program, context) => {
  addConfigOptions(
    program
      .command('restore')
      .description('put a backup into a new data folder or an empty database; every app is paused')
      .argument('<file>', 'the backup'),
  ).action(async (file: string, options: ConfigOverrides) => {
    const restored = await restoreInstance(openGround(options), resolve(file), describeOsActor());
    context.show({ ...restored }, () => describeRestored(restored));
    for (const { keyId, apps } of restored.missingKeys) {
      context.note(
        `The credentials of ${apps.join(', ')} are sealed with the master key ${keyId}, which is not here. Put the key ` +
          'back (USHER_MASTER_KEY_FILE, or master.key in the data folder) before the server starts, or enter them again.',
      );
    }
  });
};

function describeRestored({ takenAt, tables, migrated, paused }: RestoredInstance): string {
  const facts = formatFacts([
    ['Backup of', takenAt],
    ['Tables', tables],
    ['Migrated', migrated.join(', ')],
    ['Paused', paused.join(', ')],
  ]);
  const next =
    paused.length === 0
      ? 'No app was at work. Start the server.\n'
      : 'Start the server, bring the directory up to date, then resume each app: usher apps resume NAME.\n' +
        'Every account is read at its target before anything is written there.\n';
  return facts + next;
}

function openGround(options: ConfigOverrides): BackupGround {
  const config = readConfig(undefined, options);
  return { config, log: createLog({ level: config.logLevel }), clock: systemClock };
}
