import type { AccountSchema, AttributeSchema, Attributes, AttributeValue } from '@usher/connector-sdk';
import { compile, type EvaluationContext, type FormulaValue, type SourceSchema, type ValueType } from '@usher/formula';
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

export type MappingVerdict = { ok: true; mapping: CompiledMapping } | { ok: false; problems: FieldProblem[] };

/**
 * Compiles all rules of a mapping, once a configuration version. Everything that can be known without a user is
 * checked here: formulas, duplicate and read-only targets, required attributes of the target without a rule.
 * `accountSchema` undefined means that the target's attributes are unknown and only the formulas are checked.
 */
export function compileMapping(
  rules: readonly MappingRule[],
  source: SourceSchema,
  accountSchema: AccountSchema | undefined,
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
      problems.push({ field: `${place}.target`, problem: `${rule.target} has a rule already`, fix: 'keep one rule' });
    }
    seen.add(key);
    const attribute = accountSchema && findAttribute(accountSchema, rule.target);
    problems.push(...checkTarget(place, rule, attribute, accountSchema));
    const formula = compile(rule.formula, source, expectedType(attribute));
    if (!formula.ok) {
      for (const error of formula.errors) {
        problems.push({
          field: `${place}.formula`,
          problem: `${error.message} (characters ${error.start} to ${error.end})`,
          fix: error.suggestion ? `did you mean ${error.suggestion}?` : 'correct the formula',
        });
      }
      continue;
    }
    for (const warning of formula.warnings) {
      warnings.push({ field: `${place}.formula`, problem: warning.message, fix: warning.suggestion ?? '' });
    }
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
  if (accountSchema) problems.push(...checkRequired(accountSchema, seen));
  if (problems.length > 0) return { ok: false, problems };
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

/** The attribute a path addresses: itself, or the attribute behind a value path (`emails[type eq "work"].value`). */
function findAttribute(schema: AccountSchema, path: string): AttributeSchema | undefined {
  const wanted = path.replace(/\[[^\]]*\]/, '').toLowerCase();
  return (
    schema.attributes.find((attribute) => attribute.path.toLowerCase() === path.toLowerCase()) ??
    schema.attributes.find((attribute) => attribute.path.toLowerCase() === wanted)
  );
}

function checkTarget(
  place: string,
  rule: MappingRule,
  attribute: AttributeSchema | undefined,
  schema: AccountSchema | undefined,
): FieldProblem[] {
  const field = `${place}.target`;
  if (!schema) return [];
  if (!attribute) {
    return [{ field, problem: `${rule.target} is not an attribute of the target`, fix: 'choose one of its schema' }];
  }
  if (attribute.mutability === 'readOnly') {
    return [{ field, problem: `${rule.target} is read-only at the target`, fix: 'remove the rule' }];
  }
  if (attribute.mutability === 'immutable' && rule.apply === 'always') {
    return [{ field: `${place}.apply`, problem: `${rule.target} cannot change later`, fix: 'use "on create"' }];
  }
  return [];
}

function checkRequired(schema: AccountSchema, targets: ReadonlySet<string>): FieldProblem[] {
  return schema.attributes
    .filter((attribute) => attribute.required && attribute.mutability !== 'readOnly')
    .filter((attribute) => !/[.:]\w+\.|\./.test(attribute.path.replace(/^urn:.*:/, '')))
    .filter((attribute) => !targets.has(attribute.path.toLowerCase()))
    .map((attribute) => ({
      field: 'mapping',
      problem: `the target requires ${attribute.path}, and no rule gives it`,
      fix: `add a rule for ${attribute.path}`,
    }));
}

function expectedType(attribute: AttributeSchema | undefined): ValueType | 'any' {
  if (!attribute || attribute.multiValued || attribute.type === 'complex') return 'any';
  if (attribute.type === 'boolean' || attribute.type === 'number' || attribute.type === 'dateTime')
    return attribute.type;
  return 'any';
}

/** Multi-valued attributes whose elements are objects with a `value` (RFC 7643 §2.4). */
const VALUE_LISTS = new Set(['roles', 'entitlements', 'emails', 'phonenumbers', 'ims', 'photos', 'x509certificates']);

/** From the formula's value to the JSON the target expects; text for a text attribute whatever the formula's type. */
function shapeFor(
  path: string,
  type: ValueType,
  attribute: AttributeSchema | undefined,
): (value: FormulaValue) => AttributeValue {
  if (type === 'textList') {
    const asObjects = attribute ? attribute.type === 'complex' : VALUE_LISTS.has(path.toLowerCase());
    return (list) => {
      if (list === null) return null;
      const values = Array.isArray(list) ? list : [String(list)];
      return asObjects ? values.map((value) => ({ value })) : [...values];
    };
  }
  if (attribute?.type === 'text' && type !== 'text') return (value) => (value === null ? null : String(value));
  return (value) => value as AttributeValue;
}
