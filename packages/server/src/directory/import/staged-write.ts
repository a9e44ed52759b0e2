import type { PoolClient } from '../../db/index.ts';
import { planUserChanges } from '../plan-user-changes.ts';
import type { ImportSession } from '../sql/import-session.ts';
import {
  auditImportedUsers,
  deferManagers,
  lockComparedUsers,
  writeImportedAssignments,
  writeImportedUsers,
} from '../sql/write-import.ts';
import type { ChangeContext, UserChange } from '../user-change.ts';
import { markTouched, refuseTaken, type Touched, writeUserPlans } from '../write-user-plans.ts';
import type { SnapshotRequest } from './check-snapshot.ts';
import { refuseChanged } from './import-problem.ts';
import type { ImportProgress } from './import-report.ts';

const LINES_AT_ONCE = 5_000;
const LEAVERS_AT_ONCE = 2_000;

interface Staged {
  readonly lastLine: number;
  readonly snapshot?: SnapshotRequest | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/** Writes what was staged once all of it is judged, without leaving the database; and whoever a snapshot leaves out. */
export async function writeStaged(
  tx: PoolClient,
  session: ImportSession,
  context: ChangeContext,
  staged: Staged,
): Promise<void> {
  await deferManagers(tx);
  await writeLines(tx, context, staged);
  if (staged.snapshot) await writeLeavers(tx, session, context);
}

async function writeLines(tx: PoolClient, context: ChangeContext, staged: Staged): Promise<void> {
  const { now, actor, reason = '' } = context;
  const { lastLine, onProgress } = staged;
  for (let after = 0; after < lastLine; after += LINES_AT_ONCE) {
    const range = { after, last: after + LINES_AT_ONCE };
    if (!(await lockComparedUsers(tx, range))) throw refuseChanged();
    await refuseTaken(() => writeImportedUsers(tx, now, range));
    await writeImportedAssignments(tx, now, range);
    await auditImportedUsers(tx, now, range, { actor, reason });
    onProgress?.({ phase: 'writing', done: Math.min(range.last, lastLine), total: lastLine });
  }
}

async function writeLeavers(tx: PoolClient, session: ImportSession, context: ChangeContext): Promise<void> {
  const leaving = { ...context, reason: `${context.reason}: absent from the snapshot` };
  const draft = { isActive: false, fields: {} };
  for (let after: string | null = null; ; ) {
    const ids: string[] = await session.listLeaverIds(after, LEAVERS_AT_ONCE);
    after = ids.at(-1) ?? null;
    if (after === null) return;
    const changes = ids.map((id): UserChange => ({ kind: 'update', id, expected: 'any', draft }));
    const plans = await planUserChanges(tx, leaving, changes, { lock: true });
    // Whoever was deleted meanwhile has left already.
    const touched: Touched = { userIds: [], managerIds: [] };
    await writeUserPlans(tx, leaving, plans, touched);
    await markTouched(tx, context.now, touched);
  }
}
