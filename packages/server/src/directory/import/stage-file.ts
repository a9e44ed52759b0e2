import type { Hash } from 'node:crypto';
import { Refusal } from '../../refusal.ts';
import type { ChangeContext } from '../user-change.ts';
import { type ImportHeader, parseHeader } from './check-header.ts';
import type { ImportProgress } from './import-report.ts';
import { type Judge, type JudgedRow, judgeRows, type ReadRow, readRow } from './judge-rows.ts';
import { readCsv } from './read-csv.ts';

interface StageRequest extends Omit<Judge, 'header' | 'context'> {
  readonly context: ChangeContext;
  readonly source: AsyncIterable<Uint8Array>;
  /** Is fed the bytes of the file. */
  readonly hash: Hash;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** Is given one batch after another. */
  readonly stage: (rows: readonly JudgedRow[]) => Promise<void>;
}

const BATCH = 500;

/** Reads the file to its end, and has its rows judged and staged by the batch. The next batch is read while one is judged. */
export async function stageFile(
  request: StageRequest,
): Promise<{ header: ImportHeader; rows: number; lastLine: number }> {
  let header: ImportHeader | undefined;
  let rows = 0;
  let lastLine = 0;
  let batch: ReadRow[] = [];
  let judging: Promise<void> = Promise.resolve();
  const judgeBatch = async (): Promise<void> => {
    const next = batch;
    batch = [];
    await judging;
    if (!header || next.length === 0) return;
    judging = judgeRows({ ...request, header }, next).then(request.stage);
    // It is awaited later, and must not count as unhandled until then.
    judging.catch(() => {});
    request.onProgress?.({ phase: 'reading', done: rows, total: null });
  };
  try {
    for await (const read of readCsv(hashed(request.source, request.hash))) {
      for (const row of read) {
        if (!header) {
          header = parseHeader(row.cells, request.context.catalog, request.key);
          continue;
        }
        rows += 1;
        lastLine = row.line;
        batch.push(readRow({ ...request, header }, row));
        if (batch.length >= BATCH) await judgeBatch();
      }
    }
    await judgeBatch();
  } finally {
    // The connection must be idle before anybody else uses it.
    await judging;
  }
  if (!header) throw new Refusal('invalid_request', 'The file is empty. Its first line must name the columns.');
  return { header, rows, lastLine };
}

async function* hashed(source: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}
