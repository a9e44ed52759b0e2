import { formatDay, formatMoment, formatTime } from '../calendar.ts';
import { fail, quote } from '../failure.ts';
import { parseNumber, spellNumber } from '../numbers.ts';
import { assertTextLength, chargeWork, cutText, FREE_LENGTH, findAllText, findText } from './bounds.ts';
import {
  type Argument,
  asNumber,
  asText,
  type CallSite,
  type Evaluate,
  type FunctionEntry,
  findConstant,
} from './entry.ts';

// Long, since each function stands beside the entry that the reference, the completion and the tests are made from.

const text = { name: 'text', type: 'text' } as const;

/** A function from one text to another whose result may be longer than the text. */
function buildTextToText(change: (value: string) => string): FunctionEntry['build'] {
  return ([argument], call) => {
    const value = asText(argument);
    const most = call.limits.textLength;
    return (record, context) => {
      const whole = value(record, context);
      if (whole.length > FREE_LENGTH) chargeWork(whole.length, call);
      const result = change(whole);
      if (result.length > most) assertTextLength(result.length, call);
      return result;
    };
  };
}

/** A count as a whole number of characters; blank counts as none. */
const toCount = (value: number | null): number => (value === null || value <= 0 ? 0 : Math.trunc(value));

function buildCase(change: (value: string, locale?: string) => string): FunctionEntry['build'] {
  const plain = buildTextToText(change);
  return (args, call) => {
    if (args.length === 1) return plain(args, call);
    const [value, locale] = [asText(args[0]), asText(args[1])];
    const check = (name: string): string => {
      try {
        return name === '' ? '' : (Intl.getCanonicalLocales(name.replaceAll('_', '-'))[0] ?? '');
      } catch {
        return fail(
          'argument',
          `${call.name} does not know the locale ${quote(name)}: use a code such as tr or en_US.`,
          call,
        );
      }
    };
    const constant = findConstant(args[1]);
    if (typeof constant === 'string') check(constant);
    return (record, context) => {
      const name = check(locale(record, context));
      const whole = value(record, context);
      chargeWork(whole.length, call);
      const result = name === '' ? change(whole) : change(whole, name);
      assertTextLength(result.length, call);
      return result;
    };
  };
}

const buildLeft: FunctionEntry['build'] = (args) => {
  const [value, count] = [asText(args[0]), asNumber(args[1])];
  const constant = findConstant(args[1]);
  if (typeof constant === 'number') {
    const most = toCount(constant);
    return (record, context) => {
      const whole = value(record, context);
      return whole.length <= most ? whole : cutText(whole, 0, most);
    };
  }
  return (record, context) => {
    const whole = value(record, context);
    return cutText(whole, 0, Math.min(whole.length, toCount(count(record, context))));
  };
};

const buildRight: FunctionEntry['build'] = (args) => {
  const [value, count] = [asText(args[0]), asNumber(args[1])];
  return (record, context) => {
    const whole = value(record, context);
    return cutText(whole, Math.max(0, whole.length - toCount(count(record, context))), whole.length);
  };
};

const buildMid: FunctionEntry['build'] = (args) => {
  const [value, first, count] = [asText(args[0]), asNumber(args[1]), asNumber(args[2])];
  return (record, context) => {
    const whole = value(record, context);
    const from = Math.min(whole.length, Math.max(1, toCount(first(record, context))) - 1);
    return cutText(whole, from, Math.min(whole.length, from + toCount(count(record, context))));
  };
};

const buildFind: FunctionEntry['build'] = (args, call) => {
  const [sought, value] = [asText(args[0]), asText(args[1])];
  const first = args[2] ? asNumber(args[2]) : undefined;
  return (record, context) => {
    const pattern = sought(record, context);
    const whole = value(record, context);
    if (whole.length > FREE_LENGTH) chargeWork(whole.length, call);
    const from = first ? toCount(first(record, context)) - 1 : 0;
    return pattern === '' || from < 0 ? 0 : findText(whole, pattern, from) + 1;
  };
};

function buildPad(join: (value: string, padding: string) => string): FunctionEntry['build'] {
  return (args, call) => {
    const [value, length] = [asText(args[0]), asNumber(args[1])];
    const padding = args[2] ? asText(args[2]) : () => ' ';
    return (record, context) => {
      const whole = value(record, context);
      const wanted = toCount(length(record, context));
      if (whole === '') return '';
      if (whole.length >= wanted) return cutText(whole, 0, wanted);
      assertTextLength(wanted, call);
      const unit = padding(record, context);
      return join(whole, cutText(''.padEnd(wanted - whole.length, unit), 0, wanted - whole.length));
    };
  };
}

const buildSubstitute: FunctionEntry['build'] = (args, call) => {
  const [value, old, replacement] = [asText(args[0]), asText(args[1]), asText(args[2])];
  return (record, context) => {
    const whole = value(record, context);
    const pattern = old(record, context);
    const fresh = replacement(record, context);
    if (pattern === '' || whole === '') return whole;
    chargeWork(whole.length, call);
    const places = findAllText(whole, pattern);
    if (places.length === 0) return whole;
    chargeWork(places.length, call);
    assertTextLength(whole.length + places.length * (fresh.length - pattern.length), call);
    let result = '';
    let at = 0;
    for (const place of places) {
      result += whole.slice(at, place) + fresh;
      at = place + pattern.length;
    }
    return result + whole.slice(at);
  };
};

function buildTextTest(test: (value: string, sought: string) => boolean): FunctionEntry['build'] {
  return (args, call) => {
    const [value, sought] = [asText(args[0]), asText(args[1])];
    return (record, context) => {
      const whole = value(record, context);
      if (whole.length > FREE_LENGTH) chargeWork(whole.length, call);
      return test(whole, sought(record, context));
    };
  };
}

/** Blanks and tabs only, as Salesforce does; a pattern would be quadratic on long runs of blanks. */
export function trimText(value: string): string {
  const isPadding = (at: number) => value.charCodeAt(at) === 32 || value.charCodeAt(at) === 9;
  let start = 0;
  let end = value.length;
  while (start < end && isPadding(start)) start += 1;
  while (end > start && isPadding(end - 1)) end -= 1;
  return start === 0 && end === value.length ? value : value.slice(start, end);
}

/** Capital after anything that is not a letter or digit, small otherwise. */
const capitalise = (value: string): string =>
  value.toLowerCase().replace(/(?<![\p{L}\p{N}\p{M}])\p{L}/gu, (letter) => letter.toUpperCase());

/** How TEXT spells the types that are numbers inside. */
const spellings: Readonly<Record<string, (value: number) => string>> = {
  number: spellNumber,
  date: formatDay,
  dateTime: (value) => `${formatMoment(value).slice(0, 19).replace('T', ' ')}Z`,
  time: formatTime,
};

function buildText([argument]: readonly Argument[]): Evaluate {
  if (argument?.type === 'text') return argument.run;
  const value = asNumber(argument);
  const spell = spellings[argument?.type ?? 'number'] ?? spellNumber;
  return (record, context) => {
    const number = value(record, context);
    return number === null ? '' : spell(number);
  };
}

const buildValue: FunctionEntry['build'] = ([argument], call) => {
  const value = asText(argument);
  return (record, context) => {
    const whole = value(record, context);
    if (whole === '') return null;
    return (
      parseNumber(whole) ??
      fail('not_a_number', `VALUE cannot read ${quote(whole)} as a number: test it with ISNUMBER first.`, call)
    );
  };
};

const SUFFIX_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

function extendRecordId(id: string, call: CallSite): string {
  if (id === '' || id.length === 18) return id;
  if (!/^[A-Za-z0-9]{15}$/.test(id)) {
    fail('argument', `CASESAFEID takes an ID of 15 or 18 letters and digits, not ${quote(id)}.`, call);
  }
  let suffix = '';
  for (let block = 0; block < 15; block += 5) {
    let bits = 0;
    for (let at = 0; at < 5; at += 1) if (/[A-Z]/.test(id[block + at] as string)) bits |= 1 << at;
    suffix += SUFFIX_LETTERS[bits];
  }
  return id + suffix;
}

/** The functions that cut, search, build and spell text. */
export const textFunctions: readonly FunctionEntry[] = [
  {
    name: 'BEGINS',
    family: 'text',
    parameters: [text, { name: 'start', type: 'text' }],
    returns: 'boolean',
    doc: 'TRUE if the text begins with the given start; capitals count.',
    examples: [{ formula: 'BEGINS(Department, "Fin")', value: true }],
    note: 'Every text begins with a blank.',
    build: buildTextTest((value, sought) => value.startsWith(sought)),
  },
  {
    name: 'BR',
    family: 'text',
    parameters: [],
    returns: 'text',
    doc: 'A line break.',
    examples: [{ formula: '"1 Main St" & BR() & "Berlin"', value: '1 Main St\nBerlin' }],
    build: () => () => '\n',
  },
  {
    name: 'CASESAFEID',
    family: 'text',
    parameters: [{ name: 'id', type: 'text' }],
    returns: 'text',
    doc: 'The 18-character form, safe where capitals are ignored, of a 15-character Salesforce ID.',
    examples: [{ formula: 'CASESAFEID("00528000002J6Bk")', value: '00528000002J6BkAAK' }],
    note: 'An 18-character ID stays as it is; anything else is an error.',
    build: ([argument], call) => {
      const value = asText(argument);
      return (record, context) => extendRecordId(value(record, context), call);
    },
  },
  {
    name: 'CONTAINS',
    family: 'text',
    parameters: [text, { name: 'sought', type: 'text' }],
    returns: 'boolean',
    doc: 'TRUE if the text contains the sought text; capitals count.',
    examples: [{ formula: 'CONTAINS(Title, "Analyst")', value: true }],
    note: 'Every text contains a blank. For a list, use INCLUDES.',
    build: buildTextTest((value, sought) => findText(value, sought, 0) >= 0),
  },
  {
    name: 'FIND',
    family: 'text',
    parameters: [{ name: 'sought', type: 'text' }, text, { name: 'start', type: 'number', optional: true }],
    returns: 'number',
    doc: 'The position of the sought text, counted from 1, or 0 if it is not there.',
    examples: [
      { formula: 'FIND("@", Email)', value: 8 },
      { formula: 'FIND("a", "banana", 3)', value: 4 },
    ],
    note: 'A blank sought text, and a start below 1, give 0.',
    build: buildFind,
  },
  {
    name: 'INITCAP',
    family: 'text',
    parameters: [text],
    returns: 'text',
    doc: 'Each word with a capital first letter and the rest small.',
    examples: [{ formula: 'INITCAP("ANNA-LENA o\'neil")', value: "Anna-Lena O'Neil" }],
    build: buildTextToText(capitalise),
  },
  {
    name: 'LEFT',
    family: 'text',
    parameters: [text, { name: 'count', type: 'number' }],
    returns: 'text',
    doc: 'The first characters of a text.',
    examples: [{ formula: 'LEFT(FirstName, 1) & LastName', value: 'AMuster' }],
    note: 'A count of 0, below 0 or blank gives a blank. A character that takes two places (an emoji) is never halved.',
    build: buildLeft,
  },
  {
    name: 'LEN',
    family: 'text',
    parameters: [text],
    returns: 'number',
    doc: 'The number of characters; 0 for a blank.',
    examples: [{ formula: 'LEN(LastName)', value: 6 }],
    build: ([argument]) => {
      const value = asText(argument);
      return (record, context) => value(record, context).length;
    },
  },
  {
    name: 'LOWER',
    family: 'text',
    parameters: [text, { name: 'locale', type: 'text', optional: true }],
    returns: 'text',
    doc: 'All letters small, by the rules of a locale if one is given.',
    examples: [{ formula: 'LOWER(LEFT(FirstName, 1) & LastName)', value: 'amuster' }],
    build: buildCase((value, locale) => (locale ? value.toLocaleLowerCase(locale) : value.toLowerCase())),
  },
  {
    name: 'LPAD',
    family: 'text',
    parameters: [text, { name: 'length', type: 'number' }, { name: 'padding', type: 'text', optional: true }],
    returns: 'text',
    doc: 'The text brought to a length by padding on the left, or by cutting it off on the right.',
    examples: [{ formula: 'LPAD(EmployeeNumber, 6, "0")', value: '004711' }],
    note: 'A blank text stays blank. The padding is a blank space unless given.',
    build: buildPad((value, padding) => padding + value),
  },
  {
    name: 'MID',
    family: 'text',
    parameters: [text, { name: 'start', type: 'number' }, { name: 'count', type: 'number' }],
    returns: 'text',
    doc: 'Characters from the middle of a text; the first is at 1.',
    examples: [{ formula: 'MID(Email, FIND("@", Email) + 1, 7)', value: 'example' }],
    note: 'A start below 1 counts as 1.',
    build: buildMid,
  },
  {
    name: 'REVERSE',
    family: 'text',
    parameters: [text],
    returns: 'text',
    doc: 'The characters in reverse order.',
    examples: [{ formula: 'REVERSE("abc")', value: 'cba' }],
    build: buildTextToText((value) => [...value].reverse().join('')),
  },
  {
    name: 'RIGHT',
    family: 'text',
    parameters: [text, { name: 'count', type: 'number' }],
    returns: 'text',
    doc: 'The last characters of a text.',
    examples: [{ formula: 'RIGHT("00" & EmployeeNumber, 5)', value: '04711' }],
    build: buildRight,
  },
  {
    name: 'RPAD',
    family: 'text',
    parameters: [text, { name: 'length', type: 'number' }, { name: 'padding', type: 'text', optional: true }],
    returns: 'text',
    doc: 'The text brought to a length by padding on the right, or by cutting it off there.',
    examples: [{ formula: 'RPAD(EmployeeNumber, 6, "-")', value: '4711--' }],
    note: 'A blank text stays blank. The padding is a blank space unless given.',
    build: buildPad((value, padding) => value + padding),
  },
  {
    name: 'SUBSTITUTE',
    family: 'text',
    parameters: [text, { name: 'old', type: 'text' }, { name: 'new', type: 'text' }],
    returns: 'text',
    doc: 'The text with every occurrence of the old text replaced by the new one; capitals count.',
    examples: [{ formula: 'SUBSTITUTE(Phone, " ", "")', value: '+493012345' }],
    note: 'Nothing is a pattern: the old and new text are taken as they are.',
    build: buildSubstitute,
  },
  {
    name: 'TEXT',
    family: 'text',
    parameters: [{ name: 'value', type: ['number', 'date', 'dateTime', 'time', 'text'] }],
    returns: 'text',
    doc: 'A number, date, date/time or time as text.',
    examples: [
      { formula: 'TEXT(Level__c)', value: '3' },
      { formula: 'TEXT(HireDate__c)', value: '2024-02-29' },
      { formula: 'TEXT(0.5)', value: '0.5' },
    ],
    note: 'A date/time is written in UTC as 2024-02-29 08:30:00Z. A number never has an exponent or a thousands separator.',
    build: buildText,
  },
  {
    name: 'TRIM',
    family: 'text',
    parameters: [text],
    returns: 'text',
    doc: 'The text without blank spaces and tabs at its ends.',
    examples: [{ formula: 'TRIM("  Anna ")', value: 'Anna' }],
    build: buildTextToText(trimText),
  },
  {
    name: 'UPPER',
    family: 'text',
    parameters: [text, { name: 'locale', type: 'text', optional: true }],
    returns: 'text',
    doc: 'All letters capital, by the rules of a locale if one is given.',
    examples: [{ formula: 'UPPER(Country)', value: 'DE' }],
    build: buildCase((value, locale) => (locale ? value.toLocaleUpperCase(locale) : value.toUpperCase())),
  },
  {
    name: 'VALUE',
    family: 'text',
    parameters: [text],
    returns: 'number',
    doc: 'The number that a text spells.',
    examples: [{ formula: 'VALUE(EmployeeNumber) + 1', value: 4712 }],
    note: 'A blank is a blank number; a text that is no number is an error for that record. Digits, one point, a sign, an exponent; no thousands separators.',
    build: buildValue,
  },
];
