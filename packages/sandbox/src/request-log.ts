export interface ReceivedRequest {
  /** Counts from 1 in the order of arrival; gaps mean that the log's oldest entries were dropped. */
  seq: number;
  at: string;
  method: string;
  /** Below the base URL, with the query, as it came: `/Users?filter=…`. */
  path: string;
  body?: unknown;
  /** Absent while the answer is under way, and for ever when none was sent. */
  status?: number;
}

export interface RequestCounts {
  received: number;
  /** By method and kind: `POST /Users`, `PATCH /Users/:id`, `GET /Users` (lists and searches). */
  byRoute: Record<string, number>;
  byStatus: Record<string, number>;
}

/** The last requests that a target received, in a ring; the counts are of all of them. */
export class RequestLog {
  readonly #capacity: number;
  readonly #now: () => Date;
  #entries: ReceivedRequest[] = [];
  #received = 0;
  readonly #byRoute = new Map<string, number>();
  readonly #byStatus = new Map<string, number>();

  constructor(capacity: number, now: () => Date) {
    this.#capacity = capacity;
    this.#now = now;
  }

  begin(method: string, path: string): ReceivedRequest {
    this.#received += 1;
    const entry: ReceivedRequest = { seq: this.#received, at: this.#now().toISOString(), method, path };
    this.#entries.push(entry);
    // Dropped in bulk: taking one off the front of a long list for every request would copy the list every time.
    if (this.#entries.length >= this.#capacity * 2) this.#entries = this.#entries.slice(-this.#capacity);
    increment(this.#byRoute, `${method} ${routeOf(path)}`);
    return entry;
  }

  end(entry: ReceivedRequest, status: number): void {
    entry.status = status;
    increment(this.#byStatus, String(status));
  }

  list(): ReceivedRequest[] {
    return this.#entries.slice(-this.#capacity).map((entry) => ({ ...entry }));
  }

  counts(): RequestCounts {
    return {
      received: this.#received,
      byRoute: Object.fromEntries(this.#byRoute),
      byStatus: Object.fromEntries(this.#byStatus),
    };
  }
}

function routeOf(path: string): string {
  const [endpoint, id] = (path.split('?', 1)[0] ?? '').split('/').filter((part) => part !== '');
  if (endpoint === undefined) return '/';
  return id === undefined || id.startsWith('.') ? `/${[endpoint, id].filter(Boolean).join('/')}` : `/${endpoint}/:id`;
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
