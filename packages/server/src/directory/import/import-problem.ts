import { type FieldProblem, Refusal } from '../../refusal.ts';

/** What is wrong with one line of a file. `column` is the header's spelling; null concerns the whole line. */
export interface ImportProblem {
  readonly line: number;
  readonly column: string | null;
  readonly problem: string;
  readonly fix: string;
}

const MOST_KEPT = 10_000;

/** Keeps the first problems and counts all, so that a file with a million faults does no harm. */
export class ImportProblems {
  readonly kept: ImportProblem[] = [];
  count = 0;

  add(problem: ImportProblem): void {
    this.count += 1;
    if (this.kept.length < MOST_KEPT) this.kept.push(problem);
  }

  /** In the order of the lines. */
  sorted(): ImportProblem[] {
    return this.kept.toSorted((a, b) => a.line - b.line);
  }
}

export function toFieldProblem({ line, column, problem, fix }: ImportProblem): FieldProblem {
  return { field: column === null ? `line ${line}` : `line ${line}, column ${column}`, problem, fix };
}

export function refuseChanged(): Refusal {
  const message = 'Users of the file were changed while it was being imported, and nothing of it was. Import it again.';
  return new Refusal('conflict', message);
}
