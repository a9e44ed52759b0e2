import type { AccountSchema, AttributeSchema, Attributes, AttributeValue } from '@usher/connector-sdk';
import {
  compile,
  type Diagnostic,
  type EvaluationContext,
  type FormulaValue,
  type SourceSchema,
  type ValueType,
} from '@usher/formula';
import type { FieldProblem } from '../refusal.ts';
import type { MappingRule } from './mapping-rule.ts';
import { needsOf, type SourceNeeds, type SourceRecord } from './source-record.ts';

interface CompiledRule {
  rule: MappingRule;
  fields: readonly string[];
  evaluate(record: SourceRecord, context: EvaluationContext): Evaluation;
}

type Evaluation = { ok: true; value: AttributeValue } | { ok: false; message: string };

/** One attribute of one user: what the formula gave and what became of it. */
export interface AttributeEvaluation {
  rule: MappingRule;
  fields: readonly string[];
  result: Evaluation;
}

export type Desired =
  | {
      ok: true;
      /** What an existing account shall have; `null` takes a value away, an absent path is not ours to say. */
      always: Attributes;
      /** What a new account shall have besides. */
      onCreate: Attributes;
    }
  | { ok: false; problem: { attribute: string; code: 'required_blank' | 'formula_failed'; message: string } };

export interface CompiledMapping {
  needs: SourceNeeds;
  /** Canonical source paths that any rule reads. */
  fields: ReadonlySet<string>;
  volatile: boolean;
  warnings: FieldProblem[];
  evaluate(record: SourceRecord, context: EvaluationContext): Desired;
  /** Every rule's result, for explanations. */
  explain(record: SourceRecord, context: EvaluationContext): AttributeEvaluation[];
}

export type MappingVerdict =
  | { ok: true; mapping: CompiledMapping }
  | { ok: false; problems: FieldProblem[]; warnings: FieldProblem[] };

/**
 * Compiles all rules of a mapping, once a configuration version. Everything that can be known without a user is
 * checked here: formulas, duplicate and read-only targets, required attributes of the target without a rule.
 * `accountSchema` undefined means that the target's attributes are unknown and only the formulas are checked; so does
 * `checkTarget` false, where the schema still decides the form of the values.
 */
export function compileMapping(
  rules: readonly MappingRule[],
  source: SourceSchema,
  accountSchema: AccountSchema | undefined,
  { checkTarget = true }: { checkTarget?: boolean } = {},
): MappingVerdict {
  const problems: FieldProblem[] = [];
  const warnings: FieldProblem[] = [];
  const compiled: CompiledRule[] = [];
  const seen = new Set<string>();
  let volatile = false;
  for (const [index, rule] of rules.entries()) {
    const place = `mapping[${index}]`;
    const key = rule.target.toLowerCase();
    if (seen.has(key)) {
      problems.push({ field: `${place}.target`, problem: `${rule.target} has a rule already`, fix: 'Keep one rule.' });
    }
    seen.add(key);
    const attribute = accountSchema && findAttribute(accountSchema, rule.target);
    if (accountSchema && checkTarget) {
      const found = checkTargetAttribute(place, rule, attribute, accountSchema.source);
      problems.push(...found.problems);
      warnings.push(...found.warnings);
    }
    const formula = compile(rule.formula, source, expectedType(attribute));
    if (!formula.ok) {
      problems.push(...formula.errors.map((error) => describeError(place, rule, error)));
      continue;
    }
    warnings.push(...formula.warnings.map((warning) => describeError(place, rule, warning)));
    if (checkTarget) problems.push(...checkValues(place, rule, formula.type, attribute));
    volatile ||= formula.volatile;
    const shape = shapeFor(rule.target, formula.type, attribute);
    compiled.push({
      rule,
      fields: formula.fields,
      evaluate(record, context) {
        const result = formula.evaluate(record, context);
        return result.ok ? { ok: true, value: shape(result.value) } : { ok: false, message: result.error.message };
      },
    });
  }
  if (accountSchema && checkTarget) problems.push(...checkRequired(accountSchema, rules));
  if (problems.length > 0) return { ok: false, problems, warnings };
  const fields = new Set(compiled.flatMap((rule) => rule.fields));
  return {
    ok: true,
    mapping: {
      needs: needsOf(fields),
      fields,
      volatile,
      warnings,
      evaluate: (record, context) => evaluateRules(compiled, record, context),
      explain: (record, context) =>
        compiled.map(({ rule, fields, evaluate }) => ({ rule, fields, result: evaluate(record, context) })),
    },
  };
}

function describeError(place: string, { formula }: MappingRule, found: Diagnostic): FieldProblem {
  const { message, start, end, suggestion } = found;
  const part = formula.slice(start, end);
  const where = part === '' ? `at character ${start + 1}` : `at ${part.length > 40 ? `${part.slice(0, 37)}…` : part}`;
  const fix = suggestion === undefined ? 'Correct the formula there.' : `Write ${suggestion} there.`;
  return { field: `${place}.formula`, problem: `${message.replace(/\.$/, '')} (${where})`, fix };
}

function evaluateRules(rules: readonly CompiledRule[], record: SourceRecord, context: EvaluationContext): Desired {
  const always: Attributes = {};
  const onCreate: Attributes = {};
  for (const { rule, evaluate } of rules) {
    const result = evaluate(record, context);
    if (!result.ok) {
      return { ok: false, problem: { attribute: rule.target, code: 'formula_failed', message: result.message } };
    }
    let value: AttributeValue = result.value;
    if (value === null && rule.blank === 'default') value = rule.default ?? null;
    if (value === null && rule.required) {
      const message = `${rule.target} is required, but ${rule.formula} is blank for this user`;
      return { ok: false, problem: { attribute: rule.target, code: 'required_blank', message } };
    }
    if (value === null && rule.blank === 'leave') continue;
    if (rule.apply === 'always') always[rule.target] = value;
    else if (value !== null) onCreate[rule.target] = value;
  }
  return { ok: true, always, onCreate };
}

/**
 * The attribute a path addresses: itself; for an element that the schema does not list (`emails[type eq "x"].value`),
 * what it says of every element, or a text of the multi-valued attribute.
 */
export function findAttribute(schema: AccountSchema, path: string): AttributeSchema | undefined {
  const find = (wanted: string) =>
    schema.attributes.find((attribute) => attribute.path.toLowerCase() === wanted.toLowerCase());
  const exact = find(path);
  const filter = /^(.*)\[[^\]]*\](.*)$/.exec(path);
  if (exact || !filter) return exact;
  const element = find(`${filter[1]}${filter[2]}`);
  if (element) return { ...element, multiValued: false };
  const whole = find(filter[1] ?? '');
  return whole?.multiValued ? { ...whole, path, type: 'text', multiValued: false, required: false } : undefined;
}

interface TargetFindings {
  problems: FieldProblem[];
  warnings: FieldProblem[];
}

function checkTargetAttribute(
  place: string,
  rule: MappingRule,
  attribute: AttributeSchema | undefined,
  source: AccountSchema['source'],
): TargetFindings {
  const { target, apply } = rule;
  const problems: FieldProblem[] = [];
  const warnings: FieldProblem[] = [];
  const field = `${place}.target`;
  if (!attribute && source === 'default') {
    const problem = `the target does not say what attributes it has, and ${target} is not one of the standard`;
    warnings.push({ field, problem, fix: 'Make sure that the target knows it: a preview and a test user show it.' });
  } else if (!attribute) {
    const problem = `${target} is not an attribute of the target`;
    problems.push({ field, problem, fix: 'Choose one of its schema, or remove the rule.' });
  }
  if (!attribute) return { problems, warnings };
  if (attribute.mutability === 'readOnly') {
    problems.push({ field, problem: `${target} is read-only at the target`, fix: 'Remove the rule.' });
  }
  if (attribute.mutability === 'immutable' && apply === 'always') {
    const problem = `${target} cannot be changed at the target once the account exists`;
    problems.push({ field: `${place}.apply`, problem, fix: 'Set apply to "on create".' });
  }
  if (attribute.required && !rule.required) {
    const problem = `the target requires ${target}, and the rule does not: a user without it is refused by the target`;
    warnings.push({ field: `${place}.required`, problem, fix: 'Mark the rule as required.' });
  }
  return { problems, warnings };
}

/** Whether the values of a rule, the default's too, fit the attribute. */
function checkValues(
  place: string,
  rule: MappingRule,
  type: ValueType,
  attribute: AttributeSchema | undefined,
): FieldProblem[] {
  if (!attribute) return [];
  const problems: FieldProblem[] = [];
  const field = `${place}.formula`;
  if (type === 'textList' && !attribute.multiValued) {
    const fix = 'Use JOIN to make one text of them, or map a multi-valued attribute.';
    problems.push({ field, problem: `gives several values, and ${rule.target} takes one`, fix });
  } else if (attribute.type === 'complex' && !attribute.multiValued) {
    const fix = `Map its parts, such as ${rule.target}.value.`;
    problems.push({ field: `${place}.target`, problem: `${rule.target} is made of parts`, fix });
  }
  const wanted = ({ boolean: 'boolean', number: 'number' } as const)[attribute.type as string];
  const given = rule.default;
  if (wanted && given !== undefined && given !== null && typeof given !== wanted) {
    const problem = `is ${JSON.stringify(given)}, and ${rule.target} takes a ${wanted}`;
    problems.push({ field: `${place}.default`, problem, fix: `Give a ${wanted}.` });
  }
  return problems;
}

/** The attribute that a path is a part of: `emails` of `emails[type eq "work"].value`. */
export function rootOf(path: string): string {
  const local = path.replace(/\[[^\]]*\].*$/, '');
  const urn = /^urn:.*:/i.exec(local)?.[0] ?? '';
  return (urn + local.slice(urn.length).replace(/\..*$/, '')).toLowerCase();
}

function checkRequired(schema: AccountSchema, rules: readonly MappingRule[]): FieldProblem[] {
  const given = new Set(rules.map(({ target }) => rootOf(target)));
  return (
    schema.attributes
      .filter(({ required, mutability }) => required && mutability !== 'readOnly')
      .filter(({ path }) => rootOf(path) === path.toLowerCase() && !given.has(path.toLowerCase()))
      // Every create and every reactivation says it, whatever the mapping.
      .filter(({ path }) => path.toLowerCase() !== 'active')
      .map(({ path }) => ({
        field: 'mapping',
        problem: `the target requires ${path}, and no rule gives it`,
        fix: `Add a rule for ${path}.`,
      }))
  );
}

function expectedType(attribute: AttributeSchema | undefined): ValueType | 'any' {
  if (!attribute || attribute.multiValued) return 'any';
  const { type } = attribute;
  return type === 'boolean' || type === 'number' || type === 'dateTime' ? type : 'any';
}

/** Multi-valued attributes whose elements are objects with a `value` (RFC 7643 §2.4), for targets that do not say. */
const VALUE_LISTS = new Set(['roles', 'entitlements', 'emails', 'phonenumbers', 'ims', 'photos', 'x509certificates']);

/** From the formula's value to the JSON the target expects; text for a text attribute whatever the formula's type. */
function shapeFor(
  path: string,
  type: ValueType,
  attribute: AttributeSchema | undefined,
): (value: FormulaValue) => AttributeValue {
  const isValueList = VALUE_LISTS.has(path.toLowerCase());
  const takesList = attribute ? attribute.multiValued : isValueList || type === 'textList';
  if (takesList) {
    const asObjects = attribute ? attribute.type === 'complex' : isValueList;
    return (given) => {
      if (given === null) return null;
      const values = Array.isArray(given) ? given : [given as AttributeValue];
      return asObjects ? values.map((value) => ({ value })) : [...values];
    };
  }
  if (attribute?.type === 'text' && type !== 'text') return (value) => (value === null ? null : String(value));
  return (value) => value as AttributeValue;
}
