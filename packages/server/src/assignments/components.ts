import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction, type PoolClient } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { markHoldersOfPermissionSetGroup } from '../marking/index.ts';
import { Refusal } from '../refusal.ts';
import type { Entitlement } from './entitlement.ts';
import { refuseUnknown } from './entitlements.ts';
import { assertExpectedRevision, type ExpectedRevision } from './expected-revision.ts';
import { buildUnknownNameProblem } from './resolve-names.ts';
import { addComponents, listComponents, removeComponents } from './sql/components.ts';
import {
  type EntitlementKey,
  findEntitlement,
  listEntitlementNames,
  lockEntitlement,
  raiseEntitlementRevision,
  resolveEntitlements,
} from './sql/entitlements.ts';

/** `set` is the whole list; `add` and `remove` go on from what there is. */
export type ComponentChange = { set: readonly string[] } | { add?: readonly string[]; remove?: readonly string[] };

/** Changes which permission sets a group bundles, and marks everyone who holds the group. */
export async function changeComponents(
  ground: Ground,
  actor: Actor,
  request: { key: EntitlementKey; expected: ExpectedRevision; change: ComponentChange },
): Promise<Entitlement> {
  const kind = 'permission set group';
  return await inTransaction(
    ground.pool,
    async (tx) => {
      const now = ground.clock.now();
      const group = (await lockEntitlement(tx, kind, request.key)) ?? refuseUnknown(kind, request.key);
      assertExpectedRevision(request.expected, group.revision, `The ${kind} "${group.name}"`);
      const present = new Map((await listComponents(tx, group.id)).map((component) => [component.id, component.name]));
      const { add, remove } = await planChange(tx, present, request.change);
      if (add.size === 0 && remove.size === 0) return group;
      await removeComponents(tx, group.id, [...remove.keys()]);
      await addComponents(tx, group.id, [...add.keys()]);
      await raiseEntitlementRevision(tx, now, kind, group.id);
      const after = (await findEntitlement(tx, kind, { id: group.id })) ?? refuseUnknown(kind, request.key);
      await writeAudit(tx, now, actor, [
        {
          action: 'permission-set-group.components-changed',
          entityKind: 'permission-set-group',
          entityId: String(group.id),
          before: { PermissionSets: group.permissionSets },
          after: { PermissionSets: after.permissionSets },
        },
      ]);
      await markHoldersOfPermissionSetGroup(tx, now, group.id);
      return after;
    },
    { attempts: 3 },
  );
}

async function planChange(tx: PoolClient, present: ReadonlyMap<number, string>, change: ComponentChange) {
  const add = new Map<number, string>();
  const remove = new Map<number, string>();
  if ('set' in change) {
    const wanted = await resolveAll(tx, change.set);
    for (const [id, name] of wanted) if (!present.has(id)) add.set(id, name);
    for (const [id, name] of present) if (!wanted.has(id)) remove.set(id, name);
    return { add, remove };
  }
  for (const [id, name] of await resolveAll(tx, change.add ?? [])) if (!present.has(id)) add.set(id, name);
  for (const [id, name] of await resolveAll(tx, change.remove ?? [])) if (present.has(id)) remove.set(id, name);
  return { add, remove };
}

async function resolveAll(tx: PoolClient, names: readonly string[]): Promise<Map<number, string>> {
  const found = await resolveEntitlements(tx, 'permission set', names);
  const unknown = names.filter((name) => !found.has(name));
  if (unknown.length > 0) {
    const known = await listEntitlementNames(tx, 'permission set');
    const problems = unknown.map((name) => ({
      field: 'PermissionSets',
      ...buildUnknownNameProblem('permission set', name, known),
    }));
    throw new Refusal('invalid_value', problems.map((p) => `PermissionSets: ${p.problem}`).join('; '), problems);
  }
  return new Map([...found.values()].map(({ id, name }) => [id, name]));
}
