import { quote } from '../failure.ts';
import { findNearestName } from '../nearest-name.ts';
import { assertListLength, assertTextLength, chargeWork, findAllText } from './bounds.ts';
import { type Argument, asList, asText, type FunctionEntry, findConstant, NO_ENTRIES } from './entry.ts';
import { trimText } from './text.ts';

const buildList: FunctionEntry['build'] = (args, call) => {
  const parts = args.map((argument) => ({ isList: argument.type === 'textList', run: argument.run }));
  return (record, context) => {
    const entries = new Set<string>();
    for (const { isList, run } of parts) {
      const value = run(record, context);
      if (isList) for (const entry of value as readonly string[]) entries.add(entry);
      else if (value !== '') entries.add(value as string);
      assertListLength(entries.size, call);
    }
    return entries.size === 0 ? NO_ENTRIES : [...entries];
  };
};

const buildSplit: FunctionEntry['build'] = (args, call) => {
  const [value, separator] = [asText(args[0]), asText(args[1])];
  return (record, context) => {
    const [whole, mark] = [value(record, context), separator(record, context)];
    chargeWork(whole.length, call);
    const places = mark === '' ? [] : findAllText(whole, mark);
    assertListLength(places.length + 1, call);
    const entries = new Set<string>();
    let at = 0;
    for (const place of [...places, whole.length]) {
      const entry = trimText(whole.slice(at, place));
      if (entry !== '') entries.add(entry);
      at = place + mark.length;
    }
    return entries.size === 0 ? NO_ENTRIES : [...entries];
  };
};

const buildJoin: FunctionEntry['build'] = (args, call) => {
  const [list, separator] = [asList(args[0]), asText(args[1])];
  return (record, context) => {
    const entries = list(record, context);
    if (entries.length === 0) return '';
    const mark = separator(record, context);
    let length = mark.length * (entries.length - 1);
    for (const entry of entries) length += entry.length;
    assertTextLength(length, call);
    return entries.join(mark);
  };
};

/** Letters that Unicode does not take apart into a base letter and a mark. */
const WHOLE_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ł: 'l',
  Ł: 'L',
  ħ: 'h',
  Ħ: 'H',
  ı: 'i',
};

function stripMarks(value: string): string {
  // The common name needs no work, and this test is far cheaper than decomposing.
  if (/^[\x20-\x7e]*$/.test(value)) return value;
  return value
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[ßẞæÆœŒøØđĐðÐþÞłŁħĦı]/g, (letter) => WHOLE_LETTERS[letter] ?? letter)
    .normalize('NFC');
}

/** The table must be known when the formula is saved: a misspelt name would leave every user blank. */
const checkLookup: NonNullable<FunctionEntry['check']> = (call) => {
  const { start, end } = call.arguments[1] ?? call;
  const name = call.literal(1);
  if (name === undefined) {
    return { code: 'unknown_table', message: 'LOOKUP takes the name of a table in quotes.', start, end };
  }
  if (call.tables.some((table) => table.toLowerCase() === name.toLowerCase())) return undefined;
  const nearest = findNearestName(name, call.tables);
  const known =
    call.tables.length === 0 ? 'no tables are defined' : `the tables are ${call.tables.slice(0, 10).join(', ')}`;
  const message = `There is no table ${quote(name)}: ${nearest ? `did you mean "${nearest}"?` : `${known}.`}`;
  return { code: 'unknown_table', message, start, end, ...(nearest ? { suggestion: JSON.stringify(nearest) } : {}) };
};

const buildLookup: FunctionEntry['build'] = (args, call) => {
  const value = asText(args[0]);
  const otherwise = args[2] ? asText(args[2]) : () => '';
  const table = call.tables.get(String(findConstant(args[1] as Argument)).toLowerCase());
  return (record, context) => table?.get(value(record, context)) ?? otherwise(record, context);
};

/** Functions that Salesforce does not have, for what SCIM targets need. A formula without them can be moved to Salesforce. */
export const extensionFunctions: readonly FunctionEntry[] = [
  {
    name: 'JOIN',
    family: 'extension',
    parameters: [
      { name: 'list', type: 'textList' },
      { name: 'separator', type: 'text' },
    ],
    returns: 'text',
    doc: 'The entries of a list as one text.',
    examples: [{ formula: 'JOIN(PermissionSetGroups, ", ")', value: 'Finance, Reporting' }],
    build: buildJoin,
  },
  {
    name: 'LIST',
    family: 'extension',
    parameters: [{ name: 'entry', type: ['text', 'textList'], repeats: true }],
    returns: 'textList',
    doc: 'A list of the given texts and of the entries of the given lists.',
    examples: [
      {
        formula: 'LIST("User", IF(INCLUDES(PermissionSetGroups, "Finance"), "Accountant", ""))',
        value: ['User', 'Accountant'],
      },
    ],
    note: 'Blanks are left out, and each entry is there once.',
    build: buildList,
  },
  {
    name: 'LOOKUP',
    family: 'extension',
    parameters: [
      { name: 'value', type: 'text' },
      { name: 'table', type: 'text' },
      { name: 'else', type: 'text', optional: true },
    ],
    returns: 'text',
    doc: 'What a table has for the value, else the last argument, else blank.',
    examples: [{ formula: 'LOOKUP(Department, "CostCentres")', value: 'CC-4100' }],
    note: 'The name of the table is written in quotes. Capitals count in the value, not in the name of the table.',
    check: checkLookup,
    build: buildLookup,
  },
  {
    name: 'NORMALIZE',
    family: 'extension',
    parameters: [{ name: 'text', type: 'text' }],
    returns: 'text',
    doc: 'The text without accents and other marks on letters; ß becomes ss, ø becomes o, æ becomes ae.',
    examples: [{ formula: 'LOWER(NORMALIZE("Zoë Þórsdóttir-Groß"))', value: 'zoe thorsdottir-gross' }],
    note: 'ü becomes u; for ue, use SUBSTITUTE first.',
    build: ([argument], call) => {
      const value = asText(argument);
      return (record, context) => {
        const whole = value(record, context);
        chargeWork(whole.length, call);
        const result = stripMarks(whole);
        assertTextLength(result.length, call);
        return result;
      };
    },
  },
  {
    name: 'SPLIT',
    family: 'extension',
    parameters: [
      { name: 'text', type: 'text' },
      { name: 'separator', type: 'text' },
    ],
    returns: 'textList',
    doc: 'The parts of a text between the separators, as a list.',
    examples: [{ formula: 'SPLIT("sales; support", ";")', value: ['sales', 'support'] }],
    note: 'Blank spaces around parts and empty parts are left out, and each part is there once.',
    build: buildSplit,
  },
];
