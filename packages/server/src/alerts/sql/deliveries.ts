import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

/** One alert on its way to one channel. */
export interface DueDelivery {
  readonly alertId: string;
  readonly channelId: number;
  readonly attempts: number;
}

export interface Delivery {
  readonly channelId: number;
  readonly channel: string;
  readonly state: 'waiting' | 'delivered' | 'given up';
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly lastProblem: string | null;
  readonly deliveredAt: Date | null;
}

/* Whoever takes a delivery moves it past the longest sending, so that a replica that dies at it is followed by another. */
const TAKE = statement<DueDelivery>(
  'deliveries-take',
  `with due as (
     select d.alert_id, d.channel_id from alert_delivery d join alert_channel c on c.id = d.channel_id
     where d.state = 'waiting' and d.next_attempt_at <= $1 and c.enabled
     order by d.next_attempt_at limit $3 for update of d skip locked
   )
   update alert_delivery d set next_attempt_at = $2, attempts = d.attempts + 1
   from due where d.alert_id = due.alert_id and d.channel_id = due.channel_id
   returning d.alert_id as "alertId", d.channel_id as "channelId", d.attempts`,
);
const DELIVERED = statement(
  'delivery-done',
  `update alert_delivery set state = 'delivered', delivered_at = $3, last_problem = null, next_attempt_at = null
   where alert_id = $1 and channel_id = $2`,
);
const FAILED = statement(
  'delivery-failed',
  `update alert_delivery set state = case when $3::timestamptz is null then 'given up' else 'waiting' end,
     next_attempt_at = $3, last_problem = $4
   where alert_id = $1 and channel_id = $2`,
);
const OF_ALERT = statement<Delivery>(
  'deliveries-of-alert',
  `select d.channel_id as "channelId", c.name as channel, d.state, d.attempts, d.next_attempt_at as "nextAttemptAt",
     d.last_problem as "lastProblem", d.delivered_at as "deliveredAt"
   from alert_delivery d join alert_channel c on c.id = d.channel_id where d.alert_id = $1 order by lower(c.name)`,
);
const COUNT = statement<{ state: string; count: number }>(
  'deliveries-count',
  'select state, count(*)::int as count from alert_delivery group by state',
);

export function takeDeliveries(db: Queryable, now: Date, until: Date, limit: number): Promise<DueDelivery[]> {
  return TAKE.rows(db, [now, until, limit]);
}

export async function noteDelivered(db: Queryable, { alertId, channelId }: DueDelivery, now: Date): Promise<void> {
  await DELIVERED.run(db, [alertId, channelId, now]);
}

/** `retryAt` null: it is given up. */
export async function noteFailed(
  db: Queryable,
  { alertId, channelId }: DueDelivery,
  retryAt: Date | null,
  problem: string,
): Promise<void> {
  await FAILED.run(db, [alertId, channelId, retryAt, problem.slice(0, 1000)]);
}

export function listDeliveries(db: Queryable, alertId: string): Promise<Delivery[]> {
  return OF_ALERT.rows(db, [alertId]);
}

export function countDeliveries(db: Queryable): Promise<{ state: string; count: number }[]> {
  return COUNT.rows(db);
}
