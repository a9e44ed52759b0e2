import type { AccountSchema, AttributeSchema, Attributes, AttributeValue } from '@usher/connector-sdk';
import {
  type CompiledFormula,
  compile,
  type EvaluationContext,
  type SourceSchema,
  type ValueType,
} from '@usher/formula';
import type { FieldProblem } from '../refusal.ts';
import { checkDuplicates, checkRule, checkTogether, isBlankValue } from './check-rule.ts';
import { describeDiagnostic } from './describe-diagnostic.ts';
import type { LookupTables, MappingRule } from './mapping-rule.ts';
import { compileFilter, type ScopingFilter } from './scoping-filter.ts';
import { shapeFor } from './shape-value.ts';
import { needsOf, type SourceNeeds, type SourceRecord } from './source-record.ts';
import { findAttribute } from './target-attribute.ts';

interface CompiledRule {
  rule: MappingRule;
  type: ValueType;
  fields: readonly string[];
  /** What the target says of it; undefined where it says nothing. */
  attribute: AttributeSchema | undefined;
  evaluate(record: SourceRecord, context: EvaluationContext): Evaluation;
}

type Evaluation = { ok: true; value: AttributeValue } | { ok: false; message: string };

/** One attribute of one user: what the formula gave, and the values that it read. */
export interface AttributeEvaluation {
  rule: MappingRule;
  fields: readonly string[];
  /** The raw value of each field; undefined is one that the user does not have. */
  sources: { field: string; value: unknown }[];
  result: Evaluation;
}

export type Desired =
  | {
      ok: true;
      /** What an existing account shall have; `null` takes a value away, an absent path is not ours to say. */
      always: Attributes;
      /** What a new account shall have besides. */
      onCreate: Attributes;
      /** Paths of `always` whose edits at the target stay until the value changes here. */
      initial?: readonly string[] | undefined;
    }
  | {
      ok: false;
      problem: {
        attribute: string;
        code: 'required_blank' | 'formula_failed';
        message: string;
        nextStep?: string | undefined;
      };
    };

export interface CompiledMapping {
  needs: SourceNeeds;
  /** Canonical source paths that any rule, or the filter, reads. */
  fields: ReadonlySet<string>;
  volatile: boolean;
  warnings: FieldProblem[];
  /** Who of the assigned users the app is for; undefined: all of them. */
  filter: ScopingFilter | undefined;
  rules: readonly Pick<CompiledRule, 'rule' | 'type' | 'fields' | 'attribute'>[];
  evaluate(record: SourceRecord, context: EvaluationContext): Desired;
  /** The values of these targets alone, whatever the other rules come to; what is blank or fails is left out. */
  evaluateSome(targets: readonly string[], record: SourceRecord, context: EvaluationContext): Attributes;
  /** Every rule's result, for explanations. */
  explain(record: SourceRecord, context: EvaluationContext): AttributeEvaluation[];
}

export type MappingVerdict =
  | { ok: true; mapping: CompiledMapping }
  | { ok: false; problems: FieldProblem[]; warnings: FieldProblem[] };

export interface MappingOptions {
  /** False: only formulas are checked; the schema still decides the form of the values. */
  checkTarget?: boolean | undefined;
  /** The tables of LOOKUP. */
  tables?: LookupTables | undefined;
  /** The formula that narrows the assigned users. */
  scopingFilter?: string | undefined;
}

/**
 * Compiles all rules of a mapping, once a configuration version. Everything that can be known without a user is
 * checked here: formulas, duplicate and read-only targets, types and named values, required attributes without a rule.
 * `accountSchema` undefined means that the target's attributes are unknown.
 */
export function compileMapping(
  rules: readonly MappingRule[],
  source: SourceSchema,
  accountSchema: AccountSchema | undefined,
  { checkTarget = true, tables = {}, scopingFilter }: MappingOptions = {},
): MappingVerdict {
  const problems: FieldProblem[] = [];
  const warnings: FieldProblem[] = [];
  const compiled: CompiledRule[] = [];
  let volatile = false;
  for (const [index, rule] of rules.entries()) {
    const place = `mapping[${index}]`;
    const attribute = accountSchema && findAttribute(accountSchema, rule.target);
    const verdict = compile(rule.formula, source, expectedType(checkTarget ? rule.target : '', attribute), { tables });
    const formula = verdict.ok ? verdict : undefined;
    if (!verdict.ok)
      problems.push(...verdict.errors.map((error) => describeDiagnostic(`${place}.formula`, rule.formula, error)));
    else
      warnings.push(
        ...verdict.warnings.map((warning) => describeDiagnostic(`${place}.formula`, rule.formula, warning)),
      );
    if (checkTarget) {
      const found = checkRule({ place, rule, attribute, schema: accountSchema, formula, tables });
      problems.push(...found.problems);
      warnings.push(...found.warnings);
    }
    if (!formula) continue;
    volatile ||= formula.volatile;
    compiled.push(compileRule(rule, formula, attribute));
  }
  problems.push(...checkDuplicates(rules), ...(checkTarget ? checkTogether(rules, accountSchema) : []));
  const scope = compileFilter(scopingFilter, source, tables);
  problems.push(...scope.problems);
  warnings.push(...scope.warnings);
  if (problems.length > 0) return { ok: false, problems, warnings };
  return {
    ok: true,
    mapping: {
      ...buildMapping(compiled, source, scope.filter),
      volatile: volatile || (scope.filter?.volatile ?? false),
      warnings,
    },
  };
}

function compileRule(
  rule: MappingRule,
  formula: CompiledFormula,
  attribute: AttributeSchema | undefined,
): CompiledRule {
  const shape = shapeFor(rule.target, formula.type, attribute);
  return {
    rule,
    type: formula.type,
    fields: formula.fields,
    attribute,
    evaluate(record, context) {
      const result = formula.evaluate(record, context);
      return result.ok ? { ok: true, value: shape(result.value) } : { ok: false, message: result.error.message };
    },
  };
}

function buildMapping(
  compiled: readonly CompiledRule[],
  source: SourceSchema,
  filter: ScopingFilter | undefined,
): Omit<CompiledMapping, 'volatile' | 'warnings'> {
  const fields = new Set([...compiled.flatMap((rule) => rule.fields), ...(filter?.fields ?? [])]);
  const initial = compiled
    .filter(({ rule }) => rule.apply === 'always' && rule.authority === 'initial')
    .map(({ rule }) => rule.target);
  return {
    needs: needsOf(fields),
    fields,
    filter,
    rules: compiled,
    evaluate: (record, context) => evaluateRules(compiled, initial, record, context),
    evaluateSome: (targets, record, context) => evaluateSome(compiled, targets, record, context),
    explain: (record, context) =>
      compiled.map(({ rule, fields: read, evaluate }) => ({
        rule,
        fields: read,
        sources: read.map((field) => ({ field, value: source.find(field)?.read(record) })),
        result: evaluate(record, context),
      })),
  };
}

function evaluateRules(
  rules: readonly CompiledRule[],
  initial: readonly string[],
  record: SourceRecord,
  context: EvaluationContext,
): Desired {
  const always: Attributes = {};
  const onCreate: Attributes = {};
  for (const { rule, fields, evaluate } of rules) {
    const result = evaluate(record, context);
    if (!result.ok) {
      return { ok: false, problem: { attribute: rule.target, code: 'formula_failed', message: result.message } };
    }
    let value: AttributeValue = result.value;
    if (value === null && rule.blank === 'default') value = rule.default ?? null;
    if (value === null && rule.required) return { ok: false, problem: describeBlank(rule, fields, record) };
    if (value === null && rule.blank === 'leave') continue;
    if (rule.apply === 'always') always[rule.target] = value;
    else if (value !== null) onCreate[rule.target] = value;
  }
  return { ok: true, always, onCreate, ...(initial.length > 0 ? { initial } : {}) };
}

function evaluateSome(
  rules: readonly CompiledRule[],
  targets: readonly string[],
  record: SourceRecord,
  context: EvaluationContext,
): Attributes {
  const values: Attributes = {};
  for (const { rule, evaluate } of rules) {
    if (!targets.includes(rule.target)) continue;
    const result = evaluate(record, context);
    const value = result.ok && result.value === null && rule.blank === 'default' ? (rule.default ?? null) : null;
    const given = result.ok ? (result.value ?? value) : null;
    if (given !== null) values[rule.target] = given;
  }
  return values;
}

function describeBlank(
  rule: MappingRule,
  fields: readonly string[],
  record: SourceRecord,
): Extract<Desired, { ok: false }>['problem'] {
  const code = 'required_blank';
  const attribute = rule.target;
  const waits = fields.includes('Manager.RemoteId') ? findMissingReference(record) : undefined;
  if (waits)
    return { attribute, code, message: `${attribute} is required, and ${waits.problem}`, nextStep: waits.nextStep };
  return { attribute, code, message: `${attribute} is required, but ${rule.formula} is blank for this user` };
}

/** Why the account of the user's manager cannot be named; undefined when it can, or when the user has no manager. */
export function findMissingReference({ manager }: SourceRecord): { problem: string; nextStep: string } | undefined {
  if (!manager || !isBlankValue(manager.remoteId ?? undefined)) return undefined;
  return {
    problem: `${manager.username}, the manager, has no account at the app`,
    nextStep: `Nothing to do if ${manager.username} is to have one: this follows by itself. Otherwise do not require it`,
  };
}

/** `active` is a boolean whatever a target says of itself: who may log in hangs on it. */
export function expectedType(target: string, attribute: AttributeSchema | undefined): ValueType | 'any' {
  if (!attribute) return target.toLowerCase() === 'active' ? 'boolean' : 'any';
  if (attribute.multiValued) return 'any';
  const { type } = attribute;
  return type === 'boolean' || type === 'number' || type === 'dateTime' ? type : 'any';
}
