import { useSyncExternalStore } from 'react';

/** One tick for every relative time of the page, so that they move together. */
const TICK_MS = 5_000;
const listeners = new Set<() => void>();
let present = new Date();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    present = new Date();
    for (const told of listeners) told();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => {
    if (timer === undefined && Date.now() - present.getTime() > TICK_MS) present = new Date();
    return present;
  });
}
