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
  /** What holds are grouped by. */
  cause: string;
  /** Who was asked to agree, where the guard asks for just them. */
  approvers: { manager: boolean; named: string[] } | null;
  operation: string;
  state: 'open' | 'released' | 'rejected' | 'closed';
  reason: string;
  changes: PlannedChange[];
  requestId: string | null;
  openedAt: Date;
  /** When people are reminded of it next, while it is open; null: they were not told yet. */
  remindAt: Date | null;
  decidedAt: Date | null;
  decidedBy: string | null;
  note: string | null;
}

const COLUMNS = `h.id, a.name as app, h.app_id as "appId", h.user_id as "userId", u.username, h.guard, h.cause, h.approvers, h.operation, h.state,
  h.reason, h.changes, h.request_id as "requestId", h.opened_at as "openedAt",
  case when h.state = 'open' then h.next_alert_at end as "remindAt", h.decided_at as "decidedAt",
  h.decided_by as "decidedBy", h.note`;
const FROM = 'from hold h join connected_app a on a.id = h.app_id join directory_user u on u.id = h.user_id';

const LIST = statement<HoldView>(
  'holds-list',
  `select ${COLUMNS} ${FROM}
   where ($1::int is null or h.app_id = $1) and ($2::text is null or h.state = $2) and ($3::text is null or h.guard = $3)
     and ($6::text is null or h.cause = $6) and ($7::text is null or h.operation = $7)
     and ($4::bigint is null or h.id < $4)
   order by h.id desc limit $5`,
);
const BY_ID = statement<HoldView>('hold-by-id', `select ${COLUMNS} ${FROM} where h.id = $1`);
const DECIDE = statement<{ id: number; app_id: number; user_id: string; guard: string }>(
  'holds-decide',
  `update hold set state = $2, decided_at = $3, decided_by = $4, note = $5
   where id = any ($1::bigint[]) and state = 'open' returning id, app_id, user_id, guard`,
);
const OPEN = `h.app_id = $1 and h.state = 'open' and ($2::text is null or h.guard = $2)
  and ($3::text is null or h.cause = $3) and ($4::text is null or h.operation = $4)`;
const OPEN_IDS = statement<{ id: number }>(
  'holds-open-ids',
  `select h.id from hold h where ${OPEN} order by h.id for update`,
);
const CAUSES = statement<HeldCause>(
  'holds-by-cause',
  `select a.name as app, h.cause, h.guard, h.operation, count(*)::int as holds, min(h.opened_at) as "oldestAt",
     (array_agg(h.reason order by h.id desc))[1] as reason
   from hold h join connected_app a on a.id = h.app_id
   where h.state = 'open' and ($1::int is null or h.app_id = $1)
   group by a.name, h.cause, h.guard, h.operation
   order by count(*) desc, a.name, h.cause`,
);
const UNDER_DECISION = statement<HoldUnderDecision>(
  'holds-under-decision',
  `select h.id, h.app_id as "appId", h.guard, h.operation, u.username, u.fields ->> 'Email' as email,
     m.username as "managerUsername", m.fields ->> 'Email' as "managerEmail"
   from hold h join directory_user u on u.id = h.user_id
   left join directory_user m on m.id = u.manager_id and m.deleted_at is null and m.is_active
   where h.id = any ($1::bigint[]) and h.state = 'open' order by h.id`,
);

/** Open holds of one cause. */
export interface HeldCause {
  app: string;
  cause: string;
  guard: string;
  operation: string;
  holds: number;
  oldestAt: Date;
  /** Of the newest. */
  reason: string;
}

/** What deciding a hold asks of whoever decides. */
export interface HoldUnderDecision {
  id: number;
  appId: number;
  guard: string;
  operation: string;
  username: string;
  email: string | null;
  managerUsername: string | null;
  managerEmail: string | null;
}

/** What picks among the open holds of an app. */
export interface OpenHolds {
  guard?: string | undefined;
  cause?: string | undefined;
  operation?: string | undefined;
}

export function listHolds(
  db: Queryable,
  filter: OpenHolds & { appId?: number | undefined; state?: string | undefined },
  page: { limit: number; before?: number | undefined },
): Promise<HoldView[]> {
  const { appId = null, state = null, guard = null, cause = null, operation = null } = filter;
  return LIST.rows(db, [appId, state, guard, page.before ?? null, page.limit, cause, operation]);
}

/** Open holds by what they wait for, those with most users first. */
export function listHeldCauses(db: Queryable, appId: number | undefined): Promise<HeldCause[]> {
  return CAUSES.rows(db, [appId ?? null]);
}

/** Of these holds the open ones, with whom they concern. */
export async function listUnderDecision(db: Queryable, ids: number[]): Promise<HoldUnderDecision[]> {
  return (await UNDER_DECISION.rows(db, [ids])).map((row) => ({ ...row, id: Number(row.id) }));
}

export function findHold(db: Queryable, id: number): Promise<HoldView | undefined> {
  return BY_ID.find(db, [id]);
}

export async function listOpenHoldIds(db: Queryable, appId: number, filter: OpenHolds): Promise<number[]> {
  const { guard = null, cause = null, operation = null } = filter;
  return (await OPEN_IDS.rows(db, [appId, guard, cause, operation])).map((row) => Number(row.id));
}

const SNOOZE = statement<{ app_id: number; user_id: string }>(
  'hold-snooze',
  "update hold set next_alert_at = $2 where id = $1 and state = 'open' returning app_id, user_id",
);

/** Undefined: it is not open. */
export function snoozeHoldRow(
  db: Queryable,
  id: number,
  until: Date,
): Promise<{ app_id: number; user_id: string } | undefined> {
  return SNOOZE.find(db, [id, until]);
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
