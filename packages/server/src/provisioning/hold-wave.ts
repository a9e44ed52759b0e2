import type { AppRuntime } from '../apps/index.ts';
import type { Queryable } from '../db/pool.ts';
import {
  APPROVAL_GUARD,
  type ApprovalRule,
  type BudgetWindow,
  DEACTIVATION_BUDGET,
  DEFAULT_GUARDS,
  enoughAccounts,
  findApproval,
  type GuardSettings,
  holdOverLimits,
  listBudgets,
  listWindows,
  type OverLimit,
  PROTECTION_GUARD,
} from '../guards/index.ts';
import { type Change, hashChange, REASON_CODES, type Reason } from '../planning/index.ts';
import { concludeHeld, type OpenRequest } from './conclude.ts';
import type { NewHold, Outcome } from './outcome.ts';
import { type Item, takesAccess } from './plan-claimed.ts';
import {
  countUsable,
  listCounted,
  listHealing,
  listHeldLately,
  listLetGo,
  listProtected,
  readUsed,
} from './sql/guard-usage.ts';

/** A wave comes in several claims: what was held so short a time ago is its beginning. */
const WAVE_MS = 30_000;

export interface Held {
  outcomes: Outcome[];
  holds: NewHold[];
  closedHoldIds: number[];
}

/** A change that some guard has to look at. */
interface Guarded {
  item: Item;
  change: Change;
  budgets: readonly string[];
  approval: ApprovalRule | undefined;
  /** Takes what the person has: nobody who is protected loses it by a rule. */
  takes: boolean;
  /** The guards that people let it through. */
  passed: readonly string[];
}

/** Why a change is held. */
interface Stop {
  guard: string;
  cause: string;
  reason: Reason;
  approvers: Pick<ApprovalRule, 'manager' | 'named'> | null;
}

export function guardsOf(runtime: Pick<AppRuntime, 'guards'>): GuardSettings {
  return runtime.guards ?? DEFAULT_GUARDS;
}

/** The guards that people let through a change which continues an earlier attempt. */
const LET_GO = new WeakMap<Item, readonly string[]>();

/** The guards that people let this very change through, now or at an earlier attempt. To be asked after {@link holdWave}. */
export function passedBy(item: Item): readonly string[] {
  return [...item.passed, ...(LET_GO.get(item) ?? [])];
}

/** A person looked at just this change and let it go: no guard but approval asks again. */
export function isReleased(passed: readonly string[]): boolean {
  return passed.some((guard) => guard !== APPROVAL_GUARD);
}

/**
 * Holds what the guards do not let pass of a wave; undefined when all of it may go. Only the app's one pump writes the
 * ledgers, so what is read here is still true when the intents are committed.
 */
export async function holdWave(
  db: Queryable,
  runtime: AppRuntime,
  items: readonly Item[],
  now: Date,
  openRequest: (item: Item) => OpenRequest,
): Promise<Held | undefined> {
  const settings = guardsOf(runtime);
  const looked = items.flatMap((item) => findGuarded(settings, item) ?? []);
  if (looked.length === 0) return undefined;
  const { app } = runtime;
  const guarded = await withLetGo(db, app.id, looked);
  const stops = await stopProtected(db, settings, guarded, now);
  const rest = guarded.filter(({ item, passed }) => !stops.has(item) && !isReleased(passed));
  for (const [item, stop] of await stopOverLimits(db, runtime, rest, now)) stops.set(item, stop);
  for (const { item, change, approval, passed } of guarded) {
    if (approval && !stops.has(item) && !passed.includes(APPROVAL_GUARD))
      stops.set(item, askApproval(change, approval));
  }
  if (stops.size === 0) return undefined;
  return writeHeld(guarded, stops, openRequest);
}

/** An item waits in its lane through several turns, and its guards are the same each time: other guards are another runtime. */
const KNOWN = new WeakMap<Item, Guarded | 'none'>();

function findGuarded(settings: GuardSettings, item: Item): Guarded | undefined {
  let known = KNOWN.get(item);
  if (known === undefined) {
    known = toGuarded(settings, item) ?? 'none';
    KNOWN.set(item, known);
  }
  return known === 'none' ? undefined : known;
}

function toGuarded(settings: GuardSettings, item: Item): Guarded | undefined {
  if (item.task.kind !== 'change') return undefined;
  const { change } = item.task;
  const takes = takesAccess(change, item.loaded) || change.operation === 'delete';
  const budgets = listBudgets(settings, change, takesAccess(change, item.loaded));
  const approval = findApproval(settings, change.operation);
  if (!takes && budgets.length === 0 && !approval) return undefined;
  return { item, change, budgets, approval, takes, passed: item.passed };
}

/** What was let go before and failed continues the same request: nobody is asked twice for one change. */
async function withLetGo(db: Queryable, appId: number, guarded: Guarded[]): Promise<Guarded[]> {
  const again = guarded.filter(({ item }) => item.loaded.openRequest !== null);
  const letGo = await listLetGo(
    db,
    appId,
    again.map(({ item }) => item.due.userId),
  );
  if (letGo.size === 0) return guarded;
  return guarded.map((one) => {
    const { link, openRequest } = one.item.loaded;
    const before = letGo.get(one.item.due.userId)?.filter(({ requestId }) => requestId === openRequest?.id) ?? [];
    const same = before.filter(({ hash }) => hash === hashChange(link.remoteId, one.change));
    if (same.length === 0) return one;
    const passed = same.flatMap(({ guards }) => guards);
    LET_GO.set(one.item, passed);
    return { ...one, passed: [...one.passed, ...passed] };
  });
}

async function stopProtected(
  db: Queryable,
  { protectedUsers }: GuardSettings,
  guarded: readonly Guarded[],
  now: Date,
): Promise<Map<Item, Stop>> {
  const stops = new Map<Item, Stop>();
  const { userIds, profileIds, permissionSetIds } = protectedUsers;
  const takers = guarded.filter(({ takes, passed }) => takes && !isReleased(passed));
  if (takers.length === 0 || userIds.length + profileIds.length + permissionSetIds.length === 0) return stops;
  const asked = takers.map(({ item }) => item.due.userId);
  const found = await listProtected(db, asked, protectedUsers, now);
  for (const { item, change } of takers) {
    if (!found.has(item.due.userId)) continue;
    const nextStep = 'Release the hold if the person shall lose access, or correct what says so';
    stops.set(item, {
      guard: PROTECTION_GUARD,
      cause: `${PROTECTION_GUARD}: ${change.cause ?? change.operation}`,
      reason: { code: 'protected_user', message: REASON_CODES.protected_user, nextStep },
      approvers: null,
    });
  }
  return stops;
}

async function stopOverLimits(
  db: Queryable,
  runtime: AppRuntime,
  guarded: readonly Guarded[],
  now: Date,
): Promise<Map<Item, Stop>> {
  const { app } = runtime;
  const counted = await withoutHealed(db, app.id, guarded);
  const limited = listWindows(
    guardsOf(runtime),
    app.deactivationLimit,
    counted.flatMap(({ budgets }) => budgets),
  );
  if (limited.length === 0) return new Map();
  const windows = limited.map((window) => ({ ...window, since: new Date(now.getTime() - window.windowMs) }));
  const again = counted.filter(({ item }) => item.loaded.openRequest !== null).map(({ item }) => item.due.userId);
  // Side by side: who leaves waits for the answers.
  const [used, lately, before] = await Promise.all([
    readUsed(db, app.id, windows),
    listHeldLately(db, app.id, new Date(now.getTime() - WAVE_MS)),
    listCounted(db, app.id, windows, again),
  ]);
  const heldOf = (guard: string, budget: string) =>
    lately.reduce((sum, row) => sum + (row.guard === guard && isOf(row.cause, budget) ? row.held : 0), 0);
  const most = counted.length + Math.max(...used) + lately.reduce((sum, { held }) => sum + held, 0);
  const usable = await countUsable(db, app.id, enoughAccounts(windows, most));
  const judged: BudgetWindow[] = windows.map(({ budget, guard, during, limitFor }, place) => ({
    ...{ budget, guard, during, used: used[place] ?? 0, heldLately: heldOf(guard, budget) },
    limit: limitFor(usable + (budget === DEACTIVATION_BUDGET ? (used[place] ?? 0) : 0)),
  }));
  // An attempt that failed, or whose pump ended, was let through before: it is finished, and counts but once.
  const changes = counted.map(({ item, budgets }) => {
    const passed = windows.flatMap(({ guard }, place) => (before[place]?.has(item.due.userId) ? [guard] : []));
    return { item, budgets, passed: item.loaded.openRequest === null ? [] : passed };
  });
  const stops = new Map<Item, Stop>();
  for (const [item, over] of holdOverLimits(changes, judged)) stops.set(item, tellOverLimit(item, over));
  return stops;
}

/** A rollback takes back what a version wrote, by a person's command: its values are not counted; lost access is. */
async function withoutHealed(db: Queryable, appId: number, guarded: readonly Guarded[]): Promise<readonly Guarded[]> {
  const others = guarded.filter(({ budgets }) => budgets.some((budget) => budget !== DEACTIVATION_BUDGET));
  if (others.length === 0) return guarded;
  const healing = await listHealing(
    db,
    appId,
    others.map(({ item }) => item.due.userId),
  );
  if (healing.size === 0) return guarded;
  return guarded.map((one) => {
    if (!healing.has(one.item.due.userId) || one.change.operation !== 'update') return one;
    return { ...one, budgets: one.budgets.filter((budget) => budget === DEACTIVATION_BUDGET) };
  });
}

/** Holds of what takes access away tell its cause besides; those of a rule have its budget as theirs. */
function isOf(cause: string, budget: string): boolean {
  return budget === DEACTIVATION_BUDGET || cause === budget;
}

function tellOverLimit({ task }: Item, { guard, budget, wanted, used, limit, during }: OverLimit): Stop {
  const takesAway = budget === DEACTIVATION_BUDGET;
  const more = takesAway ? `${wanted} more deactivations` : `${wanted} more changes of the kind "${budget}"`;
  const code = takesAway ? 'over_deactivation_limit' : 'over_limit';
  const nextStep = takesAway
    ? 'Look at who would lose access: release the holds, or correct the directory or the configuration'
    : 'Look at what would be changed: release the holds, or correct the directory or the mapping';
  const why = task.kind === 'change' ? (task.change.cause ?? 'by the mapping') : 'by the mapping';
  return {
    guard,
    cause: takesAway ? `${guard}: ${why}` : budget,
    reason: {
      code,
      message: REASON_CODES[code],
      detail: `${more} would make ${used + wanted} ${during}, and this app allows ${limit}`,
      nextStep,
    },
    approvers: null,
  };
}

function askApproval({ operation }: Change, { manager, named }: ApprovalRule): Stop {
  const who = [...(manager ? ['the user’s manager'] : []), ...named].join(' or ');
  const detail = `Before ${operation} is sent, ${who} must agree`;
  return {
    guard: APPROVAL_GUARD,
    cause: `${APPROVAL_GUARD}: ${operation}`,
    reason: {
      code: 'needs_approval',
      message: REASON_CODES.needs_approval,
      detail,
      nextStep: `Let ${who} release the hold, or reject it`,
    },
    approvers: { manager, named },
  };
}

function writeHeld(
  guarded: readonly Guarded[],
  stops: ReadonlyMap<Item, Stop>,
  openRequest: (item: Item) => OpenRequest,
): Held {
  const held: Held = { outcomes: [], holds: [], closedHoldIds: [] };
  for (const { item, change, passed } of guarded) {
    const stop = stops.get(item);
    if (!stop) continue;
    const { guard, cause, reason, approvers } = stop;
    const request = openRequest(item);
    held.outcomes.push(concludeHeld(item, request, reason, null));
    held.holds.push({
      userId: item.due.userId,
      guard,
      cause,
      approvers,
      passed: [...new Set(passed)],
      operation: change.operation,
      hash: hashChange(item.loaded.link.remoteId, change),
      reason: reason.detail ?? reason.message,
      changes: change.changes,
      requestId: request.id,
      requestCreatedAt: request.createdAt,
    });
  }
  return held;
}
