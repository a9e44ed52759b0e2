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
  /** What it uses up in the ledgers of the guards. */
  budgets: readonly string[];
  /** A person looked at just this change and let it go: it counts in no window. */
  released: boolean;
  /** The hold that lets it go, which is done then. */
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
 * The seldom parts: what counts against the guards' limits, what a released hold lets go, what takes up a failed request.
 * In the same commit as the intents, for the limits must be exact.
 */
const MARKS = statement(
  'write-intent-marks',
  `with i as materialized (
     select * from unnest($4::uuid[], $5::bigint[], $6::uuid[], $7::timestamptz[], $11::uuid[], $12::timestamptz[])
       as i (user_id, hold_id, parent_id, parent_created_at, request_id, request_created_at)
     where exists (select 1 from pump_lease where app_id = $1 and epoch = $2)
   ),
   used as materialized (
     select * from unnest($8::uuid[], $9::text[], $10::bool[]) as u (user_id, budget, released)
     where exists (select 1 from pump_lease where app_id = $1 and epoch = $2)
   ),
   parents as (
     update provisioning_request r set state = 'Retried' from i
     where r.id = i.parent_id and r.created_at = i.parent_created_at and r.state = 'Failed'
   ),
   -- What was let go stays so for the request that takes up the failed one.
   followed as (
     update hold h set request_id = i.request_id, request_created_at = i.request_created_at from i
     where h.app_id = $1 and h.user_id = i.user_id and h.request_id = i.parent_id and h.let_go_at is not null
   ),
   deactivations as (
     insert into deactivation_ledger (app_id, user_id, at, released)
     select $1, user_id, $3, released from used where budget = 'deactivation'
   ),
   others as (
     insert into guard_ledger (app_id, guard, user_id, at, released)
     select $1, budget, user_id, $3, released from used where budget <> 'deactivation'
   )
   update hold h set state = 'closed', let_go_at = $3 from i where h.id = i.hold_id and h.state = 'released'`,
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
  const marked = intents.filter(
    ({ budgets, releasedHoldId, parent }) => budgets.length > 0 || releasedHoldId || parent,
  );
  const staleHoldIds = intents.flatMap((intent) => intent.staleHoldId ?? []);
  if (marked.length === 0 && staleHoldIds.length === 0) return write(pool);
  return inTransaction(pool, async (db) => {
    const batch = await write(db);
    if (batch === undefined) return undefined;
    const used = marked.flatMap(({ userId, budgets, released }) =>
      budgets.map((budget) => ({ userId, budget, released })),
    );
    await MARKS.run(db, [
      pump.appId,
      pump.epoch,
      pump.now,
      marked.map((intent) => intent.userId),
      marked.map((intent) => intent.releasedHoldId),
      marked.map((intent) => intent.parent?.id ?? null),
      marked.map((intent) => intent.parent?.createdAt ?? null),
      used.map(({ userId }) => userId),
      used.map(({ budget }) => budget),
      used.map(({ released }) => released),
      marked.map((intent) => intent.requestId),
      marked.map((intent) => intent.createdAt),
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
