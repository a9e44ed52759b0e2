import type { ConnectedApp } from '../apps/index.ts';
import type { Queryable } from '../db/pool.ts';
import { DEACTIVATION_BUDGET, type GuardSettings, listWindows, type ThresholdRule } from '../guards/index.ts';
import { countUsable, listUsedBudgets, readUsed } from './sql/guard-usage.ts';

/** How far a limit is used up now. */
export interface GuardUsage {
  guard: string;
  /** What it counts; a rule for every attribute has a budget for each. */
  budget: string;
  during: string;
  used: number;
  limit: number;
}

const EVERYBODY = 10_000_000;

/** Every limit of an app with what is used of it; of a rule for each attribute, those of which something is used. */
export async function describeUsage(
  db: Queryable,
  app: Pick<ConnectedApp, 'id' | 'deactivationLimit'>,
  settings: GuardSettings,
  now: Date,
): Promise<GuardUsage[]> {
  const named = settings.thresholds.filter((rule) => rule.attribute !== '*').map(({ name }) => name);
  const each = settings.thresholds.filter((rule) => rule.attribute === '*');
  const found = each.length === 0 ? [] : await listUsedBudgets(db, app.id, new Date(now.getTime() - longestMs(each)));
  const perAttribute = found.filter((budget) => each.some(({ name }) => budget.startsWith(`${name}: `)));
  const budgets = [DEACTIVATION_BUDGET, ...named, ...perAttribute];
  const windows = listWindows(settings, app.deactivationLimit, budgets);
  const since = windows.map(({ budget, windowMs }) => ({ budget, since: new Date(now.getTime() - windowMs) }));
  const used = await readUsed(db, app.id, since);
  const usable = await countUsable(db, app.id, EVERYBODY);
  return windows.map(({ guard, budget, during, limitFor }, place) => {
    const count = used[place] ?? 0;
    const population = usable + (budget === DEACTIVATION_BUDGET ? count : 0);
    return { guard, budget, during, used: count, limit: limitFor(population) };
  });
}

function longestMs(rules: readonly ThresholdRule[]): number {
  return Math.max(...rules.map(({ windowMinutes }) => windowMinutes)) * 60_000;
}
