import { findAppById, type Quarantine, type UnusableAppError } from '../apps/index.ts';
import type { Ground } from '../ground.ts';
import { openQuarantine, postponeProbe } from './sql/app-health.ts';

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 300_000;

/**
 * Shows an app that cannot be opened as quarantined, with the reason. A second failure of the same kind only postpones
 * the next try, so that the audit trail has one row a quarantine. Gives the milliseconds until that try.
 */
export async function quarantineUnusable(ground: Ground, appId: number, error: UnusableAppError): Promise<number> {
  const { pool, clock, log } = ground;
  const app = await findAppById(pool, appId);
  if (app?.state !== 'active') return FIRST_RETRY_MS;
  const known = app.quarantine;
  const isSame = known?.cause === error.blames && known.detail.message === error.problem;
  const probeAttempts = isSame ? known.probeAttempts + 1 : 0;
  const retryAfterMs = Math.min(FIRST_RETRY_MS * 2 ** probeAttempts, LONGEST_RETRY_MS);
  const now = clock.now();
  const probeAt = new Date(now.getTime() + retryAfterMs);
  if (isSame) {
    await postponeProbe(pool, appId, probeAt, probeAttempts);
    return retryAfterMs;
  }
  const detail = { message: error.problem, nextStep: error.fix };
  const quarantine: Quarantine = { since: known?.since ?? now, cause: error.blames, detail, probeAt, probeAttempts };
  await openQuarantine(pool, appId, quarantine);
  log.warn({ app: app.name, cause: error.blames, detail }, 'The app cannot work as it is: nothing is sent');
  return retryAfterMs;
}
