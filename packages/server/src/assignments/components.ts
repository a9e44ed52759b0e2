import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { markHoldersOfPermissionSetGroup } from '../marking/index.ts';
import type { Entitlement } from './entitlement.ts';
import { refuseUnknown } from './entitlements.ts';
import { assertExpectedRevision, type ExpectedRevision } from './expected-revision.ts';
import { type EntitlementKey, findEntitlement, lockEntitlement, raiseEntitlementRevision } from './sql/entitlements.ts';
import { type ComponentChange, writeComponents } from './write-components.ts';

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
      if (!(await writeComponents(tx, group.id, request.change))) return group;
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
