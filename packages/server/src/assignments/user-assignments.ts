import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction, type PoolClient } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { markUsers } from '../marking/index.ts';
import { Refusal, refuseField } from '../refusal.ts';
import type { HeldAssignment } from './entitlement.ts';
import { assertExpectedRevision, type ExpectedRevision } from './expected-revision.ts';
import { buildUnknownNameProblem } from './resolve-names.ts';
import { listEntitlementNames, resolveEntitlements } from './sql/entitlements.ts';
import {
  changeAssignmentExpiry,
  loadHeldAssignments,
  lockAssignee,
  raiseAssignee,
  writeAssignments,
} from './sql/user-assignments.ts';

/** A user's assignments and the user's revision after the change. */
export interface AssignmentChange {
  readonly assignment: HeldAssignment;
  readonly revision: number | bigint;
}

export interface AssignmentRequest {
  readonly userId: string;
  readonly expected: ExpectedRevision;
}

export type AssignedThing = { readonly permissionSet: string } | { readonly permissionSetGroup: string };

/** Gives a permission set or group to a user, until `expiresAt` if there is one. What the user holds already is refused. */
export async function assignToUser(
  ground: Ground,
  actor: Actor,
  request: AssignmentRequest & { thing: AssignedThing; expiresAt: Date | null },
): Promise<AssignmentChange> {
  return await inTransaction(
    ground.pool,
    async (tx) => {
      const now = ground.clock.now();
      refuseBygone(request.expiresAt, now);
      await lockUser(tx, request);
      const found = await resolveThing(tx, request.thing);
      const held = await loadHeldAssignments(tx, [request.userId]);
      const same = held.find((assignment) => isOf(assignment, found));
      if (same && (same.expiresAt === null || same.expiresAt > now)) {
        throw refuseField(
          'already_exists',
          found.field,
          `is given to the user already${same.expiresAt ? `, until ${same.expiresAt.toISOString()}` : ''}`,
          `Change the assignment ${same.id} instead.`,
        );
      }
      const key = found.kind === 'permission set' ? { permissionSetId: found.id } : { permissionSetGroupId: found.id };
      await writeAssignments(tx, now, {
        remove: same ? [same.id] : [],
        add: [{ userId: request.userId, ...key, expiresAt: request.expiresAt }],
      });
      const after = (await loadHeldAssignments(tx, [request.userId])).find((assignment) => isOf(assignment, found));
      if (!after) throw new Error('The assignment that was just written is not there');
      return await finish(tx, now, actor, 'assigned', undefined, after);
    },
    { attempts: 3 },
  );
}

export async function changeAssignment(
  ground: Ground,
  actor: Actor,
  request: AssignmentRequest & { assignmentId: number; expiresAt: Date | null },
): Promise<AssignmentChange> {
  return await inTransaction(
    ground.pool,
    async (tx) => {
      const now = ground.clock.now();
      refuseBygone(request.expiresAt, now);
      const user = await lockUser(tx, request);
      const before = await getAssignment(tx, request);
      if (before.expiresAt?.getTime() === request.expiresAt?.getTime()) {
        return { assignment: before, revision: user.revision };
      }
      await changeAssignmentExpiry(tx, before.id, request.expiresAt);
      return await finish(tx, now, actor, 'assignment-changed', before, { ...before, expiresAt: request.expiresAt });
    },
    { attempts: 3 },
  );
}

export async function unassignFromUser(
  ground: Ground,
  actor: Actor,
  request: AssignmentRequest & { assignmentId: number },
): Promise<AssignmentChange> {
  return await inTransaction(
    ground.pool,
    async (tx) => {
      const now = ground.clock.now();
      await lockUser(tx, request);
      const before = await getAssignment(tx, request);
      await writeAssignments(tx, now, { remove: [before.id], add: [] });
      return await finish(tx, now, actor, 'unassigned', before, undefined);
    },
    { attempts: 3 },
  );
}

/** Audit, revision and marking, in the transaction of the change. */
async function finish(
  tx: PoolClient,
  now: Date,
  actor: Actor,
  verb: string,
  before: HeldAssignment | undefined,
  after: HeldAssignment | undefined,
): Promise<AssignmentChange> {
  const assignment = after ?? before;
  if (!assignment) throw new Error('An assignment changes from something or to something');
  const kind = assignment.permissionSetId === null ? 'permission set group' : 'permission set';
  await writeAudit(tx, now, actor, [
    {
      action: `${kind.replaceAll(' ', '-')}.${verb}`,
      entityKind: 'user',
      entityId: assignment.userId,
      userId: assignment.userId,
      before: before && describe(before),
      after: after && describe(after),
    },
  ]);
  const revision = await raiseAssignee(tx, now, assignment.userId);
  await markUsers(tx, now, [assignment.userId]);
  return { assignment, revision };
}

function describe(assignment: HeldAssignment): Record<string, unknown> {
  const kind = assignment.permissionSetId === null ? 'PermissionSetGroup' : 'PermissionSet';
  return { [kind]: assignment.name, ExpirationDate: assignment.expiresAt?.toISOString() ?? null };
}

async function lockUser(tx: PoolClient, { userId, expected }: AssignmentRequest) {
  const user = await lockAssignee(tx, userId);
  if (!user) throw new Refusal('not_found', `There is no user with the id ${userId}.`);
  assertExpectedRevision(expected, user.revision, `The user ${user.username}`);
  if (user.is_deleted) throw new Refusal('conflict', `The user ${user.username} is deleted. Restore the user first.`);
  return user;
}

async function getAssignment(
  tx: PoolClient,
  request: AssignmentRequest & { assignmentId: number },
): Promise<HeldAssignment> {
  const held = await loadHeldAssignments(tx, [request.userId]);
  const found = held.find((assignment) => Number(assignment.id) === request.assignmentId);
  if (found) return found;
  throw new Refusal('not_found', `The user has no assignment ${request.assignmentId}. List the user's assignments.`);
}

async function resolveThing(tx: PoolClient, thing: AssignedThing) {
  const kind = 'permissionSet' in thing ? 'permission set' : 'permission set group';
  const field = 'permissionSet' in thing ? 'PermissionSet' : 'PermissionSetGroup';
  const name = 'permissionSet' in thing ? thing.permissionSet : thing.permissionSetGroup;
  const found = (await resolveEntitlements(tx, kind, [name])).get(name);
  if (found) return { kind, field, id: found.id } as const;
  const { problem, fix } = buildUnknownNameProblem(kind, name, await listEntitlementNames(tx, kind));
  throw refuseField('invalid_value', field, problem, fix);
}

function isOf(assignment: HeldAssignment, thing: { kind: string; id: number }): boolean {
  return thing.kind === 'permission set'
    ? assignment.permissionSetId === thing.id
    : assignment.permissionSetGroupId === thing.id;
}

function refuseBygone(expiresAt: Date | null, now: Date): void {
  if (expiresAt === null || expiresAt > now) return;
  throw refuseField(
    'invalid_value',
    'ExpirationDate',
    `${expiresAt.toISOString()} is past`,
    'Give a time to come, or take the assignment away.',
  );
}
