import type { AppRuntime } from '../apps/index.ts';
import { chooseServing, loadingNeeds } from './choose-serving.ts';
import { concludePlan } from './conclude.ts';
import { causeOf } from './open-request.ts';
import type { Outcome } from './outcome.ts';
import { type PlanningContext, planClaimed } from './plan-claimed.ts';
import { planningContextOf } from './planning-context.ts';
import { type PumpFrame, persist, signatureOf } from './pump-frame.ts';
import type { DueLink } from './sql/claim-links.ts';
import { type LoadedLink, loadLinks } from './sql/load-links.ts';
import { reachNewcomers } from './sql/reach-newcomers.ts';
import { settleLinks, writeHolds } from './sql/write-outcomes.ts';
import { writeOnce } from './write-once.ts';

/**
 * The second stage: plans claimed links, each under the version that serves it. What is to be sent goes into its lane;
 * what needs no call is settled by the write that this gives, which the next claim need not wait for. The batches
 * themselves are planned one after the other: the tail of a wave of deactivations must not come to the guard before it.
 */
export async function planBatch(
  frame: PumpFrame,
  dueById: Map<string, DueLink>,
  now: Date,
): Promise<() => Promise<void>> {
  const { ground, runtime, hand } = frame;
  const wanted = { appId: runtime.app.id, userIds: [...dueById.keys()], now, ...loadingNeeds(runtime) };
  const { rollout } = runtime;
  if (rollout?.isRunning) await persist(frame, () => reachNewcomers(ground.pool, { rolloutId: rollout.id, ...wanted }));
  const loaded = await persist(frame, () => loadLinks(ground.pool, wanted));
  const planned = new Planned(now, () => ground.clock.uuid());
  const contexts = new Map<AppRuntime, PlanningContext>();
  for (const link of loaded) {
    const due = dueById.get(link.userId);
    if (!due) continue;
    const { runtime: served, waits } = chooseServing(runtime, link);
    const context = contexts.get(served) ?? planningContextOf(runtime, served, now);
    contexts.set(served, context);
    const claimed = planClaimed(waits ? { ...context, waits } : context, due, link);
    if (claimed.kind === 'work') hand.queue({ ...claimed.item, served });
    else if (claimed.kind === 'settle') planned.settle(due, claimed.wakeAt);
    else planned.conclude(claimed.plan, due, link, served.version);
  }
  frame.wake();
  return async () => {
    await writePlanned(frame, planned, now);
    if (rollout) frame.countFailures(planned.countParked(rollout.reached.version));
    hand.settle(planned.listUsers());
  };
}

/** The part of a batch that needs no call. */
class Planned {
  readonly settled: { userId: string; claimedRev: number; wakeAt: Date | null }[] = [];
  readonly concluded: Outcome[] = [];
  /** Outcomes that take its cause from a hold. */
  readonly released: { outcomes: Outcome[]; closedHoldIds: number[] } = { outcomes: [], closedHoldIds: [] };
  readonly #now: Date;
  readonly #newId: () => string;

  constructor(now: Date, newId: () => string) {
    this.#now = now;
    this.#newId = newId;
  }

  settle(due: DueLink, wakeAt: Date | null): void {
    this.settled.push({ userId: due.userId, claimedRev: due.wantedRev, wakeAt });
  }

  conclude(plan: Parameters<typeof concludePlan>[0], due: DueLink, link: LoadedLink, version: number): void {
    const request = { id: this.#newId(), createdAt: this.#now, cause: causeOf(due), version, parent: null };
    const outcome = concludePlan(plan, due, link, request);
    if (!link.hold) return void this.concluded.push(outcome);
    this.released.outcomes.push(outcome);
    this.released.closedHoldIds.push(link.hold.id);
  }

  countParked(version: number): number {
    const outcomes = [...this.concluded, ...this.released.outcomes];
    return outcomes.filter(({ kind, request }) => kind === 'parked' && request?.version === version).length;
  }

  listUsers(): string[] {
    return [...this.settled, ...this.concluded, ...this.released.outcomes].map(({ userId }) => userId);
  }
}

async function writePlanned(frame: PumpFrame, planned: Planned, now: Date): Promise<void> {
  const { pool } = frame.ground;
  const pump = { ...signatureOf(frame), now };
  await persist(frame, () => settleLinks(pool, pump, planned.settled));
  await writeOnce(frame, pump, planned.concluded);
  const { outcomes, closedHoldIds } = planned.released;
  if (outcomes.length === 0) return;
  await writeOnce(frame, pump, outcomes, (told) =>
    writeHolds(pool, pump, told, { closedHoldIds, holds: [], note: 'The cause of the hold has vanished' }),
  );
}
