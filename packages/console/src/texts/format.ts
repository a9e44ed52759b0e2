/** The language of the console: everything that is counted, listed or dated for people is formed here. */
export const LOCALE = 'en-GB';

const numbers = new Intl.NumberFormat(LOCALE);
const plurals = new Intl.PluralRules(LOCALE);
const lists = new Intl.ListFormat(LOCALE, { style: 'long', type: 'conjunction' });
const relatives = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto', style: 'long' });

export function number(value: number): string {
  return numbers.format(value);
}

/** "1 user", "12,403 users" */
export function counted(count: number, one: string, other: string): string {
  return `${numbers.format(count)} ${plurals.select(count) === 'one' ? one : other}`;
}

/** The form that goes with a count, without it. */
export function byCount(count: number, one: string, other: string): string {
  return plurals.select(count) === 'one' ? one : other;
}

export function listed(parts: readonly string[]): string {
  return lists.format(parts);
}

/** Parts as sentences one after another: each ends once, however it came. */
export function sentences(...parts: readonly (string | null | undefined)[]): string {
  return parts
    .filter((part) => part !== null && part !== undefined && part !== '')
    .map((part) => (/[.!?…]$/.test(String(part)) ? part : `${part}.`))
    .join(' ');
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "3 minutes ago", "in 2 hours", in the largest unit that is whole. */
export function relative(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? ['second', 1];
  if (unit === 'second' && Math.abs(seconds) < 10) return seconds > 0 ? 'in a moment' : 'just now';
  // What is a second short of three days away is not "in 2 days".
  const count = seconds / size;
  return relatives.format(count > 0 ? Math.round(count) : Math.trunc(count), unit);
}

/** "2 h 11 min", "48 s", "3 d 4 h" */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([value], index) => index === 0 || value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}

export type Zone = 'local' | 'utc';

const exactTimes = new Map<string, Intl.DateTimeFormat>();

/** A point in time in full, with the short name of the zone. */
export function exactTime(at: Date, zone: Zone, options: { seconds?: boolean; year?: boolean } = {}): string {
  const key = `${zone} ${options.seconds} ${options.year}`;
  const format = exactTimes.get(key) ?? buildExactTime(zone, options);
  // To make one takes longer than to draw the row that it is for.
  exactTimes.set(key, format);
  return format.format(at);
}

function buildExactTime(zone: Zone, options: { seconds?: boolean; year?: boolean }): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'short',
    ...(options.year === false ? {} : { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    ...(options.seconds === false ? {} : { second: '2-digit' }),
    hourCycle: 'h23',
    ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
  });
}

/** "CET", "GMT+1", "UTC" */
export function zoneName(at: Date, zone: Zone): string {
  if (zone === 'utc') return 'UTC';
  const parts = new Intl.DateTimeFormat(LOCALE, { timeZoneName: 'short' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
