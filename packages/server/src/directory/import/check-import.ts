import { quote } from '../parse-field-value.ts';
import { findIdsByUsername, type UserKeyField } from '../sql/find-user-ids.ts';
import type { ImportSession } from '../sql/import-session.ts';
import type { ImportHeader } from './check-header.ts';
import type { ImportProblems } from './import-problem.ts';
import type { ImportMode } from './import-report.ts';
import type { ManagerReservations } from './manager-reservations.ts';

interface CheckRequest {
  readonly header: ImportHeader;
  readonly key: UserKeyField;
  readonly mode: ImportMode;
  readonly problems: ImportProblems;
  readonly managers: ManagerReservations;
}

/** Judges the staged rows against each other. Gives whether the managers of some were replaced by others. */
export async function checkImport(session: ImportSession, request: CheckRequest): Promise<boolean> {
  await session.index();
  await checkDuplicates(session, request);
  const replaced = await checkManagers(session, request);
  if (request.mode === 'skip-bad-rows') await checkReportsOfSkippedRows(session, request);
  return replaced;
}

async function checkDuplicates(session: ImportSession, { header, key, problems }: CheckRequest): Promise<void> {
  const checks = [
    ['match_key', key],
    ['username_key', 'Username'],
    ['federation', 'FederationIdentifier'],
  ] as const;
  for (const [column, field] of checks) {
    if (!header.columnOf.has(field) || (column !== 'match_key' && field === key)) continue;
    for (const { line, other, value } of await session.refuseDuplicates(column)) {
      const problem = `${quote(value)} is also on line ${other}`;
      const fix = 'Keep one of the two lines.';
      problems.add({ line, column: header.columnOf.get(field) ?? field, problem, fix });
    }
  }
}

/** Managers whose own line never came, or gave somebody who exists another Username. */
async function checkManagers(session: ImportSession, { header, problems, managers }: CheckRequest): Promise<boolean> {
  const left = managers.left();
  if (left.length === 0) return false;
  const usernames = left.map(({ username }) => username);
  const found = new Map([
    ...(await session.findPlanned(usernames)),
    ...(await findIdsByUsername(session.client, usernames)),
  ]);
  for (const { username, id } of left) {
    const present = found.get(username);
    if (present !== undefined) await session.replaceManager(id, present);
  }
  const unknown = new Map(
    left.filter(({ username }) => !found.has(username)).map(({ id, username }) => [id, username]),
  );
  for (const { line, managerId } of await session.refuseManagers([...unknown.keys()])) {
    const problem = `${quote(unknown.get(managerId) ?? '')} is not the Username of a user`;
    const fix = 'Create that user first, correct it, or leave it blank.';
    problems.add({ line, column: header.columnOf.get('Manager') ?? 'Manager', problem, fix });
  }
  return unknown.size < left.length;
}

/** Who would report to a user that is not created is not imported either, and so on downwards. */
async function checkReportsOfSkippedRows(session: ImportSession, { header, problems }: CheckRequest): Promise<void> {
  const column = header.columnOf.get('Manager') ?? 'Manager';
  for (;;) {
    const refused = await session.refuseReportsOfBadRows();
    if (refused.length === 0) return;
    for (const { line, other, manager } of refused) {
      const problem = `${quote(manager)} is on line ${other}, which has a problem of its own`;
      problems.add({ line, column, problem, fix: `Correct line ${other}.` });
    }
  }
}
