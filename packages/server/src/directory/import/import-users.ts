import { createHash } from 'node:crypto';
import { type Actor, writeAudit } from '../../audit/index.ts';
import type { PoolClient } from '../../db/index.ts';
import type { Ground } from '../../ground.ts';
import { Refusal } from '../../refusal.ts';
import { loadChangeContext } from '../apply-user-changes.ts';
import { planUserChanges } from '../plan-user-changes.ts';
import type { UserKeyField } from '../sql/find-user-ids.ts';
import { ImportSession } from '../sql/import-session.ts';
import type { ChangeContext, UserChange } from '../user-change.ts';
import { markTouched, type Touched, writeUserPlans } from '../write-user-plans.ts';
import { checkImport, toChange } from './check-import.ts';
import { checkSnapshot, type SnapshotRequest } from './check-snapshot.ts';
import { toFieldProblem } from './import-problem.ts';
import {
  countPlan,
  type ImportCounts,
  ImportFindings,
  type ImportMode,
  type ImportProgress,
  type ImportReport,
} from './import-report.ts';
import { stageFile } from './stage-file.ts';

export interface ImportRequest {
  /** The file, in UTF-8. */
  readonly source: AsyncIterable<Uint8Array>;
  readonly mode: ImportMode;
  readonly dryRun: boolean;
  readonly key: UserKeyField;
  /** The file is everybody: active users that it does not name leave. */
  readonly snapshot?: SnapshotRequest | undefined;
  readonly onProgress?: (progress: ImportProgress) => void;
}

const BATCH = 2_000;

/**
 * Reads a whole file, judges all of it, and then writes it in one transaction: what is refused or fails changes nothing. The
 * second import of a file changes nothing either. Memory does not grow with the file, but for the ids of changed users.
 */
export async function importUsers(ground: Ground, actor: Actor, request: ImportRequest): Promise<ImportReport> {
  const session = await ImportSession.open(ground.pool, request.key);
  try {
    if (!request.dryRun && !(await session.tryLock())) {
      throw new Refusal(
        'conflict',
        'Another import is running. Wait until it is done; a dry run is possible meanwhile.',
      );
    }
    return await run(ground, actor, request, session);
  } finally {
    await session.close();
  }
}

async function run(
  ground: Ground,
  actor: Actor,
  request: ImportRequest,
  session: ImportSession,
): Promise<ImportReport> {
  const importId = ground.clock.uuid();
  const { mode, key, dryRun, snapshot } = request;
  const findings = new ImportFindings();
  const context: ChangeContext = {
    ...(await loadChangeContext(session.client, ground.clock.now(), actor)),
    reason: `CSV import ${importId}`,
    findPlanned: (usernames) => session.findPlanned(usernames),
  };
  const hash = createHash('sha256');
  const header = await stageFile(session, findings, context.catalog, { ...request, uuid: ground.clock.uuid, hash });
  await checkImport(session, context, findings, { ...request, header, batch: BATCH });
  if (!dryRun && mode === 'all-or-nothing' && findings.problems.count > 0) throw refuseAll(findings);
  if (snapshot) {
    const options = `${hash.digest('hex')} ${key}`;
    findings.leavers = await checkSnapshot(session, findings, { snapshot, dryRun, options });
    findings.counts.left = findings.leavers.count;
    findings.counts.deactivated += findings.leavers.count;
  }
  if (!dryRun) {
    findings.counts = await session.inTransaction((tx) =>
      write(tx, session, { ...context, now: ground.clock.now() }, { ...request, importId, checked: findings.counts }),
    );
  }
  return findings.build({ importId, applied: !dryRun, mode, key });
}

function refuseAll({ problems, counts }: ImportFindings): Refusal {
  const count = `${problems.count} ${problems.count === 1 ? 'problem' : 'problems'} in ${counts.rows} rows`;
  const message = `The file has ${count}, and nothing was changed. Correct them, or import with mode=skip-bad-rows.`;
  return new Refusal('invalid_value', message, problems.sorted().map(toFieldProblem));
}

async function write(
  tx: PoolClient,
  session: ImportSession,
  context: ChangeContext,
  request: ImportRequest & { importId: string; checked: ImportCounts },
): Promise<ImportCounts> {
  await session.deferManagers();
  const { checked, onProgress } = request;
  const counts = { ...checked, created: 0, updated: 0, deactivated: 0, reactivated: 0, left: 0 };
  const touched: Touched = { userIds: [], managerIds: [] };
  for (let after = 0; ; ) {
    const rows = await session.listBatch(after, BATCH);
    const last = rows.at(-1);
    if (!last) break;
    after = last.line;
    await writeBatch(tx, context, rows.map(toChange), touched, counts);
    onProgress?.({ phase: 'writing', done: touched.userIds.length, total: checked.created + checked.updated });
  }
  if (request.snapshot) await writeLeavers(tx, session, context, touched, counts);
  onProgress?.({ phase: 'marking', done: 0, total: touched.userIds.length });
  await markTouched(tx, context.now, touched);
  if (touched.userIds.length > 0) {
    const after = { ...counts, mode: request.mode, key: request.key };
    await writeAudit(tx, context.now, context.actor, [
      { action: 'users.imported', entityKind: 'import', entityId: request.importId, after },
    ]);
  }
  return counts;
}

async function writeLeavers(
  tx: PoolClient,
  session: ImportSession,
  context: ChangeContext,
  touched: Touched,
  counts: ImportCounts,
): Promise<void> {
  const leaving = { ...context, reason: `${context.reason}: absent from the snapshot` };
  for (let after: string | null = null; ; ) {
    const ids: string[] = await session.listLeaverIds(after, BATCH);
    after = ids.at(-1) ?? null;
    if (after === null) return;
    const draft = { isActive: false, fields: {} };
    const changes = ids.map((id): UserChange => ({ kind: 'update', id, expected: 'any', draft }));
    const left = { ...counts, updated: 0, deactivated: 0 };
    await writeBatch(tx, leaving, changes, touched, left);
    counts.left += left.updated;
    counts.deactivated += left.deactivated;
  }
}

async function writeBatch(
  tx: PoolClient,
  context: ChangeContext,
  changes: readonly UserChange[],
  touched: Touched,
  counts: ImportCounts,
): Promise<void> {
  const plans = await planUserChanges(tx, context, changes, { lock: true });
  for (const plan of plans) {
    // It was good a moment ago: somebody changed the directory meanwhile.
    if (plan.kind === 'refused') {
      const message =
        'The directory was changed while the file was being imported, and nothing of it was. Import it again.';
      throw new Refusal('conflict', message, plan.problems);
    }
    countPlan(counts, plan);
  }
  await writeUserPlans(tx, context, plans, touched);
}
