import { type FieldProblem, Refusal } from '../../refusal.ts';
import { quote } from '../parse-field-value.ts';
import { createRowReader, describeUnknownField, findWriteProblem, type ParsedDraft } from '../parse-user-draft.ts';
import type { UserKeyField } from '../sql/find-user-ids.ts';
import type { UserField, UserFieldCatalog } from '../user-fields.ts';

export interface ImportHeader {
  readonly columns: readonly UserField[];
  /** The header's spelling of a field, for reports. */
  readonly columnOf: ReadonlyMap<string, string>;
  readonly keyIndex: number;
  readonly readRow: (cells: readonly string[]) => ParsedDraft;
}

/** Reads the first line. All that is wrong with it is told at once, and nothing of the file is looked at further. */
export function parseHeader(cells: readonly string[], catalog: UserFieldCatalog, key: UserKeyField): ImportHeader {
  refuseOtherDelimiter(cells);
  const problems: FieldProblem[] = [];
  const say = (name: string, problem: string, fix: string) =>
    problems.push({ field: `line 1, column ${quote(name)}`, problem, fix });
  const columns: UserField[] = [];
  const columnOf = new Map<string, string>();
  for (const [index, cell] of cells.entries()) {
    const name = cell.trim();
    const field = catalog.findCaseless(name);
    const fault = field ? findFault(field, columnOf) : describeUnknownField(name, catalog);
    if (name === '') say(String(index + 1), 'has no name', 'Name the column after a field, or take it out.');
    else if (fault) say(name, fault.problem, fault.fix);
    else if (field) {
      columnOf.set(field.name, name);
      columns.push(field);
    }
  }
  const keyIndex = columns.findIndex((field) => field.name === key);
  if (keyIndex === -1 && problems.length === 0) {
    say(key, 'is missing; it tells which user a line means', `Add the column ${key}, or choose another key.`);
  }
  if (problems.length > 0) {
    throw new Refusal('invalid_request', problems.map((p) => `${p.field} ${p.problem}`).join('; '), problems);
  }
  return { columns, columnOf, keyIndex, readRow: createRowReader(columns) };
}

function findFault(field: UserField, seen: ReadonlyMap<string, string>): Omit<FieldProblem, 'field'> | undefined {
  const readOnly = findWriteProblem(field);
  if (readOnly) return { problem: readOnly.problem, fix: 'Take the column out.' };
  return seen.has(field.name) ? { problem: 'is there twice', fix: 'Take one of the two columns out.' } : undefined;
}

function refuseOtherDelimiter(cells: readonly string[]): void {
  const only = cells[0] ?? '';
  if (cells.length !== 1) return;
  const delimiter = [';', '\t', '|'].find((candidate) => only.split(candidate).length > 2);
  if (!delimiter) return;
  const name = { ';': 'semicolons', '\t': 'tabs', '|': 'bars' }[delimiter];
  throw new Refusal(
    'invalid_request',
    `The columns are parted by ${name}. Save the file with commas between the columns.`,
  );
}
