import { type Queryable, statement } from '../../db/index.ts';
import type { ItemFilter, MatchingItem } from '../matching-report.ts';

const COLUMNS = `id, category, remote_id as "remoteId", account_name as "accountName", display_name as "displayName", email, active,
  user_id as "userId", username, standing, matched_by as "matchedBy", linked, other_accounts as "otherAccounts",
  other_users as "otherUsers", explanation, decision, decided_at as "decidedAt", decided_by as "decidedBy",
  decision_note as "decisionNote", refusal`;

/* $2 to $8 are a filter; $9 is a pattern of ILIKE. */
const PICKED = `
  report_id = $1 and ($2::text is null or category = $2) and ($3::text is null or matched_by = $3)
  and ($4::text is null or standing = $4) and ($5::boolean is null or active = $5) and ($6::boolean is null or linked = $6)
  and ($7::boolean is null or (decision is not null) = $7)
  and ($8::text is null or account_name ilike $8 or display_name ilike $8 or email ilike $8 or username ilike $8 or remote_id ilike $8)`;

const LIST = statement<MatchingItem>(
  'matching-items-list',
  `select ${COLUMNS} from matching_item where ${PICKED} and id > $9 order by id limit $10`,
);
const LOCK_PICKED = statement<MatchingItem>(
  'matching-items-lock-picked',
  `select ${COLUMNS} from matching_item where ${PICKED} and id > $9 order by id limit $10 for update`,
);
const LOCK_ONE = statement<MatchingItem>(
  'matching-item-lock',
  `select ${COLUMNS} from matching_item where report_id = $1 and id = $2 for update`,
);
const BY_ID = statement<MatchingItem>(
  'matching-item-by-id',
  `select ${COLUMNS} from matching_item where report_id = $1 and id = $2`,
);
const DECIDE = statement(
  'matching-items-decide',
  `update matching_item i set decision = d.decision, decided_at = case when d.decision is not null then $3::timestamptz end,
     decided_by = case when d.decision is not null then $4 end, decision_note = case when d.decision is not null then $5 end,
     refusal = d.refusal, user_id = coalesce(d."userId", i.user_id), username = coalesce(d.username, i.username)
   from json_to_recordset($2) as d (id int, decision text, refusal text, "userId" uuid, username text)
   where i.report_id = $1 and i.id = d.id`,
);

/** `*` stands for anything, wherever it is. */
function patternOf(name: string | undefined): string | null {
  return name === undefined ? null : name.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%');
}

function filterValues(reportId: string, filter: ItemFilter): unknown[] {
  const { category, matchedBy, standing, active, linked, decided, name } = filter;
  const given = [category, matchedBy, standing, active, linked, decided].map((value) => value ?? null);
  return [reportId, ...given, patternOf(name)];
}

/** In the order of their numbers, after one of them. */
export function listItems(
  db: Queryable,
  reportId: string,
  filter: ItemFilter,
  page: { limit: number; after: number },
): Promise<MatchingItem[]> {
  return LIST.rows(db, [...filterValues(reportId, filter), page.after, page.limit]);
}

export function lockItems(
  db: Queryable,
  reportId: string,
  filter: ItemFilter,
  page: { limit: number; after: number },
): Promise<MatchingItem[]> {
  return LOCK_PICKED.rows(db, [...filterValues(reportId, filter), page.after, page.limit]);
}

export function lockItem(db: Queryable, reportId: string, id: number): Promise<MatchingItem | undefined> {
  return LOCK_ONE.find(db, [reportId, id]);
}

export function findItem(db: Queryable, reportId: string, id: number): Promise<MatchingItem | undefined> {
  return BY_ID.find(db, [reportId, id]);
}

/** What became of a line that was to be decided. */
export interface DecidedItem {
  id: number;
  decision: 'link' | 'ignore' | null;
  refusal: string | null;
  /** Another user than the report's, whom a person named. */
  userId?: string | undefined;
  username?: string | undefined;
}

export async function decideItems(
  db: Queryable,
  reportId: string,
  items: readonly DecidedItem[],
  by: { now: Date; name: string; note: string | null },
): Promise<void> {
  if (items.length === 0) return;
  await DECIDE.run(db, [reportId, JSON.stringify(items), by.now, by.name, by.note]);
}
