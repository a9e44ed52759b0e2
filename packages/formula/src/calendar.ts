/** Days and times as numbers: a date is days since 1970-01-01, a date/time milliseconds since then, a time milliseconds of the day. */
export const DAY_MS = 86_400_000;

/** The years that dates may have. Salesforce's own end at 4000; HR systems write 9999-12-31 for "no end". */
const FIRST_YEAR = 1;
const LAST_YEAR = 9999;

export interface CivilDate {
  year: number;
  month: number;
  day: number;
}

const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** The number of days of a month, 1 = January. */
export function countDaysOfMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The day number of a calendar date, or undefined when there is no such day (30 February, month 13, year 0). */
export function findDay(year: number, month: number, day: number): number | undefined {
  if (!(Number.isInteger(year) && Number.isInteger(month) && Number.isInteger(day))) return undefined;
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12) return undefined;
  if (day < 1 || day > countDaysOfMonth(year, month)) return undefined;
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  return moment.getTime() / DAY_MS;
}

/** The calendar date of a day number. */
export function splitDay(day: number): CivilDate {
  const moment = new Date(day * DAY_MS);
  return { year: moment.getUTCFullYear(), month: moment.getUTCMonth() + 1, day: moment.getUTCDate() };
}

const EARLIEST_DAY = findDay(FIRST_YEAR, 1, 1) as number;
const LATEST_DAY = findDay(LAST_YEAR, 12, 31) as number;

/** Whether a computed day number lies in the years that dates may have. */
export const isDayInRange = (day: number): boolean => day >= EARLIEST_DAY && day <= LATEST_DAY;

/** Whether a computed moment lies in the years that dates may have. */
export const isMomentInRange = (moment: number): boolean => isDayInRange(Math.floor(moment / DAY_MS));

/** The weekday, 1 = Sunday … 7 = Saturday, as in Salesforce. Day 0 was a Thursday. */
export const weekdayOf = (day: number): number => ((((day + 4) % 7) + 7) % 7) + 1;

/** The week of ISO 8601 and the year it belongs to: the week of the Thursday. */
export function findIsoWeek(day: number): { year: number; week: number } {
  const daysAfterMonday = (weekdayOf(day) + 5) % 7;
  const thursday = day - daysAfterMonday + 3;
  const { year } = splitDay(thursday);
  return { year, week: Math.floor((thursday - (findDay(year, 1, 1) ?? EARLIEST_DAY)) / 7) + 1 };
}

const pad = (value: number, length: number): string => String(value).padStart(length, '0');

/** `YYYY-MM-DD` */
export function formatDay(day: number): string {
  const { year, month, day: dayOfMonth } = splitDay(day);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(dayOfMonth, 2)}`;
}

/** `HH:MM:SS.mmm` */
export function formatTime(ms: number): string {
  const [hour, minute, second] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  return `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(ms % 1000, 3)}`;
}

/** `YYYY-MM-DDTHH:MM:SS.mmmZ` */
export const formatMoment = (moment: number): string => new Date(moment).toISOString();

/** Parses `YYYY-MM-DD`; undefined when it is not a day of the calendar. */
export function parseDay(text: string): number | undefined {
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  return parts ? findDay(Number(parts[1]), Number(parts[2]), Number(parts[3])) : undefined;
}

/**
 * Parses `HH:MM`, `HH:MM:SS` or `HH:MM:SS.mmm` (1 to 9 decimals, cut to milliseconds) into milliseconds of the day.
 * A `Z` at the end, which Salesforce writes after a time of day, changes nothing.
 */
export function parseTime(text: string): number | undefined {
  const parts = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?Z?$/.exec(text);
  if (!parts) return undefined;
  const [hour, minute, second] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return ((hour * 60 + minute) * 60 + second) * 1000 + Number((parts[4] ?? '').padEnd(3, '0').slice(0, 3));
}

/** Parses a date and a time parted by `T` or a blank, with `Z`, an offset, or neither (then `assumeUtc` must allow it). */
export function parseMoment(text: string, assumeUtc: boolean): number | undefined {
  const parts = /^([\d-]{8,10})[T ]([\d:.]{4,18}?)\s?(Z|z|[+-]\d{2}:?\d{2})?$/.exec(text);
  const day = parts && parseDay(parts[1] as string);
  const time = parts && parseTime(parts[2] as string);
  if (!parts || day === undefined || time === undefined || day === null || time === null) return undefined;
  const zone = parts[3];
  if (zone === undefined && !assumeUtc) return undefined;
  const moment = day * DAY_MS + time - parseOffset(zone);
  return isMomentInRange(moment) ? moment : undefined;
}

function parseOffset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone[0] === '-' ? -minutes : minutes) * 60_000;
}
