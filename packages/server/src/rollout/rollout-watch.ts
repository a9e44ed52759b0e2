import { isConnectionFailure } from '../db/index.ts';
import { proveRollback } from './prove-rollback.ts';
import type { RolloutGround } from './rollout-ground.ts';
import { listUnfinishedRollbacks } from './sql/rollbacks.ts';
import { findRunning, tryLockWatch, unlockWatch } from './sql/running.ts';
import { haltFailing, type WatchMemory, watchRollouts } from './watch-rollouts.ts';

const LOOK_EVERY_MS = 15_000;

/**
 * Watches rollouts and proves ways back, in one replica of the fleet at a time. Everything that it decides is decided in
 * a transaction that locks the rollout, so a watch that is taken over in the middle decides nothing twice.
 */
export class RolloutWatch {
  readonly #ground: RolloutGround;
  readonly #memory: WatchMemory;
  readonly #stopping = new AbortController();
  readonly #failing = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(ground: RolloutGround) {
    this.#ground = ground;
    this.#memory = { id: ground.clock.uuid(), lastLookMs: new Map() };
  }

  start(): void {
    this.wake();
    this.#timer = setInterval(() => this.wake(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** Looks once more, after the look that is under way. */
  wake(): void {
    if (this.#stopping.signal.aborted) return;
    this.#looking = this.#looking.then(() => this.look());
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#looking;
  }

  /** A change of this app failed, or needs a person: its rollout is judged at once. */
  noteFailure(appId: number): void {
    if (this.#failing.has(appId) || this.#stopping.signal.aborted) return;
    this.#failing.add(appId);
    this.#looking = this.#looking.then(async () => {
      this.#failing.delete(appId);
      await this.#guard('judge a rollout', async () => {
        const id = await findRunning(this.#ground.pool, appId);
        if (id !== undefined) await haltFailing(this.#ground, id);
      });
    });
  }

  /** One look at everything, unless another replica has the watch. */
  async look(): Promise<void> {
    await this.#guard('watch rollouts', async () => {
      const { pool } = this.#ground;
      const client = await pool.connect();
      let broken: Error | boolean = true;
      try {
        const taken = await tryLockWatch(client);
        broken = false;
        if (!taken) return;
        broken = true;
        await watchRollouts(this.#ground, this.#memory);
        for (const id of await listUnfinishedRollbacks(pool)) {
          if (this.#stopping.signal.aborted) break;
          await proveRollback(this.#ground, id, this.#stopping.signal);
        }
        await unlockWatch(client);
        broken = false;
      } finally {
        // A connection that still has the lock ends, and the lock with it.
        client.release(broken);
      }
    });
  }

  async #guard(what: string, work: () => Promise<void>): Promise<void> {
    const { log } = this.#ground;
    try {
      if (!this.#stopping.signal.aborted) await work();
    } catch (error) {
      if (isConnectionFailure(error)) log.warn({ err: error }, `Could not ${what}: it is tried again`);
      else log.error({ err: error }, `Could not ${what}: it is tried again`);
    }
  }
}
