import { isConnectionFailure, type PoolClient } from '../db/index.ts';
import { Refusal } from '../refusal.ts';
import { runApply } from './apply-plan.ts';
import { type PlanGround, runPlan } from './run-plan.ts';
import { tryLockPlan, unlockPlan } from './sql/plan-lock.ts';
import { findPlan, finishPlan, listUnfinished } from './sql/plans.ts';

const LOOK_EVERY_MS = 5_000;
/** A plan reads everybody: two at once leave the database to the pumps. */
const MOST_AT_ONCE = 2;

/**
 * Works on plans in this process. A plan is one connection's at a time, by a lock that ends with it, so any replica goes
 * on with what a dead one left.
 */
export class PlanRunner {
  readonly #ground: PlanGround;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;

  constructor(ground: PlanGround) {
    this.#ground = ground;
  }

  /** Begins to look for work, at once and again and again. */
  start(): void {
    this.wake();
    this.#timer = setInterval(() => this.wake(), LOOK_EVERY_MS);
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

  /** Ends after the batch that is under way; the rest goes on elsewhere, or at the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#looking;
    await Promise.all(this.#running.values());
  }

  async #look(): Promise<void> {
    const { pool, log } = this.#ground;
    while (this.#lookAgain && !this.#stopping.signal.aborted) {
      this.#lookAgain = false;
      try {
        for (const id of await listUnfinished(pool)) {
          if (this.#running.size >= MOST_AT_ONCE) return;
          if (!this.#running.has(id)) await this.#take(id);
        }
      } catch (error) {
        log.warn({ err: error }, 'Could not look for plans to work on');
      }
    }
  }

  async #take(id: string): Promise<void> {
    const client = await this.#ground.pool.connect();
    let taken = false;
    try {
      taken = await tryLockPlan(client, id);
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
    const { pool, clock, log } = this.#ground;
    try {
      const plan = await findPlan(pool, id);
      if (plan?.state === 'applying') await runApply(this.#ground, plan, this.#stopping.signal);
      else if (plan?.state === 'waiting' || plan?.state === 'running') {
        await runPlan(this.#ground, plan, this.#stopping.signal);
      }
    } catch (error) {
      // The database is away: the plan goes on when it is back.
      if (isConnectionFailure(error)) log.warn({ plan: id, err: error }, 'A plan was interrupted');
      else {
        log.error({ plan: id, err: error }, 'A plan failed');
        const problem = error instanceof Refusal ? describe(error) : 'It failed through a fault of Usher: see the log.';
        await finishPlan(pool, id, { state: 'failed', now: clock.now(), problem }).catch(() => {});
      }
    } finally {
      // A connection that cannot give the lock back is closed, which does.
      const broken = await unlockPlan(client, id).then(
        () => undefined,
        (error: Error) => error,
      );
      client.release(broken);
    }
  }
}

function describe({ message, problems }: Refusal): string {
  return [message, ...problems.map(({ field, problem }) => `${field}: ${problem}.`)].join(' ');
}
