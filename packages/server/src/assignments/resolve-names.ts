import type { EntitlementKind } from './entitlement.ts';
import { findNearestName } from './nearest-name.ts';

/** Says that a name is not known, and which one was probably meant. */
export function buildUnknownNameProblem(
  kind: EntitlementKind,
  name: string,
  known: readonly string[],
): { problem: string; fix: string } {
  const nearest = findNearestName(name, known);
  return {
    problem: `${JSON.stringify(name.slice(0, 80))} is not a ${kind}`,
    fix: nearest ? `Did you mean "${nearest}"?` : `Create the ${kind} first, or correct the name.`,
  };
}
