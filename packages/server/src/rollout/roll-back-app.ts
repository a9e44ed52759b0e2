import { type AppCommand, type ConnectedApp, getApp } from '../apps/index.ts';
import { Refusal } from '../refusal.ts';
import { commandRollout } from './command-rollout.ts';
import type { Rollout } from './rollout.ts';
import type { RolloutGround } from './rollout-ground.ts';
import { findRollback, proveAgain, type Rollback } from './sql/rollbacks.ts';
import { findOpenRollout, findRolloutInForce } from './sql/rollouts.ts';

/**
 * One command back: the rollout that is open, or the one that brought the version in force. Its accounts are brought to
 * what the version before says, and read at the target to prove it.
 */
export async function rollBackApp(ground: RolloutGround, command: AppCommand, reason: string): Promise<Rollout> {
  const app = await getApp(ground, command.app);
  const open = await findOpenRollout(ground.pool, app.id);
  const latest =
    open ??
    (app.activeVersion === null || app.rolloutId !== null
      ? undefined
      : await findRolloutInForce(ground.pool, app.id, app.activeVersion));
  if (!latest) {
    const problem = 'no rollout brought the version that serves everyone now';
    const fix = `Restore an older version instead: GET /api/v1/apps/${app.name}/configurations lists them.`;
    throw new Refusal('conflict', `There is nothing to roll back: ${problem}. ${fix}`, [
      { field: 'app', problem, fix, place: 'versions' },
    ]);
  }
  return commandRollout(ground, command, latest.id, { command: 'roll back', checkRevision: () => {}, reason });
}

/** The way back of an app with this id. */
export async function getRollback(
  { pool }: Pick<RolloutGround, 'pool'>,
  app: { id: number; name: string },
  id: number,
): Promise<Rollback> {
  const rollback = await findRollback(pool, id);
  if (rollback?.appId === app.id) return rollback;
  throw new Refusal('not_found', `${app.name} has no way back ${id}.`, [
    {
      ...{ field: 'path.rollback', problem: 'does not exist', place: 'rollouts' },
      fix: `GET /api/v1/apps/${app.name}/rollbacks lists them.`,
    },
  ]);
}

/** Reads every account of a way back again, and compares it with the version that serves it now. */
export async function verifyRollback(ground: RolloutGround, app: ConnectedApp, id: number): Promise<Rollback> {
  await getRollback(ground, app, id);
  await proveAgain(ground.pool, id);
  return getRollback(ground, app, id);
}
