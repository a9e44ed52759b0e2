import type { AppChange, AppGround, ConnectedApp, OpenApp } from '../apps/index.ts';
import type { Blocker } from './check-gates.ts';
import type { Rollout } from './rollout.ts';

/** How far an app must be ready: to let a pilot begin, or to let more people in. */
export type ReadinessLevel = 'pilot' | 'promotion';

/** Looks at the pieces of an app and tells what is red. */
export type CheckReadiness = (app: ConnectedApp, level: ReadinessLevel, version: number) => Promise<Blocker[]>;

/** What is red, as it was seen at a moment that may be a little while ago. */
export type SeenReadiness = (...asked: Parameters<CheckReadiness>) => Promise<{ blockers: Blocker[]; at: Date }>;

export interface RolloutGround extends AppGround {
  openApp: OpenApp;
  checkReadiness: CheckReadiness;
}

/** A rollout under change: locked with its app, in one transaction. */
export interface RolloutChange extends AppChange {
  rollout: Rollout;
  reason: string | undefined;
}
