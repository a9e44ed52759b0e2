import { formatCsvLine } from '../csv.ts';
import type { Queryable } from '../db/index.ts';
import { listProofs, type ProofRow } from './sql/rollbacks.ts';

const BATCH = 500;
const COLUMNS = ['userId', 'username', 'state', 'detail', 'readAt', 'path', 'expected', 'found'] as const;

async function* readProofs(db: Queryable, id: number, state: string | undefined): AsyncGenerator<ProofRow[]> {
  let after: string | undefined;
  for (;;) {
    const page = await listProofs(db, id, { state }, { limit: BATCH, after });
    if (page.length > 0) yield page;
    if (page.length < BATCH) return;
    after = page.at(-1)?.userId;
  }
}

/** The proof of a way back as CSV: a line for each account, and one for each attribute that differs. */
export async function* exportRollbackCsv(db: Queryable, id: number, state: string | undefined): AsyncGenerator<string> {
  yield formatCsvLine(COLUMNS);
  for await (const page of readProofs(db, id, state)) {
    yield page.map((proof) => linesOf(proof).map(formatCsvLine).join('')).join('');
  }
}

export async function* exportRollbackNdjson(
  db: Queryable,
  id: number,
  state: string | undefined,
): AsyncGenerator<string> {
  for await (const page of readProofs(db, id, state)) {
    yield page.map((proof) => `${JSON.stringify(proof)}\n`).join('');
  }
}

function linesOf({ userId, username, state, detail, readAt, differences }: ProofRow): unknown[][] {
  const line = [userId, username, state, detail, readAt?.toISOString() ?? null];
  if (!differences || differences.length === 0) return [[...line, null, null, null]];
  return differences.map(({ path, expected, found }) => [...line, path, expected, found]);
}
