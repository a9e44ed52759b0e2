import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

export interface WaitingHolds {
  readonly appId: number;
  readonly app: string;
  readonly label: string;
  readonly count: number;
  readonly oldestAt: Date;
}

/*
 * Holds that keep an account usable that should not be. Moved on by the update, so that of several replicas one tells.
 */
const TAKE = statement<WaitingHolds>(
  'holds-take-tellable',
  `with told as (
     update hold set next_alert_at = $2
     where state = 'open' and operation in ('deactivate', 'delete') and coalesce(next_alert_at, opened_at) <= $1
     returning app_id
   )
   select a.id as "appId", a.name as app, a.label, count(*)::int as count, min(h.opened_at) as "oldestAt"
   from hold h join connected_app a on a.id = h.app_id
   where h.state = 'open' and h.operation in ('deactivate', 'delete') and h.app_id in (select app_id from told)
   group by a.id`,
);

/** Apps of which open holds are due to be told; they are due again at `next`. */
export function takeTellableHolds(db: Queryable, now: Date, next: Date): Promise<WaitingHolds[]> {
  return TAKE.rows(db, [now, next]);
}
