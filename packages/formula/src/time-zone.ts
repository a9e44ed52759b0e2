import { DAY_MS, findDay } from './calendar.ts';
import { fail, type Place } from './failure.ts';

/** Formatters by zone name. Making one costs a hundred evaluations; there are few zones, and the bound keeps it so. */
const formatters = new Map<string, Intl.DateTimeFormat>();
const FORMATTERS_KEPT = 600;

function getFormatter(timeZone: string, place: Place): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  try {
    const made = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone,
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
    });
    if (formatters.size < FORMATTERS_KEPT) formatters.set(timeZone, made);
    return made;
  } catch {
    return fail(
      'time_zone',
      `There is no time zone "${timeZone}": use an IANA name such as Europe/Berlin, or UTC.`,
      place,
    );
  }
}

/** The last answer. A population is evaluated at one moment in one zone, so TODAY() asks the same for every record. */
let lastMoment = Number.NaN;
let lastZone = '';
let lastDay = 0;

/** The day number that a moment falls on in a time zone. */
export function findDayInZone(moment: number, timeZone: string, place: Place): number {
  if (timeZone === 'UTC') return Math.floor(moment / DAY_MS);
  if (moment === lastMoment && timeZone === lastZone) return lastDay;
  const parts = getFormatter(timeZone, place).formatToParts(moment);
  const read = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const day = findDay(read('year'), read('month'), read('day'));
  if (day === undefined) fail('out_of_range', 'The date is outside the years 1 to 9999.', place);
  lastMoment = moment;
  lastZone = timeZone;
  lastDay = day;
  return day;
}
