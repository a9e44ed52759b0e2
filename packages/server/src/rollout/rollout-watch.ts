import { isConnectionFailure } from '../db/index.ts';
import { proveRollback } from './prove-rollback.ts';
import type { RolloutGround } from './rollout-ground.ts';
import { listUnfinishedRollbacks } from './sql/rollbacks.ts';
import { leaveStages } from './sql/rollouts.ts';
import { findRunning, whileOnDuty } from './sql/running.ts';
import { haltFailing, type WatchMemory, watchRollouts } from './watch-rollouts.ts';

const LOOK_EVERY_MS = 15_000;
/** Judging counts everyone who was reached: it may take this share of the time, and no more, while changes go on failing. */
const JUDGING_SHARE = 0.1;

/**
 * Watches rollouts and proves ways back, each in one replica of the fleet at a time. Everything that it decides is decided
 * in a transaction that locks the rollout, so a watch that is taken over in the middle decides nothing twice.
 */
export class RolloutWatch {
  readonly #ground: RolloutGround;
  readonly #memory: WatchMemory;
  readonly #stopping = new AbortController();
  readonly #failing = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #proving: Promise<void> = Promise.resolve();
  #judgeAgainMs = 0;

  constructor(ground: RolloutGround) {
    this.#ground = ground;
    this.#memory = { id: ground.clock.uuid(), lookedMs: new Map() };
  }

  start(): void {
    this.wake();
    this.#timer = setInterval(() => this.wake(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** Looks once more, after the look that is under way. */
  wake(): void {
    if (this.#stopping.signal.aborted) return;
    void this.look();
    void this.prove();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await Promise.all([this.#looking, this.#proving]);
    await leaveStages(this.#ground.pool, this.#memory.id).catch(() => {});
  }

  /** A change of this app failed, or needs a person: its rollout is judged at once. */
  noteFailure(appId: number): void {
    if (this.#failing.has(appId) || this.#stopping.signal.aborted) return;
    this.#failing.add(appId);
    this.#looking = this.#looking.then(() => this.#judge(appId));
  }

  async #judge(appId: number): Promise<void> {
    const { pool, clock } = this.#ground;
    const waitMs = this.#judgeAgainMs - clock.monotonicMs();
    if (waitMs > 0) await clock.sleep(waitMs, this.#stopping.signal).catch(() => {});
    // What fails from here on asks to be judged anew.
    this.#failing.delete(appId);
    const begunMs = clock.monotonicMs();
    await this.#guard('judge a rollout', async () => {
      const id = await findRunning(pool, appId);
      if (id !== undefined) await haltFailing(this.#ground, id);
    });
    const nowMs = clock.monotonicMs();
    this.#judgeAgainMs = nowMs + (nowMs - begunMs) / JUDGING_SHARE;
  }

  /** One look at every rollout that runs, after the one that is under way; unless another replica looks. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() =>
      this.#guard('watch rollouts', () =>
        whileOnDuty(this.#ground.pool, 'watch', () => watchRollouts(this.#ground, this.#memory)),
      ),
    );
    return this.#looking;
  }

  /**
   * Reads at the target what ways back came to, unless another replica does. Beside the looks: reading accounts may take
   * long, and must not keep anybody from watching.
   */
  prove(): Promise<void> {
    this.#proving = this.#proving.then(() => this.#guard('prove a way back', () => this.#proveAll()));
    return this.#proving;
  }

  async #proveAll(): Promise<void> {
    const { pool } = this.#ground;
    const { signal } = this.#stopping;
    // Most of the time there is none, and no connection is taken for it.
    if ((await listUnfinishedRollbacks(pool)).length === 0) return;
    await whileOnDuty(pool, 'proof', async () => {
      for (const id of await listUnfinishedRollbacks(pool)) {
        if (!signal.aborted) await proveRollback(this.#ground, id, signal);
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
