/** One measured number. `ratio` is against the yardstick measured in the same rounds. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  ratio?: number;
  /** What the number must be, for the reader of the table. */
  goal?: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
