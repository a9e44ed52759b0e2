import { formatCsvLine } from '../csv.ts';
import type { Queryable } from '../db/index.ts';
import type { PlanChange, PlanFilter } from './population-plan.ts';
import { listChanges } from './sql/plan-changes.ts';

const BATCH = 500;

/** Everything of a plan, or what the filter leaves of it, page after page: memory does not grow with it. */
async function* readChanges(db: Queryable, planId: string, filter: PlanFilter): AsyncGenerator<PlanChange[]> {
  let after: string | undefined;
  for (;;) {
    const page = await listChanges(db, planId, filter, { limit: BATCH, after });
    if (page.length > 0) yield page;
    if (page.length < BATCH) return;
    after = page.at(-1)?.userId;
  }
}

/** One JSON object a line and user. */
export async function* exportNdjson(db: Queryable, planId: string, filter: PlanFilter): AsyncGenerator<string> {
  for await (const page of readChanges(db, planId, filter)) {
    yield page.map(({ hash: _hash, paths: _paths, ...change }) => `${JSON.stringify(change)}\n`).join('');
  }
}

const HEADER = ['userId', 'username', 'operation', 'cause', 'attribute', 'before', 'after', 'reason', 'leftOut'];

/** One line a changed attribute; one line for a user without any. For spreadsheets: no cell can be taken for a formula. */
export async function* exportCsv(db: Queryable, planId: string, filter: PlanFilter): AsyncGenerator<string> {
  yield formatCsvLine(HEADER);
  for await (const page of readChanges(db, planId, filter)) {
    yield page.flatMap(formatChange).join('');
  }
}

function formatChange(change: PlanChange): string[] {
  const { userId, username, operation, cause, reason, leftOut } = change;
  const changes = change.changes.length > 0 ? change.changes : [{ path: null, before: null, after: null }];
  return changes.map(({ path, before, after }) =>
    formatCsvLine([userId, username, operation, cause, path, before, after, reason?.message ?? null, leftOut]),
  );
}
