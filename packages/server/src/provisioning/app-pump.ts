import { type AppRuntime, UnusableAppError } from '../apps/index.ts';
import { crashPoint } from '../crash-point.ts';
import { AppHealth } from './app-health.ts';
import { ClaimStage } from './claim-stage.ts';
import { IntentStage } from './intent-stage.ts';
import { LeaseDeadline, type Moment, readClocks } from './lease-deadline.ts';
import { LeaseLostError } from './lease-lost-error.ts';
import { LinksInHand } from './links-in-hand.ts';
import { OutcomeStage } from './outcome-stage.ts';
import { NEEDLESS, type PumpFrame, persist } from './pump-frame.ts';
import type { PumpGround } from './pump-ground.ts';
import { isFailure, RolloutBrake } from './rollout-brake.ts';
import { SendStage } from './send-stage.ts';
import { findAppRevision } from './sql/app-health.ts';
import { recallLinks } from './sql/claim-links.ts';
import { inheritIntents, type Lease, releaseLease, renewLease } from './sql/lease.ts';

export const LEASE_MS = 15_000;
const RENEW_EVERY_MS = 4_000;
/** The longest a call may last: for so long after its pump's end it is taken for possibly still under way. */
const CALL_LIMIT_MS = 60_000;
const POLL_MS = 1_000;
/** From here on the wall clock is taken for set back, not for corrected little by little. */
const CLOCK_STEP_MS = 2_000;
/** No retry waits longer: what is unfinished and due later was written by a clock that was wrong. */
const LONGEST_WAIT_MS = 2 * 3_600_000;

/**
 * Works one app while it holds the app's lease, in stages: claim, plan, guard, intents, send, outcomes. Each runs beside the
 * others and wakes the next; `#step` looks at what can begin now. Everything in memory is bounded: what was claimed and not
 * yet settled is at most two claims.
 */
export class AppPump {
  readonly #ground: PumpGround;
  readonly #lease: Lease;
  readonly #deadline: LeaseDeadline;
  readonly #hand = new LinksInHand();
  readonly #frame: PumpFrame;
  readonly #claims: ClaimStage;
  readonly #intents: IntentStage;
  readonly #sending: SendStage;
  readonly #outcomes: OutcomeStage;
  readonly #brake = new RolloutBrake();
  readonly #stopped = Promise.withResolvers<void>();
  /** Aborted when nothing more shall begin, and when calls under way shall end. */
  readonly #stopping = new AbortController();
  readonly #sendingAborted = new AbortController();
  readonly #busy = new Set<string>();
  #runtime!: AppRuntime;
  #health!: AppHealth;
  #revisionSeen = -1;
  #hasFailed = false;
  #stepQueued = false;
  #alarm = new AbortController();
  /** The monotonic time of the next look that is ordered. */
  #alarmAtMs = Number.POSITIVE_INFINITY;

  private constructor(ground: PumpGround, lease: Lease, leaseAsked: Moment) {
    this.#ground = ground;
    this.#lease = lease;
    this.#deadline = new LeaseDeadline(ground.clock, leaseAsked, lease.remainingMs);
    this.#frame = this.#buildFrame();
    this.#claims = new ClaimStage(this.#frame, (revision) => {
      this.#revisionSeen = revision;
    });
    this.#sending = new SendStage(
      this.#frame,
      {
        finished: async ({ held, outcome }, ready) => {
          // At once, not when it is on record: calls that begin meanwhile would fail as well.
          const isRolledOut = ready.item.served === this.#runtime.rollout?.reached;
          if (isRolledOut && isFailure(outcome)) this.#brake.count(1);
          if (held) await this.#outcomes.writeHeld(held, ready);
          else this.#outcomes.add(outcome, ready.batch);
        },
        notSent: () => this.#fail(new LeaseLostError(lease.appId), 'send'),
      },
      this.#sendingAborted.signal,
    );
    this.#intents = new IntentStage(this.#frame, this.#sending);
    this.#outcomes = new OutcomeStage(this.#frame, this.#intents, this.#claims);
  }

  #buildFrame(): PumpFrame {
    const runtime = () => this.#runtime;
    return {
      ground: this.#ground,
      lease: this.#lease,
      deadline: this.#deadline,
      hand: this.#hand,
      get runtime() {
        return runtime();
      },
      wake: () => this.#wake(),
      wakeIn: (ms) => this.#wakeIn(ms),
      begin: (name, work) => this.#begin(name, work),
      countFailures: (count) => this.#brake.count(count),
      fail: (error, stage) => this.#fail(error, stage),
    };
  }

  /** Starts the pump of a lease just acquired; `leaseAsked` is from before it was asked for. */
  static async start(ground: PumpGround, lease: Lease, leaseAsked: Moment): Promise<AppPump> {
    const pump = new AppPump(ground, lease, leaseAsked);
    const runtime = await ground.openApp(lease.appId);
    if (!runtime) throw new Error(`App ${lease.appId} is gone or not active`);
    pump.#use(runtime);
    await pump.#inherit();
    crashPoint('after-inheriting');
    void pump.#keepLease();
    void pump.#poll();
    pump.#wake();
    return pump;
  }

  get appId(): number {
    return this.#lease.appId;
  }

  /** Resolves when the pump has ended, by its own decision or by {@link stop}. */
  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  /** Ended because something failed, not by an order or the app's change. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Links were marked due. */
  notify(): void {
    this.#claims.lookAgain();
    this.#wake();
  }

  /** The app's row changed: paused, another version, another limit. */
  notifyApp(): void {
    this.#revisionSeen = Number.POSITIVE_INFINITY;
    this.#health.forget();
    this.notify();
  }

  /** Sends nothing more, waits for what is under way at most `graceMs`, records it and hands the lease back. */
  async stop(graceMs: number): Promise<void> {
    if (!this.#isStopping) {
      this.#stopping.abort();
      const drained = new AbortController();
      const { clock } = this.#ground;
      clock.sleep(graceMs, drained.signal).then(
        () => this.#sendingAborted.abort(),
        () => {},
      );
      await this.#drain();
      drained.abort();
      crashPoint('before-release');
      await releaseLease(this.#ground.pool, this.#lease).catch(() => {});
      await this.#end();
    }
    await this.stopped;
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #inherit(): Promise<void> {
    const { pool, clock } = this.#ground;
    const { callLimitMs = CALL_LIMIT_MS, document } = this.#runtime;
    const limitMs = callLimitMs + document.correlation.visibilityDelayMs;
    const nowMs = clock.monotonicMs();
    const waits = await inheritIntents(pool, this.#lease, { now: clock.now(), callLimitMs: limitMs });
    for (const [userId, waitMs] of waits) this.#hand.leaveUntil(userId, nowMs + waitMs);
    const now = clock.now();
    const after = new Date(now.getTime() + LONGEST_WAIT_MS);
    await recallLinks(pool, { appId: this.appId, now, after });
  }

  #use(runtime: AppRuntime): void {
    this.#runtime = runtime;
    this.#revisionSeen = runtime.app.revision;
    this.#brake.use(this.#ground.judgeRollout !== undefined && (runtime.rollout?.isRunning ?? false));
    this.#health = new AppHealth(this.#ground, runtime, () => this.#wake());
    this.#sending.use(runtime, this.#health);
  }

  // ── the steps ──────────────────────────────────────────────────────────────────────────────────────────────────

  #wake(): void {
    if (this.#stepQueued) return;
    this.#stepQueued = true;
    queueMicrotask(() => {
      this.#stepQueued = false;
      this.#step();
    });
  }

  /** Begins whatever can begin now. Synchronous, so that no stage sees half of another's change. */
  #step(): void {
    this.#outcomes.begin(this.#sending.unsettled);
    if (this.#isStopping) return;
    const pauseMs = this.#health.pauseMs();
    if (this.#revisionSeen !== this.#runtime.app.revision) this.#begin('reload', () => this.#reload());
    else if (pauseMs > 0) this.#wakeIn(pauseMs);
    else if (this.#health.mustProbe) this.#begin('probe', () => this.#probe());
    else {
      if (this.#brake.isOn) this.#begin('verdict', () => this.#askVerdict());
      else this.#sending.begin();
      this.#intents.begin();
      this.#claims.begin();
    }
  }

  /** Of a change that was told while the app was being opened nobody hears again, and it may have mended what stopped it. */
  async #probe(): Promise<void> {
    const revision = await findAppRevision(this.#ground.pool, this.appId);
    if (revision === this.#runtime.app.revision) return this.#health.probe();
    this.#revisionSeen = revision ?? Number.POSITIVE_INFINITY;
  }

  #begin(name: string, work: () => Promise<unknown>): void {
    if (this.#busy.has(name)) return;
    this.#busy.add(name);
    work()
      .catch((error: unknown) => this.#fail(error, name))
      .finally(() => {
        this.#busy.delete(name);
        this.#wake();
      });
  }

  #fail(error: unknown, stage: string): void {
    const { log, pool } = this.#ground;
    if (this.#isStopping) log.warn({ app: this.appId, stage, err: error }, 'A stage failed while the pump was ending');
    else if (error instanceof LeaseLostError) {
      log.warn({ app: this.appId, stage }, 'The lease is lost, or may be: this pump ends');
    } else {
      // The database or our own code: nothing is lost, since all of it is still due. Ending lets a fresh pump begin.
      log.error({ app: this.appId, stage, err: error }, 'The pump failed and starts over');
    }
    if (this.#isStopping) return;
    this.#hasFailed = true;
    // Stops at once: what is in hand stays due, and its intents are read first by the next pump.
    this.#stopping.abort();
    this.#sendingAborted.abort();
    void releaseLease(pool, this.#lease).catch(() => {});
    void this.#end();
  }

  async #end(): Promise<void> {
    this.#alarm.abort();
    await this.#runtime.close().catch(() => {});
    this.#stopped.resolve();
  }

  /** Asks whether the rollout goes on, once what failed is on record. */
  async #askVerdict(): Promise<void> {
    const { clock, judgeRollout } = this.#ground;
    while (!this.#outcomes.isIdle) {
      this.#outcomes.begin(0);
      await clock.sleep(2);
    }
    const left = (await judgeRollout?.(this.appId)) ?? Number.POSITIVE_INFINITY;
    // It was halted, or somebody else did something to it: nothing is sent before that is read.
    if (left <= 0) this.notifyApp();
    else this.#brake.take(left);
  }

  // ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Looks again by then at the latest: an earlier look that is ordered already is as good, for it orders the next. */
  #wakeIn(ms: number): void {
    const { clock } = this.#ground;
    const waitMs = Math.min(Math.max(1, ms), POLL_MS);
    const atMs = clock.monotonicMs() + waitMs;
    if (atMs >= this.#alarmAtMs) return;
    this.#alarm.abort(NEEDLESS);
    const alarm = new AbortController();
    this.#alarm = alarm;
    this.#alarmAtMs = atMs;
    clock.sleep(waitMs, alarm.signal).then(
      () => {
        if (this.#alarm !== alarm) return;
        this.#alarmAtMs = Number.POSITIVE_INFINITY;
        this.#wake();
      },
      () => {},
    );
  }

  /** False when the pump is ending. */
  async #sleep(ms: number): Promise<boolean> {
    await this.#ground.clock.sleep(ms, this.#stopping.signal).catch(() => {});
    return !this.#isStopping;
  }

  async #poll(): Promise<void> {
    let aheadMs = this.#wallAheadMs();
    while (await this.#sleep(POLL_MS)) {
      const nowAheadMs = this.#wallAheadMs();
      if (nowAheadMs < aheadMs - CLOCK_STEP_MS) this.#begin('recall', () => this.#recallAfterStep());
      aheadMs = nowAheadMs;
      this.notify();
    }
  }

  #wallAheadMs(): number {
    const { monotonicMs, wallMs } = readClocks(this.#ground.clock);
    return wallMs - monotonicMs;
  }

  /** The wall clock was set back: what was to wait for seconds by the clock before would wait for as long as the step. */
  async #recallAfterStep(): Promise<void> {
    const { pool, clock, log } = this.#ground;
    const now = clock.now();
    this.#health.forget();
    const recalled = await persist(this.#frame, () => recallLinks(pool, { appId: this.appId, now, after: now }));
    log.warn({ app: this.appId, recalled }, 'The clock was set back: what waits is looked at anew');
  }

  async #keepLease(): Promise<void> {
    while (await this.#sleep(RENEW_EVERY_MS)) {
      const asked = readClocks(this.#ground.clock);
      try {
        if (!(await renewLease(this.#ground.pool, this.#lease, LEASE_MS))) throw new LeaseLostError(this.appId);
        this.#deadline.extend(asked, LEASE_MS);
      } catch (error) {
        // The database may be away for a moment; the lease itself says how long that can be borne.
        if (error instanceof LeaseLostError || this.#deadline.leftMs <= 0) return this.#fail(error, 'lease');
      }
    }
  }

  // ── the app's changes, and the end ─────────────────────────────────────────────────────────────────────────────

  /** Another revision of the app is in force: what was planned under the one before is planned anew. */
  async #reload(): Promise<void> {
    await this.#giveBack();
    const previous = this.#runtime;
    const runtime = await this.#ground.openApp(this.appId).catch((error: unknown) => {
      // No failure of this pump: the fleet opens it anew, shows why it cannot work, and looks again when the app changes.
      if (error instanceof UnusableAppError) return undefined;
      throw error;
    });
    await previous.close().catch(() => {});
    if (runtime?.app.state !== 'active') {
      this.#stopping.abort();
      await releaseLease(this.#ground.pool, this.#lease).catch(() => {});
      return this.#end();
    }
    this.#use(runtime);
    this.#claims.lookAgain();
  }

  /** Ends what is under way and gives back what is not sent. */
  async #giveBack(): Promise<void> {
    this.#hand.dropLanes();
    const { clock } = this.#ground;
    while (this.#sending.unsettled > 0 || this.#intents.isRunning || this.#claims.isRunning || !this.#outcomes.isIdle) {
      this.#outcomes.begin(this.#sending.unsettled);
      await clock.sleep(5);
    }
    await this.#outcomes.giveBack(this.#hand.takeReady());
  }

  async #drain(): Promise<void> {
    try {
      await this.#giveBack();
    } catch (error) {
      this.#ground.log.warn({ app: this.appId, err: error }, 'Could not record everything before stopping');
    }
  }
}
