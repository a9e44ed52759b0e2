import { setTimeout as sleep } from 'node:timers/promises';
import type { AppRuntime, OpenApp } from '../apps/index.ts';
import type { Clock } from '../clock.ts';
import { crashPoint } from '../crash-point.ts';
import type { Pool } from '../db/pool.ts';
import { isCommitOutcomeUnknown, isRetryable, isSerializationFailure } from '../db/sqlstate.ts';
import type { Log } from '../log.ts';
import {
  type AdaptiveWindow,
  cutWindow,
  openWindow,
  raiseWindow,
  resizeWindow,
  windowLimit,
} from '../transport/index.ts';
import { AppHealth } from './app-health.ts';
import { concludePlan, concludeUnsent, type OpenRequest, operationOf } from './conclude.ts';
import { holdWave } from './hold-wave.ts';
import { LeaseLostError } from './lease-lost-error.ts';
import type { Outcome } from './outcome.ts';
import { Pacer } from './pacer.ts';
import { type Item, planClaimed, takesAccess } from './plan-claimed.ts';
import type { PumpMetrics } from './pump-metrics.ts';
import { runWork } from './run-work.ts';
import { claimLinks, type DueLink, recallLinks } from './sql/claim-links.ts';
import { inheritIntents, type Lease, releaseLease, renewLease } from './sql/lease.ts';
import { loadLinks } from './sql/load-links.ts';
import { markWaitingForNames } from './sql/relink.ts';
import { forgetBatches, type Intent, writeIntents } from './sql/write-intents.ts';
import { closeHolds, settleLinks, withoutToldLines, writeHolds, writeOutcomes } from './sql/write-outcomes.ts';

export interface PumpGround {
  pool: Pool;
  clock: Clock;
  log: Log;
  openApp: OpenApp;
  metrics?: PumpMetrics | undefined;
}

export const LEASE_MS = 15_000;
const RENEW_EVERY_MS = 4_000;
/** Nothing is sent in the last part of a lease: a call must end, or at least begin, while the lease is surely ours. */
const LEASE_MARGIN_MS = 5_000;
/** The longest a call may last: for so long after its pump's end it is taken for possibly still under way. */
const CALL_LIMIT_MS = 60_000;
const POLL_MS = 1_000;
/** A connection may be cut without a word: what has no answer by then never gets one, and a fresh pump asks anew. */
const ANSWER_LIMIT_MS = 20_000;
/** From here on the wall clock is taken for set back, not for corrected little by little. */
const CLOCK_STEP_MS = 2_000;
/** No retry waits longer: what is unfinished and due later was written by a clock that was wrong. */
const LONGEST_WAIT_MS = 2 * 3_600_000;
const CLAIM_SIZE = 512;
const INTENT_BATCH = 64;
const OUTCOME_BATCH = 64;
/** How long an outcome waits for company before it is committed, while calls are under way that will bring some. */
const OUTCOME_WAIT_MS = 20;
const MOST_OUTCOME_WRITES = 2;

/** An item whose intent is committed. */
interface Ready {
  item: Item;
  request: OpenRequest;
  batch: number;
}

/**
 * Works one app while it holds the app's lease: claims due links ahead, plans them, has them guarded, writes intents,
 * sends, writes outcomes. Each stage runs beside the others and wakes the next; `#step` looks at what can begin now.
 * Everything in memory is bounded: what was claimed and not yet settled is at most two claims.
 */
export class AppPump {
  readonly #ground: PumpGround;
  readonly #lease: Lease;
  readonly #stopped = Promise.withResolvers<void>();
  #runtime!: AppRuntime;
  #health!: AppHealth;
  #pacer!: Pacer;
  #window: AdaptiveWindow = openWindow(1);
  #leaseEndsAtMs: number;

  /** Every link claimed and not settled; a claim leaves these out. */
  readonly #inHand = new Set<string>();
  /** Users whose call by the pump before may still be under way, until when by the monotonic clock. */
  readonly #inherited = new Map<string, number>();
  readonly #lanes: [Item[], Item[], Item[]] = [[], [], []];
  readonly #ready: [Ready[], Ready[]] = [[], []];
  #finished: { outcome: Outcome; batch: number }[] = [];
  /** How many items of each batch of intents have no outcome yet, and the batches that may be forgotten. */
  readonly #openInBatch = new Map<number, number>();
  #finishedBatches: number[] = [];
  #finishedAtMs = 0;
  #inFlight = 0;
  #claiming = false;
  #preparing = false;
  #writing = 0;
  #mayHaveMore = true;
  #urgentMayHaveMore = true;
  #revisionSeen = -1;
  #stopping = false;
  #sendingAborted = new AbortController();
  #stepQueued = false;
  #timer: NodeJS.Timeout | undefined;

  private constructor(ground: PumpGround, lease: Lease, leaseAskedAtMs: number) {
    this.#ground = ground;
    this.#lease = lease;
    this.#leaseEndsAtMs = leaseAskedAtMs + lease.remainingMs;
  }

  /** Starts the pump of a lease just acquired. `leaseAskedAtMs` is monotonic time from before the lease was asked for. */
  static async start(ground: PumpGround, lease: Lease, leaseAskedAtMs: number): Promise<AppPump> {
    const pump = new AppPump(ground, lease, leaseAskedAtMs);
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

  /** Links were marked due. */
  notify(): void {
    this.#mayHaveMore = true;
    this.#urgentMayHaveMore = true;
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
    if (!this.#stopping) {
      this.#stopping = true;
      const deadline = setTimeout(() => this.#sendingAborted.abort(), graceMs);
      await this.#drain();
      clearTimeout(deadline);
      crashPoint('before-release');
      await releaseLease(this.#ground.pool, this.#lease).catch(() => {});
      await this.#end();
    }
    await this.stopped;
  }

  async #inherit(): Promise<void> {
    const { pool, clock } = this.#ground;
    const { callLimitMs = CALL_LIMIT_MS, document } = this.#runtime;
    const limitMs = callLimitMs + document.correlation.visibilityDelayMs;
    const nowMs = clock.monotonicMs();
    const waits = await inheritIntents(pool, this.#lease, { now: clock.now(), callLimitMs: limitMs });
    for (const [userId, waitMs] of waits) this.#inherited.set(userId, nowMs + waitMs);
    const now = clock.now();
    const after = new Date(now.getTime() + LONGEST_WAIT_MS);
    await recallLinks(pool, { appId: this.appId, now, after });
  }

  #use(runtime: AppRuntime): void {
    this.#runtime = runtime;
    this.#revisionSeen = runtime.app.revision;
    const { clock } = this.#ground;
    this.#pacer = new Pacer(runtime.app.maxPerSecond, () => clock.monotonicMs());
    this.#window =
      this.#window.max === 1
        ? openWindow(runtime.app.maxConcurrency)
        : resizeWindow(this.#window, runtime.app.maxConcurrency);
    this.#health = new AppHealth(this.#ground, runtime, () => this.#wake());
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
    this.#writeFinished();
    if (this.#stopping) return;
    const pauseMs = this.#health.pauseMs();
    if (this.#revisionSeen !== this.#runtime.app.revision) this.#begin(() => this.#reload(), 'reload');
    else if (pauseMs > 0) this.#wakeIn(pauseMs);
    else if (this.#health.mustProbe) this.#begin(() => this.#health.probe(), 'probe');
    else this.#beginWork();
  }

  #beginWork(): void {
    this.#send();
    if (!this.#preparing && this.#wantsReady()) {
      this.#preparing = true;
      this.#begin(() => this.#prepare().finally(() => (this.#preparing = false)), 'prepare');
    }
    if (!this.#claiming && this.#wantsClaim()) {
      this.#claiming = true;
      this.#begin(() => this.#claim().finally(() => (this.#claiming = false)), 'claim');
    }
  }

  #busy = new Set<string>();
  /** Runs a stage in the background; a stage of the same name is never run beside itself. */
  #begin(stage: () => Promise<unknown>, name: string): void {
    if (this.#busy.has(name)) return;
    this.#busy.add(name);
    stage()
      .catch((error: unknown) => this.#fail(error, name))
      .finally(() => {
        this.#busy.delete(name);
        this.#wake();
      });
  }

  #fail(error: unknown, stage: string): void {
    if (error instanceof LeaseLostError) {
      this.#ground.log.warn({ app: this.appId }, 'Lost the lease: another replica works this app now');
    } else {
      // The database or our own code: nothing is lost, since all of it is still due. Ending lets a fresh pump begin.
      this.#ground.log.error({ app: this.appId, stage, err: error }, 'The pump failed and starts over');
      void releaseLease(this.#ground.pool, this.#lease).catch(() => {});
    }
    this.#abandon();
  }

  /** Stops at once: what is in hand stays due, and its intents are read first by the next pump. */
  #abandon(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#sendingAborted.abort();
    void this.#end();
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#runtime.close().catch(() => {});
    this.#stopped.resolve();
  }

  // ── claim and plan ─────────────────────────────────────────────────────────────────────────────────────────────

  get #waiting(): number {
    return this.#lanes[0].length + this.#lanes[1].length + this.#lanes[2].length;
  }

  #wantsClaim(): boolean {
    if (this.#urgentMayHaveMore) return true;
    return this.#mayHaveMore && this.#waiting < CLAIM_SIZE / 2 && this.#inHand.size < 2 * CLAIM_SIZE;
  }

  async #claim(): Promise<void> {
    const { pool, clock } = this.#ground;
    const now = clock.now();
    const urgentOnly = this.#waiting >= CLAIM_SIZE / 2 || this.#inHand.size >= 2 * CLAIM_SIZE;
    this.#urgentMayHaveMore = false;
    if (!urgentOnly) this.#mayHaveMore = false;
    const nowMs = clock.monotonicMs();
    for (const [userId, untilMs] of this.#inherited) if (untilMs <= nowMs) this.#inherited.delete(userId);
    const inHand = [...this.#inHand, ...this.#inherited.keys()];
    const movable = new Set(
      this.#lanes
        .flat()
        .filter((item) => item.due.urgency === 2)
        .map((item) => item.due.userId),
    );
    const busy = inHand.filter((userId) => !movable.has(userId));
    const wanted = { appId: this.appId, now, limit: CLAIM_SIZE, inHand, busy, urgentOnly };
    const claim = await this.#persist(() => claimLinks(pool, wanted));
    crashPoint('after-claim');
    if (claim.appRevision !== this.#runtime.app.revision) {
      this.#revisionSeen = claim.appRevision;
      this.#mayHaveMore = true;
      this.#urgentMayHaveMore = true;
      return;
    }
    if (claim.links.length === CLAIM_SIZE && !urgentOnly) this.#mayHaveMore = true;
    if (claim.links.length === 0) return;
    const dueById = this.#take(claim.links);
    try {
      await this.#plan(dueById, now);
    } catch (error) {
      for (const userId of dueById.keys()) this.#inHand.delete(userId);
      throw error;
    }
  }

  /** Puts claimed links in hand. One that waited in a lane and became urgent is planned anew from its present state. */
  #take(links: DueLink[]): Map<string, DueLink> {
    // What has its intent on record by now is about to be sent: it comes back by itself, since its revision was raised.
    const waiting = new Set(this.#lanes.flat().map((item) => item.due.userId));
    const taken = links.filter(({ userId }) => !this.#inHand.has(userId) || waiting.has(userId));
    const dueById = new Map(taken.map((due) => [due.userId, due]));
    for (const [index, lane] of this.#lanes.entries()) {
      if (lane.some((item) => dueById.has(item.due.userId))) {
        this.#lanes[index as 0 | 1 | 2] = lane.filter((item) => !dueById.has(item.due.userId));
      }
    }
    for (const userId of dueById.keys()) this.#inHand.add(userId);
    return dueById;
  }

  async #plan(dueById: Map<string, DueLink>, now: Date): Promise<void> {
    const { pool, clock } = this.#ground;
    const { app, document, mapping, version } = this.#runtime;
    const wanted = { appId: app.id, userIds: [...dueById.keys()], now, needs: mapping.needs };
    const loaded = await this.#persist(() => loadLinks(pool, wanted));
    const context = { app, document, mapping, evaluation: this.#runtime.evaluationContext(), now };
    const settled: Parameters<typeof settleLinks>[2] = [];
    const concluded: Outcome[] = [];
    const vanishedHolds: number[] = [];
    for (const link of loaded) {
      const due = dueById.get(link.userId);
      if (!due) continue;
      const claimed = planClaimed(context, due, link);
      if (claimed.kind === 'work') this.#lanes[claimed.item.lane].push(claimed.item);
      else if (claimed.kind === 'settle') {
        settled.push({ userId: due.userId, claimedRev: due.wantedRev, wakeAt: claimed.wakeAt });
      } else {
        const cause = causeOf(due);
        const request = { id: clock.uuid(), createdAt: now, cause, version, parent: null };
        concluded.push(concludePlan(claimed.plan, due, link, request));
        if (link.hold) vanishedHolds.push(link.hold.id);
      }
    }
    this.#wake();
    const pump = { appId: app.id, epoch: this.#lease.epoch, now };
    await this.#persist(() => settleLinks(pool, pump, settled));
    await this.#persist((again) => this.#write(pump, concluded, again));
    await this.#persist(() => closeHolds(pool, vanishedHolds, now));
    for (const { userId } of [...settled, ...concluded]) this.#inHand.delete(userId);
  }

  // ── guard and intents ──────────────────────────────────────────────────────────────────────────────────────────

  #wantsReady(): boolean {
    if (this.#lanes[0].length > 0) return true;
    return this.#waiting > 0 && this.#ready[0].length + this.#ready[1].length < this.#readyWanted() / 2;
  }

  /** How much may wait with its intent on record: enough to keep the window full, no more than can go out soon. */
  #readyWanted(): number {
    const perSecond = this.#runtime.app.maxPerSecond;
    const soon = perSecond === null ? INTENT_BATCH : Math.max(2, Math.ceil(perSecond / 4));
    return Math.min(2 * INTENT_BATCH, Math.max(2 * windowLimit(this.#window), INTENT_BATCH), soon);
  }

  async #prepare(): Promise<void> {
    const { pool, clock } = this.#ground;
    const now = clock.now();
    const urgent = this.#lanes[0].length > 0;
    const lane = urgent ? this.#lanes[0] : this.#lanes.find((candidate) => candidate.length > 0);
    if (!lane) return;
    // What comes into the lane while the guard asks the database has not been guarded, and waits for the next turn.
    const allowed = urgent ? await this.#guard([...lane], now) : lane;
    const items = this.#takeFromLanes(allowed.slice(0, Math.min(INTENT_BATCH, Math.max(1, this.#readyWanted()))));
    if (items.length === 0) return;
    const opened = items.map((item) => ({ item, request: this.#openRequest(item, now) }));
    crashPoint('before-intent');
    const pump = { appId: this.appId, epoch: this.#lease.epoch, now };
    const finished = this.#finishedBatches;
    this.#finishedBatches = [];
    const batch = await this.#persist(() => writeIntents(pool, pump, opened.map(toIntent), finished));
    this.#openInBatch.set(batch, opened.length);
    await closeHolds(
      pool,
      items.flatMap((item) => item.staleHoldId ?? []),
      now,
    );
    crashPoint('after-intent');
    this.#ready[urgent ? 0 : 1].push(...opened.map((ready) => ({ ...ready, batch })));
  }

  /** Holds the deactivations among these, if they pass the threshold; gives those that may go. */
  async #guard(items: Item[], now: Date): Promise<Item[]> {
    const wave = items.filter(
      (item) => item.task.kind === 'change' && takesAccess(item.task.change, item.loaded) && !item.releasedHoldId,
    );
    if (wave.length === 0) return items;
    const { pool } = this.#ground;
    const held = await holdWave(pool, this.#runtime.app, wave, now, (item) => this.#openRequest(item, now));
    if (!held) return items;
    const stopped = new Set(held.outcomes.map((outcome) => outcome.userId));
    const taken = new Set(this.#takeFromLanes(items.filter((item) => stopped.has(item.due.userId))));
    await writeHolds(pool, { appId: this.appId, epoch: this.#lease.epoch, now }, held);
    for (const { due } of taken) this.#inHand.delete(due.userId);
    this.#ground.log.warn({ app: this.#runtime.app.name, held: stopped.size }, 'Held deactivations over the threshold');
    return items.filter((item) => !taken.has(item));
  }

  /** Takes these items out of their lanes; those that were planned anew meanwhile are theirs no more and left out. */
  #takeFromLanes(items: Item[]): Item[] {
    const wanted = new Set(items);
    const taken: Item[] = [];
    for (const [index, lane] of this.#lanes.entries()) {
      if (!lane.some((item) => wanted.has(item))) continue;
      taken.push(...lane.filter((item) => wanted.has(item)));
      this.#lanes[index as 0 | 1 | 2] = lane.filter((item) => !wanted.has(item));
    }
    return taken;
  }

  #openRequest(item: Item, now: Date): OpenRequest {
    const { openRequest, link } = item.loaded;
    // A failed request is not taken up again but followed by a new one, as in Salesforce.
    const continues = openRequest !== null && link.standing !== 'parked';
    return {
      id: continues ? openRequest.id : this.#ground.clock.uuid(),
      createdAt: continues ? openRequest.createdAt : now,
      cause: item.task.kind === 'change' ? (item.task.change.cause ?? causeOf(item.due)) : item.task.cause,
      version: this.#runtime.version,
      parent: openRequest && !continues ? openRequest : null,
    };
  }

  // ── send ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #send(): void {
    while (this.#inFlight < windowLimit(this.#window) && this.#pacer.isOpen) {
      const next = this.#ready[0].shift() ?? this.#ready[1].shift();
      if (!next) return;
      this.#inFlight += 1;
      void this.#work(next);
    }
    if (!this.#pacer.isOpen && this.#inFlight === 0) this.#wakeIn(this.#pacer.waitMs);
  }

  async #work({ item, request, batch }: Ready): Promise<void> {
    const sentAtMs = this.#ground.clock.monotonicMs();
    try {
      const result = await runWork(
        {
          ...this.#ground,
          runtime: this.#runtime,
          pacer: this.#pacer,
          signal: this.#sendingAborted.signal,
          isLeaseLive: () => this.#ground.clock.monotonicMs() < this.#leaseEndsAtMs - LEASE_MARGIN_MS,
        },
        item,
        request,
      );
      crashPoint('target-answered');
      this.#inFlight -= 1;
      if (result.kind === 'not sent') return this.#abandon();
      const nowMs = this.#ground.clock.monotonicMs();
      this.#ground.metrics?.call(this.#runtime.app.name, (nowMs - sentAtMs) / 1000);
      if (result.pushback) this.#window = cutWindow(this.#window, sentAtMs, nowMs);
      else this.#window = raiseWindow(this.#window, this.#inFlight + 1);
      await this.#health.record(result);
      if (result.held) await this.#writeHeld(result.held, item, batch);
      else this.#finish(result.outcome, batch);
    } catch (error) {
      this.#fail(error, 'send');
    }
    this.#wake();
  }

  async #writeHeld(held: Parameters<typeof writeHolds>[2], item: Item, batch: number): Promise<void> {
    const now = this.#ground.clock.now();
    await writeHolds(this.#ground.pool, { appId: this.appId, epoch: this.#lease.epoch, now }, held);
    this.#closeIntent(batch);
    this.#inHand.delete(item.due.userId);
  }

  // ── outcomes ───────────────────────────────────────────────────────────────────────────────────────────────────

  #finish(outcome: Outcome, batch: number): void {
    if (this.#finished.length === 0) this.#finishedAtMs = this.#ground.clock.monotonicMs();
    this.#finished.push({ outcome, batch });
  }

  /** Another item of a batch of intents is on record with its outcome; a batch without open items is forgotten. */
  #closeIntent(batch: number): void {
    const open = (this.#openInBatch.get(batch) ?? 1) - 1;
    this.#openInBatch.set(batch, open);
    if (open > 0) return;
    this.#openInBatch.delete(batch);
    this.#finishedBatches.push(batch);
  }

  #writeFinished(): void {
    while (this.#finished.length > 0 && this.#writing < MOST_OUTCOME_WRITES) {
      const waitedMs = this.#ground.clock.monotonicMs() - this.#finishedAtMs;
      const full = this.#finished.length >= OUTCOME_BATCH;
      if (!full && this.#inFlight > 0 && waitedMs < OUTCOME_WAIT_MS) {
        this.#wakeIn(OUTCOME_WAIT_MS - waitedMs);
        return;
      }
      const finished = this.#finished.splice(0, OUTCOME_BATCH);
      const outcomes = finished.map(({ outcome }) => outcome);
      this.#finishedAtMs = this.#ground.clock.monotonicMs();
      this.#writing += 1;
      const pump = { appId: this.appId, epoch: this.#lease.epoch, now: this.#ground.clock.now() };
      crashPoint('before-outcome');
      this.#persist((again) => this.#write(pump, outcomes, again))
        .then(() => {
          crashPoint('after-outcome');
          for (const { batch } of finished) this.#closeIntent(batch);
          for (const outcome of outcomes) this.#ground.metrics?.outcome(this.#runtime.app.name, outcome);
          for (const { userId } of outcomes) this.#inHand.delete(userId);
          if (outcomes.some((outcome) => !outcome.done)) this.#mayHaveMore = true;
          if (outcomes.some(({ freedName }) => freedName)) this.#begin(() => this.#retryTakenNames(), 'taken names');
        })
        .catch((error: unknown) => this.#fail(error, 'outcome'))
        .finally(() => {
          this.#writing -= 1;
          this.#wake();
        });
    }
  }

  /** Outcomes that may have been written before keep one line in the log each. */
  async #write(pump: Parameters<typeof writeOutcomes>[1], outcomes: Outcome[], again: boolean): Promise<void> {
    const { pool } = this.#ground;
    await writeOutcomes(pool, pump, again ? await withoutToldLines(pool, pump, outcomes) : outcomes);
  }

  async #retryTakenNames(): Promise<void> {
    const marked = await this.#persist(() =>
      markWaitingForNames(this.#ground.pool, this.appId, this.#ground.clock.now()),
    );
    if (marked > 0) this.notify();
  }

  /**
   * Runs a statement that may be repeated: a deadlock with somebody's change undid it, or the database went away for a
   * moment. The lease says how long that can be borne; the epoch in every statement keeps a repeat from being late.
   */
  async #persist<T>(run: (again: boolean) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await withinMs(ANSWER_LIMIT_MS, run(attempt > 1));
      } catch (error) {
        const passes = isRetryable(error) || isCommitOutcomeUnknown(error);
        const isBorne = isSerializationFailure(error)
          ? attempt < 5
          : this.#ground.clock.monotonicMs() < this.#leaseEndsAtMs;
        if (!passes || !isBorne) throw error;
        await sleep(Math.min(50 * attempt, 500));
      }
    }
  }

  // ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #wakeIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#wake(), Math.min(Math.max(1, ms), POLL_MS));
  }

  async #poll(): Promise<void> {
    let aheadMs = this.#wallAheadMs();
    while (!this.#stopping) {
      await sleep(POLL_MS, undefined, { ref: false });
      const nowAheadMs = this.#wallAheadMs();
      if (nowAheadMs < aheadMs - CLOCK_STEP_MS) this.#begin(() => this.#recallAfterStep(), 'recall');
      aheadMs = nowAheadMs;
      this.notify();
    }
  }

  #wallAheadMs(): number {
    const { clock } = this.#ground;
    return clock.now().getTime() - clock.monotonicMs();
  }

  /** The wall clock was set back: what was to wait for seconds by the clock before would wait for as long as the step. */
  async #recallAfterStep(): Promise<void> {
    const { pool, clock, log } = this.#ground;
    const now = clock.now();
    this.#health.forget();
    const recalled = await this.#persist(() => recallLinks(pool, { appId: this.appId, now, after: now }));
    log.warn({ app: this.appId, recalled }, 'The clock was set back: what waits is looked at anew');
  }

  async #keepLease(): Promise<void> {
    while (!this.#stopping) {
      await sleep(RENEW_EVERY_MS, undefined, { ref: false });
      if (this.#stopping) return;
      const askedAtMs = this.#ground.clock.monotonicMs();
      try {
        if (!(await renewLease(this.#ground.pool, this.#lease, LEASE_MS))) throw new LeaseLostError(this.appId);
        this.#leaseEndsAtMs = askedAtMs + LEASE_MS;
      } catch (error) {
        // The database may be away for a moment; the lease itself says how long that can be borne.
        if (error instanceof LeaseLostError || askedAtMs >= this.#leaseEndsAtMs) return this.#fail(error, 'lease');
      }
    }
  }

  // ── the app's changes ──────────────────────────────────────────────────────────────────────────────────────────

  /** Another revision of the app is in force: what was planned under the one before is planned anew. */
  async #reload(): Promise<void> {
    this.#giveBackLanes();
    await this.#untilIdle();
    await this.#giveBackReady();
    const previous = this.#runtime;
    const runtime = await this.#ground.openApp(this.appId);
    await previous.close().catch(() => {});
    if (runtime?.app.state !== 'active') {
      this.#stopping = true;
      await releaseLease(this.#ground.pool, this.#lease).catch(() => {});
      return this.#end();
    }
    this.#use(runtime);
    this.#mayHaveMore = true;
    this.#urgentMayHaveMore = true;
  }

  #giveBackLanes(): void {
    for (const lane of this.#lanes) for (const item of lane.splice(0)) this.#inHand.delete(item.due.userId);
  }

  async #giveBackReady(): Promise<void> {
    const { pool, clock } = this.#ground;
    const unsent = this.#ready.flatMap((ready) => ready.splice(0));
    if (unsent.length > 0) {
      crashPoint('before-giving-back');
      const pump = { appId: this.appId, epoch: this.#lease.epoch, now: clock.now() };
      await writeOutcomes(
        pool,
        pump,
        unsent.map(({ item, request }) => concludeUnsent(item, request)),
      );
    }
    for (const { item, batch } of unsent) {
      this.#closeIntent(batch);
      this.#inHand.delete(item.due.userId);
    }
    await forgetBatches(pool, this.#finishedBatches.splice(0));
  }

  async #untilIdle(): Promise<void> {
    while (this.#inFlight > 0 || this.#preparing || this.#claiming || this.#writing > 0 || this.#finished.length > 0) {
      this.#writeFinished();
      await sleep(5);
    }
  }

  async #drain(): Promise<void> {
    try {
      this.#giveBackLanes();
      await this.#untilIdle();
      await this.#giveBackReady();
    } catch (error) {
      this.#ground.log.warn({ app: this.appId, err: error }, 'Could not record everything before stopping');
    }
  }
}

function toIntent({ item, request }: Omit<Ready, 'batch'>): Intent {
  const { task, loaded } = item;
  const takes = task.kind === 'change' && takesAccess(task.change, loaded);
  return {
    requestId: request.id,
    createdAt: request.createdAt,
    userId: loaded.userId,
    operation: operationOf(item),
    cause: request.cause,
    version: request.version,
    counted: takes && item.releasedHoldId === null,
    releasedHoldId: item.releasedHoldId,
    attempt: item.due.attempts + 1,
    parent: request.parent,
  };
}

function causeOf(due: { urgency: 0 | 1 | 2; attempts: number }): string {
  if (due.urgency === 1) return 'on demand';
  return due.attempts > 0 ? 'retry' : 'directory change';
}

async function withinMs<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`The database has not answered for ${limitMs} ms`)), limitMs);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
