import type { Diagnostic, EvaluationError } from './diagnostic.ts';
import type { Limits } from './limits.ts';
import type { EvaluationContext, FormulaValue, ValueType } from './value.ts';

/** Entries of the tables that LOOKUP may use: table name → key → value. Table names ignore case, keys do not. */
export type LookupTables = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Options of `compile`: limits to change (the rest keep their defaults) and the tables of LOOKUP. */
export interface CompileOptions {
  limits?: Partial<Limits>;
  tables?: LookupTables;
}

/** The outcome for one record: the value, or why there is none. Never both, never an exception of the library's making. */
export type EvaluationResult = { ok: true; value: FormulaValue } | { ok: false; error: EvaluationError };

/**
 * A formula that passed every check. `evaluate` is synchronous and pure and may be called any number of times.
 * `type` is the type of its values, which a formula of only NULL takes from the target. `fields` holds the canonical paths
 * that it reads, each once, in the order of their first use. `volatile` says that its value can change while the record
 * does not (TODAY, NOW, TIMENOW). `source` is the text it was compiled from.
 */
export interface CompiledFormula {
  ok: true;
  evaluate(record: unknown, context: EvaluationContext): EvaluationResult;
  fields: readonly string[];
  type: ValueType;
  volatile: boolean;
  warnings: Diagnostic[];
  source: string;
}

/** A formula that cannot be used, with every error that was found, in the order of their places. There is at least one. */
export interface RejectedFormula {
  ok: false;
  errors: Diagnostic[];
}

export type Compiled = CompiledFormula | RejectedFormula;
