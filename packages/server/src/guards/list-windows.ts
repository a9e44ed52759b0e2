import { type DeactivationLimit, deactivationLimit } from './check-deactivation-threshold.ts';
import { SLOW_BLEED_GUARD, THRESHOLD_GUARD } from './find-approval.ts';
import type { GuardSettings } from './guard-settings.ts';
import { limitOf } from './hold-over-limits.ts';
import { DEACTIVATION_BUDGET, ruleOf } from './list-budgets.ts';

/** A budget over its sliding window, before anybody looked at what is used of it. */
export interface LimitedWindow {
  budget: string;
  guard: string;
  windowMs: number;
  /** In words: "within an hour". */
  during: string;
  percent: number;
  /** What is allowed where so many accounts could be used when the window opened. */
  limitFor(population: number): number;
}

const MINUTE_MS = 60_000;

/** The windows that limit these budgets; two watch what takes access away. */
export function listWindows(
  settings: GuardSettings,
  deactivation: DeactivationLimit,
  budgets: readonly string[],
): LimitedWindow[] {
  return [...new Set(budgets)].flatMap((budget) => {
    if (budget === DEACTIVATION_BUDGET) return listDeactivationWindows(settings, deactivation);
    const rule = ruleOf(settings, budget);
    if (!rule) return [];
    const { name: guard, windowMinutes, percent } = rule;
    const limitFor = (population: number) => limitOf(rule, population);
    return [
      { budget, guard, windowMs: windowMinutes * MINUTE_MS, during: describeSpan(windowMinutes), percent, limitFor },
    ];
  });
}

function listDeactivationWindows({ slowBleed }: GuardSettings, deactivation: DeactivationLimit): LimitedWindow[] {
  const window = (guard: string, minutes: number, limit: DeactivationLimit): LimitedWindow => ({
    budget: DEACTIVATION_BUDGET,
    guard,
    windowMs: minutes * MINUTE_MS,
    during: describeSpan(minutes),
    percent: limit.percent,
    limitFor: (population) => deactivationLimit(limit, population),
  });
  const hour = window(THRESHOLD_GUARD, 60, deactivation);
  return slowBleed ? [hour, window(SLOW_BLEED_GUARD, slowBleed.hours * 60, slowBleed)] : [hour];
}

/**
 * How many usable accounts must be counted so that more would not let `total` changes fit: counting everybody would cost
 * a large app much at each change.
 */
export function enoughAccounts(windows: readonly LimitedWindow[], total: number): number {
  const needs = windows.map(({ percent }) => (percent > 0 ? (100 * total) / percent : 0));
  return Math.ceil(Math.max(2 * total, ...needs)) + 4;
}

function describeSpan(minutes: number): string {
  if (minutes === 60) return 'within an hour';
  if (minutes % 1440 === 0) return minutes === 1440 ? 'within a day' : `within ${minutes / 1440} days`;
  return minutes % 60 === 0 ? `within ${minutes / 60} hours` : `within ${minutes} minutes`;
}
