import type { AccountSchema, AttributeSchema, AttributeValue } from '@usher/connector-sdk';
import { compile, type Diagnostic, type EvaluationContext, type SourceSchema, type ValueType } from '@usher/formula';
import { checkRule } from './check-rule.ts';
import { expectedType } from './compile-mapping.ts';
import type { LookupTables, MappingRule } from './mapping-rule.ts';
import { shapeFor } from './shape-value.ts';
import type { SourceRecord } from './source-record.ts';
import { findAttribute } from './target-attribute.ts';

/** A finding with its place in the formula, for an editor's marker; offsets of characters, `end` exclusive. */
export interface FormulaFinding {
  code: Diagnostic['code'] | 'target';
  message: string;
  start: number;
  end: number;
  /** Replaces exactly that place. */
  suggestion?: string | undefined;
}

/** One formula by itself: what is wrong with it, what it reads, and what it gives for a user. */
export interface FormulaTrial {
  ok: boolean;
  type: ValueType | null;
  fields: readonly string[];
  volatile: boolean;
  errors: FormulaFinding[];
  warnings: FormulaFinding[];
  /** For the user that was asked about, when the formula compiles. */
  evaluation: { value: AttributeValue; error: FormulaFailure | null; sources: TriedSource[] } | null;
}

export interface FormulaFailure {
  code: string;
  message: string;
  start: number;
  end: number;
}

export interface TriedSource {
  field: string;
  value: unknown;
}

export interface TrialRequest {
  formula: string;
  /** The attribute that it is for; absent: any type is right. */
  target?: string | undefined;
  /** It decides something: only true and false are right. */
  isCondition?: boolean | undefined;
  tables?: LookupTables | undefined;
}

/** Checks and evaluates a formula that belongs to no saved mapping. Pure. */
export function tryFormula(
  { formula, target, isCondition, tables = {} }: TrialRequest,
  source: SourceSchema,
  schema: AccountSchema | undefined,
  user: { record: SourceRecord; context: EvaluationContext } | undefined,
): FormulaTrial {
  const attribute = target === undefined || !schema ? undefined : findAttribute(schema, target);
  const type = isCondition ? 'boolean' : expectedType(target ?? '', attribute);
  const compiled = compile(formula, source, type, { tables });
  const found = target === undefined ? undefined : checkFor(target, formula, { attribute, schema, tables, compiled });
  const errors = [...(compiled.ok ? [] : compiled.errors), ...(found?.errors ?? [])];
  const warnings = [...(compiled.ok ? compiled.warnings : []), ...(found?.warnings ?? [])];
  if (!compiled.ok) return { ok: false, type: null, fields: [], volatile: false, errors, warnings, evaluation: null };
  const { fields, volatile } = compiled;
  const facts = { ok: errors.length === 0, type: compiled.type, fields, volatile, errors, warnings };
  if (!user) return { ...facts, evaluation: null };
  const shape = target === undefined ? undefined : shapeFor(target, compiled.type, attribute);
  const result = compiled.evaluate(user.record, user.context);
  const sources = fields.map((field) => ({ field, value: source.find(field)?.read(user.record) ?? null }));
  if (!result.ok) return { ...facts, evaluation: { value: null, error: result.error, sources } };
  const value = shape ? shape(result.value) : (result.value as AttributeValue);
  return { ...facts, evaluation: { value, error: null, sources } };
}

/** What the target says of the attribute; it speaks of the whole formula. */
function checkFor(
  target: string,
  formula: string,
  known: {
    attribute: AttributeSchema | undefined;
    schema: AccountSchema | undefined;
    tables: LookupTables;
    compiled: ReturnType<typeof compile>;
  },
): { errors: FormulaFinding[]; warnings: FormulaFinding[] } {
  const { attribute, schema, tables, compiled } = known;
  const rule: MappingRule = { target, formula, required: false, apply: 'on create', blank: 'clear' };
  const checked = { place: 'rule', rule, attribute, schema, formula: compiled.ok ? compiled : undefined, tables };
  const { problems, warnings } = checkRule(checked);
  const toFinding = ({ field, problem, fix }: (typeof problems)[number]): FormulaFinding => ({
    code: 'target',
    message: `${field === 'rule.formula' ? 'The formula ' : ''}${problem}. ${fix}`,
    start: 0,
    end: formula.length,
  });
  // Whether it is required is the rule's affair, not the formula's.
  const told = warnings.filter(({ field }) => field !== 'rule.required');
  return { errors: problems.map(toFinding), warnings: told.map(toFinding) };
}
