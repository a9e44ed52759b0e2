import { fail, quote } from '../failure.ts';
import { assertTextLength, chargeWork } from './bounds.ts';
import { asNumber, asText, type FunctionEntry } from './entry.ts';

function buildEncoder(encode: (value: string) => string): FunctionEntry['build'] {
  return ([argument], call) => {
    const value = asText(argument);
    return (record, context) => {
      const whole = value(record, context);
      chargeWork(whole.length, call);
      const result = encode(whole);
      assertTextLength(result.length, call);
      return result;
    };
  };
}

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const encodeHtml = (value: string): string => value.replace(/[&<>"']/g, (character) => HTML[character] ?? character);

const SCRIPT: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '/': '\\/',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '<': '\\u003C',
  '>': '\\u003E',
};
const encodeScript = (value: string): string =>
  value.replace(/[\\'"/\n\r\t<>]/g, (character) => SCRIPT[character] ?? character);

/** As HTML forms do (`application/x-www-form-urlencoded`), which is what Salesforce's URLENCODE does. */
const encodeForm = (value: string): string =>
  encodeURIComponent(value.toWellFormed())
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const text = { name: 'text', type: 'text' } as const;

/** The functions that make text safe for another language, and characters from their numbers. */
export const encodingFunctions: readonly FunctionEntry[] = [
  {
    name: 'ASCII',
    family: 'text',
    parameters: [text],
    returns: 'number',
    doc: 'The Unicode number of the first character.',
    examples: [{ formula: 'ASCII("A")', value: 65 }],
    build: ([argument]) => {
      const value = asText(argument);
      return (record, context) => value(record, context).codePointAt(0) ?? null;
    },
  },
  {
    name: 'CHR',
    family: 'text',
    parameters: [{ name: 'number', type: 'number' }],
    returns: 'text',
    doc: 'The character with the given Unicode number.',
    examples: [{ formula: 'CHR(65)', value: 'A' }],
    build: ([argument], call) => {
      const value = asNumber(argument);
      return (record, context) => {
        const code = value(record, context);
        if (code === null) return '';
        const whole = Math.trunc(code);
        const isCharacter = whole >= 1 && whole <= 0x10ffff && !(whole >= 0xd800 && whole <= 0xdfff);
        return isCharacter
          ? String.fromCodePoint(whole)
          : fail('out_of_range', `CHR knows no character ${quote(code)}.`, call);
      };
    },
  },
  {
    name: 'HTMLENCODE',
    family: 'text',
    parameters: [text],
    returns: 'text',
    doc: 'The text with the characters that mean something in HTML replaced.',
    examples: [{ formula: 'HTMLENCODE("R&D <core>")', value: 'R&amp;D &lt;core&gt;' }],
    build: buildEncoder(encodeHtml),
  },
  {
    name: 'HYPERLINK',
    family: 'text',
    parameters: [
      { name: 'url', type: 'text' },
      { name: 'label', type: 'text' },
      { name: 'target', type: 'text', optional: true },
    ],
    returns: 'text',
    doc: 'An HTML link, as text.',
    examples: [
      {
        formula: 'HYPERLINK("https://example.com/" & EmployeeNumber, LastName)',
        value: '<a href="https://example.com/4711" target="_blank">Muster</a>',
      },
    ],
    note: 'The parts are made safe for HTML.',
    build: (args, call) => {
      const [url, label] = [asText(args[0]), asText(args[1])];
      const frame = args[2] ? asText(args[2]) : () => '_blank';
      return (record, context) => {
        const [href, target] = [encodeHtml(url(record, context)), encodeHtml(frame(record, context))];
        const result = `<a href="${href}" target="${target}">${encodeHtml(label(record, context))}</a>`;
        assertTextLength(result.length, call);
        return result;
      };
    },
  },
  {
    name: 'JSENCODE',
    family: 'text',
    parameters: [text],
    returns: 'text',
    doc: 'The text with the characters that mean something in a JavaScript string escaped.',
    examples: [{ formula: 'JSENCODE("O\'Neil")', value: "O\\'Neil" }],
    build: buildEncoder(encodeScript),
  },
  {
    name: 'URLENCODE',
    family: 'text',
    parameters: [text],
    returns: 'text',
    doc: 'The text encoded for the query of a URL.',
    examples: [{ formula: 'URLENCODE("R&D core")', value: 'R%26D+core' }],
    note: 'A blank space becomes +.',
    build: buildEncoder(encodeForm),
  },
];
