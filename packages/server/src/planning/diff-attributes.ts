import type { Attributes, AttributeValue } from '@usher/connector-sdk';

/** One attribute that differs: `null` is "no value". */
export interface PlannedChange {
  path: string;
  before: AttributeValue;
  after: AttributeValue;
}

/**
 * What must change so that `before` says what `wanted` says. A path that `wanted` does not name stays as it is; `null`
 * takes the value away. Lists are compared as sets: targets keep no order (RFC 7643 §2.4).
 */
export function diffAttributes(before: Attributes, wanted: Attributes): PlannedChange[] {
  const changes: PlannedChange[] = [];
  for (const path in wanted) {
    const after = wanted[path] as AttributeValue;
    const had = before[path];
    if (had === after) continue;
    if (isNothing(had) && isNothing(after)) continue;
    if (typeof had === 'object' && typeof after === 'object' && sameValue(had, after)) continue;
    changes.push({ path, before: had ?? null, after: isNothing(after) ? null : after });
  }
  return changes;
}

function isNothing(value: AttributeValue | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** Deep equality of JSON values; objects without regard to the order of members, lists without regard to order. */
export function sameValue(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    const rest = [...b];
    return a.every((element) => {
      const index = rest.findIndex((other) => sameValue(element, other));
      if (index < 0) return false;
      rest.splice(index, 1);
      return true;
    });
  }
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && sameValue(a[name], b[name]));
}
