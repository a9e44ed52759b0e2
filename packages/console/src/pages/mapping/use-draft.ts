import { useMemo, useState } from 'react';
import type { Configuration, MappingTest, Newest, Rule } from '../../configuration/use-configuration.ts';

interface Kept {
  base: number;
  /** The configuration of the base. */
  before: Configuration;
  configuration: Configuration;
}

/** What a person works on and has not saved: kept in this browser, so that it can be left and gone on with. */
export interface Draft {
  readonly base: number;
  readonly before: Configuration;
  readonly configuration: Configuration;
  /** Targets whose rule differs from the saved one. */
  readonly changed: ReadonlySet<string>;
  readonly changes: number;
  readonly isOutdated: boolean;
  readonly setRule: (target: string, rule: Rule | undefined) => void;
  readonly setTests: (tests: MappingTest[]) => void;
  readonly discard: () => void;
  /** Goes on as a draft on the newest version. */
  readonly rebase: (configuration: Configuration) => void;
}

export function useDraft(app: string, newest: Newest): Draft {
  const key = `usher.draft.${app}`;
  const [kept, setKept] = useState<Kept | undefined>(() => load(key));
  const configuration = kept?.configuration ?? newest.configuration;
  const base = kept?.base ?? newest.version;
  const before = kept?.before ?? newest.configuration;
  const changed = useMemo(
    () => findChanged(newest.configuration.mapping, configuration.mapping),
    [newest, configuration],
  );
  const keep = (value: Kept | undefined) => {
    store(key, value);
    setKept(value);
  };
  const change = (next: Configuration) => {
    const same = JSON.stringify(next) === JSON.stringify(newest.configuration);
    keep(same ? undefined : { base, before, configuration: next });
  };
  const testsDiffer = JSON.stringify(configuration.mappingTests) !== JSON.stringify(newest.configuration.mappingTests);
  return {
    base,
    before,
    configuration,
    changed,
    changes: changed.size + (testsDiffer ? 1 : 0),
    isOutdated: kept !== undefined && kept.base !== newest.version,
    setRule: (target, rule) => change({ ...configuration, mapping: replaceRule(configuration.mapping, target, rule) }),
    setTests: (mappingTests) => change({ ...configuration, mappingTests }),
    discard: () => keep(undefined),
    rebase: (next) => {
      const isChanged = JSON.stringify(next) !== JSON.stringify(newest.configuration);
      keep(isChanged ? { base: newest.version, before: newest.configuration, configuration: next } : undefined);
    },
  };
}

export function replaceRule(rules: readonly Rule[], target: string, rule: Rule | undefined): Rule[] {
  const at = rules.findIndex((each) => each.target.toLowerCase() === target.toLowerCase());
  if (rule === undefined) return rules.filter((_rule, index) => index !== at);
  return at < 0 ? [...rules, rule] : rules.map((each, index) => (index === at ? rule : each));
}

export function findChanged(before: readonly Rule[], after: readonly Rule[]): Set<string> {
  const byTarget = (rules: readonly Rule[]) =>
    new Map(rules.map((rule) => [rule.target, JSON.stringify(sorted(rule))]));
  const old = byTarget(before);
  const now = byTarget(after);
  return new Set([...old.keys(), ...now.keys()].filter((target) => old.get(target) !== now.get(target)));
}

function sorted(rule: Rule): unknown {
  return Object.fromEntries(Object.entries(rule).sort(([a], [b]) => a.localeCompare(b)));
}

function load(key: string): Kept | undefined {
  try {
    const text = localStorage.getItem(key);
    const kept: Kept | undefined = text === null ? undefined : JSON.parse(text);
    return kept?.before ? kept : undefined;
  } catch {
    return undefined;
  }
}

function store(key: string, kept: Kept | undefined): void {
  try {
    if (kept) localStorage.setItem(key, JSON.stringify(kept));
    else localStorage.removeItem(key);
  } catch {
    // Storage may be full or forbidden; the draft lives as long as the page.
  }
}
