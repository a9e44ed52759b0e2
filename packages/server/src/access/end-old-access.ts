import type { Ground } from '../ground.ts';
import { SESSION_IDLE_MS } from './session.ts';
import { deleteOldLinks } from './sql/links.ts';
import { deleteOldSessions } from './sql/sessions.ts';
import { deleteOldAttempts, forgetLimits } from './sql/sign-in.ts';

const DAY_MS = 86_400_000;

/** Takes away what has ended anyway: sessions, steps of sign-ins, links, and counts of wrong attempts. */
export async function endOldAccess(ground: Ground): Promise<void> {
  const now = ground.clock.now();
  await deleteOldSessions(ground.pool, now, new Date(now.getTime() - SESSION_IDLE_MS));
  await deleteOldAttempts(ground.pool, now);
  await forgetLimits(ground.pool, new Date(now.getTime() - DAY_MS));
  // Links that have expired are told apart from those that never were for a while.
  await deleteOldLinks(ground.pool, new Date(now.getTime() - 30 * DAY_MS));
}
