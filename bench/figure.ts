/** One measured number. `ratio` is against the yardstick measured in the same rounds. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  ratio?: number;
  /** What the number must be, for the reader of the table. */
  goal?: string;
}

/** Whether the figure is as its goal says; undefined where the goal names no number. */
export function isMet({ goal, value, ratio }: Figure): boolean | undefined {
  const [, relation, limit] = /([<>]=?) ([\d.]+)/.exec(goal ?? '') ?? [];
  if (!goal || !relation) return undefined;
  const measured = goal.startsWith('ratio') ? (ratio ?? Number.NaN) : value;
  const isUnder = measured < Number(limit) || (relation.endsWith('=') && measured === Number(limit));
  return relation.startsWith('<') ? isUnder : measured >= Number(limit);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
