import type { Rollout, RolloutState } from './rollout.ts';

export const COMMANDS = ['start', 'pause', 'continue', 'advance', 'stop', 'undo', 'roll back'] as const;
export type RolloutCommand = (typeof COMMANDS)[number];

/** What a command does to a rollout, before anything is written. */
export type Step =
  | { kind: 'start' }
  /** Nobody else is reached, and whoever is not worked yet keeps the version before. */
  | { kind: 'stand still'; state: 'paused' | 'halted' | 'stopped' }
  /** The stage goes on where it stood. */
  | { kind: 'go on' }
  | { kind: 'advance'; to: number }
  /** The last stage has passed its gates: the version serves everyone. */
  | { kind: 'complete' }
  | { kind: 'undo'; from: number }
  | { kind: 'roll back' }
  | { kind: 'refuse'; why: string; fix: string };

type Facts = Pick<Rollout, 'state' | 'stage' | 'baseVersion' | 'withoutRollout'> & { stages: number };

const ENDED: Partial<Record<RolloutState, string>> = {
  completed: 'is completed',
  'rolled back': 'was rolled back',
  superseded: 'was taken over by a newer one',
};

/** The state machine of a rollout. Pure; gates are another matter. */
export function decideCommand(rollout: Facts, command: RolloutCommand): Step {
  const { state, stage, stages } = rollout;
  if (command === 'roll back') return decideRollback(rollout);
  const ended = ENDED[state];
  if (ended) return refuse(`The rollout ${ended}`, 'Make a new rollout.');
  if (command === 'start') {
    return state === 'planned' ? { kind: 'start' } : refuse('The rollout was started already', 'Look at its stage.');
  }
  if (state === 'planned') return refuse('The rollout was not started yet', 'Start it: the pilot is its first stage.');
  switch (command) {
    case 'pause':
      if (state === 'running') return { kind: 'stand still', state: 'paused' };
      return refuse(`The rollout is ${state} already`, 'There is nothing to pause.');
    case 'continue':
      if (state === 'paused' || state === 'halted') return { kind: 'go on' };
      if (state === 'running') return refuse('The rollout is running', 'There is nothing to continue.');
      return refuse('The rollout was stopped for good', 'Roll it back, or start a rollout that takes over from it.');
    case 'advance':
      if (state !== 'running') return refuse(`The rollout is ${state}`, 'Continue it first, or roll it back.');
      return stage + 1 < stages ? { kind: 'advance', to: stage + 1 } : { kind: 'complete' };
    case 'stop':
      if (state === 'stopped') return refuse('The rollout is stopped already', 'Roll it back, or take over from it.');
      return { kind: 'stand still', state: 'stopped' };
    case 'undo':
      if (stage > 0) return { kind: 'undo', from: stage };
      return refuse('The pilot is the first stage', 'Roll the rollout back instead.');
  }
}

function decideRollback({ state, baseVersion, withoutRollout }: Facts): Step {
  if (state === 'planned') return refuse('The rollout was not started yet', 'There is nothing to roll back.');
  if (state === 'rolled back') return refuse('The rollout was rolled back already', 'Look at its report.');
  if (state === 'superseded') return refuse('A newer rollout took over', 'Roll that one back.');
  if (state === 'completed' && baseVersion === null) {
    const first = withoutRollout === null ? 'This was the first version' : 'This version was the first in force';
    return refuse(`${first}: there is none before it`, 'Pause the app, or save a corrected version.');
  }
  return { kind: 'roll back' };
}

function refuse(why: string, fix: string): Step {
  return { kind: 'refuse', why, fix };
}
