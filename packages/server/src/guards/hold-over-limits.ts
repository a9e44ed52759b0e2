/** A budget as it stands: what it allows in its window, what is used, and what of the same wave was held a moment ago. */
export interface BudgetWindow {
  budget: string;
  /** The guard that is named in holds; two guards may watch one budget over different windows. */
  guard: string;
  limit: number;
  used: number;
  heldLately: number;
  /** In words: "within an hour". */
  during: string;
}

/** A change before the guard, with the budgets that it would use up and the guards that people let it through. */
export interface GuardedChange<Item> {
  item: Item;
  budgets: readonly string[];
  passed: readonly string[];
}

export interface OverLimit {
  guard: string;
  budget: string;
  limit: number;
  used: number;
  wanted: number;
  during: string;
}

/**
 * Which changes of a wave are held, and by what. A wave that does not fit in a budget is held whole, not its tail: the
 * first ten of a wrong filter's victims are as wrong as the rest. What one guard holds, the next does not count.
 */
export function holdOverLimits<Item>(
  changes: readonly GuardedChange<Item>[],
  windows: readonly BudgetWindow[],
): Map<Item, OverLimit> {
  const held = new Map<Item, OverLimit>();
  for (const { budget, guard, limit, used, heldLately, during } of windows) {
    const wave = changes.filter(
      (change) => !held.has(change.item) && change.budgets.includes(budget) && !change.passed.includes(guard),
    );
    const wanted = wave.length + heldLately;
    if (wave.length === 0 || used + wanted <= limit) continue;
    for (const { item } of wave) held.set(item, { guard, budget, limit, used, wanted, during });
  }
  return held;
}

/** What a rule allows of a population: the larger of a number and a share. */
export function limitOf(rule: { count: number; percent: number }, population: number): number {
  return Math.max(rule.count, Math.floor((population * rule.percent) / 100));
}
