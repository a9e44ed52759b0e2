import { type Change, type PlannedChange, sameValue } from '../planning/index.ts';
import type { GuardSettings, ThresholdRule } from './guard-settings.ts';

/** What takes access away counts as this, whatever it is called. */
export const DEACTIVATION_BUDGET = 'deactivation';

/** Which budgets a change uses up: names of the ledger. A change that none limits gives none, and costs nothing. */
export function listBudgets(
  settings: Pick<GuardSettings, 'thresholds'>,
  change: Pick<Change, 'operation' | 'changes'>,
  takesAccess: boolean,
): string[] {
  const budgets = takesAccess ? [DEACTIVATION_BUDGET] : [];
  for (const rule of settings.thresholds) {
    if (rule.operation !== undefined && rule.operation !== change.operation) continue;
    if (rule.attribute === undefined && !rule.clears) budgets.push(rule.name);
    // The values of an account that is made or removed have nothing that they differ from.
    else if (change.operation !== 'create' && change.operation !== 'delete') {
      budgets.push(...listAttributeBudgets(rule, change.changes));
    }
  }
  return budgets;
}

/** A reactivation sends everything again; only what differs is a change of the account. */
function listAttributeBudgets(rule: ThresholdRule, changes: readonly PlannedChange[]): string[] {
  const found = changes.filter(({ path, before, after }) => {
    if (before === null || path === 'active' || sameValue(before, after)) return false;
    if (rule.clears && after !== null) return false;
    return rule.attribute === '*' || rule.attribute === undefined || isSame(rule.attribute, path);
  });
  return rule.attribute === '*' ? found.map(({ path }) => budgetOf(rule, path)) : found.length > 0 ? [rule.name] : [];
}

/** The ledger's name of a rule that counts each attribute by itself. */
export function budgetOf(rule: Pick<ThresholdRule, 'name'>, path: string): string {
  return `${rule.name}: ${path}`;
}

/** Attribute names are compared without case (RFC 7643 §2.1). */
function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The rule that a budget belongs to. */
export function ruleOf(settings: Pick<GuardSettings, 'thresholds'>, budget: string): ThresholdRule | undefined {
  return settings.thresholds.find(
    (rule) => rule.name === budget || (rule.attribute === '*' && budget.startsWith(`${rule.name}: `)),
  );
}
