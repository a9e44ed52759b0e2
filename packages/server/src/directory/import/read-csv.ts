import { type CsvError, parse } from 'csv-parse';
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
 * line for what cannot be read: another encoding, an unclosed quote, an endless field.
 */
export async function* readCsv(source: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRow[]> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    max_record_size: LONGEST_RECORD,
    skip_empty_lines: false,
  });
  const rows: CsvRow[] = [];
  let lastLine = 0;
  let failure: unknown;
  parser.on('error', (error) => {
    failure ??= error;
  });
  parser.on('readable', () => {
    for (let item = parser.read(); item !== null; item = parser.read()) {
      const { record, info } = item as { record: string[]; info: { lines: number } };
      const line = lastLine + 1;
      lastLine = info.lines;
      if (record.length > 1 || record[0] !== '') rows.push({ line, cells: record });
    }
  });
  const send = (text: string) =>
    new Promise<void>((resolve) => {
      if (parser.write(text) || failure) resolve();
      else settle(parser, resolve);
    });

  for await (const text of decodeUtf8(source)) {
    await send(text);
    // The parser hands its records over in a later turn.
    await new Promise((resolve) => setImmediate(resolve));
    if (failure) throw describeFailure(failure);
    if (rows.length > 0) yield rows.splice(0);
  }
  await new Promise<void>((resolve) => {
    parser.once('end', resolve);
    parser.once('error', () => resolve());
    if (failure) resolve();
    else parser.end();
  });
  if (failure) throw describeFailure(failure);
  if (rows.length > 0) yield rows.splice(0);
}

function settle(parser: NodeJS.EventEmitter, resolve: () => void): void {
  const done = () => {
    parser.off('drain', done);
    parser.off('error', done);
    resolve();
  };
  parser.on('drain', done);
  parser.on('error', done);
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

function describeFailure(error: unknown): unknown {
  const { code, lines } = error as CsvError & { lines?: number };
  const place = `Line ${lines ?? '?'}`;
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return refuse(`A quotation mark is never closed; the record begins at or before line ${lines ?? '?'}. Close it.`);
    case 'INVALID_OPENING_QUOTE':
      return refuse(
        `${place} has a quotation mark inside a cell that is not quoted. Put the whole cell between quotation marks and double those inside: "5"" pipe".`,
      );
    case 'CSV_INVALID_CLOSING_QUOTE':
      return refuse(
        `${place} has text after a closing quotation mark. Double quotation marks that are part of the text: "say ""hi""".`,
      );
    case 'CSV_MAX_RECORD_SIZE':
      return new Refusal(
        'too_large',
        `${place} belongs to a record of more than 1 MiB, which no user needs. Look for a quotation mark that is not closed, or shorten the cell.`,
      );
    default:
      return typeof code === 'string' && (code as string).startsWith('CSV_')
        ? refuse(`${place} cannot be read as CSV: ${(error as Error).message}`)
        : error;
  }
}

function refuse(message: string): Refusal {
  return new Refusal('invalid_request', message);
}
