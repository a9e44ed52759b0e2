import { createHash } from 'node:crypto';
import { type Actor, writeAudit } from '../../audit/index.ts';
import type { PoolClient } from '../../db/index.ts';
import type { Ground } from '../../ground.ts';
import { Refusal } from '../../refusal.ts';
import { loadChangeContext } from '../apply-user-changes.ts';
import type { UserKeyField } from '../sql/find-user-ids.ts';
import { ImportSession } from '../sql/import-session.ts';
import { listImportedUsers, refreshStatistics } from '../sql/write-import.ts';
import type { ChangeContext } from '../user-change.ts';
import { markTouched } from '../write-user-plans.ts';
import { checkImport } from './check-import.ts';
import { checkSnapshot, type SnapshotRequest } from './check-snapshot.ts';
import { DirectWrite } from './direct-write.ts';
import { type ImportProblems, refuseChanged, toFieldProblem } from './import-problem.ts';
import {
  ImportFindings,
  type ImportMode,
  type ImportProgress,
  type ImportReport,
  MOST_SHOWN,
} from './import-report.ts';
import { type JudgedRow, stageRows } from './judge-rows.ts';
import { ManagerReservations } from './manager-reservations.ts';
import { receiveFile } from './receive-file.ts';
import { stageFile } from './stage-file.ts';
import { writeStaged } from './staged-write.ts';

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

const LINES_AT_ONCE = 5_000;
const FEW_CHANGES = 1_000;

/**
 * Reads a whole file and writes it in one transaction, which is committed only when all of it was judged: what is refused or fails
 * changes nothing. The second import of a file changes nothing either. Beyond 32 MiB memory does not grow with the file.
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
  const { problems } = findings;
  const managers = new ManagerReservations(ground.clock.uuid);
  const context: ChangeContext = {
    ...(await loadChangeContext(session.client, ground.clock.now(), actor)),
    reason: `CSV import ${importId}`,
    findPlanned: (usernames) => findPlanned(session, managers, usernames),
  };
  const { source, isComplete } = await receiveFile(ground.clock, request.source);
  const begin = (): ChangeContext => ({ ...context, now: ground.clock.now() });
  const direct = isComplete && mayWriteDirectly(request) ? new DirectWrite(ground.pool, begin) : undefined;
  if (direct) await session.lookUpByIndex();
  try {
    const hash = createHash('sha256');
    const stage = createStage(session, problems, direct);
    const staging = { ...request, source, session, context, problems, managers, hash, stage };
    const { header, rows, lastLine } = await stageFile(staging);
    request.onProgress?.({ phase: 'checking', done: 0, total: rows });
    const replaced = await checkImport(session, { header, key, mode, problems, managers });
    findings.counts = { ...findings.counts, rows, ...(await session.countRows()) };
    if (!dryRun && mode === 'all-or-nothing' && problems.count > 0) throw refuseAll(problems, rows);
    // Somebody made a manager meanwhile, whom the rows take for one of the file.
    if (direct && replaced) throw refuseChanged();
    findings.changes = await session.listChanges(MOST_SHOWN);
    if (snapshot) {
      const options = `${hash.digest('hex')} ${key}`;
      findings.leavers = await checkSnapshot(session, rows, { snapshot, dryRun, options });
      findings.counts.left = findings.leavers.count;
      findings.counts.deactivated += findings.leavers.count;
    }
    if (!dryRun) await write(session, begin, { ...request, importId, findings, lastLine, direct });
    return findings.build({ importId, applied: !dryRun, mode, key });
  } finally {
    await direct?.abandon();
  }
}

/** Where every row is written or none, and where no row can give a user the Username that another row names. */
function mayWriteDirectly({ mode, key, dryRun, snapshot }: ImportRequest): boolean {
  return !dryRun && mode === 'all-or-nothing' && key === 'Username' && snapshot === undefined;
}

/** Rows that are written directly are staged by what others are judged by; the first changes wholly, since the report shows them. */
function createStage(session: ImportSession, problems: ImportProblems, direct: DirectWrite | undefined) {
  let changes = 0;
  return async (rows: readonly JudgedRow[]): Promise<void> => {
    await stageRows(session, rows, { keysOnly: direct !== undefined && changes >= MOST_SHOWN });
    const plans = rows.flatMap(({ plan }) => (plan && plan.kind !== 'unchanged' ? [plan] : []));
    changes += plans.length;
    if (direct && problems.count === 0) await direct.add(plans);
  };
}

/** A manager who is not there yet may come on a later line: an id is promised. */
async function findPlanned(
  session: ImportSession,
  managers: ManagerReservations,
  usernames: readonly string[],
): Promise<Map<string, string>> {
  const found = await session.findPlanned(usernames);
  for (const username of usernames) {
    const lower = username.toLowerCase();
    if (!found.has(lower)) found.set(lower, managers.reserve(username));
  }
  return found;
}

function refuseAll(problems: ImportProblems, rows: number): Refusal {
  const count = `${problems.count} ${problems.count === 1 ? 'problem' : 'problems'} in ${rows} rows`;
  const message = `The file has ${count}, and nothing was changed. Correct them, or import with mode=skip-bad-rows.`;
  return new Refusal('invalid_value', message, problems.sorted().map(toFieldProblem));
}

interface WriteRequest extends ImportRequest {
  readonly importId: string;
  readonly findings: ImportFindings;
  readonly lastLine: number;
  readonly direct: DirectWrite | undefined;
}

async function write(session: ImportSession, begin: () => ChangeContext, request: WriteRequest): Promise<void> {
  const { counts } = request.findings;
  const changes = counts.created + counts.updated + counts.left;
  if (changes === 0) return;
  const finish = async (tx: PoolClient, { now, actor }: ChangeContext): Promise<void> => {
    const after = { ...counts, mode: request.mode, key: request.key };
    await writeAudit(tx, now, actor, [
      { action: 'users.imported', entityKind: 'import', entityId: request.importId, after },
    ]);
    await markLines(tx, now, session, request);
  };
  if (request.direct) await request.direct.commit(finish);
  else {
    const context = begin();
    await session.inTransaction(async (tx) => {
      await writeStaged(tx, session, context, request);
      await finish(tx, context);
    });
  }
  if (changes >= FEW_CHANGES) await refreshStatistics(session.client);
}

/** Last in the transaction, since it holds the schedule of every link that it marks. */
async function markLines(tx: PoolClient, now: Date, session: ImportSession, request: WriteRequest): Promise<void> {
  const { lastLine, findings, direct, onProgress } = request;
  onProgress?.({ phase: 'writing', done: findings.counts.rows, total: findings.counts.rows });
  const kinds = direct ? (['updated'] as const) : (['created', 'updated'] as const);
  for (let after = 0; after < lastLine; after += LINES_AT_ONCE) {
    const range = { after, last: after + LINES_AT_ONCE };
    onProgress?.({ phase: 'marking', done: after, total: findings.counts.rows });
    await markTouched(tx, now, await listImportedUsers(session.client, range, kinds));
  }
}
