import { UnusableAppError } from '../apps/index.ts';
import { crashPoint } from '../crash-point.ts';
import { AppPump, LEASE_MS } from './app-pump.ts';
import { type Moment, readClocks } from './lease-deadline.ts';
import type { PumpGround } from './pump-ground.ts';
import { quarantineUnusable } from './quarantine-unusable.ts';
import { acquireLease, type Lease, listFreeApps, releaseLease } from './sql/lease.ts';

/** A dead replica's apps are looked for this often, so they move on within the lease and this. */
const LOOK_EVERY_MS = 2_000;
const STOP_GRACE_MS = 10_000;
/** A pump that fails is followed by another at once; pumps that fail one after the other, at growing distances. */
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 30_000;
/** Who worked for so long had begun well. */
const GOOD_LIFE_MS = 60_000;

/** All pumps of this replica: takes the lease of every active app that nobody works, and gives them back at the end. */
export class PumpFleet {
  readonly #ground: PumpGround;
  readonly #holder: string;
  readonly #pumps = new Map<number, AppPump>();
  /** Apps that could not be opened, by the monotonic time of the next try. */
  readonly #unusable = new Map<number, number>();
  /** Apps whose pumps fail: how many in a row, and the monotonic time of the next try. */
  readonly #failing = new Map<number, { inRow: number; untilMs: number }>();
  readonly #stopping = new AbortController();
  #looking: Promise<void> = Promise.resolve();

  constructor(ground: PumpGround, holder: string) {
    this.#ground = ground;
    this.#holder = holder;
    void this.#keepLooking();
  }

  /** Links of an app were marked due (channel `usher_due`). */
  notifyDue(appId: number): void {
    const pump = this.#pumps.get(appId);
    if (pump) pump.notify();
  }

  /** An app's row changed (channel `usher_app`): it may have become active, paused, or another version. */
  notifyApp(appId: number): void {
    const pump = this.#pumps.get(appId);
    this.#unusable.delete(appId);
    if (pump) pump.notifyApp();
    else this.look();
  }

  /** Notifications may have been lost: every pump looks for itself. */
  notifyAll(): void {
    this.#unusable.clear();
    for (const pump of this.#pumps.values()) pump.notifyApp();
    this.look();
  }

  look(): void {
    this.#looking = this.#looking.then(() => this.#takeFree()).catch(() => {});
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#looking;
    await Promise.all([...this.#pumps.values()].map((pump) => pump.stop(STOP_GRACE_MS)));
  }

  async #keepLooking(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.look();
      await this.#ground.clock.sleep(LOOK_EVERY_MS, this.#stopping.signal).catch(() => {});
    }
  }

  async #takeFree(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const { pool, log } = this.#ground;
    const free = await listFreeApps(pool).catch((error: unknown) => {
      log.warn({ err: error }, 'Could not look for apps without a pump');
      return [];
    });
    for (const appId of free) {
      if (this.#pumps.has(appId) || this.#stopping.signal.aborted) continue;
      const nowMs = this.#ground.clock.monotonicMs();
      if ((this.#unusable.get(appId) ?? 0) > nowMs || (this.#failing.get(appId)?.untilMs ?? 0) > nowMs) continue;
      await this.#take(appId).catch((error: unknown) =>
        log.error({ app: appId, err: error }, 'Could not start a pump'),
      );
    }
  }

  async #take(appId: number): Promise<void> {
    const asked = readClocks(this.#ground.clock);
    const lease = await acquireLease(this.#ground.pool, appId, this.#holder, LEASE_MS);
    if (!lease) return;
    crashPoint('after-lease');
    const pump = await this.#start(lease, asked);
    if (!pump) return;
    this.#unusable.delete(appId);
    this.#pumps.set(appId, pump);
    void pump.stopped.then(() => {
      this.#pumps.delete(appId);
      this.#noteEnd(pump, asked.monotonicMs);
      this.look();
    });
  }

  #noteEnd(pump: AppPump, sinceMs: number): void {
    const nowMs = this.#ground.clock.monotonicMs();
    const before = nowMs - sinceMs > GOOD_LIFE_MS ? 0 : (this.#failing.get(pump.appId)?.inRow ?? 0);
    if (!pump.hasFailed) return void this.#failing.delete(pump.appId);
    const restMs = before === 0 ? 0 : Math.min(FIRST_REST_MS * 2 ** (before - 1), LONGEST_REST_MS);
    this.#failing.set(pump.appId, { inRow: before + 1, untilMs: nowMs + restMs });
  }

  /** Undefined: the app cannot work. That is its quarantine, and it is opened again when the app changes, or later. */
  async #start(lease: Lease, asked: Moment): Promise<AppPump | undefined> {
    try {
      return await AppPump.start(this.#ground, lease, asked);
    } catch (error) {
      if (!(error instanceof UnusableAppError)) throw error;
      const retryAfterMs = await quarantineUnusable(this.#ground, lease.appId, error);
      this.#unusable.set(lease.appId, this.#ground.clock.monotonicMs() + retryAfterMs);
      await releaseLease(this.#ground.pool, lease);
      return undefined;
    }
  }
}
