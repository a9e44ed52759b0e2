export interface DeactivationLimit {
  /** More than the larger of both in a sliding hour is held. */
  count: number;
  percent: number;
}

export interface DeactivationWindow {
  /** Accounts that were usable when the window opened: active now plus those deactivated in the window. */
  population: number;
  /** Deactivations and deletions sent in the window, without those a person released. */
  used: number;
}

/** Below this a "half of everybody" rule would stop ordinary leavers. */
const SMALL_POPULATION = 3;

/** How many deactivations a sliding hour may see: max(count, percent), and never more than half of a population over 3. */
export function deactivationLimit(limit: DeactivationLimit, population: number): number {
  const allowed = Math.max(limit.count, Math.floor((population * limit.percent) / 100));
  return population > SMALL_POPULATION ? Math.min(allowed, Math.floor(population / 2)) : allowed;
}

export type ThresholdVerdict = { ok: true } | { ok: false; limit: number; used: number; wanted: number };

/**
 * Whether `wanted` more deactivations fit in the window. A wave that does not fit is held whole, not its tail: the
 * first ten of a wrong filter's victims are as wrong as the rest.
 */
export function checkDeactivationThreshold(
  limit: DeactivationLimit,
  window: DeactivationWindow,
  wanted: number,
): ThresholdVerdict {
  const allowed = deactivationLimit(limit, window.population);
  if (window.used + wanted <= allowed) return { ok: true };
  return { ok: false, limit: allowed, used: window.used, wanted };
}
