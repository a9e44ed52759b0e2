import { type AppCommand, getApp } from '../apps/index.ts';
import { Refusal } from '../refusal.ts';
import { commandRollout } from './command-rollout.ts';
import type { Rollout } from './rollout.ts';
import type { RolloutGround } from './rollout-ground.ts';
import { findLatestRollback, proveAgain, type Rollback } from './sql/rollbacks.ts';
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
      { field: 'app', problem, fix },
    ]);
  }
  return commandRollout(ground, command, latest.id, { command: 'roll back', checkRevision: () => {}, reason });
}

/** Reads every account of a way back again. */
export async function verifyRollback(ground: RolloutGround, rollout: Rollout): Promise<Rollback> {
  const rollback = await findLatestRollback(ground.pool, rollout.id);
  if (!rollback) {
    const fix = 'Undo a stage or roll it back: the report comes with it.';
    throw new Refusal('conflict', `Nobody was taken back in rollout ${rollout.id}. ${fix}`);
  }
  await proveAgain(ground.pool, rollback.id);
  return (await findLatestRollback(ground.pool, rollout.id)) ?? rollback;
}
