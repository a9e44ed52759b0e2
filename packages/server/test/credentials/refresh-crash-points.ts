import type { CrashPoint } from '../../src/crash-point.ts';

/** Run by refresh-fleet.test.ts. */
export const IN_THE_CREDENTIALS: CrashPoint[] = [
  'before-refresh-intent',
  'after-refresh-intent',
  'refresh-answered',
  'after-refresh-stored',
];
