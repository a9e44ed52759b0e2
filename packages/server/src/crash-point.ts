/**
 * Every place where a test may kill the process to prove that nothing is lost there: the borders between what the
 * database, the target and this process know. Closed; a test lists the calls in the source and runs each name.
 */
export const CRASH_POINTS = [
  'after-claim',
  'before-intent',
  'after-intent',
  'before-send',
  'target-answered',
  'before-outcome',
  'after-outcome',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

let armed: { name: CrashPoint; passes: number } | undefined;

/** Arms one point: the process kills itself at the given pass through it. Only main.ts calls this, from configuration. */
export function armCrashPoint(name: CrashPoint, pass = 1): void {
  armed = { name, passes: pass };
}

export function crashPoint(name: CrashPoint): void {
  if (armed?.name !== name) return;
  armed.passes -= 1;
  // SIGKILL, so that no handler, flush or exit hook can soften the blow.
  if (armed.passes === 0) process.kill(process.pid, 'SIGKILL');
}
