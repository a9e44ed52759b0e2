import type { AppRuntime } from '../apps/index.ts';
import type { LoadedLink } from './sql/load-links.ts';

/** The version that serves a user. */
export interface Serving {
  runtime: AppRuntime;
  /** Nothing of it is for the user yet: only a departure is worked. */
  waits: boolean;
}

/**
 * Which version serves a user: that of the rollout for those whom it has reached, the one before for everybody else. Where
 * there was none before they wait, and leavers are deprovisioned all the same, by the policy of the first version.
 */
export function chooseServing(runtime: AppRuntime, loaded: Pick<LoadedLink, 'isReached'>): Serving {
  const { rollout } = runtime;
  if (!rollout) return { runtime, waits: false };
  if (loaded.isReached) return { runtime: rollout.reached, waits: false };
  return { runtime, waits: rollout.isFirst };
}

/** What loading the links of an app asks for, whichever version serves them. */
export function loadingNeeds({ mapping, rollout, healing }: AppRuntime): {
  needs: AppRuntime['mapping']['needs'];
  rolloutId?: number | undefined;
  healingId?: number | undefined;
} {
  const other = rollout?.reached.mapping.needs;
  return {
    needs: {
      manager: mapping.needs.manager || (other?.manager ?? false),
      entitlements: mapping.needs.entitlements || (other?.entitlements ?? false),
    },
    rolloutId: rollout?.id,
    healingId: healing?.rolloutId,
  };
}
