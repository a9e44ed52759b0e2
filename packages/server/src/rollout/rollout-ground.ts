import type { AppChange, AppGround, ConnectedApp, OpenApp } from '../apps/index.ts';
import type { Blocker } from './check-gates.ts';
import type { Rollout } from './rollout.ts';

/** How far an app must be ready: to let a pilot begin, or to let more people in. */
export type ReadinessLevel = 'pilot' | 'promotion';

/** Looks at the pieces of an app and tells what is red. */
export type CheckReadiness = (app: ConnectedApp, level: ReadinessLevel, version: number) => Promise<Blocker[]>;

export interface RolloutGround extends AppGround {
  openApp: OpenApp;
  checkReadiness: CheckReadiness;
}

/** A rollout under change: locked with its app, in one transaction. */
export interface RolloutChange extends AppChange {
  rollout: Rollout;
  reason: string | undefined;
}
