import { writeAssignments } from '../assignments/index.ts';
import { type AuditEntry, writeAudit } from '../audit/index.ts';
import { findConstraint, isUniqueViolation, type PoolClient } from '../db/index.ts';
import { markReportsOf, markUsers } from '../marking/index.ts';
import { refuseField } from '../refusal.ts';
import { insertUsers, updateUsers } from './sql/user-rows.ts';
import type { ChangeContext, UserPlan, WritePlan } from './user-change.ts';

const MARK_AT_ONCE = 5_000;

/** Whose links a change concerns: their own, and those of their reports, whose mappings may show them. */
export interface Touched {
  readonly userIds: string[];
  readonly managerIds: string[];
}

/** Writes a batch: rows, assignments, audit. Marking is apart, since it is done once, at the end of the transaction. */
export async function writeUserPlans(
  tx: PoolClient,
  context: ChangeContext,
  plans: readonly UserPlan[],
  touched: Touched,
): Promise<void> {
  const { now } = context;
  const writes = plans.filter((plan): plan is WritePlan => plan.kind !== 'refused' && plan.kind !== 'unchanged');
  await refuseTaken(async () => {
    await updateUsers(
      tx,
      now,
      writes.filter((plan) => plan.before !== null).map(({ after }) => after),
    );
    await insertUsers(
      tx,
      now,
      writes.filter((plan) => plan.before === null).map(({ after }) => after),
    );
  });
  await writeAssignments(tx, now, {
    remove: writes.flatMap((plan) => plan.assignments.remove),
    add: writes.flatMap((plan) => plan.assignments.add),
  });
  await writeAudit(
    tx,
    now,
    context.actor,
    writes.map((plan) => buildAuditEntry(plan, context)),
  );
  for (const plan of writes) {
    touched.userIds.push(plan.after.id);
    if (isVisibleToReports(plan)) touched.managerIds.push(plan.after.id);
  }
}

export async function markTouched(tx: PoolClient, now: Date, touched: Touched): Promise<void> {
  for (let from = 0; from < touched.userIds.length; from += MARK_AT_ONCE) {
    await markUsers(tx, now, touched.userIds.slice(from, from + MARK_AT_ONCE));
  }
  for (let from = 0; from < touched.managerIds.length; from += MARK_AT_ONCE) {
    await markReportsOf(tx, now, touched.managerIds.slice(from, from + MARK_AT_ONCE));
  }
}

function buildAuditEntry(plan: WritePlan, context: ChangeContext): AuditEntry {
  return {
    action: `user.${plan.kind}`,
    entityKind: 'user',
    entityId: plan.after.id,
    userId: plan.after.id,
    ...(plan.before === null ? {} : { before: plan.difference.before }),
    after: plan.before === null ? { ...plan.difference.after, ...plan.after.fields } : plan.difference.after,
    reason: context.reason,
  };
}

const OWN_AFFAIRS = new Set(['PermissionSets', 'PermissionSetGroups', 'ManagerId', 'Profile']);

export function isVisibleToReports(plan: WritePlan): boolean {
  return plan.kind !== 'created' && Object.keys(plan.difference.after).some((name) => !OWN_AFFAIRS.has(name));
}

/** Another transaction may take a value between the look and the write. */
export async function refuseTaken(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const field =
      findConstraint(error) === 'directory_user_federation_identifier_key' ? 'FederationIdentifier' : 'Username';
    throw refuseField(
      'already_exists',
      field,
      'is taken by another user, who got it a moment ago',
      'Look at the users again, and repeat the change.',
    );
  }
}
