import { DAY_MS, isDayInRange, isMomentInRange, parseDay, parseMoment, parseTime } from './calendar.ts';
import { fail, type Place, quote } from './failure.ts';
import { type Evaluate, NO_ENTRIES } from './functions/entry.ts';
import type { Limits } from './limits.ts';
import { parseNumber } from './numbers.ts';
import type { SourceField } from './source-schema.ts';
import type { ValueType } from './value.ts';

interface Reading {
  field: SourceField;
  place: Place;
  limits: Limits;
}

/** What each type of field takes, for messages. */
const accepted: Readonly<Record<ValueType, string>> = {
  text: 'a text',
  number: 'a number of at most 15 digits',
  boolean: 'true or false',
  date: 'a date as YYYY-MM-DD, years 1 to 9999',
  dateTime: 'a date and time as YYYY-MM-DDTHH:MM:SSZ, years 1 to 9999',
  time: 'a time as HH:MM:SS',
  textList: 'a list of texts',
};

function failValue(raw: unknown, { field, place }: Reading): never {
  const name = field.label ? `"${field.path}" (${field.label})` : `"${field.path}"`;
  return fail(
    'field_value',
    `Field ${name} must be ${accepted[field.type]}, but is ${quote(raw)}: correct it in the user.`,
    place,
  );
}

function readText(raw: unknown, reading: Reading): string {
  const text = typeof raw === 'string' ? raw : spellRaw(raw, reading);
  const most = reading.limits.textLength;
  if (text.length <= most) return text;
  const message = `Field "${reading.field.path}" has ${text.length} characters, ${most} are allowed: shorten it.`;
  return fail('text_too_long', message, reading.place);
}

function spellRaw(raw: unknown, reading: Reading): string {
  if (raw === null || raw === undefined) return '';
  if (typeof raw === 'number' || typeof raw === 'boolean' || typeof raw === 'bigint') return String(raw);
  return failValue(raw, reading);
}

function readNumber(raw: unknown, reading: Reading): number {
  if (typeof raw === 'number' && Number.isFinite(raw)) return raw + 0;
  const text = typeof raw === 'bigint' ? String(raw) : raw;
  if (typeof text !== 'string') return failValue(raw, reading);
  const isExact = text.length <= 15 || text.replace(/\D/g, '').replace(/^0+|0+$/g, '').length <= 15;
  return (isExact ? parseNumber(text) : undefined) ?? failValue(raw, reading);
}

function readDay(raw: unknown, reading: Reading): number {
  const day =
    raw instanceof Date ? Math.floor(raw.getTime() / DAY_MS) : typeof raw === 'string' ? parseDay(raw) : undefined;
  return day !== undefined && isDayInRange(day) ? day : failValue(raw, reading);
}

function readMoment(raw: unknown, reading: Reading): number {
  const moment = raw instanceof Date ? raw.getTime() : typeof raw === 'string' ? parseMoment(raw, false) : undefined;
  return moment !== undefined && isMomentInRange(moment) ? moment : failValue(raw, reading);
}

function readTime(raw: unknown, reading: Reading): number {
  const time = typeof raw === 'string' ? parseTime(raw) : undefined;
  return time ?? failValue(raw, reading);
}

/** A list keeps the order of the record; blank entries are left out. */
function readList(raw: unknown, reading: Reading): readonly string[] {
  const entries: unknown = typeof raw === 'string' ? raw.split(';').map((entry) => entry.trim()) : raw;
  if (!Array.isArray(entries)) return failValue(raw, reading);
  const most = reading.limits.listLength;
  if (entries.length > most) {
    const message = `Field "${reading.field.path}" has ${entries.length} entries, ${most} are allowed: shorten it.`;
    fail('list_too_long', message, reading.place);
  }
  let hasBlanks = false;
  for (const entry of entries) {
    if (typeof entry !== 'string') return failValue(entry, reading);
    if (entry === '') hasBlanks = true;
    else if (entry.length > reading.limits.textLength) readText(entry, reading);
  }
  return hasBlanks ? entries.filter((entry) => entry !== '') : entries;
}

/**
 * Reads a field of the record and brings its raw value into the form that evaluation works with, or fails.
 * Each closure takes the usual raw value of its type at once, and leaves the rest to the reader of the type.
 */
export function buildFieldReader(field: SourceField, place: Place, limits: Limits): Evaluate {
  const reading: Reading = { field, place, limits };
  switch (field.type) {
    case 'text':
      return buildTextReader(reading);
    case 'number':
      return (record) => {
        const raw = field.read(record);
        return typeof raw === 'number' && raw - raw === 0 ? raw + 0 : isMissing(raw) ? null : readNumber(raw, reading);
      };
    case 'boolean':
      return (record) => {
        const raw = field.read(record);
        return typeof raw === 'boolean' ? raw : isMissing(raw) ? null : failValue(raw, reading);
      };
    case 'textList':
      return buildListReader(reading);
    default: {
      const read = momentReaders[field.type];
      return (record) => {
        const raw = field.read(record);
        return isMissing(raw) ? null : read(raw, reading);
      };
    }
  }
}

const momentReaders = { date: readDay, dateTime: readMoment, time: readTime };

const isMissing = (raw: unknown): boolean => raw === null || raw === undefined || raw === '';

function buildTextReader(reading: Reading): Evaluate<string> {
  const { field } = reading;
  const most = reading.limits.textLength;
  return (record) => {
    const raw = field.read(record);
    return typeof raw === 'string' && raw.length <= most ? raw : readText(raw, reading);
  };
}

function buildListReader(reading: Reading): Evaluate<readonly string[]> {
  const { field, limits } = reading;
  return (record) => {
    const raw = field.read(record);
    if (isMissing(raw)) return NO_ENTRIES;
    if (!Array.isArray(raw) || raw.length > limits.listLength) return readList(raw, reading);
    for (let at = 0; at < raw.length; at += 1) {
      const entry: unknown = raw[at];
      if (typeof entry !== 'string' || entry === '' || entry.length > limits.textLength) return readList(raw, reading);
    }
    return raw;
  };
}
