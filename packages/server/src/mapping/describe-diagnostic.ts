import type { Diagnostic } from '@usher/formula';
import type { FieldProblem } from '../refusal.ts';

/** What the formula library found, as a finding about a member of the configuration. */
export function describeDiagnostic(field: string, formula: string, found: Diagnostic): FieldProblem {
  const { message, start, end, suggestion } = found;
  const part = formula.slice(start, end);
  const where = part === '' ? `at character ${start + 1}` : `at ${part.length > 40 ? `${part.slice(0, 37)}…` : part}`;
  const fix = suggestion === undefined ? 'Correct the formula there.' : `Write ${suggestion} there.`;
  return { field, problem: `${message.replace(/\.$/, '')} (${where})`, fix };
}
