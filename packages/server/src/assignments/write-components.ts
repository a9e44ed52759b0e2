import type { PoolClient } from '../db/index.ts';
import { Refusal } from '../refusal.ts';
import { buildUnknownNameProblem } from './resolve-names.ts';
import { addComponents, listComponents, removeComponents } from './sql/components.ts';
import { listEntitlementNames, resolveEntitlements } from './sql/entitlements.ts';

/** `set` is the whole list; `add` and `remove` go on from what there is. */
export type ComponentChange = { set: readonly string[] } | { add?: readonly string[]; remove?: readonly string[] };

/** Writes which permission sets a group bundles; false when they are so already. Revision, audit and marking are the caller's. */
export async function writeComponents(tx: PoolClient, groupId: number, change: ComponentChange): Promise<boolean> {
  const present = new Map((await listComponents(tx, groupId)).map((component) => [component.id, component.name]));
  const { add, remove } = await planChange(tx, present, change);
  if (add.size === 0 && remove.size === 0) return false;
  await removeComponents(tx, groupId, [...remove.keys()]);
  await addComponents(tx, groupId, [...add.keys()]);
  return true;
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
