import { stat } from 'node:fs/promises';
import type { Actor } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { type BackupSummary, backUp, openStore, reachStore, restoreBackup, type StoreConfig } from '../db/index.ts';
import type { Log } from '../log.ts';
import { type MasterKeySource, readMasterKeys } from '../vault/index.ts';
import { completeRestore, pauseRestored } from './restored-instance.ts';
import { listSealingKeys } from './sql/restored.ts';

export interface BackupGround {
  readonly config: StoreConfig & { readonly masterKey: MasterKeySource };
  readonly log: Log;
  readonly clock: Clock;
}

/** What a person should know of what was restored. */
export interface RestoredInstance {
  readonly takenAt: string;
  readonly tables: number;
  readonly migrated: readonly string[];
  /** Apps that worked when the backup was taken. */
  readonly paused: readonly string[];
  /** Master keys that stored credentials need and that are not here, with the apps. */
  readonly missingKeys: ReadonlyArray<{ readonly keyId: string; readonly apps: readonly string[] }>;
}

/** Backs up the database that the configuration names, while its server runs or not. */
export async function backUpInstance({ config, log, clock }: BackupGround, path: string): Promise<BackupSummary> {
  const store = await reachStore(config, log);
  try {
    return await backUp({ url: store.url, path, now: clock.now() });
  } finally {
    await store.close();
  }
}

/** Restores into an empty data folder or database, and leaves every app paused and every link unverified. */
export async function restoreInstance(
  { config, log, clock }: BackupGround,
  path: string,
  actor: Actor,
): Promise<RestoredInstance> {
  const store = await openStore(config, log);
  try {
    const paused: string[] = [];
    const { takenAt, tables, migrated } = await restoreBackup({
      url: store.url,
      path,
      log,
      beforeCommit: async (client, header) => {
        paused.push(...(await pauseRestored(client, header, actor, clock.now())));
      },
    });
    await completeRestore({ pool: store.pool, clock, log });
    const present = await findKeyIds(config.masterKey);
    const needed = await listSealingKeys(store.pool);
    const missingKeys = needed.filter(({ keyId }) => !present.includes(keyId));
    return { takenAt, tables, migrated, paused, missingKeys };
  } finally {
    await store.close();
  }
}

/** Makes no key file: a new key could not open what was restored, and would stand in the way of the old one. */
async function findKeyIds(source: MasterKeySource): Promise<string[]> {
  if (source.kind === 'file' && !(await stat(source.path).catch(() => undefined))) return [];
  return (await readMasterKeys(source)).map(({ id }) => id);
}
