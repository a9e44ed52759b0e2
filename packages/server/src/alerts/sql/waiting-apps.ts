import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

export interface QuarantinedApp {
  readonly appId: number;
  readonly app: string;
  readonly label: string;
  readonly since: Date;
  readonly cause: 'credential' | 'target' | 'connector';
  readonly detail: { readonly message: string; readonly nextStep: string };
  readonly waiting: number;
}

/* Moved on by the update, so that of several replicas one tells. What ends by itself in a moment is no news. */
const TAKE = statement<QuarantinedApp>(
  'quarantines-take-tellable',
  `with told as (
     update connected_app set quarantine_alert_at = $2
     where quarantined_at is not null and state = 'active' and coalesce(quarantine_alert_at, quarantined_at + interval '20 seconds') <= $1
     returning id, name, label, quarantined_at, quarantine_cause, quarantine_detail
   )
   select t.id as "appId", t.name as app, t.label, t.quarantined_at as since, t.quarantine_cause as cause,
     t.quarantine_detail as detail,
     (select count(*)::int from link_schedule s where s.app_id = t.id and s.wanted_rev <> s.done_rev) as waiting
   from told t`,
);
/* What ends before anybody was told of it is no news. */
const TAKE_ENDED = statement<{ appId: number; app: string; label: string }>(
  'quarantines-take-ended',
  `update connected_app set quarantine_alert_at = null where quarantined_at is null and quarantine_alert_at is not null
   returning id as "appId", name as app, label`,
);
const DELETIONS = statement<{ appId: number; app: string; label: string; accounts: number; firstAt: Date }>(
  'deletions-tellable',
  `select a.id as "appId", a.name as app, a.label, count(*)::int as accounts, min(l.delete_at) as "firstAt"
   from account_link l join connected_app a on a.id = l.app_id
   where l.delete_at <= $1 and l.account_state = 'deactivated' and a.state = 'active' group by a.id`,
);

/** Quarantined apps that are due to be told, which are due again at `next`. */
export function takeQuarantined(db: Queryable, now: Date, next: Date): Promise<QuarantinedApp[]> {
  return TAKE.rows(db, [now, next]);
}

/** Apps whose quarantine was told and is over. */
export function takeEndedQuarantines(db: Queryable): Promise<{ appId: number; app: string; label: string }[]> {
  return TAKE_ENDED.rows(db);
}

/** Apps with accounts that will be deleted up to then. */
export function listComingDeletions(
  db: Queryable,
  until: Date,
): Promise<{ appId: number; app: string; label: string; accounts: number; firstAt: Date }[]> {
  return DELETIONS.rows(db, [until]);
}
