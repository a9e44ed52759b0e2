import type { Log } from '../log.ts';
import type { Pool, PoolClient } from './pool.ts';
import { isConnectionFailure } from './sqlstate.ts';

/** Long work on rows that any replica may go on with. */
export interface LockedWorkOptions {
  pool: Pool;
  log: Log;
  /** What a piece of it is called in the log: "plan". */
  noun: string;
  /** A number that no other use of advisory locks in the database has. */
  lockClass: number;
  mostAtOnce: number;
  lookEveryMs: number;
  /** Ids of the pieces that somebody has to work on, in their order. */
  list(): Promise<string[]>;
  /** Works on one until it is done or the signal comes; what is left goes on elsewhere, or at the next start. */
  work(id: string, signal: AbortSignal): Promise<void>;
  /** Ends a piece that failed, so that it is not tried for ever. */
  fail(id: string, error: unknown): Promise<void>;
}

/**
 * Works on pieces in this process. A piece is one connection's at a time, by a lock that ends with it, so any replica goes
 * on with what a dead one left.
 */
export class LockedWork {
  readonly #options: LockedWorkOptions;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;

  constructor(options: LockedWorkOptions) {
    this.#options = options;
  }

  /** Begins to look for work, at once and again and again. */
  start(): void {
    this.wake();
    this.#timer = setInterval(() => this.wake(), this.#options.lookEveryMs);
    this.#timer.unref();
  }

  /** There is work, or may be. */
  wake(): void {
    if (this.#stopping.signal.aborted) return;
    this.#lookAgain = true;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
  }

  /** Ends after the step that is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#looking;
    await Promise.all(this.#running.values());
  }

  async #look(): Promise<void> {
    const { list, log, noun, mostAtOnce } = this.#options;
    while (this.#lookAgain && !this.#stopping.signal.aborted) {
      this.#lookAgain = false;
      try {
        for (const id of await list()) {
          if (this.#running.size >= mostAtOnce) return;
          if (!this.#running.has(id)) await this.#take(id);
        }
      } catch (error) {
        log.warn({ err: error }, `Could not look for a ${noun} to work on`);
      }
    }
  }

  async #take(id: string): Promise<void> {
    const client = await this.#options.pool.connect();
    let taken = false;
    try {
      taken = await tryLock(client, this.#options.lockClass, id);
    } finally {
      if (!taken) client.release();
    }
    if (!taken) return;
    const work = this.#work(id, client).finally(() => {
      this.#running.delete(id);
      this.wake();
    });
    this.#running.set(id, work);
  }

  async #work(id: string, client: PoolClient): Promise<void> {
    const { log, noun, work, fail, lockClass } = this.#options;
    try {
      await work(id, this.#stopping.signal);
    } catch (error) {
      // The database is away: the piece goes on when it is back.
      if (isConnectionFailure(error)) log.warn({ id, err: error }, `A ${noun} was interrupted`);
      else {
        log.error({ id, err: error }, `A ${noun} failed`);
        await fail(id, error).catch(() => {});
      }
    } finally {
      // A connection that cannot give the lock back is closed, which does.
      const broken = await unlock(client, lockClass, id).then(
        () => undefined,
        (error: Error) => error,
      );
      client.release(broken);
    }
  }
}

async function tryLock(client: PoolClient, lockClass: number, id: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as taken', [
    lockClass,
    id,
  ]);
  return rows[0]?.taken ?? false;
}

async function unlock(client: PoolClient, lockClass: number, id: string): Promise<void> {
  await client.query('select pg_advisory_unlock($1, hashtext($2))', [lockClass, id]);
}
