/**
 * How many calls to one target may be under way. Rises by about one for each window of answers, and is halved when the
 * target says 429 or 503; once for each round trip, since the calls that were already under way all hear the same.
 */
export interface AdaptiveWindow {
  /** The configured concurrency, never passed. */
  readonly max: number;
  /** Fractional between answers; use {@link windowLimit}. */
  readonly size: number;
  /** Monotonic milliseconds of the last halving. */
  readonly cutAtMs: number;
}

const FIRST_SIZE = 8;

export function openWindow(max: number): AdaptiveWindow {
  const most = Math.max(1, Math.floor(max));
  return { max: most, size: Math.min(most, FIRST_SIZE), cutAtMs: Number.NEGATIVE_INFINITY };
}

export function windowLimit(window: AdaptiveWindow): number {
  return Math.max(1, Math.floor(window.size));
}

/** After an answer that was no complaint. A window that is not being used does not grow: it has proved nothing. */
export function raiseWindow(window: AdaptiveWindow, inFlight: number): AdaptiveWindow {
  if (window.size >= window.max || inFlight < windowLimit(window) / 2) return window;
  return { ...window, size: Math.min(window.max, window.size + 1 / window.size) };
}

/** After 429 or 503. `sentAtMs` is when that call was sent: a call sent before the last halving halves nothing. */
export function cutWindow(window: AdaptiveWindow, sentAtMs: number, nowMs: number): AdaptiveWindow {
  if (sentAtMs < window.cutAtMs) return window;
  return { ...window, size: Math.max(1, window.size / 2), cutAtMs: nowMs };
}

/** The window under a changed configuration. */
export function resizeWindow(window: AdaptiveWindow, max: number): AdaptiveWindow {
  const most = Math.max(1, Math.floor(max));
  return { ...window, max: most, size: Math.min(most, window.size) };
}
