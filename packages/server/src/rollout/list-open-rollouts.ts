import type { Pool } from '../db/index.ts';
import { describeHours } from './check-gates.ts';
import { describeStage, type Rollout } from './rollout.ts';
import { listOpenRows, type OpenRow } from './sql/rollouts.ts';

/** What an open rollout waits for, as far as it is on record: no user is counted for it. */
export const WAITS = ['soaking', 'approval', 'gate', 'paused', 'halted', 'stopped'] as const;
export type Wait = (typeof WAITS)[number];

/** A rollout that moves or stands still, in a line. */
export interface OpenRollout {
  id: number;
  app: string;
  label: string;
  version: number;
  state: Rollout['state'];
  /** The stage that it is in, and the one after it; null: it is the last. */
  stage: string;
  nextStage: string | null;
  waits: Wait;
  since: Date;
  /** How long the stage is still to be watched; null where it stands still. */
  soakLeftMs: number | null;
  sentence: string;
  nextStep: string | null;
}

/** Every rollout that moves or stands still, of every app. It costs the same however many links there are. */
export async function listOpenRollouts(pool: Pool): Promise<OpenRollout[]> {
  return (await listOpenRows(pool)).map(describeOpen);
}

function describeOpen({ rollout, app, label, readyAt }: OpenRow): OpenRollout {
  const { id, version, state, halt, settings, changedAt } = rollout;
  const present = rollout.stages[rollout.stage];
  const next = rollout.stages[rollout.stage + 1];
  const stage = present ? describeStage(present) : `stage ${rollout.stage}`;
  const nextStage = next ? describeStage(next) : null;
  const core = { id, app, label, version, state, stage, nextStage };
  if (state !== 'running') {
    const since = halt ? new Date(halt.at) : changedAt;
    const why = halt?.why ?? 'no reason is on record';
    const sentence = `Version ${version} is ${state} in ${stage}: ${why}`;
    return { ...core, waits: state as Wait, since, soakLeftMs: null, sentence, nextStep: NEXT_STEPS[state] ?? null };
  }
  const soakLeftMs = Math.max(0, settings.soakHours * 3_600_000 - (present?.soakedMs ?? 0));
  const since = present?.startedAt ?? changedAt;
  if (readyAt && nextStage) {
    const sentence = `Version ${version} was watched in ${stage} for long enough, and may go on to ${nextStage}`;
    return {
      ...core,
      waits: 'approval',
      since: readyAt,
      soakLeftMs,
      sentence,
      nextStep: 'Advance it, or roll it back.',
    };
  }
  if (soakLeftMs > 0) {
    const sentence = `Version ${version} is watched in ${stage} for ${describeHours(soakLeftMs)} more`;
    return { ...core, waits: 'soaking', since, soakLeftMs, sentence, nextStep: null };
  }
  const sentence = `Version ${version} was watched in ${stage} for long enough, and a gate is closed`;
  return {
    ...core,
    waits: 'gate',
    since,
    soakLeftMs,
    sentence,
    nextStep: 'Look at its gates: each says what opens it.',
  };
}

const NEXT_STEPS: Partial<Record<Rollout['state'], string>> = {
  halted: 'Correct the cause of the failures and continue, or roll it back.',
  paused: 'Continue it, or roll it back.',
  stopped: 'Plan a new version, or roll it back: whoever was reached keeps this one.',
};
