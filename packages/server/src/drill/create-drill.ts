import { type AppGround, type ConnectedApp, getApp, getVersion } from '../apps/index.ts';
import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import { type LoadedLink, loadLinks } from '../provisioning/index.ts';
import { Refusal, refuseField } from '../refusal.ts';
import { type Drill, fingerprintOf } from './drill.ts';
import { cancelDrillRow, deleteOldDrills, findDrill, hasOpenDrill, insertDrill } from './sql/drills.ts';
import { lockTestUser } from './sql/test-users.ts';

const KEEP = 20;

export interface DrillRequest {
  userId: string;
  /** A saved configuration; absent: the one in force. */
  version?: number | undefined;
}

/** Asks for a drill; a runner carries it out. Gives its id. Whether the app is ready for one is asked before. */
export async function createDrill(
  ground: AppGround,
  actor: Actor,
  idOrName: string,
  { userId, version: asked }: DrillRequest,
): Promise<string> {
  const { pool, clock } = ground;
  const app = await getApp(ground, idOrName);
  const version = asked ?? app.activeVersion;
  if (version === null) throw new Refusal('conflict', `${app.name} has no configuration yet. Save one first.`);
  const { document } = await getVersion(ground, app.id, app.name, version);
  const now = clock.now();
  const [loaded] = await loadLinks(pool, {
    ...{ appId: app.id, userIds: [userId], now },
    needs: { manager: false, entitlements: false },
  });
  if (!loaded) throw new Refusal('not_found', 'The user was deleted meanwhile.');
  assertFree(app, loaded);
  const id = clock.uuid();
  await inTransaction(pool, async (db) => {
    const user = await lockTestUser(db, userId);
    if (!user?.isTest) {
      const fix = `Mark one that is nobody's: PUT /api/v1/users/${userId}/test-user.`;
      const problem = 'is not marked as a test user, and a drill takes the account away';
      throw refuseField('conflict', 'user', problem, fix, 'test users');
    }
    if (await hasOpenDrill(db, app.id)) {
      throw new Refusal('conflict', `A drill of ${app.name} is under way. Wait for it, or cancel it.`);
    }
    await insertDrill(db, {
      ...{ id, appId: app.id, userId, username: user.username, version, fingerprint: fingerprintOf(app, document) },
      ...{ connector: app.connector, baseUrl: app.baseUrl, createdAt: now, createdBy: actor.name },
    });
    await deleteOldDrills(db, app.id, KEEP);
    await writeAudit(db, now, actor, [
      {
        ...{ action: 'app.drilled', entityKind: 'app', entityId: app.name, appId: app.id, userId },
        after: { drill: id, version },
      },
    ]);
  });
  return id;
}

/** Nobody else may work at the account of the test user while the drill does. */
function assertFree(app: ConnectedApp, { link, entitlement, record }: LoadedLink): void {
  if (link.remoteId !== null && link.accountState !== 'deleted') {
    const problem = `is linked with the account ${link.remoteId}`;
    throw refuseField('conflict', 'user', problem, 'Take another test user, or unlink the account.');
  }
  if (app.state !== 'draft' && entitlement.isAssigned && entitlement.isActive) {
    const problem = `is granted ${app.name}, which works and would provision ${record.username} at the same time`;
    throw refuseField('conflict', 'user', problem, 'Take the grant away, or take another test user.');
  }
}

/** The drill of an app with this id. */
export async function getDrill(
  ground: Pick<AppGround, 'pool'>,
  app: Pick<ConnectedApp, 'id' | 'name'>,
  id: string,
): Promise<Drill> {
  const drill = await findDrill(ground.pool, id);
  if (drill && drill.appId === app.id) return drill;
  throw new Refusal('not_found', `${app.name} has no drill ${id}.`, [
    {
      ...{ field: 'path.drill', problem: 'does not exist', place: 'drills' },
      fix: `GET /api/v1/apps/${app.name}/drills lists them.`,
    },
  ]);
}

/** Stops a drill after the step that is under way; what it made is cleaned up. */
export async function cancelDrill({ pool, clock }: Pick<AppGround, 'pool' | 'clock'>, drill: Drill): Promise<void> {
  if ((await cancelDrillRow(pool, drill.id, clock.now())) !== undefined) return;
  throw new Refusal('conflict', `The drill is ${drill.state}: there is nothing to cancel.`);
}
