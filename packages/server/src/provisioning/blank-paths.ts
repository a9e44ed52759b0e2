import type { AppRuntime } from '../apps/index.ts';
import { isBlank } from '../planning/index.ts';
import type { LoadedLink } from './sql/load-links.ts';

/** Attributes that the mapping takes away from this user's account. A new account has none of them; one that is found may. */
export function listBlankPaths(
  { mapping, evaluationContext }: Pick<AppRuntime, 'mapping' | 'evaluationContext'>,
  { record }: Pick<LoadedLink, 'record'>,
): string[] {
  const desired = mapping.evaluate(record, evaluationContext());
  if (!desired.ok) return [];
  return Object.keys(desired.always).filter((path) => isBlank(desired.always[path]));
}
