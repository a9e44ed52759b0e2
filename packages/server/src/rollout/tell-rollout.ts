import { linkToRollout, raiseAlert, resolveAlerts } from '../alerts/index.ts';
import { describeStage, type Rollout } from './rollout.ts';
import type { RolloutChange, RolloutGround } from './rollout-ground.ts';
import type { Rollback } from './sql/rollbacks.ts';

type Told = Pick<RolloutGround, 'clock' | 'publicUrl'>;

/** Nobody asked for it: a rollout that stops by itself is told at once. */
export async function tellStopped(
  ground: Told,
  { db, app, now, rollout }: RolloutChange,
  kind: 'rollout_halted' | 'rollout_rolled_back',
  why: string,
): Promise<void> {
  const isHalt = kind === 'rollout_halted';
  const where = `version ${rollout.version} in ${nameStage(rollout)}`;
  const alert = {
    ...({ key: `${kind} ${rollout.id} ${rollout.revision}`, kind, severity: 'critical' } as const),
    ...{ appId: app.id, app: app.name },
    title: `${app.label}: the rollout of version ${rollout.version} was ${isHalt ? 'halted' : 'rolled back'}`,
    message: `${app.label} ${isHalt ? 'halted' : 'rolled back'} ${where}: ${why}.`,
    nextStep: isHalt
      ? 'Look at the failures; correct their cause and continue, or roll back.'
      : 'Look at the report of the way back, and at the failures before a new version is rolled out.',
    link: linkToRollout(ground, app.name, rollout.id),
    facts: { rollout: rollout.id, version: rollout.version, stage: rollout.stage },
  };
  await raiseAlert(db, ground.clock.uuid(), alert, now);
}

/** A stage was watched for long enough: somebody may let more people in. Told once. */
export async function tellReady(ground: Told, { db, app, now, rollout }: RolloutChange): Promise<void> {
  const next = rollout.stages[rollout.stage + 1];
  const alert = {
    key: `rollout_ready ${rollout.id} ${rollout.stage} ${rollout.revision}`,
    ...({ kind: 'rollout_ready', severity: 'info', appId: app.id, app: app.name } as const),
    title: `${app.label}: version ${rollout.version} may go on`,
    message: `${nameStage(rollout)} was watched for long enough, and nothing stands in the way.`,
    nextStep: next ? `Promote it to ${describeStage(next)}.` : 'Complete it.',
    link: linkToRollout(ground, app.name, rollout.id),
    facts: { rollout: rollout.id, version: rollout.version, stage: rollout.stage },
  };
  await raiseAlert(db, ground.clock.uuid(), { ...alert, message: capitalize(alert.message) }, now);
}

/** Accounts that a way back did not bring back. */
export async function tellUnproved(
  ground: Pick<RolloutGround, 'clock' | 'publicUrl' | 'pool'>,
  app: { id: number; name: string; label: string },
  rollback: Rollback,
  sentence: string,
): Promise<void> {
  const now = ground.clock.now();
  const alert = {
    key: `rollback_unproved ${rollback.id} ${rollback.finishedAt?.toISOString()}`,
    ...({ kind: 'rollback_unproved', severity: 'critical', appId: app.id, app: app.name } as const),
    title: `${app.label}: not every account is as before`,
    message: `${sentence}.`,
    nextStep: 'Look at the accounts in the report, settle their cause, and have them read again.',
    link: linkToRollout(ground, app.name, rollback.rolloutId),
    facts: { rollback: rollback.id, ...rollback.counts },
  };
  await raiseAlert(ground.pool, ground.clock.uuid(), alert, now);
}

/** Somebody decided since. */
export async function settleAlerts({ db, app, now }: RolloutChange): Promise<void> {
  await resolveAlerts(db, app.id, ['rollout_halted', 'rollout_ready'], now);
}

function nameStage({ stage, stages }: Rollout): string {
  const present = stages[stage];
  return present ? describeStage(present) : `stage ${stage}`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
