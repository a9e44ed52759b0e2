import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

/** Well within a lease: who waits for an answer for ever would neither renew it nor give it up. */
const LIMIT = { answerWithinMs: 5_000 };

export interface Lease {
  appId: number;
  /** Raised by each takeover; every commit of a pump names it, so that one that was paused can write nothing. */
  epoch: number;
  /** By the database's clock, as milliseconds from the moment of asking. */
  remainingMs: number;
}

/** Leases alone use the database's clock: replicas need not agree on the time. */
const ACQUIRE = statement<{ epoch: number; remaining_ms: number }>(
  'lease-acquire',
  `insert into pump_lease as l (app_id, holder, epoch, expires_at)
   values ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
   on conflict (app_id) do update
     set holder = $2, epoch = l.epoch + 1, expires_at = clock_timestamp() + $3 * interval '1 millisecond'
     where l.expires_at <= clock_timestamp()
   returning epoch, $3::int as remaining_ms`,
  LIMIT,
);
const RENEW = statement<{ remaining_ms: number }>(
  'lease-renew',
  `update pump_lease set expires_at = clock_timestamp() + $3 * interval '1 millisecond'
   where app_id = $1 and epoch = $2 returning $3::int as remaining_ms`,
  LIMIT,
);
const RELEASE = statement(
  'lease-release',
  'update pump_lease set expires_at = clock_timestamp() where app_id = $1 and epoch = $2',
  LIMIT,
);
const FREE_APPS = statement<{ id: number }>(
  'lease-free-apps',
  `select a.id from connected_app a left join pump_lease l on l.app_id = a.id
   where a.state = 'active' and (l.app_id is null or l.expires_at <= clock_timestamp()) order by a.id`,
  LIMIT,
);
/*
 * A call of the pump before may still be on its way: its links are read at the target before anything is written, and
 * not before that call must have ended. However old the intent, the call may have begun a moment before the takeover, so
 * the first takeover sets the deadline; later ones do not put it off. Whoever has lost the lease again takes nothing.
 */
const INHERIT = statement<{ user_id: string; wait_ms: number }>(
  'lease-inherit',
  `with lease as materialized (select 1 from pump_lease where app_id = $1 and epoch = $4 for share),
   batch as (
     update open_intent set deadline = least(deadline, $2::timestamptz + $3 * interval '1 millisecond')
     where app_id = $1 and exists (select from lease)
     returning *
   ), open as materialized (
     -- a link may be in several batches, of pumps that died one after the other: the last one's request is open
     select distinct on (i.user_id) max(b.deadline) over (partition by i.user_id) as deadline, i.* from batch b,
       unnest(b.request_ids, b.created_ats, b.user_ids, b.operations, b.causes, b.versions, b.attempts)
         as i (id, created_at, user_id, operation, cause, version, attempt)
     -- an attempt after a 429 or after a look at the account repeats its number
     where not exists (
       select 1 from provisioning_log l
       where l.request_id = i.id and l.attempt >= i.attempt and l.tx > b.tx
     )
     order by i.user_id, b.tx desc, b.id desc
   ), request as (
     insert into provisioning_request (id, created_at, app_id, user_id, operation, state, cause, version, attempts)
     select id, created_at, $1, user_id, operation, 'Requested', cause, version, attempt from open
     on conflict (id, created_at) do nothing
   ), schedule as (
     update link_schedule s set read_first = true, next_due_at = least(s.next_due_at, $2) from open o
     where s.app_id = $1 and s.user_id = o.user_id
   ), link as (
     insert into account_link as l (app_id, user_id, request_id, request_created_at, updated_at)
     select $1, o.user_id, o.id, o.created_at, $2 from open o
     on conflict (app_id, user_id) do update
       set request_id = excluded.request_id, request_created_at = excluded.request_created_at,
           -- Its failed request was taken up by this one, which the next attempt is to go on with.
           standing = case when l.standing = 'parked' then 'retrying' else l.standing end,
           reason = case when l.standing = 'parked' then null else l.reason end
   )
   select user_id, greatest(0, extract(epoch from deadline - $2::timestamptz) * 1000)::int as wait_ms from open`,
);

const FORGET_PAST = statement('intents-forget-past', 'delete from open_intent where app_id = $1 and deadline <= $2');

/** The app's lease, or undefined while another replica holds it. */
export async function acquireLease(
  db: Queryable,
  appId: number,
  holder: string,
  lengthMs: number,
): Promise<Lease | undefined> {
  const row = await ACQUIRE.find(db, [appId, holder, lengthMs]);
  return row && { appId, epoch: Number(row.epoch), remainingMs: row.remaining_ms };
}

/** False: the lease is lost, and nothing more may be sent. */
export async function renewLease(db: Queryable, lease: Lease, lengthMs: number): Promise<boolean> {
  return (await RENEW.run(db, [lease.appId, lease.epoch, lengthMs])) === 1;
}

export async function releaseLease(db: Queryable, lease: Lease): Promise<void> {
  await RELEASE.run(db, [lease.appId, lease.epoch]);
}

/** Active apps that no replica works at present. */
export async function listFreeApps(db: Queryable): Promise<number[]> {
  return (await FREE_APPS.rows(db)).map((row) => row.id);
}

/** Takes over the open intents of the pump before: the users whose calls may still be under way, for how many ms. */
export async function inheritIntents(
  db: Queryable,
  { appId, epoch }: Lease,
  { now, callLimitMs }: { now: Date; callLimitMs: number },
): Promise<Map<string, number>> {
  const rows = await INHERIT.rows(db, [appId, now, callLimitMs, epoch]);
  // Their links are marked by now: read first, whenever that is.
  await FORGET_PAST.run(db, [appId, now]);
  return new Map(rows.map((row) => [row.user_id, row.wait_ms]));
}
