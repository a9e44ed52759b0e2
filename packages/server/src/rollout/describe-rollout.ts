import type { ConnectedApp } from '../apps/index.ts';
import { checkGates, describeHours, type Gate, NO_WORK, type StageWork } from './check-gates.ts';
import { soakedUntil } from './command-rollout.ts';
import { describeStage, type Pilot, type Rollout, type Stage } from './rollout.ts';
import type { RolloutGround } from './rollout-ground.ts';
import { loadChangedAttributes, loadStageLatency, loadStageWork, type StageLatency } from './sql/progress.ts';
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

export interface DescribedRollout {
  rollout: Rollout;
  pilot: Pilot;
  stages: DescribedStage[];
  /** Before the next stage, or the end; none of one that is over. */
  gates: Gate[];
  rollback: Rollback | null;
  sentence: string;
}

/** Everything that a person who decides about a rollout needs to see. */
export async function describeRollout(
  ground: RolloutGround,
  app: ConnectedApp,
  rollout: Rollout,
): Promise<DescribedRollout> {
  const { pool, clock } = ground;
  const work = await loadStageWork(pool, rollout.id);
  const latency = await loadStageLatency(pool, rollout.id);
  const changed = await loadChangedAttributes(pool, rollout.id);
  const soakedMs = soakedUntil(rollout, clock.now());
  const present = rollout.stages[rollout.stage];
  const isLive = rollout.state === 'running' || rollout.state === 'paused' || rollout.state === 'halted';
  const stages = rollout.stages.map((stage): DescribedStage => {
    const isPresent = stage.ordinal === rollout.stage && isLive;
    const watchedMs = isPresent ? soakedMs : stage.soakedMs;
    const soakMs = (rollout.settings.soakHours ?? 0) * 3_600_000;
    return {
      ...stage,
      name: describeStage(stage),
      soakedMs: watchedMs,
      soakLeftMs: isPresent ? Math.max(0, soakMs - watchedMs) : null,
      work: work.get(stage.ordinal) ?? NO_WORK,
      latency: latency.get(stage.ordinal) ?? { calls: 0, p50Ms: null, p95Ms: null },
      changedAttributes: changed.get(stage.ordinal) ?? [],
    };
  });
  const blockers = isLive ? await ground.checkReadiness(app, 'promotion', rollout.version) : [];
  const facts = { work: work.get(rollout.stage) ?? NO_WORK, soakedMs, blockers };
  return {
    rollout,
    pilot: await loadPilot(pool, rollout.id),
    stages,
    gates: isLive && present ? checkGates(rollout, present, facts) : [],
    rollback: (await findLatestRollback(pool, rollout.id)) ?? null,
    sentence: describeState(rollout, facts.work, stages[rollout.stage]?.soakLeftMs ?? null),
  };
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
