import { findConfiguration, listAddedPaths, updateApp } from '../apps/index.ts';
import { markApp } from '../marking/index.ts';
import { Refusal } from '../refusal.ts';
import type { Step } from './decide-command.ts';
import { describeStage, type Rollout, type Stage } from './rollout.ts';
import type { RolloutChange } from './rollout-ground.ts';
import {
  countPilot,
  markWritten,
  reachStage,
  reachTakenOverAgain,
  takeOverReached,
  withdrawReached,
  withdrawUnworked,
} from './sql/reach.ts';
import { insertRollback, saveMarked } from './sql/rollbacks.ts';
import { findOpenRollout, findRollout, findRolloutInForce, saveRollout, saveStage } from './sql/rollouts.ts';

/** Why closed gates were passed on the way, and what they said. */
export interface Pass {
  reason: string | null;
  gates: string[];
}

/** Lets the pilot begin. Of a draft it is the activation: whoever is not in the pilot waits. */
export async function startPilot(change: RolloutChange, pass: Pass): Promise<object> {
  const { db, app, now, author, rollout } = change;
  const open = await findOpenRollout(db, app.id);
  if (open) assertTakeOver(open);
  if (app.state === 'paused') throw new Refusal('conflict', `${app.name} is paused. Resume it, then start the pilot.`);
  if ((await countPilot(db, rollout.id, app.id, now)) === 0 && open === undefined) {
    const problem = `nobody in it is granted ${app.name}`;
    const fix = 'Grant the app to somebody in the pilot, or name others in a new rollout.';
    throw new Refusal('conflict', `The pilot would reach nobody: ${problem}. ${fix}`, [
      { field: 'pilot', problem, fix },
    ]);
  }
  const baseVersion = await findBase(change, open);
  const before = baseVersion === null ? undefined : await findConfiguration(db, app.id, baseVersion);
  const document = await findConfiguration(db, app.id, rollout.version);
  const addedPaths = before && document ? listAddedPaths(before, document) : [];
  if (open) await supersede(change, open);
  const activeVersion = baseVersion ?? rollout.version;
  await updateApp(db, { ...app, state: 'active', activeVersion, rolloutId: rollout.id }, now);
  // Whoever is not in the pilot gets a link that says so.
  if (app.state === 'draft') await markApp(db, now, app.id);
  const request = { rolloutId: rollout.id, appId: app.id, now, stage: 0, keepObserved: addedPaths.length > 0 };
  const takenOver = open ? await takeOverReached(db, open.id, request) : 0;
  const reached = takenOver + (await reachStage(db, 'pilot', request));
  await saveStage(db, rollout.id, beginStage(change, 0, reached, pass));
  const started: Rollout = { ...rollout, state: 'running', stage: 0, baseVersion, addedPaths, startedAt: now };
  await saveRollout(db, noteChange(started, change, 'started it'));
  return { state: 'running', stage: 0, by: author, reached, baseVersion };
}

function assertTakeOver(open: Rollout): void {
  const isLast = open.stage === open.stages.length - 1;
  if (open.state !== 'running' && !isLast) return;
  const problem = `version ${open.version} is being rolled out already (rollout ${open.id}, ${open.state})`;
  const fix = isLast
    ? 'It has reached everyone: complete it, or roll it back.'
    : 'Stop or pause it to take over from it, or roll it back.';
  throw new Refusal('conflict', `The app has a rollout: ${problem}. ${fix}`, [{ field: 'app', problem, fix }]);
}

/** What serves those whom the new rollout does not reach. */
async function findBase({ db, app }: RolloutChange, open: Rollout | undefined): Promise<number | null> {
  if (open) return open.baseVersion;
  if (app.state === 'draft') return null;
  if (app.rolloutId === null) return app.activeVersion;
  // The pointer is still at a first version that was rolled back: nobody was served.
  return (await findRollout(db, app.rolloutId))?.baseVersion ?? null;
}

async function supersede(change: RolloutChange, open: Rollout): Promise<void> {
  const ended: Rollout = { ...open, state: 'superseded', endedAt: change.now };
  await saveRollout(change.db, noteChange(ended, change, `took over with version ${change.rollout.version}`));
}

/**
 * Nobody else is reached. Whoever was reached and has not been worked keeps the version before, and has their turn when
 * the rollout goes on.
 */
export async function standStill(
  change: RolloutChange,
  state: 'paused' | 'halted' | 'stopped',
  halt: { why: string; failed?: number | undefined; worked?: number | undefined },
): Promise<object> {
  const { db, app, now, author, rollout } = change;
  const request = { rolloutId: rollout.id, appId: app.id, now, fromStage: 0 };
  const withdrawn = await withdrawUnworked(db, request);
  await updateApp(db, app, now);
  const stood: Rollout = {
    ...rollout,
    state,
    halt: { ...halt, at: now.toISOString(), by: author },
    endedAt: state === 'stopped' ? now : null,
  };
  await saveRollout(db, noteChange(stood, change, `${state === 'paused' ? 'paused' : state} it`));
  return { state, stage: rollout.stage, withdrawn, ...halt };
}

/** Goes on in the same stage, into the next one, or to the end. */
export async function moveOn(
  change: RolloutChange,
  step: Extract<Step, { kind: 'go on' | 'advance' | 'complete' }>,
  pass: Pass,
): Promise<object> {
  if (step.kind === 'complete') return complete(change, pass);
  const { db, app, now, rollout } = change;
  const to = step.kind === 'advance' ? step.to : rollout.stage;
  const base = { rolloutId: rollout.id, appId: app.id, now, keepObserved: rollout.addedPaths.length > 0 };
  let reached = 0;
  // Whoever was withdrawn while it stood still has their turn, in the stage that brought them in.
  for (const { ordinal, kind } of rollout.stages.slice(step.kind === 'advance' ? to : 0, to + 1)) {
    reached += await reachStage(db, kind, { ...base, stage: ordinal });
  }
  if (step.kind === 'go on') reached += await reachTakenOverAgain(db, { ...base, stage: 0 });
  await updateApp(db, app, now);
  if (step.kind === 'advance') {
    await saveStage(db, rollout.id, beginStage(change, to, reached, pass));
  } else {
    await saveStage(db, rollout.id, { ...currentStage(rollout), seenBy: null });
  }
  const how = step.kind === 'advance' ? `promoted it to ${describeStage(stageAt(rollout, to))}` : 'continued it';
  await saveRollout(db, noteChange({ ...rollout, state: 'running', stage: to, halt: null }, change, how));
  return { state: 'running', stage: to, reached };
}

async function complete(change: RolloutChange, pass: Pass): Promise<object> {
  const { db, app, now, rollout } = change;
  await updateApp(db, { ...app, activeVersion: rollout.version, rolloutId: null }, now);
  const stage = currentStage(rollout);
  await saveStage(db, rollout.id, {
    ...stage,
    overrideReason: pass.gates.length > 0 ? pass.reason : stage.overrideReason,
    overridden: pass.gates.length > 0 ? pass.gates : stage.overridden,
  });
  await saveRollout(db, noteChange({ ...rollout, state: 'completed', endedAt: now }, change, 'completed it'));
  return { state: 'completed', version: rollout.version };
}

/**
 * Takes people back to what served them before, from a stage on, and has the way back proved from the target. All of them
 * is a rollback, and ends the rollout.
 */
export async function setBack(
  change: RolloutChange,
  fromStage: number,
  kind: 'undo' | 'roll back',
  reason: string,
): Promise<object> {
  const { db, app, now, author, rollout } = change;
  const { id: rolloutId, version: fromVersion, baseVersion: toVersion } = rollout;
  if (rollout.state === 'completed') await assertInForce(change);
  const made = { rolloutId, appId: app.id, fromStage, fromVersion, toVersion, reason };
  const rollbackId = await insertRollback(db, made, now, author);
  const marked = await takeBack(change, rollbackId, fromStage);
  await saveMarked(db, rollbackId, marked);
  if (kind === 'undo') {
    const stage = stageAt(rollout, fromStage - 1);
    // What went wrong later says that the stage before was not watched for long enough.
    await saveStage(db, rolloutId, { ...stage, soakedMs: 0, seenBy: null });
    await updateApp(db, app, now);
    const how = `undid the stage ${describeStage(stageAt(rollout, fromStage))}`;
    await saveRollout(db, noteChange({ ...rollout, stage: fromStage - 1 }, change, how));
    return { state: rollout.state, stage: fromStage - 1, rollback: rollbackId, marked };
  }
  // A first version has none before it: the pointer stays, and nobody is reached.
  const serving =
    toVersion === null ? { activeVersion: fromVersion, rolloutId } : { activeVersion: toVersion, rolloutId: null };
  await updateApp(db, { ...app, ...serving }, now);
  const ended: Rollout = { ...rollout, state: 'rolled back', endedAt: now };
  await saveRollout(db, noteChange(ended, change, 'rolled it back'));
  return { state: 'rolled back', toVersion, rollback: rollbackId, marked };
}

async function takeBack(
  { db, app, now, rollout }: RolloutChange,
  rollbackId: number,
  fromStage: number,
): Promise<number> {
  if (rollout.state !== 'completed') {
    return withdrawReached(db, { rolloutId: rollout.id, appId: app.id, now, fromStage, rollbackId });
  }
  return markWritten(db, { appId: app.id, now, version: rollout.version, rollbackId });
}

/** Only what is in force can be taken back: an older version went already. */
async function assertInForce({ db, app, rollout }: RolloutChange): Promise<void> {
  const open = await findOpenRollout(db, app.id);
  const inForce = await findRolloutInForce(db, app.id, rollout.version);
  if (!open && app.rolloutId === null && app.activeVersion === rollout.version && inForce?.id === rollout.id) return;
  const now = open ? `version ${open.version} is being rolled out` : `version ${app.activeVersion} is in force`;
  const fix = open ? `Roll back rollout ${open.id}.` : 'Roll back the rollout of that version.';
  throw new Refusal('conflict', `This rollout was completed, and ${now}. ${fix}`, [
    { field: 'rollout', problem: `is not what is in force: ${now}`, fix },
  ]);
}

function beginStage({ now, author, rollout }: RolloutChange, ordinal: number, reached: number, pass: Pass): Stage {
  return {
    ...stageAt(rollout, ordinal),
    startedAt: now,
    startedBy: author,
    overrideReason: pass.gates.length > 0 ? pass.reason : null,
    overridden: pass.gates,
    soakedMs: 0,
    seenBy: null,
    reached,
  };
}

function currentStage(rollout: Rollout): Stage {
  return stageAt(rollout, rollout.stage);
}

function stageAt(rollout: Rollout, ordinal: number): Stage {
  const stage = rollout.stages[ordinal];
  if (!stage) throw new Error(`Rollout ${rollout.id} has no stage ${ordinal}`);
  return stage;
}

function noteChange(rollout: Rollout, { now, author }: RolloutChange, how: string): Rollout {
  return { ...rollout, changedAt: now, changedBy: author, changedHow: how };
}
