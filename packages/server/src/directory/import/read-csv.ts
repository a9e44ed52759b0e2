import { setImmediate } from 'node:timers/promises';
import Papa from 'papaparse';
import { Refusal } from '../../refusal.ts';

/** One record of a file with the number of its first line; the header's is 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: string[];
}

/** Longest record: every field of a user at its limit, ten times over. What is longer is an unclosed quote or no CSV at all. */
const LONGEST_RECORD = 1_048_576;

/**
 * Reads CSV (RFC 4180) in UTF-8 as it comes, never more than one record and one chunk at a time. Throws a Refusal that names the
 * line for what cannot be read: another encoding, a quotation mark out of place, an endless field.
 */
export async function* readCsv(source: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRow[]> {
  let rest = '';
  let line = 1;
  let lineBreak: string | undefined;
  const take = (text: string): CsvRow[] => {
    const rows = parseRecords(text, lineBreak ?? '\n', line);
    line += countLineBreaks(text, lineBreak ?? '\n');
    return rows;
  };
  for await (const text of decodeUtf8(cut(source))) {
    rest += text;
    lineBreak ??= findLineBreak(rest);
    const end = lineBreak === undefined ? 0 : findEndOfRecords(rest, lineBreak);
    if (end > 0) {
      const records = rest.slice(0, end);
      rest = rest.slice(end);
      yield take(records);
      // A file that is in memory would keep the process from everything else.
      await setImmediate();
    }
    if (rest.length > LONGEST_RECORD) throw refuseLongRecord(line);
  }
  if (rest === '') return;
  lineBreak ??= findLineBreak(`${rest}\n`);
  yield take(rest);
}

/** As the first line ends. Undefined until that is seen; a carriage return may be half of it. */
function findLineBreak(text: string): string | undefined {
  const at = text.search(/[\r\n]/);
  if (at === -1 || (text[at] === '\r' && at + 1 === text.length)) return undefined;
  if (text[at] === '\n') return '\n';
  return text[at + 1] === '\n' ? '\r\n' : '\r';
}

/** Behind the last line break that is not between quotation marks: those before it are even in number. */
function findEndOfRecords(text: string, lineBreak: string): number {
  let quotes = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) quotes += 1;
  for (let end = text.length; end > 0; quotes -= 1) {
    const quote = text.lastIndexOf('"', end - 1);
    const at = quotes % 2 === 0 ? text.lastIndexOf(lineBreak, end - 1) : -1;
    if (at > quote) return at + lineBreak.length;
    end = quote;
  }
  return 0;
}

/** Whole records. A line that is empty is none. */
function parseRecords(text: string, lineBreak: string, firstLine: number): CsvRow[] {
  checkQuotes(text, firstLine);
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ',', newline: lineBreak as '\n' });
  const [error] = errors;
  if (error) throw refuse(`Line ${firstLine} or one soon after it cannot be read as CSV: ${error.message}`);
  // Behind the last line break there is one more, of an empty cell.
  const hasOneLineEach = countLineBreaks(text, lineBreak) === data.length - 1;
  const rows: CsvRow[] = [];
  let line = firstLine;
  for (const cells of data) {
    if (text.length > LONGEST_RECORD && cells.join().length > LONGEST_RECORD) throw refuseLongRecord(line);
    if (cells.length > 1 || cells[0] !== '') rows.push({ line, cells });
    line += 1;
    if (!hasOneLineEach) for (const cell of cells) line += countLineBreaks(cell, lineBreak);
  }
  return rows;
}

function countLineBreaks(text: string, lineBreak: string): number {
  const mark = lineBreak === '\r' ? '\r' : '\n';
  let count = 0;
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) count += 1;
  return count;
}

const QUOTED_CELL = /(?<=^|[,\r\n])"[^"]*(?:""[^"]*)*"(?=[,\r\n]|$)/g;
const REST_OF_CELL = /[^"]*(?:""[^"]*)*/y;

/** Readers disagree about quotation marks elsewhere than around a whole cell, so there is no guessing what was meant. */
function checkQuotes(text: string, firstLine: number): void {
  if (!text.includes('"')) return;
  const fault = text.replace(QUOTED_CELL, (cell) => '\0'.repeat(cell.length)).indexOf('"');
  if (fault === -1) return;
  const line = firstLine + countLineBreaks(text.slice(0, fault), text.includes('\n') ? '\n' : '\r');
  if (fault > 0 && !',\r\n'.includes(text[fault - 1] ?? '')) {
    throw refuse(
      `Line ${line} has a quotation mark inside a cell that is not quoted. Put the whole cell between quotation marks and double those inside: "5"" pipe".`,
    );
  }
  REST_OF_CELL.lastIndex = fault + 1;
  REST_OF_CELL.test(text);
  if (REST_OF_CELL.lastIndex === text.length) {
    throw refuse(`A quotation mark on line ${line} is never closed. Close it.`);
  }
  throw refuse(
    `Line ${line} has text after a closing quotation mark. Double quotation marks that are part of the text: "say ""hi""".`,
  );
}

function refuseLongRecord(line: number): Refusal {
  return new Refusal(
    'too_large',
    `Line ${line} belongs to a record of more than 1 MiB, which no user needs. Look for a quotation mark that is not closed, or shorten the cell.`,
  );
}

/** Nothing else is done while a piece is read. */
const LARGEST_PIECE_BYTES = 65_536;

async function* cut(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length; from += LARGEST_PIECE_BYTES) {
      yield chunk.subarray(from, from + LARGEST_PIECE_BYTES);
    }
  }
}

async function* decodeUtf8(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let first = true;
  let lines = 1;
  for await (const chunk of source) {
    if (first && chunk.length > 1) {
      refuseOtherEncoding(chunk);
      first = false;
    }
    const text = decode(() => decoder.decode(chunk, { stream: true }), chunk, lines);
    lines += countLines(chunk);
    if (text.includes('\0')) {
      throw new Refusal('invalid_request', 'The file holds NUL characters. It may be UTF-16: save it as CSV in UTF-8.');
    }
    yield text;
  }
  yield decode(() => decoder.decode(), new Uint8Array(), lines);
}

function refuseOtherEncoding(chunk: Uint8Array): void {
  const [a, b] = chunk;
  const start = Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.length, 4)).toString('latin1');
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || a === 0 || b === 0) {
    throw new Refusal('invalid_request', 'The file is in UTF-16. Save it as "CSV UTF-8", and send it again.');
  }
  if (start.startsWith('PK\u0003\u0004') || start.startsWith('\u00d0\u00cf\u0011\u00e0')) {
    throw new Refusal(
      'invalid_request',
      'The file is a workbook, not CSV. Save the sheet as "CSV UTF-8", and send that.',
    );
  }
}

function decode(run: () => string, chunk: Uint8Array, linesBefore: number): string {
  try {
    return run();
  } catch {
    const line = linesBefore + countLines(chunk.subarray(0, findInvalidByte(chunk)));
    throw new Refusal(
      'invalid_request',
      `The file is not UTF-8: line ${line} has bytes that UTF-8 does not allow, as Latin-1 or Windows-1252 have. Save it as "CSV UTF-8".`,
    );
  }
}

/** Where a chunk stops being UTF-8; a character that was cut at its beginning is skipped. */
function findInvalidByte(chunk: Uint8Array): number {
  let low = 0;
  let high = chunk.length;
  let from = 0;
  while (from < 4 && from < chunk.length && ((chunk[from] ?? 0) & 0xc0) === 0x80) from += 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isValidStart(chunk.subarray(from, middle))) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isValidStart(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

function refuse(message: string): Refusal {
  return new Refusal('invalid_request', message);
}
