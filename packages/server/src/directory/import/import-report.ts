import type { UserKeyField } from '../sql/find-user-ids.ts';
import { type ImportProblem, ImportProblems } from './import-problem.ts';

export type ImportMode = 'all-or-nothing' | 'skip-bad-rows';

/** `total` is not known while the file is being read. */
export interface ImportProgress {
  readonly phase: 'reading' | 'checking' | 'writing' | 'marking';
  readonly done: number;
  readonly total: number | null;
}

export interface ImportCounts {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  /** Rows with at least one problem. */
  bad: number;
  /** Of the updated ones, leavers included. */
  deactivated: number;
  reactivated: number;
  /** Users that were absent from a snapshot. */
  left: number;
}

export interface ImportedUser {
  readonly line: number;
  readonly id: string;
  readonly username: string;
  readonly outcome: 'created' | 'updated';
  /** Names of the fields that change. */
  readonly fields: string[];
}

export interface LeaverReport {
  readonly count: number;
  readonly activeUsers: number;
  /** More than these leave only when the caller allows so many. */
  readonly limit: number;
  /** The real run must show it: it stands for this file and these leavers. */
  readonly snapshotToken: string;
  /** The first ones. */
  readonly users: readonly { id: string; username: string }[];
}

export interface ImportReport extends ImportCounts {
  readonly importId: string;
  readonly applied: boolean;
  readonly mode: ImportMode;
  readonly key: UserKeyField;
  /** The first of them, by line; `problemCount` has all. */
  readonly problems: readonly ImportProblem[];
  readonly problemCount: number;
  /** The first of them. */
  readonly changes: readonly ImportedUser[];
  readonly leavers: LeaverReport | null;
}

/** Examples of a kind that a report shows. */
export const MOST_SHOWN = 1_000;

/** What an import has found so far. */
export class ImportFindings {
  readonly problems = new ImportProblems();
  changes: ImportedUser[] = [];
  leavers: LeaverReport | null = null;
  counts: ImportCounts = {
    rows: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    bad: 0,
    deactivated: 0,
    reactivated: 0,
    left: 0,
  };

  build(request: { importId: string; applied: boolean; mode: ImportMode; key: UserKeyField }): ImportReport {
    return {
      importId: request.importId,
      applied: request.applied,
      mode: request.mode,
      key: request.key,
      ...this.counts,
      problems: this.problems.sorted(),
      problemCount: this.problems.count,
      changes: this.changes,
      leavers: this.leavers,
    };
  }
}
