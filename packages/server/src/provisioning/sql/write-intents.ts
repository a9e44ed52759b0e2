import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { Operation } from '../../planning/index.ts';

/** That a call is about to be made: committed before it, so that no effect is without its record. */
export interface Intent {
  requestId: string;
  createdAt: Date;
  userId: string;
  operation: Operation;
  cause: string;
  version: number;
  /** Counts against the deactivation threshold. */
  counted: boolean;
  /** Released by a person, so it does not count, and its hold is done. */
  releasedHoldId: number | null;
  /** The failed request that this one takes up. */
  parent: { id: string; createdAt: Date } | null;
}

// Until when its call may be under way is known once its pump is gone: the takeover sets it.
const INTENTS = statement<{ written: number }>(
  'write-intents',
  `with lease as materialized (select 1 from pump_lease where app_id = $1 and epoch = $2 for share),
   i as materialized (
     select i.* from unnest($4::uuid[], $5::timestamptz[], $6::uuid[], $7::text[], $8::text[], $9::int[], $10::bool[],
       $11::bigint[], $12::uuid[], $13::timestamptz[])
       as i (id, created_at, user_id, operation, cause, version, counted, hold_id, parent_id, parent_created_at), lease
   ),
   requests as (
     insert into provisioning_request as r
       (id, created_at, app_id, user_id, operation, state, cause, version, attempts, epoch, intent_deadline, parent_id)
     select id, created_at, $1, user_id, operation, 'Requested', cause, version, 1, $2, 'infinity', parent_id from i
     on conflict (id, created_at) do update
       set state = 'Requested', operation = excluded.operation, version = excluded.version, attempts = r.attempts + 1,
           epoch = excluded.epoch, intent_deadline = excluded.intent_deadline, retry_at = null
     returning 1
   ),
   parents as (
     update provisioning_request r set state = 'Retried' from i
     where r.id = i.parent_id and r.created_at = i.parent_created_at and r.state = 'Failed'
   ),
   ledger as (
     insert into deactivation_ledger (app_id, user_id, at, released)
     select $1, user_id, $3, not counted from i where counted or hold_id is not null
   ),
   holds as (
     update hold h set state = 'closed' from i where h.id = i.hold_id and h.state = 'released'
   )
   select count(*)::int as written from requests`,
);

/** Writes the intents in one commit. False: the lease is lost, and nothing may be sent. */
export async function writeIntents(
  db: Queryable,
  pump: { appId: number; epoch: number; now: Date },
  intents: Intent[],
): Promise<boolean> {
  const row = await INTENTS.find(db, [
    pump.appId,
    pump.epoch,
    pump.now,
    intents.map((intent) => intent.requestId),
    intents.map((intent) => intent.createdAt),
    intents.map((intent) => intent.userId),
    intents.map((intent) => intent.operation),
    intents.map((intent) => intent.cause),
    intents.map((intent) => intent.version),
    intents.map((intent) => intent.counted),
    intents.map((intent) => intent.releasedHoldId),
    intents.map((intent) => intent.parent?.id ?? null),
    intents.map((intent) => intent.parent?.createdAt ?? null),
  ]);
  return row?.written === intents.length;
}

const WINDOW = statement<{ used: number; usable: number }>(
  'deactivation-window',
  `select (select count(distinct user_id)::int from deactivation_ledger
            where app_id = $1 and at > $2 and not released) as used,
          (select count(*)::int from (select 1 from account_link
            where app_id = $1 and account_state = 'active' limit $3) l) as usable`,
);

/** Deactivations in the window, and usable accounts counted up to `enough`. */
export async function readDeactivationWindow(
  db: Queryable,
  window: { appId: number; since: Date; enough: number },
): Promise<{ used: number; usable: number }> {
  const row = await WINDOW.find(db, [window.appId, window.since, window.enough]);
  return row ?? { used: 0, usable: 0 };
}
