import { arrayLiteral, timeArrayLiteral } from '../../db/array-literal.ts';
import { inTransaction, type Pool, type Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { Operation } from '../../planning/index.ts';
import { LeaseLostError } from '../lease-lost-error.ts';
import { closeHolds } from './write-outcomes.ts';

/** That a call is about to be made: committed before it, so that no effect is without its record. */
export interface Intent {
  requestId: string;
  createdAt: Date;
  userId: string;
  operation: Operation;
  cause: string;
  version: number;
  attempt: number;
  /** Counts against the deactivation threshold. */
  counted: boolean;
  /** Released by a person, so it does not count, and its hold is done. */
  releasedHoldId: number | null;
  /** A hold of another change, which ends. */
  staleHoldId: number | null;
  /** The failed request that this one takes up. */
  parent: { id: string; createdAt: Date } | null;
}

// Until when its call may be under way is known once its pump is gone: the takeover sets it.
// What was planned under another revision of the app is not sent: the version that served a user may do so no more.
const INTENTS = statement<{ id: number | null; leased: boolean }>(
  'write-intents',
  `with lease as materialized (select 1 from pump_lease where app_id = $1 and epoch = $2 for share),
   batch as (
     insert into open_intent
       (app_id, epoch, written_at, deadline, request_ids, created_ats, user_ids, operations, causes, versions, attempts)
     select $1, $2, $3, 'infinity', $4::uuid[], $5::timestamptz[], $6::uuid[], $7::text[], $8::text[], $9::int[], $10::smallint[]
     from lease
     where $12::bigint is null or exists (select from connected_app where id = $1 and revision = $12)
     returning id
   ),
   finished as (delete from open_intent where id = any ($11::bigint[]))
   select (select id from batch) as id, exists (select from lease) as leased`,
);

/*
 * The seldom parts: what counts against the threshold, what a released hold lets through, what takes up a failed request.
 * In the same commit as the intents, for the threshold must be exact.
 */
const MARKS = statement(
  'write-intent-marks',
  `with i as materialized (
     select * from unnest($4::uuid[], $5::bool[], $6::bigint[], $7::uuid[], $8::timestamptz[])
       as i (user_id, counted, hold_id, parent_id, parent_created_at)
     where exists (select 1 from pump_lease where app_id = $1 and epoch = $2)
   ),
   parents as (
     update provisioning_request r set state = 'Retried' from i
     where r.id = i.parent_id and r.created_at = i.parent_created_at and r.state = 'Failed'
   ),
   ledger as (
     insert into deactivation_ledger (app_id, user_id, at, released)
     select $1, user_id, $3, not counted from i where counted or hold_id is not null
   )
   update hold h set state = 'closed' from i where h.id = i.hold_id and h.state = 'released'`,
);

/**
 * Writes the intents in one commit, and gives their batch; undefined when the app has another revision by now. Throws
 * {@link LeaseLostError}: nothing may be sent then.
 */
export async function writeIntents(
  pool: Pool,
  pump: { appId: number; epoch: number; now: Date; revision?: number | undefined },
  intents: Intent[],
  finishedBatches: number[],
): Promise<number | undefined> {
  const write = async (db: Queryable) => {
    const row = await INTENTS.find(db, [
      pump.appId,
      pump.epoch,
      pump.now,
      arrayLiteral(intents.map((intent) => intent.requestId)),
      timeArrayLiteral(intents.map((intent) => intent.createdAt)),
      arrayLiteral(intents.map((intent) => intent.userId)),
      intents.map((intent) => intent.operation),
      intents.map((intent) => intent.cause),
      arrayLiteral(intents.map((intent) => intent.version)),
      arrayLiteral(intents.map((intent) => intent.attempt)),
      arrayLiteral(finishedBatches),
      pump.revision ?? null,
    ]);
    if (!row?.leased) throw new LeaseLostError(pump.appId);
    return row.id === null ? undefined : Number(row.id);
  };
  const marked = intents.filter((intent) => intent.counted || intent.releasedHoldId !== null || intent.parent);
  const staleHoldIds = intents.flatMap((intent) => intent.staleHoldId ?? []);
  if (marked.length === 0 && staleHoldIds.length === 0) return write(pool);
  return inTransaction(pool, async (db) => {
    const batch = await write(db);
    if (batch === undefined) return undefined;
    await MARKS.run(db, [
      pump.appId,
      pump.epoch,
      pump.now,
      marked.map((intent) => intent.userId),
      marked.map((intent) => intent.counted),
      marked.map((intent) => intent.releasedHoldId),
      marked.map((intent) => intent.parent?.id ?? null),
      marked.map((intent) => intent.parent?.createdAt ?? null),
    ]);
    await closeHolds(db, staleHoldIds, pump.now, STALE_HOLD);
    return batch;
  });
}

/** Why a hold ended that nobody decided. */
export const STALE_HOLD = 'The change is no longer the one that was held';

const FORGET_BATCHES = statement('forget-intent-batches', 'delete from open_intent where id = any ($1::bigint[])');

/** Batches whose every item has its outcome. */
export async function forgetBatches(db: Queryable, ids: number[]): Promise<void> {
  if (ids.length > 0) await FORGET_BATCHES.run(db, [ids]);
}

const COUNTED = statement<{ user_id: string }>(
  'deactivation-counted',
  'select distinct user_id from deactivation_ledger where app_id = $1 and at > $2 and user_id = any ($3::uuid[])',
);

/** Which of these users the window counts already, or a person released. */
export async function listCounted(
  db: Queryable,
  window: { appId: number; since: Date; userIds: string[] },
): Promise<Set<string>> {
  const rows = await COUNTED.rows(db, [window.appId, window.since, window.userIds]);
  return new Set(rows.map((row) => row.user_id));
}

const WINDOW = statement<{ used: number; usable: number; held: number }>(
  'deactivation-window',
  `select (select count(distinct user_id)::int from deactivation_ledger
            where app_id = $1 and at > $2 and not released) as used,
          (select count(*)::int from (select 1 from account_link
            where app_id = $1 and account_state = 'active' limit $3) l) as usable,
          (select count(*)::int from hold
            where app_id = $1 and state = 'open' and guard = 'deactivation threshold' and opened_at > $4) as held`,
);

/** Deactivations in the window, usable accounts counted up to `enough`, and what was held since `heldSince`. */
export async function readDeactivationWindow(
  db: Queryable,
  window: { appId: number; since: Date; enough: number; heldSince: Date },
): Promise<{ used: number; usable: number; held: number }> {
  const row = await WINDOW.find(db, [window.appId, window.since, window.enough, window.heldSince]);
  return row ?? { used: 0, usable: 0, held: 0 };
}
