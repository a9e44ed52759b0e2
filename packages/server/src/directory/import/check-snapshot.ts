import { createHash } from 'node:crypto';
import { Refusal, refuseField } from '../../refusal.ts';
import type { ImportSession } from '../sql/import-session.ts';
import { type LeaverReport, MOST_SHOWN } from './import-report.ts';

/** What the caller says about the users that the file leaves out. */
export interface SnapshotRequest {
  /** From the dry run of the same file. */
  readonly token?: string | undefined;
  /** So many may leave, although it is more than usual. */
  readonly allowLeavers?: number | undefined;
}

const LEAST_LIMIT = 10;
const LIMIT_PERCENT = 5;
/** Of a few users, half is a mistake more often than not, although it is under the least limit. */
const SMALL_DIRECTORY = 3;

/**
 * Finds who leaves, and refuses a real run unless the caller has seen exactly these leavers for exactly this file, and has allowed
 * so many when they are more than usual. A file that may be incomplete makes nobody a leaver.
 */
export async function checkSnapshot(
  session: ImportSession,
  rows: number,
  request: { snapshot: SnapshotRequest; dryRun: boolean; options: string },
): Promise<LeaverReport> {
  await refuseUnsureFile(session, rows);
  const leavers = await session.collectLeavers(MOST_SHOWN);
  const limit = leaverLimit(leavers.activeUsers);
  const snapshotToken = createHash('sha256')
    .update(`${request.options} ${leavers.digest}`)
    .digest('base64url')
    .slice(0, 32);
  const { count, activeUsers, users } = leavers;
  const report = { count, activeUsers, limit, snapshotToken, users };
  if (!request.dryRun) refuseUnseenLeavers(report, request.snapshot);
  return report;
}

export function leaverLimit(activeUsers: number): number {
  const limit = Math.max(LEAST_LIMIT, Math.floor((activeUsers * LIMIT_PERCENT) / 100));
  return activeUsers > SMALL_DIRECTORY ? Math.min(limit, Math.floor(activeUsers / 2)) : limit;
}

async function refuseUnsureFile(session: ImportSession, rows: number): Promise<void> {
  if (rows === 0) {
    throw new Refusal('conflict', 'The snapshot has no users, so that everybody would leave. Send the whole file.');
  }
  const lines = await session.listLinesWithoutKey();
  if (lines.length === 0) return;
  const problems = lines.map((line) => ({
    field: `line ${line}`,
    problem: 'does not say which user it means',
    fix: 'Fill in the key column, or leave the line out.',
  }));
  throw new Refusal(
    'conflict',
    `Who left cannot be told: line ${lines.join(', ')} does not say which user it means.`,
    problems,
  );
}

function refuseUnseenLeavers(report: LeaverReport, { token, allowLeavers }: SnapshotRequest): void {
  const { count, limit, snapshotToken } = report;
  const field = 'query.snapshotToken';
  if (token === undefined) {
    const fix = 'Send the file with dryRun=true first, look at its leavers, and send its snapshotToken.';
    throw refuseField('invalid_request', field, 'is missing', fix);
  }
  if (token !== snapshotToken) {
    const problem = 'is not that of this file and these leavers; one of them changed since the dry run';
    throw refuseField('conflict', field, problem, 'Send the file with dryRun=true again, and look at its leavers.');
  }
  if (count > limit && (allowLeavers ?? 0) < count) {
    throw refuseField(
      'conflict',
      'query.allowLeavers',
      `is ${allowLeavers ?? 'missing'}, and ${count} of ${report.activeUsers} active users would leave; ${limit} may without it`,
      `If all of them left indeed, send allowLeavers=${count}.`,
    );
  }
}
