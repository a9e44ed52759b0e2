/** A connection that one operation uses at a time. */
export interface PooledConnection {
  /** Whether another operation may use it. */
  readonly isUsable: boolean;
  /** At once, without a farewell; also ends what is under way on it. */
  destroy(): void;
}

interface Idle<Connection> {
  connection: Connection;
  sinceMs: number;
}

export interface PoolOptions<Connection> {
  readonly most: number;
  open(signal: AbortSignal): Promise<Connection>;
  monotonicMs(): number;
}

const IDLE_MS = 30_000;
/** A connection older than this is replaced, so that DNS is asked and judged again. */
const OLDEST_MS = 10 * 60_000;

/** Connections to one target, at most so many at once; a caller waits for its turn until its signal says otherwise. */
export class ConnectionPool<Connection extends PooledConnection> {
  readonly #options: PoolOptions<Connection>;
  readonly #born = new WeakMap<Connection, number>();
  #idle: Idle<Connection>[] = [];
  #waiting: (() => void)[] = [];
  #used = 0;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PoolOptions<Connection>) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Rejects with the signal's reason, or with what opening a connection rejects with. */
  async take(signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted();
    while (this.#used >= this.#options.most) await this.#waitTurn(signal);
    this.#used += 1;
    try {
      const connection = this.#findIdle() ?? (await this.#options.open(signal));
      if (!this.#born.has(connection)) this.#born.set(connection, this.#options.monotonicMs());
      return connection;
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  give(connection: Connection): void {
    const ageMs = this.#options.monotonicMs() - (this.#born.get(connection) ?? 0);
    if (this.#isClosed || !connection.isUsable || ageMs > OLDEST_MS) connection.destroy();
    else this.#idle.push({ connection, sinceMs: this.#options.monotonicMs() });
    this.#leave();
    this.#sweepLater();
  }

  /** Waits for what is under way, then closes everything. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const { connection } of this.#idle.splice(0)) connection.destroy();
    while (this.#used > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #findIdle(): Connection | undefined {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.connection.isUsable) return idle.connection;
      idle.connection.destroy();
    }
    return undefined;
  }

  async #waitTurn(signal: AbortSignal): Promise<void> {
    const turn = Promise.withResolvers<void>();
    const abort = () => turn.reject(signal.reason);
    this.#waiting.push(turn.resolve);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await turn.promise;
    } catch (error) {
      this.#waiting = this.#waiting.filter((resolve) => resolve !== turn.resolve);
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #leave(): void {
    this.#used -= 1;
    // All are woken when the pool closes; else one place is free, and one may have it.
    for (const wake of this.#waiting.splice(0, this.#isClosed ? this.#waiting.length : 1)) wake();
  }

  #sweepLater(): void {
    if (this.#idle.length === 0 || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const before = this.#options.monotonicMs() - IDLE_MS;
      const [kept, over] = [[] as Idle<Connection>[], [] as Idle<Connection>[]];
      for (const idle of this.#idle) (idle.sinceMs > before ? kept : over).push(idle);
      for (const { connection } of over) connection.destroy();
      this.#idle = kept;
      this.#sweepLater();
    }, IDLE_MS);
    this.#timer.unref();
  }
}
