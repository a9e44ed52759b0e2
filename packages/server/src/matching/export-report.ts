import { formatCsvLine } from '../csv.ts';
import type { Queryable } from '../db/index.ts';
import type { ItemFilter, MatchingItem } from './matching-report.ts';
import { listItems } from './sql/items.ts';

const BATCH = 500;
const COLUMNS = [
  'category',
  'remoteId',
  'accountName',
  'displayName',
  'email',
  'active',
  'username',
  'standing',
  'matchedBy',
  'linked',
  'otherAccounts',
  'explanation',
  'decision',
  'decidedBy',
  'refusal',
] as const satisfies readonly (keyof MatchingItem)[];

async function* readItems(db: Queryable, reportId: string, filter: ItemFilter): AsyncGenerator<MatchingItem[]> {
  let after = 0;
  for (;;) {
    const page = await listItems(db, reportId, filter, { limit: BATCH, after });
    if (page.length > 0) yield page;
    if (page.length < BATCH) return;
    after = page.at(-1)?.id ?? after;
  }
}

/** The lines of a report as CSV for spreadsheets, page after page: memory does not grow with them. */
export async function* exportMatchingCsv(db: Queryable, reportId: string, filter: ItemFilter): AsyncGenerator<string> {
  yield formatCsvLine(COLUMNS);
  for await (const page of readItems(db, reportId, filter)) {
    yield page.map((item) => formatCsvLine(COLUMNS.map((column) => cellOf(item[column])))).join('');
  }
}

export async function* exportMatchingNdjson(
  db: Queryable,
  reportId: string,
  filter: ItemFilter,
): AsyncGenerator<string> {
  for await (const page of readItems(db, reportId, filter)) {
    yield page.map((item) => `${JSON.stringify(item)}\n`).join('');
  }
}

function cellOf(value: unknown): unknown {
  return Array.isArray(value) ? value.join(' ') : value;
}
