import { ConnectorError, type HttpTransport } from '@usher/connector-sdk';
import type { AppRuntime } from '../apps/index.ts';
import type { Clock } from '../clock.ts';
import { ConnectorFaultError } from '../connector-host/index.ts';
import type { AccountOwner } from '../correlation/index.ts';
import { crashPoint } from '../crash-point.ts';
import type { Pool } from '../db/pool.ts';
import { isRetryable } from '../db/sqlstate.ts';
import { UNLINKED_GUARD } from '../guards/index.ts';
import type { Log } from '../log.ts';
import { type Change, hashChange, REASON_CODES } from '../planning/index.ts';
import type { Exchange, Pacer } from '../transport/index.ts';
import { listBlankPaths } from './blank-paths.ts';
import { concludeFailure, concludeHeld, concludeOvertaken, concludePerformed, type OpenRequest } from './conclude.ts';
import { type AppStop, decideFailure, type FailureDecision } from './decide-outcome.ts';
import type { Held } from './hold-wave.ts';
import type { Outcome } from './outcome.ts';
import { performWork } from './perform-operation.ts';
import type { Item } from './plan-claimed.ts';
import { findLastUncertain, findObserved, findOwners, isRevisionCurrent } from './sql/link-lookups.ts';
import { findNameHolder } from './sql/relink.ts';
import { verifyAccount } from './verify-account.ts';
import type { Performed, Target, Work } from './work.ts';

export interface WorkGround {
  pool: Pool;
  clock: Clock;
  log: Log;
  runtime: AppRuntime;
  pacer: Pacer;
  signal: AbortSignal;
  /** Long enough for a call to begin. */
  isLeaseLive(): boolean;
  /** At this moment. */
  isLeaseOurs(): boolean;
  /** See {@link LinksInHand.reserve}. */
  reserve(remoteId: string, user: AccountOwner): AccountOwner | undefined;
}

export type WorkResult =
  | {
      kind: 'done';
      outcome: Outcome;
      held?: Held;
      /** The target answered this way, for the app's health; undefined when it worked. */
      failure?: { error: ConnectorError; stop: AppStop | undefined };
      /** The target asked to slow down. */
      pushback: boolean;
    }
  /** The lease ran out before anything was sent: the intent is left for the next pump. */
  | { kind: 'not sent' };

/** The lease may end before the call does: nothing is sent any more. */
class LeaseExpiredError extends Error {}

/** After these a connector that throws what it must not is somebody's bug, and trying on would hide it. */
const BROKEN_ATTEMPTS = 3;

/** Does one item's work at the target and says what came of it. Never throws for anything the target does. */
export async function runWork(ground: WorkGround, item: Item, request: OpenRequest): Promise<WorkResult> {
  const exchanges: Exchange[] = [];
  const { runtime } = ground;
  const { userId } = item.due;
  const gate: Gate = { closed: undefined, wrote: false };
  const http = guardedTransport(ground, item, exchanges, gate);
  const target: Target = {
    connection: runtime.connect(http, ground.signal),
    correlation: runtime.document.correlation,
    triggers: runtime.app.triggers,
    ownersOf: (remoteIds) => lookUp(ground, () => findOwners(ground.pool, runtime.app.id, userId, remoteIds)),
    reserve: (remoteId) => ground.reserve(remoteId, asOwner(item)),
    lastObserved: () => lookUp(ground, () => findObserved(ground.pool, runtime.app.id, userId)),
    unseenUntil: () => lookUp(ground, () => findUnseenUntil(ground, userId)),
  };
  const { task } = item;
  const work: Omit<Work, 'task'> = {
    userId,
    blankPaths: () => listBlankPaths(runtime, item.loaded),
    link: item.loaded.link,
    readFirst: item.due.readFirst,
    unverified: item.loaded.link.unverified,
    confirmed: item.due.urgency === 1,
    now: ground.clock.now(),
  };
  try {
    const performed =
      task.kind === 'verify' ? await verifyAccount(target, work, task) : await performWork(target, { ...work, task });
    if (performed.kind === 'unlinked account')
      return await settleUnlinked(ground, target, item, request, performed, exchanges);
    // A connector that goes on although a request of it was refused has not done what it says.
    if (gate.closed) return closedResult(gate, item, request, exchanges);
    const outcome = concludePerformed(performed, item, request, kept(exchanges));
    return { kind: 'done', outcome, pushback: false };
  } catch (error) {
    if (error instanceof LeaseExpiredError) return { kind: 'not sent' };
    if (ground.signal.aborted) return { kind: 'not sent' };
    if (gate.closed) return closedResult(gate, item, request, exchanges);
    return concludeError(ground, item, request, await explainCollision(ground, item, error), exchanges);
  }
}

/**
 * A unique value that another of our own accounts holds is a collision between two users, often two renames: both are
 * named, and the order in which it solves itself.
 */
async function explainCollision(ground: WorkGround, item: Item, error: unknown): Promise<unknown> {
  if (!(error instanceof ConnectorError) || error.kind !== 'already_exists' || item.task.kind !== 'change')
    return error;
  const { desired } = item.task.change;
  const wanted = desired['userName'];
  if (typeof wanted !== 'string') return error;
  const holder = await findNameHolder(ground.pool, ground.runtime.app.id, wanted, item.due.userId);
  if (!holder) return error;
  const self = item.loaded.record.username;
  const message =
    holder.username.toLowerCase() === wanted.toLowerCase()
      ? `${wanted} is the name of ${holder.username}'s account`
      : `${wanted} is still the name of ${holder.username}'s account, which is to be renamed: ${holder.username} goes first, then ${self}`;
  const { status, detail } = error;
  return new ConnectorError('already_exists', message, { status, detail, attribute: 'userName', cause: error });
}

function asOwner({ loaded: { userId, record, entitlement } }: Item): AccountOwner {
  return { userId, username: record.username, departed: !entitlement.isActive || entitlement.isDeleted };
}

/** The database may be away for a moment, which is no failure of this work; the lease says how long that is borne. */
async function lookUp<T>(ground: WorkGround, read: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      if (!ground.isLeaseLive()) throw new LeaseExpiredError('The lease is about to end', { cause: error });
      await ground.clock.sleep(100, ground.signal);
    }
  }
}

/** Why a request of the connector was refused, if one was. */
interface Gate {
  closed: 'lease' | 'overtaken' | undefined;
  /** A write was let through before. */
  wrote: boolean;
}

/** The connector's way out: the pace, then the last checks, with nothing awaited between them and the sending but one look-up. */
function guardedTransport(ground: WorkGround, item: Item, exchanges: Exchange[], gate: Gate): HttpTransport {
  const { runtime, pacer, signal, pool } = ground;
  const { userId, wantedRev } = item.due;
  const options = {
    signal,
    sink: (exchange: Exchange) => exchanges.push(exchange),
    // A process may be stopped, or a connection waited for, between the checks and the first byte.
    mayBegin: () => {
      const isOurs = ground.isLeaseOurs();
      if (!isOurs) gate.closed = 'lease';
      return isOurs;
    },
  };
  const isCurrent = () => isRevisionCurrent(pool, runtime.app.id, userId, wantedRev);
  const refuse = (reason: Gate['closed']) => {
    gate.closed = reason;
    return new ConnectorError('transient', 'The request was not sent: its time has passed');
  };
  return {
    async request(request) {
      const turn = pacer.take(item.lane === 0);
      if (turn) await turn;
      // Who returned while this waited must not lose what they have.
      const writes = request.effect === 'write';
      if (writes && takesAway(item) && !(await lookUp(ground, isCurrent))) throw refuse('overtaken');
      if (!ground.isLeaseLive()) throw refuse('lease');
      gate.wrote ||= writes;
      crashPoint('before-send');
      return runtime.transport.request(request, options);
    },
  };
}

/** Deactivations and deletions; also that of a leaver's unlinked account, once a person has released it. */
function takesAway({ task, loaded }: Item): boolean {
  if (task.kind === 'change') return task.change.operation === 'deactivate' || task.change.operation === 'delete';
  return task.kind === 'correlate' && loaded.hold?.state === 'released';
}

function closedResult({ closed, wrote }: Gate, item: Item, request: OpenRequest, exchanges: Exchange[]): WorkResult {
  if (closed === 'lease') return { kind: 'not sent' };
  return { kind: 'done', outcome: concludeOvertaken(item, request, kept(exchanges), wrote), pushback: false };
}

/** Until when the target need not show what was created, or may have been, for this user. */
async function findUnseenUntil({ pool, clock, runtime }: WorkGround, userId: string): Promise<Date | null> {
  const { visibilityDelayMs } = runtime.document.correlation;
  if (visibilityDelayMs === 0) return null;
  const nowMs = clock.now().getTime();
  const since = new Date(nowMs - visibilityDelayMs);
  const last = await findLastUncertain(pool, runtime.app.id, userId, since);
  // One that a wrong clock wrote into the future hides nothing for longer than the delay.
  return last && new Date(Math.min(last.getTime(), nowMs) + visibilityDelayMs);
}

function concludeError(
  ground: WorkGround,
  item: Item,
  request: OpenRequest,
  error: unknown,
  exchanges: Exchange[],
): WorkResult {
  const attempt = item.due.attempts + 1;
  if (!(error instanceof ConnectorError) || isOneBrokenOperation(error)) {
    ground.log.error({ app: ground.runtime.app.name, user: item.due.userId, err: error }, 'A connector failed');
    const broken = new ConnectorError('transient', REASON_CODES.connector_failed, { detail: String(error) });
    const decision = attempt < BROKEN_ATTEMPTS ? decide(ground, broken, attempt) : parkBroken(broken);
    const outcome = concludeFailure(decision, item, request, kept(exchanges));
    return { kind: 'done', outcome, pushback: false };
  }
  // What brings the process of a connector down whenever it is tried alone must not do so for ever.
  const breaksProcess = error instanceof ConnectorFaultError && error.isSole && attempt >= BROKEN_ATTEMPTS;
  const decision = breaksProcess ? parkBroken(error) : decide(ground, error, attempt);
  if (decision.kind === 'retry' && error.kind === 'ambiguous') {
    // The target's own search may not show the account sooner.
    const visibleAt = ground.clock.now().getTime() + ground.runtime.document.correlation.visibilityDelayMs;
    decision.retryAt = new Date(Math.max(decision.retryAt.getTime(), visibleAt));
  }
  const outcome = concludeFailure(decision, item, request, kept(exchanges));
  const stop = decision.kind === 'app stopped' ? decision.stop : undefined;
  const pushback = error.kind === 'rate_limited' || error.status === 503;
  return { kind: 'done', outcome, failure: { error, stop }, pushback };
}

/** The connector's own code failed for this item alone, before anything was written. */
function isOneBrokenOperation(error: ConnectorError): boolean {
  return error instanceof ConnectorFaultError && !error.stopsApp && error.kind === 'transient';
}

function decide(ground: WorkGround, error: ConnectorError, attempt: number): FailureDecision {
  return decideFailure(error, attempt, ground.clock.now(), jitterOf(ground.clock.uuid()));
}

/** Spreads retries; from the clock's own randomness, so that a simulated run repeats. */
function jitterOf(uuid: string): number {
  return Number.parseInt(uuid.slice(-6), 16) / 0x1000000;
}

function parkBroken(error: ConnectorError): FailureDecision {
  return {
    kind: 'parked',
    reason: {
      code: 'connector_failed',
      message: REASON_CODES.connector_failed,
      detail: error instanceof ConnectorFaultError ? error.message : error.detail,
      nextStep:
        'Report this with the log of the request; it is tried again by itself once the connector has other code',
    },
  };
}

/**
 * A leaver's account that was never linked: held for a person, or, when a person has released just this, linked and
 * deactivated.
 */
async function settleUnlinked(
  ground: WorkGround,
  target: Target,
  item: Item,
  request: OpenRequest,
  found: Extract<Performed, { kind: 'unlinked account' }>,
  exchanges: Exchange[],
): Promise<WorkResult> {
  if (item.task.kind !== 'correlate') throw new Error('Only a search finds unlinked accounts');
  const { remoteId } = found.account;
  // Our own create, under way when the user left: linked, and planned anew like any leaver's.
  if (item.due.readFirst && item.task.desired[found.matchedBy] === item.due.userId) {
    const after = { remoteId, accountState: 'active' as const, applied: { active: true }, account: found.account };
    const message = `Found the account that was sent before, by ${found.matchedBy}`;
    const verified = { kind: 'verified', after, message } as const;
    const outcome = concludePerformed(verified, item, request, kept(exchanges));
    return { kind: 'done', outcome, pushback: false };
  }
  const change: Change = {
    operation: 'deactivate',
    changes: [{ path: 'active', before: true, after: false }],
    desired: { active: false },
    initialPaths: [],
    cause: item.task.cause,
    deleteAt: null,
  };
  const hash = hashChange(remoteId, change);
  const { hold } = item.loaded;
  if (hold?.state === 'released' && hold.hash === hash) {
    const released = { kind: 'change', change } as const;
    const linked: Item = { ...item, task: released, releasedHoldId: hold.id };
    const link = { ...item.loaded.link, remoteId, accountState: 'active' as const };
    const { userId } = item.due;
    const now = ground.clock.now();
    const performed = await performWork(target, {
      userId,
      link,
      task: released,
      readFirst: false,
      now,
    });
    if (performed.kind === 'unlinked account') throw new Error('A deactivation does not search');
    const outcome = concludePerformed(performed, linked, request, kept(exchanges));
    return {
      kind: 'done',
      outcome,
      held: { outcomes: [outcome], holds: [], closedHoldIds: [hold.id] },
      pushback: false,
    };
  }
  const message = `${REASON_CODES.unlinked_account_active}: ${remoteId}, found by ${found.matchedBy}`;
  const reason = {
    code: 'unlinked_account_active' as const,
    message,
    nextStep: 'Release the hold to deactivate the account, or reject it to leave it',
  };
  const outcome = concludeHeld({ ...item, task: { kind: 'change', change } }, request, reason, kept(exchanges));
  const held: Held = {
    outcomes: [outcome],
    closedHoldIds: hold ? [hold.id] : [],
    holds: [
      {
        userId: item.due.userId,
        guard: UNLINKED_GUARD,
        cause: `${UNLINKED_GUARD}: ${item.task.cause}`,
        approvers: null,
        passed: [],
        operation: 'deactivate',
        hash,
        reason: message,
        changes: change.changes,
        requestId: request.id,
        requestCreatedAt: request.createdAt,
      },
    ],
  };
  return { kind: 'done', outcome, held, pushback: false };
}

function kept(exchanges: Exchange[]): readonly Exchange[] | null {
  return exchanges.length === 0 ? null : exchanges;
}
