/** Where every simulation begins. */
export const START_MS = Date.UTC(2026, 2, 1, 8);

interface Event {
  atMs: number;
  order: number;
  fire: () => void;
}

/** Time that stands still until everything that can happen now has happened, and then leaps to the next event. */
export class SimulatedTime {
  nowMs = START_MS;
  #order = 0;
  #events: Event[] = [];

  now(): Date {
    return new Date(this.nowMs);
  }

  /** Calls `fire` after `ms`; events of one moment in the order of their making. Gives what takes it back. */
  after(ms: number, fire: () => void): () => void {
    const event = { atMs: this.nowMs + Math.max(0, ms), order: this.#order++, fire };
    let index = this.#events.length;
    while (index > 0 && (this.#events[index - 1]?.atMs ?? 0) > event.atMs) index -= 1;
    this.#events.splice(index, 0, event);
    return () => {
      const at = this.#events.indexOf(event);
      if (at >= 0) this.#events.splice(at, 1);
    };
  }

  /** Leaps to the next event and lets it happen. */
  leap(): void {
    const event = this.#events.shift();
    if (!event) throw new Error('Nothing will ever happen again');
    this.nowMs = Math.max(this.nowMs, event.atMs);
    event.fire();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        signal?.removeEventListener('abort', end);
        cancel();
        resolve();
      };
      const cancel = this.after(ms, end);
      signal?.addEventListener('abort', end);
      if (signal?.aborted) end();
    });
  }
}
