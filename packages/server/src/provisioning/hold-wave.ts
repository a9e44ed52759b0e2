import type { ConnectedApp } from '../apps/index.ts';
import type { Queryable } from '../db/pool.ts';
import { checkDeactivationThreshold } from '../guards/index.ts';
import { hashChange, REASON_CODES, type Reason } from '../planning/index.ts';
import { concludeHeld, type OpenRequest } from './conclude.ts';
import type { NewHold, Outcome } from './outcome.ts';
import type { Item } from './plan-claimed.ts';
import { listCounted, readDeactivationWindow } from './sql/write-intents.ts';

const WINDOW_MS = 3_600_000;
/** A wave comes in several claims: what was held so short a time ago is its beginning. */
const WAVE_MS = 30_000;

export interface Held {
  outcomes: Outcome[];
  holds: NewHold[];
  closedHoldIds: number[];
}

/**
 * Holds a wave of deactivations that does not fit under the app's threshold; undefined when it fits. Only the app's
 * one pump writes the ledger, so what is read here is still true when the intents are committed.
 */
export async function holdWave(
  db: Queryable,
  app: ConnectedApp,
  deactivations: Item[],
  now: Date,
  openRequest: (item: Item) => OpenRequest,
): Promise<Held | undefined> {
  const { count, percent } = app.deactivationLimit;
  const since = new Date(now.getTime() - WINDOW_MS);
  const wave = await withoutLetThrough(db, app.id, since, deactivations);
  if (wave.length === 0) return undefined;
  const heldSince = new Date(now.getTime() - WAVE_MS);
  const first = await readDeactivationWindow(db, { appId: app.id, since, enough: 4, heldSince });
  const wanted = wave.length + first.held;
  const total = first.used + wanted;
  // No more accounts are counted than could make this wave fit.
  const enough = Math.ceil(Math.max(2 * total, percent > 0 ? (100 * total) / percent : 0)) + 4;
  const window = await readDeactivationWindow(db, { appId: app.id, since, enough, heldSince });
  const population = window.usable + window.used;
  const verdict = checkDeactivationThreshold({ count, percent }, { population, used: window.used }, wanted);
  if (verdict.ok) return undefined;
  const message =
    `${verdict.wanted} more deactivations would make ${verdict.used + verdict.wanted} within an hour, ` +
    `and this app allows ${verdict.limit}`;
  const reason: Reason = {
    code: 'over_deactivation_limit',
    message: REASON_CODES.over_deactivation_limit,
    detail: message,
    nextStep: 'Look at who would lose access: release the holds, or correct the directory or the configuration',
  };
  const held: Held = { outcomes: [], holds: [], closedHoldIds: [] };
  for (const item of wave) {
    if (item.task.kind !== 'change') continue;
    const request = openRequest(item);
    held.outcomes.push(concludeHeld(item, request, reason, null));
    if (item.staleHoldId !== null) held.closedHoldIds.push(item.staleHoldId);
    held.holds.push({
      userId: item.due.userId,
      guard: 'deactivation threshold',
      operation: item.task.change.operation,
      hash: hashChange(item.loaded.link.remoteId, item.task.change),
      reason: message,
      changes: item.task.change.changes,
      requestId: request.id,
      requestCreatedAt: request.createdAt,
    });
  }
  return held;
}

/** An attempt that failed, or whose pump ended, was let through before: it is finished, and counts but once. */
async function withoutLetThrough(db: Queryable, appId: number, since: Date, items: Item[]): Promise<Item[]> {
  const again = items.filter((item) => item.loaded.openRequest !== null).map((item) => item.due.userId);
  if (again.length === 0) return items;
  const counted = await listCounted(db, { appId, since, userIds: again });
  return items.filter((item) => item.loaded.openRequest === null || !counted.has(item.due.userId));
}
