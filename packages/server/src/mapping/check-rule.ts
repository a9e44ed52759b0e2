import type { AccountSchema, AttributeSchema, AttributeValue } from '@usher/connector-sdk';
import type { CompiledFormula, ValueType } from '@usher/formula';
import type { FieldProblem } from '../refusal.ts';
import { listPossibleResults } from './list-results.ts';
import type { LookupTables, MappingRule } from './mapping-rule.ts';
import { findAttribute, placeOf, rootOf, takeApart } from './target-attribute.ts';

/** What is wrong with a mapping, and what a person should know of it. */
export interface Findings {
  problems: FieldProblem[];
  warnings: FieldProblem[];
}

/** One rule with what the target says of its attribute; `formula` is absent when it does not compile. */
export interface RuleToCheck {
  /** `mapping[3]` */
  place: string;
  rule: MappingRule;
  attribute: AttributeSchema | undefined;
  schema: AccountSchema | undefined;
  formula: CompiledFormula | undefined;
  tables: LookupTables;
}

/** Everything that can be known of one rule without a user. */
export function checkRule(checked: RuleToCheck): Findings {
  const findings: Findings = { problems: [], warnings: [] };
  checkPath(checked, findings);
  if (checked.attribute) checkCharacteristics(checked, checked.attribute, findings);
  else if (checked.schema) checkUnknown(checked, checked.schema, findings);
  checkAuthority(checked, findings);
  if (checked.formula) {
    if (checked.attribute) checkType(checked, checked.attribute, checked.formula.type, findings);
    checkResults(checked, checked.formula, findings);
  }
  return findings;
}

function checkPath({ place, rule, attribute, schema }: RuleToCheck, { problems, warnings }: Findings): void {
  const parts = takeApart(rule.target);
  const field = `${place}.target`;
  if (!parts) return;
  if ('problem' in parts) {
    problems.push({ field, problem: parts.problem.replace(/\.$/, ''), fix: 'Write the path in one of these forms.' });
    return;
  }
  if (!attribute || !schema) return;
  for (const { attribute: name, value } of parts.where ?? []) {
    const known = findAttribute(schema, `${rule.target.slice(0, rule.target.indexOf('['))}.${name}`);
    const nearest = known && namesNot(known, value);
    if (!nearest) continue;
    const problem = `${JSON.stringify(value)} is no ${name} that the target names: ${nearest.join(', ')}`;
    warnings.push({ field, problem, fix: 'Use one of these, unless the target is known to take it.' });
  }
}

/** The values that the target names, when this is none of them. */
function namesNot({ canonicalValues, caseExact }: AttributeSchema, value: unknown): string[] | undefined {
  if (typeof value !== 'string' || !canonicalValues || canonicalValues.length === 0) return undefined;
  const same = (one: string) => (caseExact ? one === value : one.toLowerCase() === value.toLowerCase());
  return canonicalValues.some(same) ? undefined : canonicalValues;
}

function checkUnknown({ place, rule }: RuleToCheck, { source }: AccountSchema, findings: Findings): void {
  const field = `${place}.target`;
  if (source === 'default') {
    const problem = `the target does not say what attributes it has, and ${rule.target} is not one of the standard`;
    const fix = 'Make sure that the target knows it: a preview and a test user show it.';
    findings.warnings.push({ field, problem, fix });
    return;
  }
  const fix =
    source === 'administrator'
      ? 'Describe it in targetAttributes, or remove the rule.'
      : 'Choose one of its schema, or remove the rule.';
  findings.problems.push({ field, problem: `${rule.target} is not an attribute of the target`, fix });
}

function checkCharacteristics(checked: RuleToCheck, attribute: AttributeSchema, findings: Findings): void {
  const { place, rule, schema } = checked;
  const { problems, warnings } = findings;
  const { target } = rule;
  const field = `${place}.target`;
  const root = schema?.attributes.find(({ path }) => path.toLowerCase() === rootOf(target));
  if (attribute.mutability === 'readOnly' || root?.mutability === 'readOnly') {
    problems.push({ field, problem: `${target} is read-only at the target`, fix: 'Remove the rule.' });
  }
  if (attribute.mutability === 'immutable' && rule.apply === 'always') {
    const problem = `${target} cannot be changed at the target once the account exists`;
    problems.push({ field: `${place}.apply`, problem, fix: 'Set apply to "on create".' });
  }
  if (attribute.required && !rule.required) {
    const problem = `the target requires ${target}, and the rule does not: a user without it is refused by the target`;
    warnings.push({ field: `${place}.required`, problem, fix: 'Mark the rule as required.' });
  }
  const given = rule.default;
  const wanted = ({ boolean: 'boolean', number: 'number', text: 'string', dateTime: 'string' } as const)[
    attribute.type as string
  ];
  if (given === undefined || given === null) return;
  const list = Array.isArray(given);
  if (!attribute.multiValued && (list || (wanted && typeof given !== wanted))) {
    const takes = wanted === 'string' ? 'text' : (wanted ?? 'single value');
    const problem = `is ${JSON.stringify(given)}, and ${target} takes a ${takes}`;
    problems.push({ field: `${place}.default`, problem, fix: `Give a ${takes}.` });
  } else if (attribute.multiValued && !list) {
    const problem = `is ${JSON.stringify(given)}, and ${target} takes a list`;
    problems.push({ field: `${place}.default`, problem, fix: 'Give a list, in brackets.' });
  }
  const known = namesNot(attribute, given);
  if (known) warnNotNamed(warnings, `${place}.default`, given, target, known);
}

function checkAuthority({ place, rule }: RuleToCheck, { problems }: Findings): void {
  if (rule.authority !== 'ours' || rule.apply !== 'on create') return;
  const problem = 'does not go with apply "on create", which leaves edits at the target alone';
  const fix = 'Leave authority out, or set apply to "always".';
  problems.push({ field: `${place}.authority`, problem, fix });
}

/** Whether the values of a rule fit the attribute. */
function checkType(checked: RuleToCheck, attribute: AttributeSchema, type: ValueType, findings: Findings): void {
  const { place, rule, schema } = checked;
  const { problems, warnings } = findings;
  const field = `${place}.formula`;
  if (type === 'textList' && !attribute.multiValued) {
    const fix = 'Use JOIN to make one text of them, or map a multi-valued attribute.';
    problems.push({ field, problem: `gives several values, and ${rule.target} takes one`, fix });
    return;
  }
  if (attribute.type === 'complex' && !hasValuePart(rule.target, attribute, schema)) {
    const example = attribute.multiValued ? `${rule.target}[type eq "work"].…` : `${rule.target}.value`;
    const problem = `${rule.target} is made of parts`;
    problems.push({ field: `${place}.target`, problem, fix: `Map its parts, such as ${example}.` });
    return;
  }
  if (attribute.multiValued && (attribute.type === 'number' || attribute.type === 'boolean') && type === 'textList') {
    const problem = `gives texts, and ${rule.target} takes a list of another type (${attribute.type})`;
    problems.push({ field, problem, fix: 'Map another attribute.' });
  }
  if ((attribute.type === 'reference' || attribute.type === 'binary') && type !== 'text' && type !== 'textList') {
    problems.push({ field, problem: `gives no text, and ${rule.target} takes one`, fix: 'Use TEXT.' });
  }
  if (attribute.type === 'text' && type === 'boolean' && !attribute.multiValued) {
    const problem = `gives true or false, and ${rule.target} takes a text: "true" or "false" is written`;
    warnings.push({ field, problem, fix: 'Use IF to write the words that the target expects.' });
  }
}

/** A list of elements with a `value` takes plain values; a list of addresses does not. */
function hasValuePart(target: string, attribute: AttributeSchema, schema: AccountSchema | undefined): boolean {
  if (!attribute.multiValued) return false;
  const prefix = `${target.toLowerCase()}.`;
  const parts = (schema?.attributes ?? []).filter(({ path }) => path.toLowerCase().startsWith(prefix));
  return parts.length === 0 || parts.some(({ path }) => path.toLowerCase() === `${prefix}value`);
}

function checkResults(checked: RuleToCheck, formula: CompiledFormula, { problems, warnings }: Findings): void {
  const { place, rule, attribute, tables } = checked;
  const field = `${place}.formula`;
  const { constants, hasBlank, isComplete } = listPossibleResults(rule.formula, tables);
  if (isComplete && constants.length === 0 && hasBlank && rule.required && rule.blank !== 'default') {
    const problem = `is always blank, and ${rule.target} is required: every user would be parked`;
    problems.push({ field, problem, fix: 'Write a formula that gives a value, or do not require it.' });
  }
  if (formula.fields.length === 0 && constants.length > 0 && attribute && attribute.uniqueness !== 'none') {
    const problem = `gives everybody the same, and ${rule.target} is unique at the target`;
    problems.push({ field, problem, fix: 'Use a field that differs from user to user, such as Username.' });
  }
  if (!attribute) return;
  const told = new Set<unknown>();
  for (const { value } of constants) {
    const known = namesNot(attribute, value);
    if (!known || told.has(value)) continue;
    told.add(value);
    warnNotNamed(warnings, field, value, rule.target, known);
  }
}

function warnNotNamed(warnings: FieldProblem[], field: string, value: unknown, target: string, known: string[]): void {
  const problem = `gives ${JSON.stringify(value)}, and the target names for ${target} only ${known.join(', ')}`;
  warnings.push({ field, problem, fix: 'Give one of these, unless the target is known to take it.' });
}

/** Two rules for one place: never usable, whatever the target says. */
export function checkDuplicates(rules: readonly MappingRule[]): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const seen = new Set<string>();
  for (const [index, { target }] of rules.entries()) {
    const place = placeOf(target);
    if (seen.has(place)) {
      const field = `mapping[${index}].target`;
      problems.push({ field, problem: `${target} has a rule already`, fix: 'Keep one rule.' });
    }
    seen.add(place);
  }
  return problems;
}

/** What the rules of a mapping demand of each other, and the target of them all. */
export function checkTogether(rules: readonly MappingRule[], schema: AccountSchema | undefined): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [index, { target }] of rules.entries()) {
    if (rootOf(target) !== target.toLowerCase()) continue;
    const part = rules.find((other) => other.target.includes('[') && rootOf(other.target) === target.toLowerCase());
    if (!part) continue;
    const problem = `${target} and its element ${part.target} overwrite each other`;
    const fix = 'Map the whole list or its elements, not both.';
    problems.push({ field: `mapping[${index}].target`, problem, fix });
  }
  return schema ? [...problems, ...checkRequired(schema, rules)] : problems;
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

export function isBlankValue(value: AttributeValue | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
