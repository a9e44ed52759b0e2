import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

export interface WaitingHolds {
  readonly appId: number;
  readonly app: string;
  readonly label: string;
  readonly count: number;
  readonly oldestAt: Date;
  /** Among them who still has access that they should not have. */
  readonly keepingAccess: number;
  /** Among them what asks for the word of certain people. */
  readonly asking: number;
}

/*
 * Holds that keep an account usable that should not be come again every hour, others every day. Moved on by the update, so
 * that of several replicas one tells.
 */
const TAKE = statement<WaitingHolds>(
  'holds-take-tellable',
  `with told as (
     update hold
     set next_alert_at = case when operation in ('deactivate', 'delete') then $2::timestamptz else $3::timestamptz end,
       alerts = alerts + 1
     where state = 'open' and coalesce(next_alert_at, opened_at) <= $1
     returning app_id, operation in ('deactivate', 'delete') as takes
   ),
   apps as (select app_id, bool_or(takes) as takes from told group by app_id)
   select a.id as "appId", a.name as app, a.label, count(*)::int as count, min(h.opened_at) as "oldestAt",
     count(*) filter (where h.operation in ('deactivate', 'delete'))::int as "keepingAccess",
     count(*) filter (where h.guard = 'approval')::int as asking
   from apps t join hold h on h.app_id = t.app_id and h.state = 'open'
     and (h.operation in ('deactivate', 'delete')) = t.takes
   join connected_app a on a.id = h.app_id
   group by a.id`,
);

/** Apps of which open holds are due to be told: those that take access away are due again at `next`, others at `later`. */
export function takeTellableHolds(db: Queryable, now: Date, next: Date, later: Date): Promise<WaitingHolds[]> {
  return TAKE.rows(db, [now, next, later]);
}
