import type { ConnectedApp } from '../apps/index.ts';
import { checkGates, describeHours, type Gate, NO_WORK, readinessGate, type StageWork } from './check-gates.ts';
import { COMMANDS, decideCommand, type RolloutCommand, type Step } from './decide-command.ts';
import { describeStage, type Pilot, type Rollout, type Stage } from './rollout.ts';
import type { RolloutGround, SeenReadiness } from './rollout-ground.ts';
import { loadProgress, type Progress, type StageLatency } from './sql/progress.ts';
import { findLatestRollback, type Rollback } from './sql/rollbacks.ts';
import { loadPilot } from './sql/rollouts.ts';

export interface DescribedStage extends Stage {
  name: string;
  work: StageWork;
  /** Soaking: how long it still is to be watched; null where it is not being watched. */
  soakLeftMs: number | null;
  latency: StageLatency;
  changedAttributes: { path: string; count: number }[];
}

/** What a rollout waits for. */
export const PHASES = ['planned', 'working', 'soaking', 'blocked', 'ready', 'standing still', 'over'] as const;
export type Phase = (typeof PHASES)[number];

/** What a command would do now. */
export interface PossibleCommand {
  command: RolloutCommand;
  possible: boolean;
  why: string | null;
  fix: string | null;
  leadsTo: string | null;
  needs: ('reason' | 'override')[];
}

export interface DescribedRollout {
  rollout: Rollout;
  pilot: Pilot;
  stages: DescribedStage[];
  /** Before the next stage, or the end; none of one that is over. */
  gates: Gate[];
  readinessCheckedAt: Date | null;
  phase: Phase;
  commands: PossibleCommand[];
  rollback: Rollback | null;
  sentence: string;
}

/** What may be remembered for a while, for it is costly to look at: the target is asked, and everyone is counted. */
export interface Seen {
  readiness: SeenReadiness;
  progress(rollout: Rollout): Promise<Progress>;
}

/** Everything that a person who decides about a rollout needs to see. What commands decide by is looked at anew. */
export async function describeRollout(
  ground: RolloutGround,
  app: ConnectedApp,
  rollout: Rollout,
  seen: Partial<Seen> = {},
): Promise<DescribedRollout> {
  const { pool } = ground;
  const lookNow: SeenReadiness = async (...asked) => ({
    blockers: await ground.checkReadiness(...asked),
    at: ground.clock.now(),
  });
  const { readiness: look = lookNow, progress = ({ id }: Rollout) => loadProgress(pool, id) } = seen;
  const { work, latency, changed } = await progress(rollout);
  const present = rollout.stages[rollout.stage];
  const isLive = rollout.state === 'running' || rollout.state === 'paused' || rollout.state === 'halted';
  const stages = rollout.stages.map((stage): DescribedStage => {
    const isPresent = stage.ordinal === rollout.stage && isLive;
    const soakMs = (rollout.settings.soakHours ?? 0) * 3_600_000;
    return {
      ...stage,
      name: describeStage(stage),
      soakLeftMs: isPresent ? Math.max(0, soakMs - stage.soakedMs) : null,
      work: work.get(stage.ordinal) ?? NO_WORK,
      latency: latency.get(stage.ordinal) ?? { calls: 0, p50Ms: null, p95Ms: null },
      changedAttributes: changed.get(stage.ordinal) ?? [],
    };
  });
  const level = rollout.state === 'planned' ? 'pilot' : 'promotion';
  const readiness = isLive || rollout.state === 'planned' ? await look(app, level, rollout.version) : null;
  const blockers = readiness?.blockers ?? [];
  const facts = { work: work.get(rollout.stage) ?? NO_WORK, soakedMs: present?.soakedMs ?? 0, blockers };
  const gates = !readiness ? [] : present ? checkGates(rollout, present, facts) : [readinessGate(blockers)];
  return {
    rollout,
    pilot: await loadPilot(pool, rollout.id),
    stages,
    gates,
    readinessCheckedAt: readiness?.at ?? null,
    phase: findPhase(rollout, gates),
    commands: COMMANDS.map((command) => describeCommand(rollout, command, gates)),
    rollback: (await findLatestRollback(pool, rollout.id)) ?? null,
    sentence: describeState(rollout, facts.work, stages[rollout.stage]?.soakLeftMs ?? null),
  };
}

/** Work is told apart from waiting: a stage that is worked only has to be watched. */
function findPhase({ state }: Rollout, gates: readonly Gate[]): Phase {
  if (state === 'planned') return 'planned';
  if (state === 'completed' || state === 'rolled back' || state === 'superseded') return 'over';
  if (state !== 'running') return 'standing still';
  const closed = new Set(gates.filter(({ open }) => !open).map(({ gate }) => gate));
  if (closed.has('work')) return 'working';
  if (closed.has('failures') || closed.has('holds') || closed.has('readiness')) return 'blocked';
  return closed.has('soak') ? 'soaking' : 'ready';
}

function describeCommand(rollout: Rollout, command: RolloutCommand, gates: readonly Gate[]): PossibleCommand {
  const step = decideCommand({ ...rollout, stages: rollout.stages.length }, command);
  if (step.kind === 'refuse') {
    return { command, possible: false, why: step.why, fix: step.fix, leadsTo: null, needs: [] };
  }
  const isWayBack = step.kind === 'undo' || step.kind === 'roll back';
  const needsReason = isWayBack || (step.kind === 'go on' && rollout.state === 'halted');
  const passesGates = step.kind === 'start' || step.kind === 'advance' || step.kind === 'complete';
  const needs: PossibleCommand['needs'] = needsReason ? ['reason'] : [];
  if (passesGates && gates.some(({ open }) => !open)) needs.push('override');
  return { command, possible: true, why: null, fix: null, leadsTo: describeStep(rollout, step), needs };
}

function describeStep(rollout: Rollout, step: Exclude<Step, { kind: 'refuse' }>): string {
  const { version, baseVersion, stages } = rollout;
  const stageName = (ordinal: number) => {
    const stage = stages[ordinal];
    return stage ? describeStage(stage) : `stage ${ordinal}`;
  };
  switch (step.kind) {
    case 'start':
      return `version ${version} serves ${stageName(0)}`;
    case 'go on':
      return `${stageName(rollout.stage)} goes on`;
    case 'advance':
      return `version ${version} serves ${stageName(step.to)}`;
    case 'complete':
      return `version ${version} serves everyone, and the rollout ends`;
    case 'stand still':
      return step.state === 'stopped' ? 'nobody else is reached, for good' : 'nobody else is reached until it goes on';
    case 'undo':
      return `${stageName(step.from)} is taken back, and ${stageName(step.from - 1)} is watched anew`;
    case 'roll back':
      return baseVersion === null
        ? 'nobody is served any more; accounts stay as they are'
        : `version ${baseVersion} serves everyone again`;
  }
}

function describeState(rollout: Rollout, work: StageWork, soakLeftMs: number | null): string {
  const { version, state, halt } = rollout;
  const stage = rollout.stages[rollout.stage];
  if (state === 'planned' || !stage) return `Version ${version} has reached nobody yet: start the pilot`;
  if (rollout.withoutRollout !== null) return `Version ${version} reached everyone at once: ${rollout.withoutRollout}`;
  if (state === 'completed') return `Version ${version} serves everyone`;
  if (state === 'rolled back') return `Version ${version} was rolled back by ${rollout.changedBy}`;
  if (state === 'superseded') return `A newer rollout took over from version ${version}`;
  if (state !== 'running')
    return `Version ${version} is ${state} in ${describeStage(stage)}: ${halt?.why ?? 'no reason'}`;
  const worked = work.reached - work.pending - work.retrying;
  const soak =
    soakLeftMs === null || soakLeftMs === 0 ? 'watched long enough' : `${describeHours(soakLeftMs)} to watch`;
  return `Version ${version} is in ${describeStage(stage)}: ${worked} of ${work.reached} worked, ${work.failed} failed, ${soak}`;
}
