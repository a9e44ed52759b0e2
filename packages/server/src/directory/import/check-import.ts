import { quote } from '../parse-field-value.ts';
import { planUserChanges } from '../plan-user-changes.ts';
import type { UserKeyField } from '../sql/find-user-ids.ts';
import type { ImportBatchRow, ImportSession } from '../sql/import-session.ts';
import type { ChangeContext, UserChange } from '../user-change.ts';
import type { ImportHeader } from './check-header.ts';
import { countPlan, type ImportFindings, type ImportMode, type ImportProgress } from './import-report.ts';

interface CheckRequest {
  readonly header: ImportHeader;
  readonly key: UserKeyField;
  readonly mode: ImportMode;
  readonly batch: number;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** Judges the rows against each other and against the directory; writes nothing but its verdicts on them. */
export async function checkImport(
  session: ImportSession,
  context: ChangeContext,
  findings: ImportFindings,
  request: CheckRequest,
): Promise<void> {
  await checkDuplicates(session, findings, request);
  const { counts } = findings;
  for (let after = 0; ; ) {
    const rows = await session.listBatch(after, request.batch);
    const last = rows.at(-1);
    if (!last) break;
    after = last.line;
    await checkBatch(session, context, findings, request, rows);
    const done = counts.created + counts.updated + counts.unchanged + counts.bad;
    request.onProgress?.({ phase: 'checking', done, total: counts.rows });
  }
  if (request.mode === 'skip-bad-rows') await checkManagersOfSkippedRows(session, findings, request);
}

export function toChange(row: ImportBatchRow): UserChange {
  const [id] = row.userIds;
  if (id === undefined) return { kind: 'create', id: row.id, draft: row.draft };
  return { kind: 'update', id, expected: 'any', draft: row.draft };
}

async function checkBatch(
  session: ImportSession,
  context: ChangeContext,
  findings: ImportFindings,
  { header, key }: CheckRequest,
  rows: readonly ImportBatchRow[],
): Promise<void> {
  const plans = await planUserChanges(session.client, context, rows.map(toChange), { lock: false });
  const bad: number[] = [];
  const same: number[] = [];
  plans.forEach((plan, index) => {
    const row = rows[index] as ImportBatchRow;
    const { line } = row;
    const column = (field: string) => header.columnOf.get(field) ?? (field === 'Id' ? null : field);
    if (row.userIds.length > 1) {
      const problem = 'is that of several users, so that it cannot tell which is meant';
      findings.problems.add({ line, column: column(key), problem, fix: 'Correct those users, or use another key.' });
      bad.push(line);
    } else if (plan.kind === 'refused') {
      for (const { field, problem, fix } of plan.problems) {
        findings.problems.add({ line, column: column(field), problem, fix });
      }
      bad.push(line);
    } else {
      countPlan(findings.counts, plan);
      findings.show(line, plan);
      if (plan.kind === 'unchanged') same.push(line);
    }
  });
  findings.counts.bad += bad.length;
  await session.settle({ bad, same });
}

async function checkDuplicates(
  session: ImportSession,
  findings: ImportFindings,
  { header, key }: CheckRequest,
): Promise<void> {
  const checks = [
    ['match_key', key],
    ['username', 'Username'],
    ['federation', 'FederationIdentifier'],
  ] as const;
  for (const [column, field] of checks) {
    if (!header.columnOf.has(field) || (column !== 'match_key' && field === key)) continue;
    for (const { line, other, value, wasBad } of await session.refuseDuplicates(column)) {
      const problem = `${quote(value)} is also on line ${other}`;
      const fix = 'Keep one of the two lines.';
      findings.problems.add({ line, column: header.columnOf.get(field) ?? field, problem, fix });
      if (!wasBad) findings.counts.bad += 1;
    }
  }
}

/** Who would report to a user that is not created is not imported either, and so on downwards. */
async function checkManagersOfSkippedRows(
  session: ImportSession,
  findings: ImportFindings,
  { header }: CheckRequest,
): Promise<void> {
  for (;;) {
    const refused = await session.refuseReportsOfBadRows();
    if (refused.length === 0) return;
    for (const { line, other, manager, isNew } of refused) {
      const column = header.columnOf.get('Manager') ?? 'Manager';
      const problem = `${quote(manager)} is on line ${other}, which has a problem of its own`;
      findings.problems.add({ line, column, problem, fix: `Correct line ${other}.` });
      findings.counts.bad += 1;
      findings.counts[isNew ? 'created' : 'updated'] -= 1;
    }
    const lines = new Set(refused.map(({ line }) => line));
    findings.changes.splice(0, Infinity, ...findings.changes.filter(({ line }) => !lines.has(line)));
  }
}
