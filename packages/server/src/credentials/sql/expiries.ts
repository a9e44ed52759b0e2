import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

export const EXPIRING_THINGS = ['credential', 'consumer secret', 'staged secret', 'client certificate'] as const;
export type ExpiringThing = (typeof EXPIRING_THINGS)[number];

/** Something of an app that ends by itself. */
export interface Expiry {
  readonly appId: number;
  readonly what: ExpiringThing;
  readonly expiresAt: Date;
  /** How that is known, as a sentence. */
  readonly why: string;
  /** Each refresh puts it off: nothing is told while the refreshes come. */
  readonly isPutOff?: boolean | undefined;
}

/* A life that became longer is told of anew when it nears its end. */
const SAVE = statement(
  'expiry-save',
  `insert into credential_expiry (app_id, what, expires_at, why, put_off) values ($1, $2, $3, $4, $5)
   on conflict (app_id, what) do update set why = excluded.why, expires_at = excluded.expires_at,
     put_off = excluded.put_off,
     told_days = case when excluded.expires_at > credential_expiry.expires_at + interval '1 day' then null
       else credential_expiry.told_days end`,
);
const FORGET = statement(
  'expiry-forget',
  'delete from credential_expiry where app_id = $1 and what = any ($2::text[])',
);
const LIST = statement<Expiry & { app: string; label: string }>(
  'expiries-list',
  `select e.app_id as "appId", a.name as app, a.label, e.what, e.expires_at as "expiresAt", e.why,
     e.put_off as "isPutOff"
   from credential_expiry e join connected_app a on a.id = e.app_id
   order by e.expires_at, a.name`,
);
/* Marked by the update, so that of several replicas one tells. */
const TAKE_TELLABLE = statement<Expiry & { app: string; label: string; days: number }>(
  'expiries-take-tellable',
  `with reached as (
     select e.app_id, e.what, min(t.days) as days
     from credential_expiry e join unnest($2::int[]) t (days) on e.expires_at <= $1::timestamptz + make_interval(days => t.days)
     where not e.put_off or not exists (
       select from credential_health h where h.app_id = e.app_id and h.keep_alive_at > $1::timestamptz - interval '1 hour')
     group by e.app_id, e.what
   )
   update credential_expiry e set told_days = r.days
   from reached r, connected_app a
   where e.app_id = r.app_id and e.what = r.what and a.id = e.app_id and coalesce(e.told_days, 1000000) > r.days
   returning e.app_id as "appId", a.name as app, a.label, e.what, e.expires_at as "expiresAt", e.why, r.days`,
);

export async function saveExpiry(
  db: Queryable,
  { appId, what, expiresAt, why, isPutOff = false }: Expiry,
): Promise<void> {
  await SAVE.run(db, [appId, what, expiresAt, why, isPutOff]);
}

export async function forgetExpiry(db: Queryable, appId: number, what: readonly ExpiringThing[]): Promise<void> {
  await FORGET.run(db, [appId, what]);
}

/** Everything that ends by itself, the soonest first. */
export function listExpiries(db: Queryable): Promise<(Expiry & { app: string; label: string })[]> {
  return LIST.rows(db);
}

/** What has come under a threshold that was not told yet; it counts as told from then on. */
export function takeTellableExpiries(
  db: Queryable,
  now: Date,
  thresholdDays: readonly number[],
): Promise<(Expiry & { app: string; label: string; days: number })[]> {
  return TAKE_TELLABLE.rows(db, [now, thresholdDays]);
}
