import { createEntitlement, listEntitlements } from '../assignments/index.ts';
import type { Actor } from '../audit/index.ts';
import type { Ground } from '../ground.ts';
import { Refusal } from '../refusal.ts';
import { wasAnyProfileMade } from './sql/first-profile.ts';

/** The profile of users that name none. */
export const STANDARD_PROFILE = 'Standard User';

const ACTOR: Actor = { kind: 'system', name: 'start' };

/**
 * Every user has a profile, so that a directory in which nobody made one yet takes no user at all: it gets the standard one.
 * Once only: where profiles were made and deleted, somebody decided so. Replicas may start at once.
 */
export async function ensureStandardProfile(ground: Ground): Promise<void> {
  const [present] = await listEntitlements(ground.pool, 'profile', { search: '', after: null, limit: 1 });
  if (present || (await wasAnyProfileMade(ground.pool))) return;
  const description = 'Of users that name no other. Made at the first start; rename or delete it as you like.';
  await createEntitlement(ground, ACTOR, 'profile', { name: STANDARD_PROFILE, description }).catch((error: unknown) => {
    if (!(error instanceof Refusal && error.code === 'already_exists')) throw error;
  });
}
