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

/* A deletion that is held keeps nobody inside where the account is deactivated already. */
const KEEPS_ACCESS = `(h.operation = 'deactivate' or h.operation = 'delete' and exists (
  select from account_link l where l.app_id = h.app_id and l.user_id = h.user_id and l.account_state = 'active'))`;
/*
 * Holds that keep an account usable that should not be come again every hour, others every day. Moved on by the update, so
 * that of several replicas one tells.
 */
const TAKE = statement<WaitingHolds>(
  'holds-take-tellable',
  `with told as (
     update hold h
     set next_alert_at = case when ${KEEPS_ACCESS} then $2::timestamptz else $3::timestamptz end, alerts = alerts + 1
     where h.state = 'open' and coalesce(h.next_alert_at, h.opened_at) <= $1
     returning h.app_id, ${KEEPS_ACCESS} as keeps
   ),
   apps as (select app_id, bool_or(keeps) as keeps from told group by app_id)
   select a.id as "appId", a.name as app, a.label, count(*)::int as count, min(h.opened_at) as "oldestAt",
     count(*) filter (where t.keeps)::int as "keepingAccess",
     count(*) filter (where h.guard = 'approval')::int as asking
   from apps t join hold h on h.app_id = t.app_id and h.state = 'open' and ${KEEPS_ACCESS} = t.keeps
   join connected_app a on a.id = h.app_id
   group by a.id`,
);

/** Apps of which open holds are due to be told: those that take access away are due again at `next`, others at `later`. */
export function takeTellableHolds(db: Queryable, now: Date, next: Date, later: Date): Promise<WaitingHolds[]> {
  return TAKE.rows(db, [now, next, later]);
}
