import {
  type CompiledFormula,
  compile,
  type Diagnostic,
  type EvaluationContext,
  type SourceSchema,
} from '@usher/formula';
import type { FieldProblem } from '../refusal.ts';
import { describeDiagnostic } from './describe-diagnostic.ts';
import type { LookupTables } from './mapping-rule.ts';
import type { SourceRecord } from './source-record.ts';

/** Whether an assigned user is one of those whom the app is for. */
export type ScopeVerdict =
  | { kind: 'in' }
  | { kind: 'out' }
  /** The filter gives neither true nor false for this user, or fails. */
  | { kind: 'undecided'; code: 'filter_blank' | 'filter_failed'; message: string };

/** The formula that narrows the assigned users of an app. */
export interface ScopingFilter {
  fields: readonly string[];
  volatile: boolean;
  judge(record: SourceRecord, context: EvaluationContext): ScopeVerdict;
  /** What it read of a user, for explanations; undefined is a field that the user does not have. */
  readSources(record: SourceRecord): { field: string; value: unknown }[];
}

export interface CompiledFilter {
  filter: ScopingFilter | undefined;
  problems: FieldProblem[];
  warnings: FieldProblem[];
}

const IN: ScopeVerdict = { kind: 'in' };
const OUT: ScopeVerdict = { kind: 'out' };

/** Compiles a scoping filter; without a formula there is none, and every assigned user is in. */
export function compileFilter(formula: string | undefined, source: SourceSchema, tables: LookupTables): CompiledFilter {
  if (formula === undefined) return { filter: undefined, problems: [], warnings: [] };
  const compiled = compile(formula, source, 'boolean', { tables });
  const describe = (found: Diagnostic) => describeDiagnostic('scopingFilter', formula, found);
  if (!compiled.ok) return { filter: undefined, problems: compiled.errors.map(describe), warnings: [] };
  const warnings = compiled.warnings.map(describe);
  if (compiled.fields.length === 0 && !compiled.volatile) {
    const problem = 'reads no field, so that it says the same of everybody';
    warnings.push({ field: 'scopingFilter', problem, fix: 'Leave it out, or compare a field of the user.' });
  }
  return { filter: buildFilter(compiled, source), problems: [], warnings };
}

function buildFilter(compiled: CompiledFormula, source: SourceSchema): ScopingFilter {
  const { fields, volatile } = compiled;
  return {
    fields,
    volatile,
    judge(record, context) {
      const result = compiled.evaluate(record, context);
      if (!result.ok) return { kind: 'undecided', code: 'filter_failed', message: result.error.message };
      if (result.value === true) return IN;
      if (result.value === false) return OUT;
      const read = fields.length === 0 ? 'what it reads' : fields.join(', ');
      const message = `The scoping filter gives neither true nor false for this user: ${read} may be blank`;
      return { kind: 'undecided', code: 'filter_blank', message };
    },
    readSources: (record) => fields.map((field) => ({ field, value: source.find(field)?.read(record) })),
  };
}
