import type { Configuration, Rule } from '../../configuration/use-configuration.ts';
import { findChanged, replaceRule } from './use-draft.ts';

/** What two people changed in different ways: an attribute's rule, or the list of tests. */
export interface Conflict {
  /** The attribute; null: the tests. */
  readonly target: string | null;
  readonly mine: Rule | undefined;
  readonly theirs: Rule | undefined;
}

export interface Merge {
  /** The newer version with all changes of the draft that nobody else made differently. */
  readonly merged: Configuration;
  readonly conflicts: readonly Conflict[];
}

/** Carries the changes from `before` to `mine` over to `theirs`. Where both changed the same, `merged` has theirs. */
export function mergeDraft(before: Configuration, mine: Configuration, theirs: Configuration): Merge {
  const theirChanges = findChanged(before.mapping, theirs.mapping);
  const differing = findChanged(mine.mapping, theirs.mapping);
  let { mapping } = theirs;
  const conflicts: Conflict[] = [];
  for (const target of findChanged(before.mapping, mine.mapping)) {
    if (!differing.has(target)) continue;
    const rule = findRule(mine, target);
    if (theirChanges.has(target)) conflicts.push({ target, mine: rule, theirs: findRule(theirs, target) });
    else mapping = replaceRule(mapping, target, rule);
  }
  const [oldTests, myTests, theirTests] = [before, mine, theirs].map((each) => JSON.stringify(each.mappingTests ?? []));
  const mineOnly = myTests !== oldTests && theirTests === oldTests;
  if (myTests !== oldTests && theirTests !== oldTests && myTests !== theirTests)
    conflicts.push({ target: null, mine: undefined, theirs: undefined });
  return { merged: withTests({ ...theirs, mapping }, mineOnly ? mine : theirs), conflicts };
}

/** Takes the draft's side of a conflict. */
export function takeMine(merged: Configuration, mine: Configuration, { target }: Conflict): Configuration {
  if (target === null) return withTests(merged, mine);
  return { ...merged, mapping: replaceRule(merged.mapping, target, findRule(mine, target)) };
}

function findRule({ mapping }: Configuration, target: string): Rule | undefined {
  return mapping.find((rule) => rule.target === target);
}

function withTests(configuration: Configuration, { mappingTests }: Configuration): Configuration {
  const { mappingTests: _, ...rest } = configuration;
  return mappingTests === undefined ? rest : { ...rest, mappingTests };
}
