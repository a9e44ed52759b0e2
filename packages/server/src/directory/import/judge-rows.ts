import { quote } from '../parse-field-value.ts';
import type { ParsedDraft } from '../parse-user-draft.ts';
import { planUserChanges } from '../plan-user-changes.ts';
import type { UserKeyField } from '../sql/find-user-ids.ts';
import type { ImportSession, StagedAssignment, StagedPlan, StagedRow } from '../sql/import-session.ts';
import type { ChangeContext, UserChange, UserPlan } from '../user-change.ts';
import { isVisibleToReports } from '../write-user-plans.ts';
import type { ImportHeader } from './check-header.ts';
import type { ImportProblems } from './import-problem.ts';
import type { ManagerReservations } from './manager-reservations.ts';
import type { CsvRow } from './read-csv.ts';

/** What judging a row needs. */
export interface Judge {
  readonly session: ImportSession;
  readonly context: ChangeContext;
  readonly header: ImportHeader;
  readonly key: UserKeyField;
  readonly problems: ImportProblems;
  readonly managers: ManagerReservations;
}

/** A row by itself. */
export interface ReadRow {
  readonly line: number;
  readonly key: string | null;
  readonly parsed: ParsedDraft | null;
}

export interface JudgedRow extends ReadRow {
  readonly id: string;
  readonly change: UserChange | null;
  plan?: UserPlan;
}

/** Compares a batch of rows with the directory. */
export async function judgeRows(judge: Judge, rows: readonly ReadRow[]): Promise<JudgedRow[]> {
  const { session, context } = judge;
  const judged = await findChanges(judge, rows);
  const changes = judged.flatMap(({ change }) => (change ? [change] : []));
  const plans = await planUserChanges(session.client, context, changes, { lock: false, repeatsAllowed: true });
  let next = 0;
  for (const row of judged) {
    if (!row.change) continue;
    const plan = plans[next++];
    if (plan) row.plan = plan;
    if (plan?.kind === 'refused') report(judge, row.line, plan.problems);
  }
  return judged;
}

/**
 * Stages what each row of a batch comes to; with `keysOnly` no more of it than other rows are judged by, because it is written
 * by other means.
 */
export async function stageRows(
  session: ImportSession,
  rows: readonly JudgedRow[],
  { keysOnly }: { keysOnly: boolean },
): Promise<void> {
  await session.stage(rows.map((row) => buildStagedRow(row, keysOnly)));
  if (!keysOnly) await stageAssignments(session, rows);
}

/** Reads the cells of a row. */
export function readRow(judge: Pick<Judge, 'header' | 'key' | 'problems'>, { line, cells }: CsvRow): ReadRow {
  const { header, key, problems } = judge;
  if (cells.length !== header.columns.length) {
    const wanted = header.columns.length;
    const shown = cells.length > wanted ? `; the first one too many is ${quote(cells[wanted] ?? '')}` : '';
    problems.add({
      line,
      column: null,
      problem: `has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, and the header has ${wanted} columns${shown}`,
      fix: 'Put cells that hold a comma or a line break between quotation marks, and leave no cell out.',
    });
    // Its cells may stand under wrong names, the key's too.
    return { line, key: null, parsed: null };
  }
  const parsed = header.readRow(cells);
  const value = key === 'Username' ? parsed.draft.username : parsed.draft.fields[key];
  const isBlank = value === undefined || value === null;
  if (isBlank && !parsed.problems.some(({ field }) => field === key)) {
    parsed.problems.push({ field: key, problem: 'is blank; it tells which user the line means', fix: 'Fill it in.' });
  }
  report(judge, line, parsed.problems);
  return { line, key: isBlank ? null : String(value), parsed };
}

function report(judge: Pick<Judge, 'header' | 'problems'>, line: number, problems: ParsedDraft['problems']): void {
  for (const { field, problem, fix } of problems) {
    const column = field === 'Id' ? null : (judge.header.columnOf.get(field) ?? field);
    judge.problems.add({ line, column, problem, fix });
  }
}

/** Finds the users that the keys mean; rows that are bad by themselves change nothing. */
async function findChanges(judge: Judge, rows: readonly ReadRow[]): Promise<JudgedRow[]> {
  const keys = rows.flatMap(({ key }) => (key === null ? [] : [key]));
  const found = await judge.session.findUserIds([...new Set(keys)]);
  return rows.map((row): JudgedRow => {
    const ids = (row.key === null ? undefined : found.get(row.key)) ?? [];
    const id = ids[0] ?? judge.managers.take(row.parsed?.draft.username);
    if (!row.parsed || row.parsed.problems.length > 0) return { ...row, id, change: null };
    if (ids.length > 1) {
      const problem = 'is that of several users, so that it cannot tell which is meant';
      report(judge, row.line, [{ field: judge.key, problem, fix: 'Correct those users, or use another key.' }]);
      return { ...row, id, change: null };
    }
    const { draft } = row.parsed;
    const change: UserChange =
      ids.length === 0 ? { kind: 'create', id, draft } : { kind: 'update', id, expected: 'any', draft };
    return { ...row, id, change };
  });
}

function buildStagedRow({ line, id, key, parsed, plan }: JudgedRow, keysOnly: boolean): StagedRow {
  const draft = parsed?.draft;
  const identifier = draft?.fields['FederationIdentifier'];
  const row = {
    line,
    id,
    key,
    username: draft?.username ?? null,
    federation: typeof identifier === 'string' ? identifier : null,
    bad: !plan || plan.kind === 'refused',
  };
  if (!plan || plan.kind === 'refused') return row;
  return { ...row, ...describePlan(plan), ...(keysOnly ? { fields: null, before: null, after: null } : {}) };
}

function describePlan(plan: Exclude<UserPlan, { kind: 'refused' }>): Partial<StagedPlan> {
  const { after } = plan;
  if (plan.kind === 'unchanged') return { kind: 'unchanged' };
  if (plan.kind !== 'created' && plan.kind !== 'updated') throw new Error(`A row of a file cannot be ${plan.kind}`);
  return {
    kind: plan.kind,
    revision: plan.before ? String(plan.before.revision) : '0',
    newUsername: after.username,
    wasActive: plan.before?.isActive ?? false,
    isActive: after.isActive,
    profileId: after.profileId,
    managerId: after.managerId,
    fields: after.fields,
    before: plan.before ? plan.difference.before : null,
    after: plan.difference.after,
    visibleToReports: isVisibleToReports(plan),
  };
}

async function stageAssignments(session: ImportSession, rows: readonly JudgedRow[]): Promise<void> {
  const remove: { line: number; id: string }[] = [];
  const add: StagedAssignment[] = [];
  for (const { line, plan } of rows) {
    if (!plan || plan.kind === 'refused' || plan.kind === 'unchanged') continue;
    for (const id of plan.assignments.remove) remove.push({ line, id: String(id) });
    for (const { userId, permissionSetId, permissionSetGroupId } of plan.assignments.add) {
      add.push({
        line,
        userId,
        ...(permissionSetId === undefined ? {} : { permissionSetId }),
        ...(permissionSetGroupId === undefined ? {} : { permissionSetGroupId }),
      });
    }
  }
  await session.stageAssignments({ remove, add });
}
