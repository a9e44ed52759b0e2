import type { DiagnosticCode } from './diagnostic.ts';

export type Token = { start: number; end: number } & (
  | { kind: 'text'; value: string }
  | { kind: 'number'; value: number }
  | { kind: 'name'; value: string }
  | { kind: 'symbol'; value: string }
  | { kind: 'end' }
);

/** The first thing in a source that cannot be read. Thrown by the lexer and the parser, caught by `parse`. */
export class SourceProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly suggestion: string | undefined;
  constructor(code: DiagnosticCode, message: string, start: number, end: number, suggestion?: string) {
    this.code = code;
    this.message = message;
    this.start = start;
    this.end = end;
    this.suggestion = suggestion;
  }
}

const NAME = /[A-Za-z$_][\w.$:#]*/y;
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SYMBOL = /==|<>|!=|<=|>=|&&|\|\||[-+*/^&=<>!(),]/y;
const BLANKS = /\s+/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', "'": "'", '\\': '\\' };
const CURLY_QUOTES = '“”„‟‘’‚‛«»';

/**
 * Cuts a source into tokens, the last being `end`. One pass, linear in the length of the source.
 * Throws a SourceProblem at the first character that no token can start with or end at.
 */
export function lex(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  while (at < source.length) {
    const start = at;
    const character = source[at] as string;
    const blanks = take(BLANKS);
    if (blanks !== undefined) {
      at += blanks.length;
    } else if (source.startsWith('/*', at)) {
      at = skipComment(source, at);
    } else if (character === '"' || character === "'") {
      const literal = readText(source, at);
      at = literal.end;
      tokens.push(literal);
    } else {
      const token = readWord(source, start, take(NAME), take(NUMBER), take(SYMBOL));
      at = token.end;
      tokens.push(token);
    }
  }
  tokens.push({ kind: 'end', start: source.length, end: source.length });
  return tokens;
}

function readWord(source: string, start: number, name?: string, digits?: string, symbol?: string): Token {
  if (name !== undefined) return { kind: 'name', value: name, start, end: start + name.length };
  if (digits !== undefined) return readNumber(source, start, digits);
  if (symbol !== undefined) {
    const value = symbol === '==' ? '=' : symbol === '!=' ? '<>' : symbol;
    return { kind: 'symbol', value, start, end: start + symbol.length };
  }
  throw explainCharacter(source, start);
}

function readNumber(source: string, start: number, digits: string): Token {
  const end = start + digits.length;
  if (/[\w.]/.test(source[end] ?? '')) {
    throw new SourceProblem(
      'syntax',
      `The number ${digits} runs into "${source[end]}": put a blank or an operator between.`,
      start,
      end + 1,
    );
  }
  const significant = digits
    .replace(/[eE].*$/, '')
    .replace('.', '')
    .replace(/^0+/, '')
    .replace(/0+$/, '');
  const value = Number(digits);
  if (significant.length > 15 || !Number.isFinite(value)) {
    const message =
      'Numbers have at most 15 significant digits: shorten it, or put it in quotes if it is an identifier.';
    throw new SourceProblem('constant', message, start, end, `"${digits}"`);
  }
  return { kind: 'number', value, start, end };
}

function skipComment(source: string, start: number): number {
  const close = source.indexOf('*/', start + 2);
  if (close < 0)
    throw new SourceProblem('syntax', 'The comment is not closed: add */ where it ends.', start, source.length);
  return close + 2;
}

function readText(source: string, start: number): Token & { kind: 'text' } {
  const mark = source[start];
  let value = '';
  let at = start + 1;
  while (at < source.length) {
    const character = source[at] as string;
    if (character === mark) return { kind: 'text', value, start, end: at + 1 };
    if (character === '\n' || character === '\r') {
      throw new SourceProblem(
        'syntax',
        'A text cannot go over the end of a line: write \\n where the line breaks.',
        start,
        at,
      );
    }
    if (character === '\\') {
      value += readEscape(source, at);
      at += 2;
    } else {
      value += character;
      at += 1;
    }
  }
  throw new SourceProblem('syntax', `The text is not closed: add ${mark} where it ends.`, start, source.length);
}

function readEscape(source: string, at: number): string {
  const letter = source[at + 1] ?? '';
  const escaped = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  if (escaped !== undefined) return escaped;
  const message = `\\${letter} means nothing in a text: write \\\\${letter} for a backslash, as regular expressions need it.`;
  throw new SourceProblem('syntax', message, at, Math.min(at + 2, source.length), `\\\\${letter}`);
}

function explainCharacter(source: string, at: number): SourceProblem {
  const character = String.fromCodePoint(source.codePointAt(at) as number);
  const end = at + character.length;
  if (CURLY_QUOTES.includes(character)) {
    return new SourceProblem(
      'syntax',
      `${character} is a typographic quote: texts are written in straight quotes, "like this".`,
      at,
      end,
      '"',
    );
  }
  if (character === '|')
    return new SourceProblem('syntax', 'A single | means nothing: write || or OR(…).', at, end, '||');
  if (character === ';') return new SourceProblem('syntax', 'Arguments are parted by commas, not by ;.', at, end, ',');
  return new SourceProblem(
    'syntax',
    `"${character}" means nothing here: remove it, or put it in quotes if it is text.`,
    at,
    end,
  );
}
