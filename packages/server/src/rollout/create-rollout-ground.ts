import type { AppGround } from '../apps/index.ts';
import { findBlockers } from '../readiness/index.ts';
import type { RolloutGround } from './rollout-ground.ts';

/** What rollouts stand on: the gates look at the pieces of the app as they are now. */
export function createRolloutGround(ground: AppGround, openApp: RolloutGround['openApp']): RolloutGround {
  // Joined rather than copied: members that are asked for anew each time stay so.
  return Object.assign(Object.create(ground) as AppGround, {
    openApp,
    checkReadiness: (...[app, level, version]: Parameters<RolloutGround['checkReadiness']>) =>
      findBlockers(ground, app, level, version),
  });
}
