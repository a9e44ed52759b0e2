import { type Actor, writeAudit } from '../audit/index.ts';
import { type BackupHeader, inTransaction, type Pool } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import {
  clearLeases,
  endPlans,
  findRestoreNote,
  listStillPaused,
  lockRestoreNote,
  pauseAllApps,
  saveRestoreNote,
  settleLog,
  suspendCredentials,
  takeOverIntents,
  unverifyLinks,
} from './sql/restored.ts';

type Connection = Parameters<typeof writeAudit>[0];

/** In the restore's own transaction: a restored instance is never seen with an app that would begin to send. */
export async function pauseRestored(
  client: Connection,
  header: Pick<BackupHeader, 'takenAt'>,
  actor: Actor,
  now: Date,
): Promise<string[]> {
  const { takenAt } = header;
  const paused = await pauseAllApps(client, now);
  await clearLeases(client);
  const apps = paused.map(({ name }) => name);
  await saveRestoreNote(client, { takenAt, restoredAt: now.toISOString(), apps, completed: false }, now);
  const reason = `restored from backup of ${takenAt}`;
  await writeAudit(client, now, actor, [
    {
      action: 'instance.restored',
      entityKind: 'instance',
      entityId: 'instance',
      after: { takenAt, paused: apps },
      reason,
    },
    ...paused.map(({ id, name }) => ({
      action: 'app.paused',
      entityKind: 'app',
      entityId: name,
      appId: id,
      before: { state: 'active' },
      after: { state: 'paused' },
      reason,
    })),
  ]);
  return apps;
}

/**
 * Marks every link unverified, once. Apart from the pausing, because the schema of an older backup knows no such mark yet:
 * it is migrated first, and a server that starts before this was done does it, while all apps are still paused.
 */
export async function completeRestore({ pool, clock, log }: Ground): Promise<void> {
  if ((await findRestoreNote(pool))?.completed !== false) return;
  const now = clock.now();
  const links = await inTransaction(pool, async (db) => {
    const note = await lockRestoreNote(db);
    if (note?.completed !== false) return undefined;
    await takeOverIntents(db, now);
    await settleLog(db);
    await endPlans(db, now);
    await suspendCredentials(db);
    const count = await unverifyLinks(db, now);
    await saveRestoreNote(db, { ...note, completed: true }, now);
    return count;
  });
  if (links !== undefined) log.info({ links }, 'Marked the links of the restored instance as not verified');
}

/** What a person must know of a restored instance while apps are still paused because of it; undefined when none is. */
export async function describeRestored(pool: Pool): Promise<string | undefined> {
  const note = await findRestoreNote(pool);
  if (!note) return undefined;
  const paused = await listStillPaused(pool, note.apps);
  if (paused.length === 0) return undefined;
  return (
    `This instance was restored from the backup of ${note.takenAt}. It sends nothing: paused since then are ` +
    `${paused.join(', ')}. Bring the directory up to date first, then resume each app with "usher apps resume NAME" or ` +
    'POST /api/v1/apps/NAME/resume. Every account is read at its target before anything is written there.'
  );
}
