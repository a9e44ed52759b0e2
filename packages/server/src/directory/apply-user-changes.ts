import { resolveEntitlements } from '../assignments/index.ts';
import type { Actor } from '../audit/index.ts';
import { inTransaction, type Queryable } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { type FieldProblem, Refusal } from '../refusal.ts';
import { loadUserFieldCatalog } from './custom-fields.ts';
import { STANDARD_PROFILE } from './ensure-standard-profile.ts';
import { defaultsOf, loadOrganization } from './organization.ts';
import { planUserChanges } from './plan-user-changes.ts';
import type { ChangeContext, UserChange, UserPlan } from './user-change.ts';
import { markTouched, writeUserPlans } from './write-user-plans.ts';

export interface AppliedChange {
  readonly kind: 'created' | 'updated' | 'deleted' | 'restored' | 'unchanged';
  readonly id: string;
}

/**
 * Makes all the changes or none, with their audit rows and marks, in one transaction. What changes nothing writes nothing.
 * Throws a Refusal that names what is wrong with which change.
 */
export async function applyUserChanges(
  ground: Ground,
  actor: Actor,
  changes: readonly UserChange[],
): Promise<AppliedChange[]> {
  return await inTransaction(
    ground.pool,
    async (tx) => {
      const context = await loadChangeContext(tx, ground.clock.now(), actor);
      const plans = await planUserChanges(tx, context, changes, { lock: true });
      refuseFirst(plans);
      const touched = { userIds: [], managerIds: [] };
      await writeUserPlans(tx, context, plans, touched);
      await markTouched(tx, context.now, touched);
      return plans.flatMap((plan) => (plan.kind === 'refused' ? [] : [{ kind: plan.kind, id: plan.after.id }]));
    },
    { attempts: 3 },
  );
}

export async function loadChangeContext(db: Queryable, now: Date, actor: Actor): Promise<ChangeContext> {
  const catalog = await loadUserFieldCatalog(db);
  const defaults = defaultsOf(await loadOrganization(db));
  const standard = await resolveEntitlements(db, 'profile', [STANDARD_PROFILE]);
  return { now, actor, catalog, defaults, standardProfileId: standard.get(STANDARD_PROFILE)?.id };
}

function refuseFirst(plans: readonly UserPlan[]): void {
  const refused = plans.flatMap((plan, index) => (plan.kind === 'refused' ? [{ ...plan, index }] : []));
  const first = refused[0];
  if (!first) return;
  const single = plans.length === 1;
  const problems: FieldProblem[] = refused.flatMap(({ problems, index }) =>
    problems.map((problem) => (single ? problem : { ...problem, field: `[${index}].${problem.field}` })),
  );
  throw new Refusal(first.code, problems.map((p) => `${p.field} ${p.problem}`).join('; '), problems);
}
