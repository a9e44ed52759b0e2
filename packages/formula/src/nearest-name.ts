/** The number of edits (a letter more, less, other, or two swapped) between two texts; `bound` + 1 when it is more. */
function countEdits(one: string, other: string, bound: number): number {
  if (Math.abs(one.length - other.length) > bound) return bound + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      const best = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + (same ? 0 : 1),
      );
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row.push(isSwap ? Math.min(best, (beforeLast[j - 2] as number) + 1) : best);
    }
    [beforeLast, last] = [last, row];
  }
  return last[other.length] as number;
}

/** Longer names than this get no suggestion, so that a formula of one huge name costs nothing. */
const LONGEST_NAME = 80;

/**
 * Finds what a mistyped name most likely means: the candidate with the fewest edits, at most one for three letters.
 * Case and underscores do not count, and the endings `__c` and a missing path before the name are seen through.
 */
export function findNearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  const plain = (text: string): string => text.toLowerCase().replace(/__c\b/g, '').replaceAll('_', '');
  const sought = plain(name);
  let best: string | undefined;
  let bound = Math.max(1, Math.floor(sought.length / 3));
  for (const candidate of candidates) {
    const edits = countEdits(sought, plain(candidate), bound);
    if (edits > bound || (best !== undefined && edits === bound)) continue;
    best = candidate;
    bound = edits;
  }
  return best;
}
