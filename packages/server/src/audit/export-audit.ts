import { formatCsvLine } from '../csv.ts';
import type { Queryable } from '../db/index.ts';
import { diffValues } from './diff-values.ts';
import { type AuditFilter, type AuditRow, listAudit } from './sql/list-audit.ts';

const BATCH = 500;

/** Everything that the filter leaves, page after page, the newest first: memory does not grow with it. */
async function* readAudit(db: Queryable, filter: AuditFilter): AsyncGenerator<AuditRow[]> {
  let before: number | undefined;
  for (;;) {
    const page = await listAudit(db, filter, before, BATCH);
    if (page.length > 0) yield page;
    if (page.length < BATCH) return;
    before = page.at(-1)?.id;
  }
}

/** One JSON object a line and event, with every value whole. */
export async function* exportAuditJsonLines(db: Queryable, filter: AuditFilter): AsyncGenerator<string> {
  for await (const page of readAudit(db, filter)) yield page.map((row) => `${JSON.stringify(row)}\n`).join('');
}

const HEADER = [
  'id',
  'at',
  'actorKind',
  'actor',
  'role',
  'through',
  'origin',
  'userAgent',
  'requestId',
  'action',
  'entityKind',
  'entityId',
  'app',
  'userId',
  'reason',
  'changed',
  'before',
  'after',
];

/** One line an event. For spreadsheets: no cell can be taken for a formula. */
export async function* exportAuditCsv(db: Queryable, filter: AuditFilter): AsyncGenerator<string> {
  yield formatCsvLine(HEADER);
  for await (const page of readAudit(db, filter)) yield page.map(formatRow).join('');
}

function formatRow(row: AuditRow): string {
  const { id, at, actorKind, actor, role, through, origin, userAgent, requestId, action, entityKind, entityId } = row;
  const { app, userId, reason, before, after } = row;
  const changed = diffValues(before, after)
    .map(({ path }) => path)
    .join(', ');
  const who = [id, at.toISOString(), actorKind, actor, role, through, origin, userAgent, requestId];
  return formatCsvLine([...who, action, entityKind, entityId, app, userId, reason, changed, before, after]);
}
