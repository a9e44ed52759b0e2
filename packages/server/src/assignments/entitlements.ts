import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction, isUniqueViolation, type PoolClient } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import {
  markHoldersOfPermissionSet,
  markHoldersOfPermissionSetGroup,
  markMembersOfProfile,
  markUsers,
} from '../marking/index.ts';
import { Refusal, refuseField } from '../refusal.ts';
import { checkEntitlement } from './check-entitlement.ts';
import type { Entitlement, EntitlementDraft, EntitlementKind } from './entitlement.ts';
import { assertExpectedRevision, type ExpectedRevision } from './expected-revision.ts';
import {
  deleteEntitlementRow,
  type EntitlementKey,
  findEntitlement,
  insertEntitlement,
  lockEntitlement,
  updateEntitlement,
} from './sql/entitlements.ts';
import {
  countMembersOfProfile,
  listAppsGrantedBy,
  listHoldersOfPermissionSet,
  listHoldersOfPermissionSetGroup,
} from './sql/holders.ts';
import { writeComponents } from './write-components.ts';

const MARK_AT_ONCE = 5_000;

export async function getEntitlement(ground: Ground, kind: EntitlementKind, key: EntitlementKey): Promise<Entitlement> {
  return (await findEntitlement(ground.pool, kind, key)) ?? refuseUnknown(kind, key);
}

export async function createEntitlement(
  ground: Ground,
  actor: Actor,
  kind: EntitlementKind,
  draft: EntitlementDraft & { readonly name: string },
): Promise<Entitlement> {
  refuseFaults(kind, draft);
  return await guardName(kind, draft.name, () =>
    inTransaction(ground.pool, async (tx) => {
      const now = ground.clock.now();
      const id = await insertEntitlement(tx, now, kind, draft);
      if (draft.permissionSets) await writeComponents(tx, id, { set: draft.permissionSets });
      const created = (await findEntitlement(tx, kind, { id })) ?? refuseUnknown(kind, { id });
      await writeAudit(tx, now, actor, [
        { action: `${slug(kind)}.created`, entityKind: slug(kind), entityId: String(id), after: describe(created) },
      ]);
      return created;
    }),
  );
}

/** A new name marks everyone who has it, for mappings may show it; a label or description is only ours. */
export async function changeEntitlement(
  ground: Ground,
  actor: Actor,
  request: { kind: EntitlementKind; key: EntitlementKey; expected: ExpectedRevision; draft: EntitlementDraft },
): Promise<Entitlement> {
  const { kind, draft } = request;
  refuseFaults(kind, draft);
  return await guardName(kind, draft.name ?? '', () =>
    inTransaction(
      ground.pool,
      async (tx) => {
        const now = ground.clock.now();
        const before = await lockAt(tx, request);
        const wanted = {
          id: before.id,
          name: draft.name ?? before.name,
          label: draft.label ?? before.label,
          description: draft.description === undefined ? before.description : draft.description || null,
        };
        const renamed = wanted.name !== before.name;
        const bundled = draft.permissionSets
          ? await writeComponents(tx, before.id, { set: draft.permissionSets })
          : false;
        const same = !renamed && wanted.label === before.label && wanted.description === before.description;
        if (same && !bundled) return before;
        await updateEntitlement(tx, now, kind, wanted);
        const after = (await findEntitlement(tx, kind, { id: before.id })) ?? refuseUnknown(kind, request.key);
        await writeAudit(tx, now, actor, [
          {
            action: `${slug(kind)}.changed`,
            entityKind: slug(kind),
            entityId: String(before.id),
            before: describe(before),
            after: describe(after),
          },
        ]);
        if (renamed || bundled) await markHolders(tx, now, kind, before.id);
        return after;
      },
      { attempts: 3 },
    ),
  );
}

/**
 * Deletes the record and takes it away from everyone who holds it; their accounts follow. A profile that users have is not
 * deleted, since every user has one.
 */
export async function deleteEntitlement(
  ground: Ground,
  actor: Actor,
  request: { kind: EntitlementKind; key: EntitlementKey; expected: ExpectedRevision },
): Promise<{ holders: number }> {
  const { kind } = request;
  return await inTransaction(
    ground.pool,
    async (tx) => {
      const now = ground.clock.now();
      const before = await lockAt(tx, request);
      if (kind === 'profile') await refuseProfileInUse(tx, before);
      const holders = await listHolders(tx, kind, before.id);
      const apps = await listAppsGrantedBy(tx, keyOf(kind, before.id));
      await deleteEntitlementRow(tx, kind, before.id);
      await writeAudit(tx, now, actor, [
        {
          action: `${slug(kind)}.deleted`,
          entityKind: slug(kind),
          entityId: String(before.id),
          before: { ...describe(before), holders: holders.length, apps },
        },
      ]);
      for (let from = 0; from < holders.length; from += MARK_AT_ONCE) {
        await markUsers(tx, now, holders.slice(from, from + MARK_AT_ONCE));
      }
      return { holders: holders.length };
    },
    { attempts: 3 },
  );
}

export function refuseUnknown(kind: EntitlementKind, key: EntitlementKey): never {
  const shown = 'id' in key ? `the id ${key.id}` : `the name ${JSON.stringify(key.name.slice(0, 80))}`;
  throw new Refusal('not_found', `There is no ${kind} with ${shown}. List them to see which there are.`);
}

async function lockAt(
  tx: PoolClient,
  request: { kind: EntitlementKind; key: EntitlementKey; expected: ExpectedRevision },
): Promise<Entitlement> {
  const found = await lockEntitlement(tx, request.kind, request.key);
  if (!found) refuseUnknown(request.kind, request.key);
  assertExpectedRevision(request.expected, found.revision, `The ${request.kind} "${found.name}"`);
  return found;
}

function refuseFaults(kind: EntitlementKind, draft: EntitlementDraft): void {
  const problems = checkEntitlement(kind, draft);
  if (problems.length === 0) return;
  throw new Refusal('invalid_value', problems.map((p) => `${p.field} ${p.problem}`).join('; '), problems);
}

async function guardName<T>(kind: EntitlementKind, name: string, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const problem = `${JSON.stringify(name)} is the name of another ${kind}; upper and lower case do not differ`;
    throw refuseField('already_exists', 'Name', problem, `Choose another name, or change that ${kind}.`);
  }
}

async function refuseProfileInUse(tx: PoolClient, profile: Entitlement): Promise<void> {
  const { present, deleted } = await countMembersOfProfile(tx, profile.id);
  if (present === 0 && deleted === 0) return;
  const parts = [present && `${present} ${users(present)}`, deleted && `${deleted} deleted ${users(deleted)}`];
  const count = parts.filter(Boolean).join(' and ');
  const restore = deleted > 0 ? ' Restore the deleted ones for it.' : '';
  throw new Refusal(
    'conflict',
    `The profile "${profile.name}" is not deleted: it is the profile of ${count}. Give them another profile first.${restore}`,
  );
}

function users(count: number): string {
  return count === 1 ? 'user' : 'users';
}

async function listHolders(tx: PoolClient, kind: EntitlementKind, id: number): Promise<string[]> {
  if (kind === 'profile') return [];
  return kind === 'permission set'
    ? await listHoldersOfPermissionSet(tx, id)
    : await listHoldersOfPermissionSetGroup(tx, id);
}

async function markHolders(tx: PoolClient, now: Date, kind: EntitlementKind, id: number): Promise<void> {
  if (kind === 'profile') await markMembersOfProfile(tx, now, id);
  else if (kind === 'permission set') await markHoldersOfPermissionSet(tx, now, id);
  else await markHoldersOfPermissionSetGroup(tx, now, id);
}

function keyOf(kind: EntitlementKind, id: number) {
  if (kind === 'profile') return { profileId: id };
  return kind === 'permission set' ? { permissionSetId: id } : { permissionSetGroupId: id };
}

/** As audit rows name the kind. */
function slug(kind: EntitlementKind): string {
  return kind.replaceAll(' ', '-');
}

function describe(record: Entitlement): Record<string, unknown> {
  return {
    Name: record.name,
    ...(record.label === null ? {} : { Label: record.label }),
    ...(record.description === null ? {} : { Description: record.description }),
    ...(record.permissionSets === null ? {} : { PermissionSets: record.permissionSets }),
  };
}
