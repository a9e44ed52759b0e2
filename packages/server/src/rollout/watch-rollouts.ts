import { changeApp } from '../apps/index.ts';
import type { Actor } from '../audit/index.ts';
import { checkGates, isOverFailureLimit, NO_WORK, type StageWork } from './check-gates.ts';
import { moveOn, setBack, standStill } from './move-rollout.ts';
import type { Rollout } from './rollout.ts';
import type { RolloutChange, RolloutGround } from './rollout-ground.ts';
import { countWatched } from './soak-clock.ts';
import { loadStageWork } from './sql/progress.ts';
import { findRollout, lockRollout, saveStage } from './sql/rollouts.ts';
import { listRunning } from './sql/running.ts';

const WATCHER: Actor = { kind: 'system', name: 'rollout watch', through: 'system' };

/** What one watcher remembers between two looks. */
export interface WatchMemory {
  /** Names this watcher in what it writes. */
  id: string;
  /** When it last looked at a stage, by the monotonic clock. */
  lastLookMs: Map<string, number>;
}

/** Looks at every rollout that moves: counts the time that is watched, halts what fails, completes what has passed. */
export async function watchRollouts(ground: RolloutGround, memory: WatchMemory): Promise<void> {
  for (const { id, app, isSending } of await listRunning(ground.pool)) {
    await judgeRollout(ground, { id, app }, (change) => look(ground, change, memory, isSending));
  }
}

/** Halts a rollout whose failures pass the limit; asked as soon as something failed. */
export async function haltFailing(ground: RolloutGround, id: number): Promise<void> {
  const rollout = await findRollout(ground.pool, id);
  if (rollout?.state !== 'running') return;
  // Looked at without a lock first, for most failures are far from the limit.
  const work = (await loadStageWork(ground.pool, id)).get(rollout.stage) ?? NO_WORK;
  if (!isOverFailureLimit(rollout, work)) return;
  await judgeRollout(ground, { id, app: String(rollout.appId) }, async () => {});
}

async function judgeRollout(
  ground: RolloutGround,
  { id, app }: { id: number; app: string },
  look: (change: RolloutChange) => Promise<void>,
): Promise<void> {
  await changeApp(ground, { app, actor: WATCHER, checkRevision: () => {} }, async (change) => {
    const rollout = await lockRollout(change.db, id);
    if (rollout?.state !== 'running') return;
    const work = (await loadStageWork(change.db, id)).get(rollout.stage) ?? NO_WORK;
    const watched = { ...change, rollout, reason: undefined };
    if (isOverFailureLimit(rollout, work)) return halt(watched, work);
    await look(watched);
  });
}

/** Why a rollout was halted, with the numbers that say so. */
function describeFailures({ settings }: Rollout, { failed, done, held, waiting }: StageWork): string {
  const worked = failed + done + held + waiting;
  const { count, percent } = settings.failureLimit;
  return `${failed} of ${worked} users of the stage failed, and more than ${count} and ${percent} % are too many`;
}

async function halt(change: RolloutChange, work: StageWork): Promise<void> {
  const { rollout, audit } = change;
  const why = describeFailures(rollout, work);
  const before = { rollout: rollout.id, state: rollout.state, stage: rollout.stage };
  if (rollout.settings.onFailure === 'roll back') {
    const after = await setBack(change, 0, 'roll back', why);
    return audit('rollout.rolled_back', { before, after: { rollout: rollout.id, ...after }, reason: why });
  }
  const worked = work.failed + work.done + work.held + work.waiting;
  const after = await standStill(change, 'halted', { why, failed: work.failed, worked });
  await audit('rollout.halted', { before, after: { rollout: rollout.id, ...after }, reason: why });
}

async function look(
  ground: RolloutGround,
  change: RolloutChange,
  memory: WatchMemory,
  isSending: boolean,
): Promise<void> {
  const { db, now, rollout } = change;
  const stage = rollout.stages[rollout.stage];
  if (!stage) throw new Error('A running rollout is in one of its stages');
  const key = `${rollout.id}.${rollout.stage}.${rollout.revision}`;
  const nowMs = ground.clock.monotonicMs();
  const lastMs = memory.lastLookMs.get(key);
  const sinceLookMs = stage.seenBy === memory.id && lastMs !== undefined ? nowMs - lastMs : null;
  // An app that sends nothing shows nothing.
  const watchedMs = isSending && stage.seenAt ? countWatched(stage.seenAt, now, { sinceLookMs }) : 0;
  const seen = { ...stage, soakedMs: stage.soakedMs + watchedMs, seenAt: now, seenBy: memory.id };
  memory.lastLookMs.set(key, nowMs);
  await saveStage(db, rollout.id, seen);
  if (rollout.stage < rollout.stages.length - 1) return;
  await completeQuietly({ ...change, rollout: { ...rollout, stages: rollout.stages.with(rollout.stage, seen) } });
}

/** The last stage ends by itself once its gates are open: everyone is served already. */
async function completeQuietly(change: RolloutChange): Promise<void> {
  const { db, rollout, audit } = change;
  const stage = rollout.stages[rollout.stage];
  if (!stage) return;
  const work = (await loadStageWork(db, rollout.id)).get(stage.ordinal) ?? NO_WORK;
  const gates = checkGates(rollout, stage, { work, soakedMs: stage.soakedMs, blockers: [] });
  if (gates.some(({ open }) => !open)) return;
  const before = { rollout: rollout.id, state: rollout.state, stage: rollout.stage };
  const after = await moveOn(change, { kind: 'complete' }, { reason: null, gates: [] });
  await audit('rollout.completed', { before, after: { rollout: rollout.id, ...after } });
}
