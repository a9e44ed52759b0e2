import { type AppCommand, changeApp } from '../apps/index.ts';
import { writeAudit } from '../audit/index.ts';
import type { Ground } from '../ground.ts';
import { markUsersOfApp } from '../marking/index.ts';
import { Refusal } from '../refusal.ts';
import { reasonOf } from './dismiss-undone.ts';
import { type DeletionDay, hastenDeletions, pickDeletions } from './sql/deletions.ts';
import { writeDismissed } from './sql/undone.ts';

const MOST_DECIDED = 10_000;

export interface DeletionDecision {
  /** `keep` leaves the accounts deactivated; `now` deletes them without waiting for their day. */
  decision: 'keep' | 'now';
  /** Undefined: everybody's. */
  userIds?: string[] | undefined;
  /** Only those that are due up to then. */
  before?: Date | undefined;
  /** How many the person saw; refused where it is another number. */
  expected?: number | undefined;
  reason: string;
}

/** Decides delayed deletions before their day. Gives how many; users without a pending deletion are passed over. */
export async function decideDeletions(
  ground: Ground,
  command: AppCommand,
  { decision, userIds, before, expected, reason }: DeletionDecision,
): Promise<number> {
  return changeApp(ground, command, async ({ db, app, now, author }) => {
    const picked = await pickDeletions(db, app.id, { userIds, before }, MOST_DECIDED);
    if (expected !== undefined && expected !== picked.length) throw refuseOthers(picked.length, expected);
    const ids = picked.map(({ userId }) => userId);
    if (decision === 'now') await hastenDeletions(db, app.id, ids, now);
    else {
      const kept = picked.map(({ userId, remoteId }) => ({
        ...{ userId, operation: 'delete', applied: null, dismissed: 'delete' as const, reason: reasonOf('delete') },
        changes: [{ path: 'account', before: remoteId, after: null }],
      }));
      await writeDismissed(db, app.id, kept, { reason, now, by: author });
    }
    await writeAudit(
      db,
      now,
      command.actor,
      picked.map(({ userId, deleteAt }) => ({
        action: decision === 'keep' ? 'deletion.dismissed' : 'deletion.hastened',
        entityKind: 'link',
        entityId: `${app.name}/${userId}`,
        appId: app.id,
        userId,
        before: { deleteAt },
        after: { deleteAt: decision === 'keep' ? null : now },
        reason,
      })),
    );
    await markUsersOfApp(db, now, app.id, ids);
    return picked.length;
  });
}

function refuseOthers(pending: number, expected: number): Refusal {
  const problem = `is ${expected}, and ${pending} are pending now`;
  return new Refusal('conflict', `Nothing was decided: ${pending} deletions are pending, not ${expected}.`, [
    { field: 'expected', problem, fix: 'Look at the deletions again, and decide those.' },
  ]);
}

/** "42 accounts will be deleted in 3 days." */
export function describeDeletions({ label, accounts, days }: Pick<DeletionDay, 'label' | 'accounts' | 'days'>): string {
  const what = accounts === 1 ? 'an account' : `${accounts} accounts`;
  const when = days <= 1 ? 'within a day' : `in ${days} days`;
  return `${label}: ${what} will be deleted ${when}`;
}
