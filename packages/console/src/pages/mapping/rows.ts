import type { Answer } from '../../api/read.ts';
import type { Rule } from '../../configuration/use-configuration.ts';

export type Attribute = Answer<'/api/v1/apps/{app}/schema'>['attributes'][number];

export interface RowFinding {
  readonly severity: 'error' | 'warning';
  readonly text: string;
}

/** One attribute of the target with its rule, if it has one. */
export interface Row {
  readonly target: string;
  readonly attribute: Attribute | undefined;
  readonly rule: Rule | undefined;
  readonly changed: boolean;
  readonly findings: readonly RowFinding[];
}

interface Found {
  field: string;
  problem: string;
  fix: string;
}

interface Parts {
  rules: readonly Rule[];
  attributes: readonly Attribute[];
  changed: ReadonlySet<string>;
  problems: readonly Found[];
  warnings: readonly Found[];
}

/** Rules first in their order, then what the target has and nothing maps; findings go to the rule whose place they name. Pure. */
export function buildRows({ rules, attributes, changed, problems, warnings }: Parts): Row[] {
  const byPath = new Map(attributes.map((attribute) => [attribute.path.toLowerCase(), attribute]));
  const mapped = new Set(rules.map(({ target }) => rootOf(target)));
  const rows = rules.map((rule, index) => ({
    target: rule.target,
    rule,
    attribute: byPath.get(rule.target.toLowerCase()) ?? byPath.get(withoutFilter(rule.target)),
    changed: changed.has(rule.target),
    findings: [...pick(problems, index, 'error'), ...pick(warnings, index, 'warning')],
  }));
  const targets = new Set(rules.map(({ target }) => withoutFilter(target)));
  const free = attributes
    .filter(
      ({ path, type, mutability }) =>
        type !== 'complex' && mutability !== 'readOnly' && !targets.has(path.toLowerCase()),
    )
    .filter(({ path }) => !path.includes('.') || !mapped.has(rootOf(path)) || path.startsWith('urn:'))
    .map((attribute) => ({
      target: attribute.path,
      attribute,
      rule: undefined,
      changed: changed.has(attribute.path),
      findings: [],
    }));
  return [...rows, ...free];
}

function pick(found: readonly Found[], index: number, severity: RowFinding['severity']): RowFinding[] {
  const place = `mapping[${index}]`;
  return found
    .filter(({ field }) => field === place || field.startsWith(`${place}.`))
    .map(({ problem, fix }) => ({ severity, text: `${problem}. ${fix}` }));
}

/** `emails[type eq "work"].value` → `emails.value` */
function withoutFilter(path: string): string {
  return path.replace(/\[[^\]]*\]/g, '').toLowerCase();
}

function rootOf(path: string): string {
  return path.startsWith('urn:') ? path.toLowerCase() : (withoutFilter(path).split('.')[0] ?? '');
}
