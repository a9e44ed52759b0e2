import { type Queryable, statement } from '../../db/index.ts';
import type { PlanChange, PlanFilter } from '../population-plan.ts';

const COLUMNS = `user_id as "userId", username, operation, hash, cause, movement, held, changes, paths, reason,
  left_out as "leftOut"`;

const LIST = statement<PlanChange>(
  'plan-changes-list',
  `select ${COLUMNS} from population_plan_change
   where plan_id = $1 and ($2::uuid is null or user_id > $2)
     and ($3::text is null or operation = $3) and ($4::text is null or $4 = any (paths))
     and ($5::text is null or cause = $5) and ($6::text is null or movement = $6)
     and ($7::text is null or starts_with(lower(username), lower($7)))
     and ($8::boolean is null or (left_out is not null) = $8)
   order by user_id limit $9`,
);
const BATCH = statement<Pick<PlanChange, 'userId' | 'hash'>>(
  'plan-changes-batch',
  `select user_id as "userId", hash from population_plan_change
   where plan_id = $1 and ($2::uuid is null or user_id > $2) order by user_id limit $3`,
);
const LEAVE_OUT = statement(
  'plan-changes-leave-out',
  `update population_plan_change c set left_out = l.why
   from unnest($2::uuid[], $3::text[]) as l (user_id, why) where c.plan_id = $1 and c.user_id = l.user_id`,
);
const CLEAR = statement('plan-changes-clear', 'delete from population_plan_change where plan_id = $1');

/** In the order of user ids, after one of them. */
export function listChanges(
  db: Queryable,
  planId: string,
  filter: PlanFilter,
  page: { limit: number; after: string | undefined },
): Promise<PlanChange[]> {
  const { operation, attribute, cause, movement, username, leftOut } = filter;
  return LIST.rows(db, [
    planId,
    page.after ?? null,
    operation ?? null,
    attribute ?? null,
    cause ?? null,
    movement ?? null,
    username ?? null,
    leftOut ?? null,
    page.limit,
  ]);
}

export function listPlannedHashes(
  db: Queryable,
  planId: string,
  after: string | null,
  limit: number,
): Promise<Pick<PlanChange, 'userId' | 'hash'>[]> {
  return BATCH.rows(db, [planId, after, limit]);
}

export async function leaveOut(db: Queryable, planId: string, left: { userId: string; why: string }[]): Promise<void> {
  if (left.length === 0) return;
  await LEAVE_OUT.run(db, [planId, left.map(({ userId }) => userId), left.map(({ why }) => why)]);
}

export async function clearChanges(db: Queryable, planId: string): Promise<void> {
  await CLEAR.run(db, [planId]);
}
