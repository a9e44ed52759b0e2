import { isConnectionFailure } from '../db/index.ts';
import { proveRollback } from './prove-rollback.ts';
import type { RolloutGround } from './rollout-ground.ts';
import { listUnfinishedRollbacks } from './sql/rollbacks.ts';
import { leaveStages } from './sql/rollouts.ts';
import { findRunning, whileOnDuty } from './sql/running.ts';
import { haltFailing, type WatchMemory, watchRollouts } from './watch-rollouts.ts';

const LOOK_EVERY_MS = 15_000;
const JUDGE_AGAIN_MS = 1_000;
/** Somebody waits for a way back. Each look that finds it unfinished puts the next one off, up to the ordinary one. */
const PROVE_AGAIN_MS = 1_000;

/**
 * Watches rollouts and proves ways back, each in one replica of the fleet at a time. Everything that it decides is decided
 * in a transaction that locks the rollout, so a watch that is taken over in the middle decides nothing twice.
 */
export class RolloutWatch {
  readonly #ground: RolloutGround;
  readonly #memory: WatchMemory;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #proveAgain: NodeJS.Timeout | undefined;
  #proveAgainMs = PROVE_AGAIN_MS;
  #looking: Promise<void> = Promise.resolve();
  #proving: Promise<void> = Promise.resolve();

  constructor(ground: RolloutGround) {
    this.#ground = ground;
    this.#memory = { id: ground.clock.uuid(), lookedMs: new Map() };
  }

  start(): void {
    this.wake();
    this.#timer = setInterval(() => this.#lookAndProve(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** Looks once more, after the look that is under way. */
  wake(): void {
    this.#proveAgainMs = PROVE_AGAIN_MS;
    this.#lookAndProve();
  }

  #lookAndProve(): void {
    if (this.#stopping.signal.aborted) return;
    void this.look();
    void this.prove();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#proveAgain);
    this.#stopping.abort();
    await Promise.all([this.#looking, this.#proving]);
    await leaveStages(this.#ground.pool, this.#memory.id).catch(() => {});
  }

  /**
   * Judges the rollout of an app by what is on record, and halts it if need be: how many more failures it bears, 0 when it
   * runs no more. Waits until the database answers: nothing should be sent before.
   */
  async judge(appId: number): Promise<number> {
    const { pool, clock } = this.#ground;
    const { signal } = this.#stopping;
    for (;;) {
      let left: number | undefined;
      await this.#guard('judge a rollout', async () => {
        const id = await findRunning(pool, appId);
        left = id === undefined ? 0 : await haltFailing(this.#ground, id);
      });
      // The fleet stops with it.
      if (signal.aborted) return Number.POSITIVE_INFINITY;
      if (left !== undefined) return left;
      await clock.sleep(JUDGE_AGAIN_MS, signal).catch(() => {});
    }
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
    this.#proveSoon();
  }

  /** Only once woken does it look so often: an account that is held may be on its way back for days. */
  #proveSoon(): void {
    clearTimeout(this.#proveAgain);
    if (this.#stopping.signal.aborted || this.#timer === undefined || this.#proveAgainMs >= LOOK_EVERY_MS) return;
    this.#proveAgain = setTimeout(() => void this.prove(), this.#proveAgainMs);
    this.#proveAgain.unref();
    this.#proveAgainMs *= 2;
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
