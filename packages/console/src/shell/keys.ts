import { useEffect, useRef } from 'react';
import { usePreferences } from '../session/preferences.ts';

const SEQUENCE_MS = 1_200;

/**
 * Keys that act without a modifier, single ("/") or one after another ("g o"). They rest while a field has the focus or a
 * dialog is open, and while the person turned them off.
 */
export function useKeys(
  keys: Record<string, (event: KeyboardEvent) => void>,
  options: { inDialogs?: boolean } = {},
): void {
  const { singleKeys } = usePreferences();
  const present = useRef(keys);
  present.current = keys;
  const inDialogs = options.inDialogs ?? false;
  useEffect(() => {
    if (!singleKeys) return;
    let before = '';
    let beforeAtMs = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      if (!inDialogs && document.querySelector('[role="dialog"][aria-modal="true"]')) return;
      const after = event.timeStamp - beforeAtMs < SEQUENCE_MS ? `${before} ${event.key}` : event.key;
      const act = present.current[after] ?? present.current[event.key];
      before = event.key;
      beforeAtMs = event.timeStamp;
      if (!act) return;
      event.preventDefault();
      before = '';
      act(event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [singleKeys, inDialogs]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.role === 'combobox';
}

/** Puts the focus into the page's own search or filter. */
export function focusFilter(): void {
  document.querySelector<HTMLElement>('[data-page-filter]')?.focus();
}
