import { type Queryable, statement } from '../../db/index.ts';
import type { PlanChange, PlanCounts } from '../population-plan.ts';

/*
 * One batch of a plan in one commit, which does not wait for the disk: a crash of the database loses whole batches at
 * the most, and those are made again. Nothing is written when the plan is not running any more.
 */
const WRITE = statement<{ cancelled: boolean }>(
  'plan-write-batch',
  `with lazily as materialized (select set_config('synchronous_commit', 'off', true)),
   advanced as (
     update population_plan set done = done + $2, at_user = $3, counts = $4 where id = $1 and state = 'running'
     returning cancel_requested
   ),
   changed as (
     insert into population_plan_change
       (plan_id, user_id, username, operation, hash, cause, movement, held, changes, paths, reason)
     select $1, r."userId", r.username, r.operation, r.hash, r.cause, r.movement, r.held, r.changes, r.paths, r.reason
     from advanced, json_to_recordset($5) as r ("userId" uuid, username text, operation text, hash text, cause text,
       movement text, held boolean, changes json, paths text[], reason json)
   ),
   valued as (
     insert into population_plan_value (plan_id, path, hash, user_id)
     select $1, v.path, v.hash, v.user_id
     from advanced, unnest($6::text[], $7::bigint[], $8::uuid[]) as v (path, hash, user_id)
   )
   select a.cancel_requested as cancelled from advanced a, lazily`,
);

/** What became of one batch of users, and how far the plan is with it. */
export interface PlannedBatch {
  done: number;
  atUser: string;
  counts: PlanCounts;
  changes: readonly Omit<PlanChange, 'leftOut'>[];
  values: readonly { path: string; hash: bigint; userId: string }[];
}

/** Undefined: the plan is not running any more. */
export function writePlannedBatch(
  db: Queryable,
  planId: string,
  { done, atUser, counts, changes, values }: PlannedBatch,
): Promise<{ cancelled: boolean } | undefined> {
  return WRITE.find(db, [
    planId,
    done,
    atUser,
    JSON.stringify(counts),
    JSON.stringify(changes),
    values.map(({ path }) => path),
    values.map(({ hash }) => hash),
    values.map(({ userId }) => userId),
  ]);
}
