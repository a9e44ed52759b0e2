import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { PlannedChange } from '../../planning/index.ts';

export interface HoldView {
  id: number;
  app: string;
  appId: number;
  userId: string;
  username: string;
  guard: string;
  operation: string;
  state: 'open' | 'released' | 'rejected' | 'closed';
  reason: string;
  changes: PlannedChange[];
  requestId: string | null;
  openedAt: Date;
  decidedAt: Date | null;
  decidedBy: string | null;
  note: string | null;
}

const COLUMNS = `h.id, a.name as app, h.app_id as "appId", h.user_id as "userId", u.username, h.guard, h.operation, h.state,
  h.reason, h.changes, h.request_id as "requestId", h.opened_at as "openedAt", h.decided_at as "decidedAt",
  h.decided_by as "decidedBy", h.note`;
const FROM = 'from hold h join connected_app a on a.id = h.app_id join directory_user u on u.id = h.user_id';

const LIST = statement<HoldView>(
  'holds-list',
  `select ${COLUMNS} ${FROM}
   where ($1::int is null or h.app_id = $1) and ($2::text is null or h.state = $2) and ($3::text is null or h.guard = $3)
     and ($4::bigint is null or h.id < $4)
   order by h.id desc limit $5`,
);
const BY_ID = statement<HoldView>('hold-by-id', `select ${COLUMNS} ${FROM} where h.id = $1`);
const DECIDE = statement<{ id: number; app_id: number; user_id: string; guard: string }>(
  'holds-decide',
  `update hold set state = $2, decided_at = $3, decided_by = $4, note = $5
   where id = any ($1::bigint[]) and state = 'open' returning id, app_id, user_id, guard`,
);
const OPEN_IDS = statement<{ id: number }>(
  'holds-open-ids',
  `select id from hold where app_id = $1 and state = 'open' and ($2::text is null or guard = $2) order by id for update`,
);

export function listHolds(
  db: Queryable,
  filter: { appId?: number | undefined; state?: string | undefined; guard?: string | undefined },
  page: { limit: number; before?: number | undefined },
): Promise<HoldView[]> {
  const { appId, state, guard } = filter;
  return LIST.rows(db, [appId ?? null, state ?? null, guard ?? null, page.before ?? null, page.limit]);
}

export function findHold(db: Queryable, id: number): Promise<HoldView | undefined> {
  return BY_ID.find(db, [id]);
}

export async function listOpenHoldIds(db: Queryable, appId: number, guard: string | undefined): Promise<number[]> {
  return (await OPEN_IDS.rows(db, [appId, guard ?? null])).map((row) => Number(row.id));
}

/** Decides open holds; those that are not open any more are left out of the answer. */
export async function decideHolds(
  db: Queryable,
  ids: number[],
  decision: { state: 'released' | 'rejected'; now: Date; by: string; note: string | null },
): Promise<{ id: number; appId: number; userId: string; guard: string }[]> {
  const rows = await DECIDE.rows(db, [ids, decision.state, decision.now, decision.by, decision.note]);
  return rows.map((row) => ({ id: Number(row.id), appId: row.app_id, userId: row.user_id, guard: row.guard }));
}
