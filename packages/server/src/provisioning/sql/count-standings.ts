import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

export interface AppStanding {
  app: string;
  due: number;
  parked: number;
  held: number;
  retrying: number;
  quarantined: boolean;
  oldestDueSeconds: number;
}

const STANDINGS = statement<AppStanding>(
  'app-standings',
  `select a.name as app, a.quarantined_at is not null as quarantined, s.due, l.parked, l.held, l.retrying,
     coalesce(greatest(0, extract(epoch from $1 - s.oldest)), 0)::float8 as "oldestDueSeconds"
   from connected_app a
   left join lateral (
     select count(*)::int as due, min(next_due_at) as oldest from link_schedule where app_id = a.id and next_due_at <= $1
   ) s on true
   left join lateral (
     select count(*) filter (where standing = 'parked')::int as parked,
            count(*) filter (where standing = 'held')::int as held,
            count(*) filter (where standing = 'retrying')::int as retrying
     from account_link where app_id = a.id and standing <> 'settled'
   ) l on true
   where a.state <> 'draft'`,
);

/** How the apps stand, from indexes that hold only what is not settled. */
export function countStandings(db: Queryable, now: Date): Promise<AppStanding[]> {
  return STANDINGS.rows(db, [now]);
}
