import { changeApp } from '../apps/index.ts';
import type { Actor } from '../audit/index.ts';
import { checkGates, countFailuresLeft, isOverFailureLimit, NO_WORK, type StageWork } from './check-gates.ts';
import { moveOn, setBack, standStill } from './move-rollout.ts';
import type { Rollout, Stage } from './rollout.ts';
import type { RolloutChange, RolloutGround } from './rollout-ground.ts';
import { countWatched } from './soak-clock.ts';
import { loadStageWork } from './sql/progress.ts';
import { findRollout, lockRollout, saveStage } from './sql/rollouts.ts';
import { listRunning } from './sql/running.ts';
import { tellReady, tellStopped } from './tell-rollout.ts';

const WATCHER: Actor = { kind: 'system', name: 'rollout watch', through: 'system' };

/** Three looks. */
const TAKEOVER_MS = 45_000;

/** What one watcher remembers between two looks. */
export interface WatchMemory {
  /** Names this watcher in what it writes. */
  id: string;
  /** When it last looked at a stage, by the monotonic clock. */
  lookedMs: Map<string, number>;
}

/** Looks at every rollout that moves: counts the time that is watched, halts what fails, completes what has passed. */
export async function watchRollouts(ground: RolloutGround, memory: WatchMemory): Promise<void> {
  const lookedMs = memory.lookedMs;
  memory.lookedMs = new Map();
  for (const { id, app, isSending } of await listRunning(ground.pool)) {
    await judgeRollout(ground, { id, app }, async (change, work) => {
      const { rollout } = change;
      const stage = stageOf(rollout);
      if (isWatchedByAnother(stage, memory.id)) return;
      const key = `${rollout.id}.${rollout.stage}.${rollout.revision}`;
      const nowMs = ground.clock.monotonicMs();
      memory.lookedMs.set(key, nowMs);
      // An app that sends nothing shows nothing.
      const isWatched = isSending && stage.seenBy === memory.id;
      const watchedMs = countWatched(isWatched ? (lookedMs.get(key) ?? null) : null, nowMs);
      await look(ground, change, work, { ...stage, soakedMs: stage.soakedMs + watchedMs, seenBy: memory.id });
    });
  }
}

/**
 * One watcher counts the time of a stage, until it has not looked for a while: of several who take turns none would see
 * time pass. By the database's clock, for those of two replicas differ; when it is set back, another one takes over.
 */
function isWatchedByAnother({ seenBy, seenAgoMs }: Stage, watcher: string): boolean {
  return seenBy !== null && seenBy !== watcher && seenAgoMs !== null && Math.abs(seenAgoMs) < TAKEOVER_MS;
}

/** Halts a rollout whose failures pass the limit, or says how many more it bears; 0: it runs no more. */
export async function haltFailing(ground: RolloutGround, id: number): Promise<number> {
  const rollout = await findRollout(ground.pool, id);
  if (rollout?.state !== 'running') return 0;
  // Looked at without a lock first, for most failures are far from the limit.
  const work = (await loadStageWork(ground.pool, id)).get(rollout.stage) ?? NO_WORK;
  if (!isOverFailureLimit(rollout, work)) return countFailuresLeft(rollout, work);
  await judgeRollout(ground, { id, app: String(rollout.appId) }, async () => {});
  return 0;
}

async function judgeRollout(
  ground: RolloutGround,
  { id, app }: { id: number; app: string },
  look: (change: RolloutChange, work: StageWork) => Promise<void>,
): Promise<void> {
  await changeApp(ground, { app, actor: WATCHER, checkRevision: () => {} }, async (change) => {
    const rollout = await lockRollout(change.db, id);
    if (rollout?.state !== 'running') return;
    const work = (await loadStageWork(change.db, id)).get(rollout.stage) ?? NO_WORK;
    const watched = { ...change, rollout, reason: undefined };
    if (isOverFailureLimit(rollout, work)) return halt(ground, watched, work);
    await look(watched, work);
  });
}

/** Why a rollout was halted, with the numbers that say so. */
function describeFailures({ settings }: Rollout, { failed, done, held, waiting }: StageWork): string {
  const worked = failed + done + held + waiting;
  const { count, percent } = settings.failureLimit;
  return `${failed} of ${worked} users of the stage failed, and more than ${count} and ${percent} % are too many`;
}

async function halt(ground: RolloutGround, change: RolloutChange, work: StageWork): Promise<void> {
  const { rollout, audit } = change;
  const why = describeFailures(rollout, work);
  const before = { rollout: rollout.id, state: rollout.state, stage: rollout.stage };
  if (rollout.settings.onFailure === 'roll back') {
    const after = await setBack(change, 0, 'roll back', why);
    await audit('rollout.rolled_back', { before, after: { rollout: rollout.id, ...after }, reason: why });
    return tellStopped(ground, change, 'rollout_rolled_back', why);
  }
  const worked = work.failed + work.done + work.held + work.waiting;
  const after = await standStill(change, 'halted', { why, failed: work.failed, worked });
  await audit('rollout.halted', { before, after: { rollout: rollout.id, ...after }, reason: why });
  await tellStopped(ground, change, 'rollout_halted', why);
}

async function look(ground: RolloutGround, change: RolloutChange, work: StageWork, seen: Stage): Promise<void> {
  const { db, rollout, audit } = change;
  await saveStage(db, rollout.id, seen);
  // Readiness is looked at when somebody promotes: it asks the target.
  const gates = checkGates(rollout, seen, { work, soakedMs: seen.soakedMs, blockers: [] });
  if (gates.some(({ open }) => !open)) return;
  if (rollout.stage < rollout.stages.length - 1) return tellReady(ground, change);
  // The last stage ends by itself once its gates are open: everyone is served already.
  const before = { rollout: rollout.id, state: rollout.state, stage: rollout.stage };
  const watched = { ...change, rollout: { ...rollout, stages: rollout.stages.with(rollout.stage, seen) } };
  const after = await moveOn(watched, { kind: 'complete' }, { reason: null, gates: [] });
  await audit('rollout.completed', { before, after: { rollout: rollout.id, ...after } });
}

function stageOf({ id, stage, stages }: Rollout): Stage {
  const found = stages[stage];
  if (!found) throw new Error(`Rollout ${id} runs in none of its stages`);
  return found;
}
