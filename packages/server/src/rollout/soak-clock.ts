/** What a watcher of soaking stages knows of its own two last looks, by a clock that cannot be set. */
export interface Watch {
  /** Milliseconds since the look before by the monotonic clock; null: somebody else looked then, or nobody. */
  sinceLookMs: number | null;
}

/** The longest time between two looks that counts as watched. */
export const LONGEST_GAP_MS = 120_000;
/** Clocks are corrected little by little all the time. */
const TOLERANCE_MS = 1_000;

/**
 * How much of the time since a stage was last seen counts as watched. Not what the wall clock says alone: one that is set
 * two days ahead would open the gate at once, and a server that stood still watched nothing. Where the same watcher looked
 * before, its monotonic clock bounds what counts; where another one did, the gap between two looks does.
 */
export function countWatched(seenAt: Date, now: Date, { sinceLookMs }: Watch): number {
  const wallMs = now.getTime() - seenAt.getTime();
  const mostMs = sinceLookMs === null ? LONGEST_GAP_MS : sinceLookMs + TOLERANCE_MS;
  return Math.max(0, Math.min(wallMs, mostMs));
}
