/** Where a rollout is: it moves, stands still, or is over. */
export const ROLLOUT_STATES = [
  'planned',
  'running',
  'paused',
  'halted',
  'stopped',
  'completed',
  'rolled back',
  'superseded',
] as const;
export type RolloutState = (typeof ROLLOUT_STATES)[number];

export const STAGE_KINDS = ['pilot', 'percent', 'everyone'] as const;
export type StageKind = (typeof STAGE_KINDS)[number];

/** One of the populations that a version reaches, in their order. */
export interface Stage {
  ordinal: number;
  kind: StageKind;
  /** Of everyone who is concerned, by the hash of rollout and user; only of the kind `percent`. */
  percent: number | null;
  startedAt: Date | null;
  startedBy: string | null;
  /** Why a closed gate was passed on the way into this stage, and which gates those were. */
  overrideReason: string | null;
  overridden: string[];
  /** How long it was watched. */
  soakedMs: number;
  /** Which watcher counts the time that it is watched. */
  seenBy: string | null;
  /** How long ago that one looked, by the database's clock. */
  seenAgoMs: number | null;
  /** How many it brought in. */
  reached: number;
}

/** Who is in the pilot, by name. */
export interface Pilot {
  users: { id: string; name: string }[];
  profiles: { id: number; name: string }[];
  permissionSets: { id: number; name: string }[];
}

export interface RolloutSettings {
  /** How long a stage is watched before the next may begin. */
  soakHours: number;
  /** More failures in a stage than both the number and the share halt it. The share alone closes the gate. */
  failureLimit: { count: number; percent: number };
  /** What happens then. */
  onFailure: 'halt' | 'roll back';
}

export const DEFAULT_SETTINGS: RolloutSettings = {
  soakHours: 48,
  failureLimit: { count: 3, percent: 5 },
  onFailure: 'halt',
};

/** How one configuration version reaches people. */
export interface Rollout {
  id: number;
  appId: number;
  version: number;
  /** What serves those whom it has not reached; null: they wait. */
  baseVersion: number | null;
  state: RolloutState;
  /** Ordinal of the stage that it is in; -1 before the start. */
  stage: number;
  stages: Stage[];
  settings: RolloutSettings;
  withoutRollout: string | null;
  addedPaths: string[];
  halt: HaltNote | null;
  revision: number;
  note: string | null;
  createdAt: Date;
  createdBy: string;
  startedAt: Date | null;
  endedAt: Date | null;
  /** The last command: when, whose, what. */
  changedAt: Date;
  changedBy: string;
  changedHow: string;
}

/** Why a rollout stands still. */
export interface HaltNote {
  why: string;
  at: string;
  by: string;
  failed?: number | undefined;
  worked?: number | undefined;
}

export function describeStage({ kind, percent }: Pick<Stage, 'kind' | 'percent'>): string {
  if (kind === 'percent') return `${percent} %`;
  return kind === 'pilot' ? 'the pilot' : 'everyone';
}

export function isOpen(state: RolloutState): boolean {
  return state === 'running' || state === 'paused' || state === 'halted' || state === 'stopped';
}
