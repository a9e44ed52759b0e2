import { findNearestName } from '../assignments/index.ts';
import type { FieldValue, UserField } from './user-fields.ts';

/** Where a value comes from: cells of a CSV file are always texts, members of JSON have types. */
export type ValueSource = 'json' | 'csv';

/** `null` is blank. */
export type ParsedValue = { ok: true; value: FieldValue | null } | { ok: false; problem: string; fix: string };

const accept = (value: FieldValue | null): ParsedValue => ({ ok: true, value });
const refuse = (problem: string, fix: string): ParsedValue => ({ ok: false, problem, fix });
const BLANK = accept(null);

/** Reads one value of a field as its type asks for it. Blank texts and null are blank; nothing is cut or guessed. */
export function parseFieldValue(field: UserField, raw: unknown, source: ValueSource): ParsedValue {
  if (raw === null || raw === undefined) return BLANK;
  if (typeof raw === 'string' && (raw === '' || raw.trim() === '')) return BLANK;
  switch (field.type) {
    case 'boolean':
      return parseBoolean(raw, source);
    case 'number':
      return parseNumber(raw, source);
    case 'names':
    case 'multipicklist':
      return parseList(field, raw);
    default:
      if (typeof raw !== 'string') return refuse(`is ${nameType(raw)}, not a text`, 'Put it between quotation marks.');
      return parseText(field, raw);
  }
}

function parseText(field: UserField, raw: string): ParsedValue {
  const fault = findTextFault(field, raw);
  if (fault) return fault;
  const check = CHECKS[field.name];
  if (check && !field.custom) return check(raw);
  switch (field.type) {
    case 'email':
      return parseEmail(field, raw);
    case 'picklist':
      return parsePicklist(field, raw);
    case 'reference':
      return parseReference(raw);
    case 'date':
      return parseDate(raw);
    case 'dateTime':
      return parseDateTime(raw);
    default:
      return accept(raw);
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL_BUT_LINES = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

function findTextFault(field: UserField, raw: string): ParsedValue | undefined {
  const control = (field.type === 'textarea' ? CONTROL_BUT_LINES : CONTROL).exec(raw);
  if (control) {
    const code = control[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
    const name = control[0] === '\n' || control[0] === '\r' ? 'a line break' : `the control character U+${code}`;
    return refuse(`holds ${name}, which ${field.label} cannot have`, 'Take it out.');
  }
  if (!raw.isWellFormed()) return refuse('holds half a character (a lone surrogate)', 'Send the text whole, as UTF-8.');
  if (field.length === undefined || raw.length <= field.length) return undefined;
  const length = countCharacters(raw);
  if (length <= field.length) return undefined;
  return refuse(
    `has ${length} characters, and ${field.label} holds at most ${field.length}`,
    `Shorten it to ${field.length} characters.`,
  );
}

function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

const EMAIL = /^[^\s@"(),:;<>[\\\]]+@[^\s@"(),:;<>[\\\]]+\.[^\s@"(),:;<>[\\\].]+$/;

function parseEmail(field: UserField, raw: string): ParsedValue {
  if (raw !== raw.trim()) return refuse('has a space at its beginning or end', 'Take the space away.');
  if (!EMAIL.test(raw) || raw.includes('..') || raw.startsWith('.') || raw.includes('.@') || raw.includes('@.')) {
    return refuse(`${quote(raw)} does not have the form of an email address`, 'Use the form jo.smith@example.com.');
  }
  // Two spellings of one accented letter must not make two users.
  return accept(field.name === 'Username' || field.name === 'Manager' ? raw.normalize('NFC') : raw);
}

function parsePicklist(field: UserField, raw: string): ParsedValue {
  const values = field.picklist ?? [];
  const lower = raw.toLowerCase();
  const value = values.find((allowed) => allowed === raw) ?? values.find((allowed) => allowed.toLowerCase() === lower);
  if (value !== undefined) return accept(value);
  const nearest = findNearestName(raw, values);
  const hint = nearest ? `Did you mean ${quote(nearest)}? ` : '';
  return refuse(`${quote(raw)} is not one of its values`, `${hint}Use one of ${listValues(values)}.`);
}

function listValues(values: readonly string[]): string {
  return values.length <= 20 ? values.join(', ') : `${values.slice(0, 20).join(', ')} and ${values.length - 20} more`;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isUserId(text: string): boolean {
  return UUID.test(text);
}

function parseReference(raw: string): ParsedValue {
  if (isUserId(raw)) return accept(raw.toLowerCase());
  return refuse(
    `${quote(raw)} is not the id of a user`,
    'Use the Id of a user of this directory, such as 0198c5a2-7d3e-7000-8000-000000000000.',
  );
}

function parseBoolean(raw: unknown, source: ValueSource): ParsedValue {
  if (typeof raw === 'boolean') return accept(raw);
  if (source === 'json') return refuse(`is ${nameType(raw)}, not true or false`, 'Send true or false without quotes.');
  if (typeof raw === 'string' && /^\s*(true|1|yes)\s*$/i.test(raw)) return accept(true);
  if (typeof raw === 'string' && /^\s*(false|0|no)\s*$/i.test(raw)) return accept(false);
  return refuse(`${quote(raw)} is neither true nor false`, 'Write true or false.');
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)$/;

function parseNumber(raw: unknown, source: ValueSource): ParsedValue {
  if (typeof raw === 'number') {
    return Number.isFinite(raw) && Math.abs(raw) < 1e15 ? accept(raw) : tooLarge();
  }
  if (source === 'json' || typeof raw !== 'string') {
    return refuse(`is ${nameType(raw)}, not a number`, 'Send a number without quotes.');
  }
  const text = raw.trim();
  if (!DECIMAL.test(text)) {
    return refuse(`${quote(raw)} is not a number`, 'Write digits, with a point for decimals: 1234.5');
  }
  const digits = text.replace(/^[+-]?0*/, '').replace('.', '').length;
  return digits > 15 ? tooLarge() : accept(Number(text));
}

function tooLarge(): ParsedValue {
  return refuse('has more than 15 digits, which cannot be kept exactly', 'Use a text field for long numbers.');
}

function parseDate(raw: string): ParsedValue {
  const fix = 'Write it as year-month-day: 2026-11-23.';
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(raw.trim());
  if (!match) return refuse(`${quote(raw)} is not a date`, fix);
  return isDay(match) ? accept(match[0]) : refuse(`${quote(raw)} is a day that does not exist`, fix);
}

function isDay([, year, month, day]: RegExpExecArray): boolean {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

function parseDateTime(raw: string): ParsedValue {
  const fix = 'Write it with its zone: 2026-11-23T09:30:00Z or 2026-11-23T10:30:00+01:00.';
  const match = /^(\d{4})-(\d{2})-(\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/.exec(raw.trim());
  const time = match ? new Date(raw.trim().replace(' ', 'T')) : undefined;
  if (!match || !time || Number.isNaN(time.getTime())) return refuse(`${quote(raw)} is not a date and time`, fix);
  return isDay(match) ? accept(time.toISOString()) : refuse(`${quote(raw)} is on a day that does not exist`, fix);
}

/** Lists have no order and no repeats: they are kept sorted, or in the order of the picklist. */
function parseList(field: UserField, raw: unknown): ParsedValue {
  const parts = typeof raw === 'string' ? raw.split(';') : raw;
  if (!Array.isArray(parts)) return refuse(`is ${nameType(raw)}, not a list`, 'Send a list of texts.');
  const values: string[] = [];
  for (const part of parts) {
    if (typeof part !== 'string') return refuse(`has ${nameType(part)} in it`, 'Send a list of texts.');
    const name = part.trim();
    if (name === '') continue;
    const parsed = field.picklist ? parsePicklist(field, name) : parseName(name);
    if (!parsed.ok) return parsed;
    if (!values.includes(parsed.value as string)) values.push(parsed.value as string);
  }
  if (values.length > 500) return refuse(`names ${values.length} things, and 500 are the most`, 'Name fewer.');
  const order = field.picklist ?? [];
  values.sort((a, b) => (order.length > 0 ? order.indexOf(a) - order.indexOf(b) : a < b ? -1 : 1));
  return accept(values.length > 0 || field.type === 'names' ? values : null);
}

function parseName(name: string): ParsedValue {
  if (CONTROL.test(name)) return refuse('holds a control character', 'Take it out.');
  if (!name.isWellFormed())
    return refuse('holds half a character (a lone surrogate)', 'Send the text whole, as UTF-8.');
  if (name.length > 255) return refuse('holds a name of more than 255 characters', 'Part the names with semicolons.');
  return accept(name);
}

const knownZones = new Map<string, boolean>();

export function isTimeZone(name: string): boolean {
  let known = knownZones.get(name);
  if (known === undefined) {
    known = /^[A-Za-z]/.test(name) && canFormatIn(name);
    if (knownZones.size < 5000) knownZones.set(name, known);
  }
  return known;
}

function canFormatIn(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

const LOCALE = /^[a-z]{2,3}(_[A-Za-z0-9]{2,8})*$/;

function parseLocale(raw: string): ParsedValue {
  if (LOCALE.test(raw)) return accept(raw);
  const fixed = raw.replaceAll('-', '_');
  const hint = LOCALE.test(fixed) ? `Write ${quote(fixed)}.` : 'Use the form en, en_US or zh_Hans_CN.';
  return refuse(`${quote(raw)} is not a locale`, hint);
}

const CHECKS: Readonly<Record<string, (raw: string) => ParsedValue>> = {
  TimeZoneSidKey: (raw) =>
    isTimeZone(raw)
      ? accept(raw)
      : refuse(`${quote(raw)} is not a time zone`, 'Use an IANA name such as Europe/Berlin or America/Los_Angeles.'),
  LocaleSidKey: parseLocale,
  LanguageLocaleKey: parseLocale,
  DefaultCurrencyIsoCode: (raw) =>
    /^[A-Za-z]{3}$/.test(raw)
      ? accept(raw.toUpperCase())
      : refuse(`${quote(raw)} is not a currency code`, 'Use three letters such as EUR.'),
  ProfileId: (raw) =>
    /^\d{1,9}$/.test(raw) ? accept(raw) : refuse(`${quote(raw)} is not the id of a profile`, 'Use its Id, or Profile.'),
};

export function quote(value: unknown): string {
  const shown = JSON.stringify(typeof value === 'string' ? value : String(value));
  return shown.length > 62 ? `${shown.slice(0, 58)}…"` : shown;
}

function nameType(raw: unknown): string {
  if (Array.isArray(raw)) return 'a list';
  if (typeof raw === 'object') return 'an object';
  return `a ${typeof raw === 'string' ? 'text' : typeof raw}`;
}
