import type { AttributeValue } from '@usher/connector-sdk';
import type { AttributeEvaluation } from '../mapping/index.ts';
import { findMissingReference, type SourceRecord } from '../mapping/index.ts';
import type { Plan } from '../planning/index.ts';

/**
 * What becomes of one attribute, with each way of "nothing is sent" by its own name:
 * `sent`, `default sent`, `cleared`: it is in the request. `unchanged`: it has this value already. `nothing to clear`:
 * blank here, and nothing is known to be there. `left alone`: blank, and the rule says to say nothing. `first value only`:
 * the account exists. `parks`, `failed`: nothing at all is sent for the user. `not in this operation`: a deactivation
 * says nothing but that, and what waits or is parked sends nothing.
 */
export type AttributeFate =
  | 'sent'
  | 'default sent'
  | 'cleared'
  | 'unchanged'
  | 'nothing to clear'
  | 'left alone'
  | 'first value only'
  | 'parks'
  | 'failed'
  | 'not in this operation';

/** How a source field stands: `missing` is one that the user does not have, `empty` one that is there without content. */
export type SourceState = 'value' | 'empty' | 'missing' | 'no manager';

export interface ExplainedAttribute {
  target: string;
  formula: string;
  required: boolean;
  apply: string;
  blank: string;
  authority: 'ours' | 'initial';
  sources: { field: string; value: unknown; state: SourceState }[];
  /** What the formula gave, in the form that the target takes; null is blank. */
  value: AttributeValue;
  error: string | null;
  fate: AttributeFate;
  /** As we last wrote it; null is nothing. */
  applied: AttributeValue;
  /** What the target shows now; absent when it was not read. */
  atTarget?: { value: AttributeValue } | undefined;
  /** What a person should know: a manager without an account, and the like. */
  note: string | null;
}

/** Explains each attribute of one user from its sources to the request. Pure. */
export function explainAttributes(
  evaluations: readonly AttributeEvaluation[],
  facts: {
    record: SourceRecord;
    plan: Plan;
    applied: Readonly<Record<string, AttributeValue>> | null;
    /** What the target shows for a path; undefined when it was not read. */
    readTarget: ((path: string) => AttributeValue | undefined) | undefined;
  },
): ExplainedAttribute[] {
  const { record, plan, applied, readTarget } = facts;
  return evaluations.map((evaluation) => {
    const { rule, sources, result } = evaluation;
    return {
      target: rule.target,
      formula: rule.formula,
      required: rule.required,
      apply: rule.apply,
      blank: rule.blank,
      authority: rule.authority ?? (rule.apply === 'on create' ? 'initial' : 'ours'),
      sources: sources.map(({ field, value }) => ({
        field,
        value: value ?? null,
        state: stateOf(field, value, record),
      })),
      value: result.ok ? result.value : null,
      error: result.ok ? null : result.message,
      fate: fateOf(evaluation, plan),
      applied: applied?.[rule.target] ?? null,
      ...(readTarget ? { atTarget: { value: readTarget(rule.target) ?? null } } : {}),
      note: noteOf(evaluation, record),
    };
  });
}

function stateOf(field: string, value: unknown, record: SourceRecord): SourceState {
  if (/^manager/i.test(field) && record.manager === null) return 'no manager';
  if (value === undefined || value === null) return 'missing';
  return value === '' || (Array.isArray(value) && value.length === 0) ? 'empty' : 'value';
}

function fateOf({ rule, result }: AttributeEvaluation, plan: Plan): AttributeFate {
  if (!result.ok) return 'failed';
  const isDefault = result.value === null && rule.blank === 'default';
  const value = isDefault ? (rule.default ?? null) : result.value;
  if (value === null && rule.required) return 'parks';
  if (value === null && rule.blank === 'leave') return 'left alone';
  const planned = plan.kind === 'change' ? plan.change.changes.find(({ path }) => path === rule.target) : undefined;
  if (planned) return planned.after === null ? 'cleared' : isDefault ? 'default sent' : 'sent';
  const operation = plan.kind === 'change' ? plan.change.operation : undefined;
  if (rule.apply === 'on create' && operation !== 'create') return 'first value only';
  const looksAtAll = plan.kind === 'settled' || (operation !== undefined && /create|update|reactivate/.test(operation));
  if (!looksAtAll) return 'not in this operation';
  return value === null ? 'nothing to clear' : 'unchanged';
}

function noteOf({ rule, fields, result }: AttributeEvaluation, record: SourceRecord): string | null {
  if (!result.ok || result.value !== null || !fields.includes('Manager.RemoteId')) return null;
  const missing = findMissingReference(record);
  if (!missing) return null;
  const effect = rule.required ? 'the user is parked' : `${rule.target} is left out`;
  return `${missing.problem}: ${effect} until there is one, and follows by itself`;
}
