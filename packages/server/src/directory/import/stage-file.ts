import type { Hash } from 'node:crypto';
import { Refusal } from '../../refusal.ts';
import { quote } from '../parse-field-value.ts';
import { parseUserRow } from '../parse-user-draft.ts';
import type { UserKeyField } from '../sql/find-user-ids.ts';
import type { ImportSession, StagedRow } from '../sql/import-session.ts';
import type { UserFieldCatalog } from '../user-fields.ts';
import { type ImportHeader, parseHeader } from './check-header.ts';
import type { ImportProblems } from './import-problem.ts';
import type { ImportFindings, ImportProgress } from './import-report.ts';
import { type CsvRow, readCsv } from './read-csv.ts';

interface StageRequest {
  readonly source: AsyncIterable<Uint8Array>;
  readonly key: UserKeyField;
  readonly uuid: () => string;
  /** Is fed the bytes of the file. */
  readonly hash: Hash;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** Reads the file and puts its rows, judged each by itself, into the session. */
export async function stageFile(
  session: ImportSession,
  findings: ImportFindings,
  catalog: UserFieldCatalog,
  request: StageRequest,
): Promise<ImportHeader> {
  let header: ImportHeader | undefined;
  let staged: StagedRow[] = [];
  const flush = async () => {
    if (staged.length > 0) await session.stage(staged);
    staged = [];
    request.onProgress?.({ phase: 'reading', done: findings.counts.rows, total: null });
  };
  for await (const rows of readCsv(hashed(request.source, request.hash))) {
    for (const row of rows) {
      if (!header) {
        header = parseHeader(row.cells, catalog, request.key);
        continue;
      }
      findings.counts.rows += 1;
      staged.push(readRow(row, header, request, findings));
      if (staged.length >= 2_000) await flush();
    }
  }
  await flush();
  if (!header) throw new Refusal('invalid_request', 'The file is empty. Its first line must name the columns.');
  await session.index();
  return header;
}

async function* hashed(source: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

function readRow(row: CsvRow, header: ImportHeader, request: StageRequest, findings: ImportFindings): StagedRow {
  const { line, cells } = row;
  const { problems } = findings;
  const staged = (key: string | null, draft: StagedRow['draft'], bad: boolean): StagedRow => {
    if (bad) findings.counts.bad += 1;
    return { line, id: request.uuid(), key, draft, bad };
  };
  const rawKey = cells[header.keyIndex]?.trim() ?? '';
  const before = problems.count;
  if (cells.length !== header.columns.length) {
    reportWidth(row, header, problems);
    // Its cells cannot be trusted to stand under their names, but its user is there.
    return staged(readKey(rawKey), null, true);
  }
  const parsed = parseUserRow(cells, header.columns);
  for (const { field, problem, fix } of parsed.problems) {
    problems.add({ line, column: header.columnOf.get(field) ?? field, problem, fix });
  }
  if (rawKey === '' && !parsed.problems.some(({ field }) => field === request.key)) {
    const column = header.columnOf.get(request.key) ?? request.key;
    problems.add({ line, column, problem: 'is blank; it tells which user the line means', fix: 'Fill it in.' });
  }
  return staged(keyOf(request.key, parsed.draft, rawKey), parsed.draft, problems.count > before);
}

/** The key as it is stored, which may differ from the cell in its normalization. */
function keyOf(key: UserKeyField, draft: NonNullable<StagedRow['draft']>, rawKey: string): string | null {
  const value = key === 'Username' ? draft.username : draft.fields[key];
  return typeof value === 'string' ? value : readKey(rawKey);
}

function readKey(rawKey: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const usable = rawKey !== '' && rawKey.length <= 600 && !/[\u0000-\u001f]/.test(rawKey);
  return usable ? rawKey.normalize('NFC') : null;
}

function reportWidth({ line, cells }: CsvRow, header: ImportHeader, problems: ImportProblems): void {
  const wanted = header.columns.length;
  const shown = cells.length > wanted ? ` The first one too many is ${quote(cells[wanted] ?? '')}.` : '';
  problems.add({
    line,
    column: null,
    problem: `has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, and the header has ${wanted} columns.${shown}`,
    fix: 'Put cells that hold a comma or a line break between quotation marks, and leave no cell out.',
  });
}
