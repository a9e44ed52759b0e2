import { useSyncExternalStore } from 'react';

export type TableName = 'log' | 'users';

/** Filters of a table, kept by name. */
export interface View {
  readonly name: string;
  readonly search: Record<string, string>;
}

/** What a person chose for this browser. Nothing of it is a secret, and nothing depends on it. */
export interface Preferences {
  zone: 'local' | 'utc';
  /** Keys that act without a modifier; WCAG 2.1.4 wants a switch. */
  singleKeys: boolean;
  density: 'comfortable' | 'compact';
  /** People that the mapping editor shows, by app. */
  pins: Record<string, string[]>;
  /** Which columns of a table are shown, where that differs from what is usual. */
  columns: Partial<Record<TableName, Record<string, boolean>>>;
  views: Partial<Record<TableName, readonly View[]>>;
}

const KEY = 'usher.preferences';
const DEFAULTS: Preferences = {
  zone: 'local',
  singleKeys: true,
  density: 'comfortable',
  pins: {},
  columns: {},
  views: {},
};
const listeners = new Set<() => void>();
let present = load();

function load(): Preferences {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>) };
  } catch {
    return DEFAULTS;
  }
}

export function setPreference<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  present = { ...present, [name]: value };
  try {
    localStorage.setItem(KEY, JSON.stringify(present));
  } catch {
    // Storage may be full or forbidden; the choice holds for this tab.
  }
  for (const listener of listeners) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => present,
  );
}
