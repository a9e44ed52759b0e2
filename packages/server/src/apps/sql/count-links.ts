import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

/** How an app's links stand now. */
export interface AppCounts {
  /** Accounts at the target that are ours to keep, active or not. */
  linked: number;
  active: number;
  due: number;
  parked: number;
  held: number;
  retrying: number;
  /** Profiles, permission sets and groups that grant the app. */
  assignments: number;
  /** Since when the one waits that was held, or parked, first. */
  heldSince: Date | null;
  parkedSince: Date | null;
}

const NONE: AppCounts = {
  linked: 0,
  active: 0,
  due: 0,
  parked: 0,
  held: 0,
  retrying: 0,
  assignments: 0,
  heldSince: null,
  parkedSince: null,
};

const COUNT = statement<AppCounts & { id: number }>(
  'app-counts',
  `select a.id, l.linked, l.active, w.parked, w.held, w.retrying, s.due, g.assignments,
     w.parked_since as "parkedSince", h.since as "heldSince"
   from unnest($1::int[]) a (id)
   left join lateral (
     select count(*)::int as linked, count(*) filter (where account_state = 'active')::int as active
     from account_link where app_id = a.id and remote_id is not null
   ) l on true
   left join lateral (
     select count(*) filter (where standing = 'parked')::int as parked,
            count(*) filter (where standing = 'held')::int as held,
            count(*) filter (where standing = 'retrying')::int as retrying,
            min(updated_at) filter (where standing = 'parked') as parked_since
     from account_link where app_id = a.id and standing <> 'settled'
   ) w on true
   left join lateral (
     select count(*)::int as due from link_schedule where app_id = a.id and next_due_at <= $2
   ) s on true
   left join lateral (select min(opened_at) as since from hold where app_id = a.id and state = 'open') h on true
   left join lateral (select count(*)::int as assignments from app_assignment where app_id = a.id) g on true`,
);

/** By app id. */
export async function countLinks(db: Queryable, appIds: number[], now: Date): Promise<Map<number, AppCounts>> {
  const rows = await COUNT.rows(db, [appIds, now]);
  return new Map(rows.map(({ id, ...counts }) => [id, { ...NONE, ...counts }]));
}
