/**
 * The name of the list that was probably meant, or undefined when none is near: the same letters in another case, one that
 * begins alike, or one that few slips of the finger away.
 */
export function findNearestName(asked: string, names: Iterable<string>): string | undefined {
  const wanted = normalise(asked);
  if (wanted === '') return undefined;
  const most = wanted.length <= 4 ? 1 : wanted.length <= 8 ? 2 : 3;
  let best: { name: string; distance: number } | undefined;
  for (const name of names) {
    const candidate = normalise(name);
    const distance = Math.abs(candidate.length - wanted.length) > most ? most + 1 : measure(wanted, candidate);
    if (distance <= most && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { name, distance };
  }
  if (best || wanted.length < 4) return best?.name;
  for (const name of names) if (normalise(name).startsWith(wanted)) return name;
  return undefined;
}

/** `cost center` is meant to be `CostCenter__c`. */
function normalise(name: string): string {
  return name
    .slice(0, 100)
    .toLowerCase()
    .replace(/__c$/, '')
    .replace(/[\s_-]/g, '');
}

/** Letters to insert, leave out, replace or swap with their neighbour (optimal string alignment). */
function measure(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
