import {
  countDaysOfMonth,
  DAY_MS,
  findDay,
  findIsoWeek,
  isMomentInRange,
  parseDay,
  parseMoment,
  parseTime,
  splitDay,
  weekdayOf,
} from '../calendar.ts';
import { fail, quote } from '../failure.ts';
import { settle } from '../numbers.ts';
import { findDayInZone } from '../time-zone.ts';
import {
  type Argument,
  asBoolean,
  asNumber,
  asText,
  type CallSite,
  type Evaluate,
  type FunctionEntry,
} from './entry.ts';

const YEARS = 'the years 1 to 9999';

function failDate(value: string, form: string, call: CallSite): never {
  fail('not_a_date', `${call.name} cannot read ${quote(value)}: it takes ${form}.`, call);
}

/** A function of one number-like value; blank stays blank. */
function buildFrom(rule: (value: number, call: CallSite) => number): FunctionEntry['build'] {
  return ([argument], call) => {
    const value = asNumber(argument);
    return (record, context) => {
      const number = value(record, context);
      return number === null ? null : rule(number, call);
    };
  };
}

const buildDate: FunctionEntry['build'] = (args, call) => {
  const [year, month, day] = [asNumber(args[0]), asNumber(args[1]), asNumber(args[2])];
  return (record, context) => {
    const [y, m, d] = [year(record, context), month(record, context), day(record, context)];
    if (y === null || m === null || d === null) return null;
    return (
      findDay(Math.trunc(y), Math.trunc(m), Math.trunc(d)) ??
      fail('out_of_range', `There is no day ${y}-${m}-${d} in the calendar of ${YEARS}.`, call)
    );
  };
};

const buildDateValue: FunctionEntry['build'] = ([argument], call) => {
  if (argument?.type === 'date') return argument.run;
  if (argument?.type === 'dateTime') {
    const value = asNumber(argument);
    return (record, context) => {
      const moment = value(record, context);
      return moment === null ? null : findDayInZone(moment, context.timeZone, call);
    };
  }
  return parseWith(argument, (text) => parseDay(text) ?? failDate(text, 'a date as YYYY-MM-DD', call));
};

const buildDateTimeValue: FunctionEntry['build'] = ([argument], call) => {
  if (argument?.type === 'dateTime') return argument.run;
  if (argument?.type === 'date') return buildFrom((day) => day * DAY_MS)([argument], call);
  return parseWith(
    argument,
    (text) => parseMoment(text, true) ?? failDate(text, 'a date and time as YYYY-MM-DD HH:MM:SS', call),
  );
};

const toTimeOfDay = (moment: number): number => moment - Math.floor(moment / DAY_MS) * DAY_MS;

const buildTimeValue: FunctionEntry['build'] = ([argument], call) => {
  if (argument?.type === 'time') return argument.run;
  if (argument?.type === 'dateTime') return buildFrom(toTimeOfDay)([argument], call);
  return parseWith(argument, (text) => parseTime(text) ?? failDate(text, 'a time as HH:MM:SS.mmm', call));
};

function parseWith(argument: Argument | undefined, parse: (text: string) => number): Evaluate {
  const value = asText(argument);
  return (record, context) => {
    const text = value(record, context);
    return text === '' ? null : parse(text.trim());
  };
}

/** The last day of a month goes to the last day of the other month; a day that the other month lacks goes to its last. */
function addMonths(day: number, months: number, call: CallSite): number {
  const from = splitDay(day);
  const index = from.year * 12 + from.month - 1 + Math.trunc(months);
  const [year, month] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
  const last = countDaysOfMonth(year, month);
  const isLast = from.day === countDaysOfMonth(from.year, from.month);
  const to = findDay(year, month, isLast ? last : Math.min(from.day, last));
  return to ?? fail('out_of_range', `ADDMONTHS leaves ${YEARS}.`, call);
}

const buildAddMonths: FunctionEntry['build'] = (args, call) => {
  const [start, count] = [asNumber(args[0]), asNumber(args[1])];
  const hasTime = args[0]?.type === 'dateTime';
  return (record, context) => {
    const [value, months] = [start(record, context), count(record, context)];
    if (value === null || months === null) return null;
    if (!hasTime) return addMonths(value, months, call);
    return addMonths(Math.floor(value / DAY_MS), months, call) * DAY_MS + toTimeOfDay(value);
  };
};

const buildUnixTimestamp: FunctionEntry['build'] = ([argument], call) => {
  if (argument?.type === 'date') return buildFrom((day) => day * 86_400)([argument], call);
  return buildFrom((ms) => Math.floor(ms / 1000))(argument ? [argument] : [], call);
};

const pad = (value: number): string => String(value).padStart(2, '0');

function spellDuration(seconds: number, withDays: boolean): string {
  const whole = Math.floor(Math.abs(seconds));
  const clock = `${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
  if (!withDays) return `${pad(Math.floor(whole / 3600))}:${clock}`;
  return `${Math.floor(whole / 86_400)}:${pad(Math.floor(whole / 3600) % 24)}:${clock}`;
}

const buildFormatDuration: FunctionEntry['build'] = (args, call) => {
  const first = asNumber(args[0]);
  // FORMATDURATION(time, NULL): the NULL stands for a time, not for "without days".
  if (args[0]?.type !== 'number' && args[1]?.constant?.value === null) return () => '';
  if (args[1] === undefined || args[1].type === 'boolean') {
    const days = args[1] ? asBoolean(args[1]) : () => false;
    return (record, context) => {
      const seconds = first(record, context);
      return seconds === null ? '' : spellDuration(settle(seconds, call), days(record, context) === true);
    };
  }
  const second = asNumber(args[1]);
  const withDays = args[0]?.type === 'dateTime';
  return (record, context) => {
    const [from, to] = [first(record, context), second(record, context)];
    return from === null || to === null ? '' : spellDuration(Math.trunc((to - from) / 1000), withDays);
  };
};

/** The three forms of FORMATDURATION: (seconds), (seconds, with days), (from, to) of one type. */
const checkFormatDuration: NonNullable<FunctionEntry['check']> = (call) => {
  const [first, second] = call.types;
  if (first === 'unknown' || second === 'unknown' || first === 'blank' || second === 'blank') return undefined;
  const isRight =
    second === undefined ? first === 'number' : first === 'number' ? second === 'boolean' : first === second;
  if (isRight) return undefined;
  const message = 'FORMATDURATION takes seconds, seconds and TRUE or FALSE, two times, or two date/times.';
  return { code: 'type', message, start: call.start, end: call.end };
};

const date = { name: 'date', type: 'date' } as const;
const time = { name: 'time', type: 'time' } as const;

function definePart(
  name: string,
  parameter: FunctionEntry['parameters'][number],
  doc: string,
  formula: string,
  value: number,
  rule: (value: number) => number,
): FunctionEntry {
  return {
    name,
    family: 'date',
    parameters: [parameter],
    returns: 'number',
    doc,
    examples: [{ formula, value }],
    build: buildFrom(rule),
  };
}

function getNow(now: Date, call: CallSite): number {
  const moment = now.getTime();
  return isMomentInRange(moment)
    ? moment
    : fail('out_of_range', `${call.name} was evaluated at a moment outside ${YEARS}.`, call);
}

/** The functions on dates, times and both. A blank argument gives a blank. */
export const dateFunctions: readonly FunctionEntry[] = [
  {
    name: 'ADDMONTHS',
    family: 'date',
    parameters: [
      { name: 'date', type: 'T' },
      { name: 'months', type: 'number' },
    ],
    returns: 'T',
    variables: { T: ['date', 'dateTime'] },
    doc: 'The date so many months later, or earlier for a number below 0.',
    examples: [
      { formula: 'ADDMONTHS(HireDate__c, 6)', value: '2024-08-31' },
      { formula: 'ADDMONTHS(DATE(2024, 1, 15), -1)', value: '2023-12-15' },
    ],
    note: 'The last day of a month stays the last day.',
    build: buildAddMonths,
  },
  {
    name: 'DATE',
    family: 'date',
    parameters: [
      { name: 'year', type: 'number' },
      { name: 'month', type: 'number' },
      { name: 'day', type: 'number' },
    ],
    returns: 'date',
    doc: 'The date of a year, month and day.',
    examples: [{ formula: 'DATE(2024, 2, 29)', value: '2024-02-29' }],
    note: 'A day that is not in the calendar is an error. Years 1 to 9999.',
    build: buildDate,
  },
  {
    name: 'DATETIMEVALUE',
    family: 'date',
    parameters: [{ name: 'value', type: ['text', 'date', 'dateTime'] }],
    returns: 'dateTime',
    doc: 'The date/time that a text spells, in UTC unless it says otherwise, or midnight UTC of a date.',
    examples: [{ formula: 'DATETIMEVALUE("2024-02-29 08:30:00")', value: '2024-02-29T08:30:00.000Z' }],
    note: 'T or a blank space before the time, and Z or an offset such as +01:00 after it, are read too.',
    build: buildDateTimeValue,
  },
  {
    name: 'DATEVALUE',
    family: 'date',
    parameters: [{ name: 'value', type: ['text', 'date', 'dateTime'] }],
    returns: 'date',
    doc: 'The date that a text spells as YYYY-MM-DD, or the day of a date/time in the time zone of the evaluation.',
    examples: [{ formula: 'DATEVALUE("2024-02-29")', value: '2024-02-29' }],
    contextual: true,
    build: buildDateValue,
  },
  definePart('DAY', date, 'The day of the month.', 'DAY(HireDate__c)', 29, (day) => splitDay(day).day),
  definePart('DAYOFYEAR', date, 'The day of the year, 1 to 366.', 'DAYOFYEAR(HireDate__c)', 60, (day) => {
    return day - (findDay(splitDay(day).year, 1, 1) ?? day) + 1;
  }),
  {
    name: 'FORMATDURATION',
    family: 'date',
    parameters: [
      { name: 'seconds', type: ['number', 'time', 'dateTime'] },
      { name: 'withDays', type: ['boolean', 'time', 'dateTime'], optional: true },
    ],
    returns: 'text',
    doc: 'Seconds, or the time between two times or two date/times, as HH:MM:SS; with days in front if asked for.',
    examples: [
      { formula: 'FORMATDURATION(3725)', value: '01:02:05' },
      { formula: 'FORMATDURATION(90061, TRUE)', value: '1:01:01:01' },
    ],
    note: 'Two date/times always give days. The sign is left out.',
    check: checkFormatDuration,
    build: buildFormatDuration,
  },
  {
    name: 'FROMUNIXTIME',
    family: 'date',
    parameters: [{ name: 'seconds', type: 'number' }],
    returns: 'dateTime',
    doc: 'The date/time so many seconds after 1 January 1970, UTC.',
    examples: [{ formula: 'FROMUNIXTIME(1709195400)', value: '2024-02-29T08:30:00.000Z' }],
    build: buildFrom((seconds, call) => {
      const moment = Math.round(seconds * 1000);
      return isMomentInRange(moment) ? moment : fail('out_of_range', `FROMUNIXTIME leaves ${YEARS}.`, call);
    }),
  },
  definePart('HOUR', time, 'The hour, 0 to 23.', 'HOUR(TIMEVALUE("17:45:10.250"))', 17, (ms) =>
    Math.floor(ms / 3_600_000),
  ),
  definePart(
    'ISOWEEK',
    date,
    'The week of ISO 8601, 1 to 53.',
    'ISOWEEK(HireDate__c)',
    9,
    (day) => findIsoWeek(day).week,
  ),
  definePart(
    'ISOYEAR',
    date,
    'The year that the week of ISO 8601 belongs to.',
    'ISOYEAR(DATE(2024, 12, 30))',
    2025,
    (day) => {
      return findIsoWeek(day).year;
    },
  ),
  definePart(
    'MILLISECOND',
    time,
    'The milliseconds, 0 to 999.',
    'MILLISECOND(TIMEVALUE("17:45:10.250"))',
    250,
    (ms) => ms % 1000,
  ),
  definePart(
    'MINUTE',
    time,
    'The minute, 0 to 59.',
    'MINUTE(TIMEVALUE("17:45:10.250"))',
    45,
    (ms) => Math.floor(ms / 60_000) % 60,
  ),
  definePart('MONTH', date, 'The month, 1 to 12.', 'MONTH(HireDate__c)', 2, (day) => splitDay(day).month),
  {
    name: 'NOW',
    family: 'date',
    parameters: [],
    returns: 'dateTime',
    doc: 'The date/time of the evaluation.',
    examples: [{ formula: 'NOW()', value: '2024-06-15T12:00:00.000Z' }],
    volatile: true,
    build: (_args, call) => (_record, context) => getNow(context.now, call),
  },
  definePart(
    'SECOND',
    time,
    'The second, 0 to 59.',
    'SECOND(TIMEVALUE("17:45:10.250"))',
    10,
    (ms) => Math.floor(ms / 1000) % 60,
  ),
  {
    name: 'TIMENOW',
    family: 'date',
    parameters: [],
    returns: 'time',
    doc: 'The time of day of the evaluation, UTC.',
    examples: [{ formula: 'TIMENOW()', value: '12:00:00.000' }],
    volatile: true,
    build: (_args, call) => (_record, context) => toTimeOfDay(getNow(context.now, call)),
  },
  {
    name: 'TIMEVALUE',
    family: 'date',
    parameters: [{ name: 'value', type: ['text', 'time', 'dateTime'] }],
    returns: 'time',
    doc: 'The time that a text spells as HH:MM:SS.mmm, or the time of day of a date/time, UTC.',
    examples: [{ formula: 'TIMEVALUE("17:45:10.250")', value: '17:45:10.250' }],
    build: buildTimeValue,
  },
  {
    name: 'TODAY',
    family: 'date',
    parameters: [],
    returns: 'date',
    doc: 'The day of the evaluation, in its time zone.',
    examples: [
      { formula: 'TODAY()', value: '2024-06-15' },
      { formula: 'TODAY() - HireDate__c', value: 107 },
    ],
    volatile: true,
    build: (_args, call) => (_record, context) => findDayInZone(getNow(context.now, call), context.timeZone, call),
  },
  {
    name: 'UNIXTIMESTAMP',
    family: 'date',
    parameters: [{ name: 'value', type: ['date', 'dateTime', 'time'] }],
    returns: 'number',
    doc: 'The seconds since 1 January 1970, UTC; for a time, since midnight.',
    examples: [{ formula: 'UNIXTIMESTAMP(DATETIMEVALUE("2024-02-29 08:30:00"))', value: 1709195400 }],
    build: buildUnixTimestamp,
  },
  definePart('WEEKDAY', date, 'The day of the week, 1 = Sunday to 7 = Saturday.', 'WEEKDAY(HireDate__c)', 5, weekdayOf),
  definePart('YEAR', date, 'The year.', 'YEAR(HireDate__c)', 2024, (day) => splitDay(day).year),
];
