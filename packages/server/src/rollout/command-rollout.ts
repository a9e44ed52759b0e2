import { type AppChange, type AppCommand, assertVersionUsable, changeApp, getApp } from '../apps/index.ts';
import { Refusal } from '../refusal.ts';
import { checkGates, type Gate, NO_WORK, readinessGate } from './check-gates.ts';
import { getRollout } from './create-rollout.ts';
import { decideCommand, type RolloutCommand, type Step } from './decide-command.ts';
import { moveOn, setBack, standStill, startPilot } from './move-rollout.ts';
import { describeStage, type Rollout } from './rollout.ts';
import type { RolloutChange, RolloutGround } from './rollout-ground.ts';
import { loadStageWork } from './sql/progress.ts';
import { findRollout, lockRollout } from './sql/rollouts.ts';
import { settleAlerts } from './tell-rollout.ts';

/** A command of a person, as it was given. */
export interface GivenCommand {
  command: RolloutCommand;
  /** Refuses the command when the rollout is no longer as the person saw it. */
  checkRevision(rollout: Rollout): void;
  /** Why; kept with the rollout and in the audit. */
  reason?: string | undefined;
  /** Why to go on although a gate is closed. */
  override?: string | undefined;
}

/**
 * Carries out a command. The app and the rollout are locked, so that of two people who decide at once the second one sees
 * what the first one did, and is told.
 */
export async function commandRollout(
  ground: RolloutGround,
  command: AppCommand,
  id: number,
  given: GivenCommand,
): Promise<Rollout> {
  const app = await getApp(ground, command.app);
  const seen = await getRollout(ground, app, id);
  const moves = given.command === 'start' || given.command === 'advance';
  // What asks the target is asked before anything is locked.
  if (given.command === 'start') await assertVersionUsable(ground, app, seen.version);
  const level = given.command === 'start' ? 'pilot' : 'promotion';
  const blockers = moves ? await ground.checkReadiness(app, level, seen.version) : [];
  await changeApp(ground, command, async (change) => {
    const rollout = await lockRollout(change.db, id);
    if (!rollout) throw new Refusal('not_found', `The rollout ${id} was deleted meanwhile.`);
    given.checkRevision(rollout);
    const facts = { ...rollout, stages: rollout.stages.length };
    const step = decideCommand(facts, given.command);
    if (step.kind === 'refuse') {
      throw new Refusal('conflict', `${step.why}. ${step.fix}`, [
        { field: 'rollout', problem: step.why, fix: step.fix },
      ]);
    }
    const gates = step.kind === 'start' ? [readinessGate(blockers)] : await findGates(change, rollout, step, blockers);
    const overridden = passGates(gates, given.override);
    await carryOut({ ...change, rollout, reason: given.reason ?? given.override }, step, given, overridden);
  });
  const changed = await findRollout(ground.pool, id);
  if (!changed) throw new Error(`The rollout ${id} was locked a moment ago`);
  return changed;
}

/** The gates that a step goes through; going back and standing still go through none. */
async function findGates(
  { db }: AppChange,
  rollout: Rollout,
  step: Step,
  blockers: Parameters<typeof readinessGate>[0],
): Promise<Gate[]> {
  if (step.kind !== 'advance' && step.kind !== 'complete') return [];
  const stage = rollout.stages[rollout.stage];
  if (!stage) throw new Error('A running rollout is in one of its stages');
  const work = (await loadStageWork(db, rollout.id)).get(stage.ordinal) ?? NO_WORK;
  return checkGates(rollout, stage, { work, soakedMs: stage.soakedMs, blockers });
}

/** Which closed gates are passed because somebody says why. Refused when nobody does. */
function passGates(gates: readonly Gate[], override: string | undefined): Gate[] {
  const closed = gates.filter(({ open }) => !open);
  if (closed.length === 0 || override !== undefined) return closed;
  const problems = closed.map(({ gate, message, fix }) => ({
    field: `gates.${gate}`,
    problem: message,
    fix: `${fix ?? ''} Or say in override why to go on all the same.`.trim(),
    ...(gate === 'readiness' ? { place: 'setup' as const } : {}),
  }));
  const list = closed.map(({ gate, message }) => `${gate} (${message})`).join(', ');
  throw new Refusal('conflict', `${closed.length === 1 ? 'A gate is' : 'Gates are'} closed: ${list}.`, problems);
}

async function carryOut(
  change: RolloutChange,
  step: Exclude<Step, { kind: 'refuse' }>,
  given: GivenCommand,
  overridden: Gate[],
): Promise<void> {
  const { rollout, audit } = change;
  const before = { state: rollout.state, stage: rollout.stage, version: rollout.version };
  const pass = { reason: given.override ?? null, gates: overridden.map(({ gate, message }) => `${gate}: ${message}`) };
  const after = await apply(change, step, pass);
  await settleAlerts(change);
  await audit(`rollout.${PAST[given.command]}`, {
    before: { rollout: rollout.id, ...before },
    after: { rollout: rollout.id, ...after, ...(overridden.length > 0 ? { overriddenGates: pass.gates } : {}) },
    reason: change.reason,
  });
}

async function apply(
  change: RolloutChange,
  step: Exclude<Step, { kind: 'refuse' }>,
  pass: { reason: string | null; gates: string[] },
): Promise<object> {
  switch (step.kind) {
    case 'start':
      return startPilot(change, pass);
    case 'stand still':
      return standStill(change, step.state, { why: change.reason ?? `${change.author} ${PAST_OF[step.state]} it` });
    case 'go on':
    case 'advance':
    case 'complete':
      if (step.kind === 'go on' && change.rollout.state === 'halted' && change.reason === undefined) {
        const problem = 'is needed to go on after a halt';
        const fix = 'Say what was done about the failures.';
        throw new Refusal('invalid_value', `reason ${problem}.`, [{ field: 'reason', problem, fix }]);
      }
      return moveOn(change, step, pass);
    case 'undo':
    case 'roll back':
      if (change.reason === undefined) {
        const problem = 'is needed to take people back to the version before';
        throw new Refusal('invalid_value', `reason ${problem}.`, [
          { field: 'reason', problem, fix: 'Say why; it is kept with the report.' },
        ]);
      }
      return setBack(change, step.kind === 'undo' ? step.from : 0, step.kind, change.reason);
  }
}

const PAST: Record<RolloutCommand, string> = {
  start: 'started',
  pause: 'paused',
  continue: 'continued',
  advance: 'advanced',
  stop: 'stopped',
  undo: 'stage_undone',
  'roll back': 'rolled_back',
};
const PAST_OF = { paused: 'paused', halted: 'halted', stopped: 'stopped' } as const;

/** What the last command was, for whoever decided on what is no longer so. */
export function describeLastChange(rollout: Rollout): string {
  const stage = rollout.stages[rollout.stage];
  const where = stage ? `, in the stage ${describeStage(stage)}` : '';
  return `${rollout.changedBy} ${rollout.changedHow} on ${rollout.changedAt.toISOString()}: it is ${rollout.state}${where}`;
}
