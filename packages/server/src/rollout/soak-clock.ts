/**
 * The longest time between two looks that counts as watched. A database that restarts loses nothing; a server that stood
 * still for longer watched nothing.
 */
export const LONGEST_GAP_MS = 15 * 60_000;

/**
 * How much of the time between two looks counts as watched. Only the monotonic clock of one watcher says, for wall clocks are
 * set, and those of two machines differ: one that is set two days ahead would open the gate at once. `lookedMs` is null where
 * another watcher looked last, or nobody: a takeover counts for nothing, which costs seconds. Whole milliseconds.
 */
export function countWatched(lookedMs: number | null, nowMs: number): number {
  if (lookedMs === null) return 0;
  return Math.floor(Math.min(Math.max(0, nowMs - lookedMs), LONGEST_GAP_MS));
}
