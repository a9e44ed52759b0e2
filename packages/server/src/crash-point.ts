/**
 * Every place where a test may kill the process to prove that nothing is lost there: the borders between what the
 * database, the target and this process know. Closed; a test lists the calls in the source and runs each name.
 */
export const CRASH_POINTS = [
  // a change of the directory
  'after-marking',
  // a pump's way with a batch
  'after-lease',
  'after-inheriting',
  'after-claim',
  'before-intent',
  'after-intent',
  'before-send',
  'target-answered',
  'before-outcome',
  'after-outcome',
  // the end of a pump
  'before-giving-back',
  'before-release',
  // the renewal of an access token
  'before-refresh-intent',
  'after-refresh-intent',
  'refresh-answered',
  'after-refresh-stored',
  // the schema
  'before-migration-commit',
  'after-migration',
  // the embedded database
  'before-database-folder',
  'before-postmaster-start',
  'after-postmaster-start',
  'before-database',
  'before-postmaster-stop',
  'after-postmaster-stop',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

/** Which point kills the process, and at which pass through it. */
export interface ArmedCrash {
  readonly name: CrashPoint;
  readonly pass: number;
}

let armed: { name: CrashPoint; passesLeft: number } | undefined;

/** Arms one point: the process kills itself at that pass through it. Called once, with what the configuration says. */
export function armCrashPoint({ name, pass }: ArmedCrash): void {
  armed = { name, passesLeft: pass };
}

export function crashPoint(name: CrashPoint): void {
  if (armed?.name !== name) return;
  armed.passesLeft -= 1;
  // SIGKILL, so that no handler, flush or exit hook can soften the blow.
  if (armed.passesLeft === 0) process.kill(process.pid, 'SIGKILL');
}
