import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { Alert, NewAlert } from '../alert.ts';

const COLUMNS = `id, kind, severity, app_id as "appId", app, title, message, next_step as "nextStep", link, facts,
  created_at as "createdAt", resolved_at as "resolvedAt"`;

/* With its deliveries in one statement: an alert that is on record is on its way, and the same cause is told once. */
const RAISE = statement<{ id: string }>(
  'alert-raise',
  `with raised as (
     insert into alert (id, key, kind, severity, app_id, app, title, message, next_step, link, facts, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (key) do nothing returning id, kind
   ), sent as (
     insert into alert_delivery (alert_id, channel_id, next_attempt_at)
     select r.id, c.id, $12 from raised r join alert_channel c on c.enabled and (c.kinds = '{}' or r.kind = any (c.kinds))
   )
   select id, pg_notify('usher_alert', '') from raised`,
);
const RESOLVE = statement(
  'alert-resolve',
  'update alert set resolved_at = $3 where app_id = $1 and kind = any ($2::text[]) and resolved_at is null',
);
const LIST = statement<Alert>(
  'alerts-list',
  `select ${COLUMNS} from alert
   where ($1::text is null or lower(app) = lower($1)) and ($2::text is null or kind = $2)
     and (not $3 or resolved_at is null) and ($4::timestamptz is null or (created_at, id) < ($4, $5::uuid))
   order by created_at desc, id desc limit $6`,
);
const FIND = statement<Alert>('alert-find', `select ${COLUMNS} from alert where id = $1`);
const FORGET_OLD = statement('alerts-forget-old', 'delete from alert where created_at < $1');

/** False: the same cause was told before. */
export async function raiseAlert(db: Queryable, id: string, alert: NewAlert, now: Date): Promise<boolean> {
  const { key, kind, severity, appId = null, app = null, title, message, nextStep, link = null, facts } = alert;
  const values = [id, key, kind, severity, appId, app, title, message, nextStep, link];
  return (await RAISE.run(db, [...values, facts === undefined ? null : JSON.stringify(facts), now])) === 1;
}

/** What was told of an app is over. */
export async function resolveAlerts(db: Queryable, appId: number, kinds: readonly string[], now: Date): Promise<void> {
  await RESOLVE.run(db, [appId, kinds, now]);
}

export interface AlertFilter {
  readonly app?: string | undefined;
  readonly kind?: string | undefined;
  readonly openOnly: boolean;
}

export function listAlerts(
  db: Queryable,
  { app, kind, openOnly }: AlertFilter,
  before: { at: Date; id: string } | undefined,
  limit: number,
): Promise<Alert[]> {
  return LIST.rows(db, [app ?? null, kind ?? null, openOnly, before?.at ?? null, before?.id ?? null, limit]);
}

export function findAlert(db: Queryable, id: string): Promise<Alert | undefined> {
  return FIND.find(db, [id]);
}

export async function forgetOldAlerts(db: Queryable, before: Date): Promise<void> {
  await FORGET_OLD.run(db, [before]);
}
