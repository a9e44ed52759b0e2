import { markDay } from '../marking/index.ts';
import type { AppGround } from './app-ground.ts';
import { findTimeZone } from './sql/find-time-zone.ts';

const LOOK_EVERY_MS = 30_000;
/** A leaver by date keeps access for this long after midnight at the most; shorter would crowd out other work. */
const SPREAD_SECONDS = 300;

type DayGround = Pick<AppGround, 'pool' | 'clock' | 'log'>;

/** Makes links due whose formulas read the clock, if a day has begun in the organisation's zone since they last were. */
export async function beginDay({ pool, clock, log }: DayGround): Promise<void> {
  const now = clock.now();
  const day = dayOf(now, await findTimeZone(pool));
  for (const { appId, links } of await markDay(pool, now, day, SPREAD_SECONDS)) {
    log.info({ app: appId, links, day }, 'A day has begun: the links are looked at again');
  }
}

/** The day as TODAY() sees it, `YYYY-MM-DD`. */
export function dayOf(now: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return parts.format(now);
}

/** Watches for midnight until the end. Gives what ends it. */
export function watchDays(ground: DayGround): () => Promise<void> {
  let looking: Promise<void> | undefined;
  const look = () => {
    looking ??= beginDay(ground)
      .catch((error: unknown) => ground.log.warn({ err: error }, 'Could not tell whether a day has begun'))
      .finally(() => {
        looking = undefined;
      });
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await looking;
  };
}
