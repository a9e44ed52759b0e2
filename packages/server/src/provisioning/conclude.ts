import type { AccountOwner } from '../correlation/index.ts';
import { departureCause, type Operation, type Plan, REASON_CODES, type Reason } from '../planning/index.ts';
import type { Exchange } from '../transport/index.ts';
import type { FailureDecision } from './decide-outcome.ts';
import type { LinkAfter, Outcome, OutcomeKind, RequestAfter } from './outcome.ts';
import type { Item, PlannedItem } from './plan-claimed.ts';
import type { DueLink } from './sql/claim-links.ts';
import type { LoadedLink } from './sql/load-links.ts';
import type { AccountAfter, Performed } from './work.ts';

/** The request row of one piece of work, as its intent made it. */
export interface OpenRequest {
  id: string;
  createdAt: Date;
  cause: string;
  version: number;
  /** The failed request that this one takes up. */
  parent: { id: string; createdAt: Date } | null;
}

/** The link as it was loaded: what an outcome does not change, it keeps. */
function unchanged(loaded: LoadedLink): LinkAfter {
  const { link } = loaded;
  return {
    remoteId: link.remoteId,
    accountState: link.accountState,
    version: link.version,
    applied: undefined,
    observed: undefined,
    observedVersion: link.observedVersion,
    remoteUsername: link.remoteUsername,
    standing: 'settled',
    reason: null,
    openRequest: null,
    deleteAt: link.deleteAt,
    recreatedAt: link.recreatedAt,
    linkedAt: link.linkedAt,
    unverified: link.unverified,
  };
}

/** A plan that needs no call: settled, waiting on purpose, parked before sending, or forgotten here. */
export function concludePlan(
  plan: Exclude<Plan, { kind: 'change' | 'correlate' }>,
  due: DueLink,
  loaded: LoadedLink,
  request: OpenRequest,
): Outcome {
  // Nothing was read: what was sent before is as unknown as it was.
  const base = { userId: due.userId, claimedRev: due.wantedRev, done: true, attempts: 0, readFirst: due.readFirst };
  const open = loaded.openRequest ? { ...request, ...loaded.openRequest } : null;
  switch (plan.kind) {
    case 'settled':
    case 'waiting': {
      const reason = plan.kind === 'waiting' ? plan.reason : null;
      const standing = plan.kind;
      const deleteAt = plan.kind === 'waiting' ? plan.deleteAt : null;
      const message = reason ? reason.message : 'No longer needed: the account is as desired';
      return {
        ...base,
        kind: plan.kind === 'waiting' ? 'waiting' : 'already as desired',
        nextDueAt: plan.wakeAt,
        link: { ...unchanged(loaded), standing, reason, deleteAt },
        request: open && completed(open, operationDone(loaded), null),
        log: open && { attempt: 0, message, exchanges: null },
      };
    }
    case 'parked':
      return {
        ...base,
        kind: 'parked',
        nextDueAt: plan.wakeAt,
        link: { ...unchanged(loaded), standing: 'parked', reason: plan.reason, openRequest: open ?? request },
        request: { ...completed(open ?? request, operationFor(loaded), null), state: 'Failed' },
        log: { attempt: 0, message: plan.reason.message, exchanges: null },
      };
    case 'unlink':
      return {
        ...base,
        readFirst: false,
        kind: 'applied',
        nextDueAt: plan.wakeAt,
        link: {
          ...unchanged(loaded),
          remoteId: null,
          accountState: 'absent',
          applied: null,
          observed: null,
          linkedAt: null,
        },
        request: completed(open ?? request, 'link', null),
        log: { attempt: 0, message: `Unlinked the account, which stays at the target: ${plan.cause}`, exchanges: null },
      };
  }
}

function operationFor(loaded: LoadedLink): Operation {
  const { accountState } = loaded.link;
  if (accountState === 'active') return 'update';
  return accountState === 'deactivated' ? 'reactivate' : 'create';
}

/** What an open request turned out to have been for, now that nothing is left to do. */
function operationDone({ link, entitlement }: LoadedLink): Operation {
  if (!departureCause(entitlement)) return 'update';
  return link.accountState === 'deleted' ? 'delete' : 'deactivate';
}

function completed(request: OpenRequest, operation: Operation, changes: RequestAfter['changes']): RequestAfter {
  const { id, createdAt, cause, version, parent } = request;
  return {
    id,
    createdAt,
    cause,
    version,
    operation,
    state: 'Completed',
    changes,
    retryAt: null,
    parentId: parent?.id ?? null,
  };
}

export function operationOf({ task }: PlannedItem): Operation {
  if (task.kind === 'change') return task.change.operation;
  return task.kind === 'verify' ? task.operation : 'link';
}

/** The end of a call: what the work itself could settle. */
export function concludePerformed(
  performed: Exclude<Performed, { kind: 'unlinked account' }>,
  item: Item,
  request: OpenRequest,
  exchanges: readonly Exchange[] | null,
): Outcome {
  const { due, loaded } = item;
  const attempt = due.attempts + 1;
  const base = { userId: due.userId, claimedRev: due.wantedRev, done: true, attempts: 0, readFirst: false };
  const operation = operationOf(item);
  const changes = item.task.kind === 'change' ? item.task.change.changes : null;
  switch (performed.kind) {
    case 'applied':
    case 'already as desired': {
      const link = linkAfter(item, request.version, performed.after);
      const before = loaded.link.remoteUsername;
      return {
        ...base,
        kind: performed.kind,
        nextDueAt: item.planAgain ? due.dueAt : item.wakeAt,
        ...linkedTo(link, loaded),
        freedName: before !== null && before !== link.remoteUsername,
        request: completed(request, performed.operation, performed.changes),
        log: { attempt, message: performed.message, exchanges },
      };
    }
    case 'no account': {
      const reason = departureReason(item);
      return {
        ...base,
        kind: 'already as desired',
        nextDueAt: item.wakeAt,
        // Who returns is created, and a create in doubt is not repeated where that could make two accounts.
        readFirst: due.readFirst && !item.served.document.correlation.targetEnforcesUniqueness,
        link: { ...unchanged(loaded), standing: 'waiting', reason, unverified: false },
        request: completed(request, operation, null),
        log: { attempt, message: performed.message, exchanges },
      };
    }
    case 'parked': {
      const link = performed.after ? linkAfter(item, request.version, performed.after) : unchanged(loaded);
      const { id, createdAt } = request;
      return {
        ...base,
        // Whatever a person decides, it is done after another look.
        readFirst: due.readFirst,
        kind: 'parked',
        nextDueAt: item.wakeAt,
        link: { ...link, standing: 'parked', reason: performed.reason, openRequest: { id, createdAt } },
        request: { ...completed(request, operation, changes), state: 'Failed' },
        log: { attempt, message: performed.reason.message, exchanges },
      };
    }
    case 'verified': {
      const { id, createdAt } = request;
      const link = linkAfter(item, loaded.link.version ?? request.version, performed.after);
      const deleteAt = performed.after.accountState === 'deactivated' ? loaded.link.deleteAt : null;
      return {
        ...base,
        kind: 'waiting',
        done: false,
        readFirst: performed.readFirst ?? false,
        // Looking is no success: what fails each time after it waits longer each time.
        attempts: due.attempts,
        nextDueAt: due.dueAt,
        ...linkedTo({ ...link, deleteAt, standing: 'retrying', openRequest: { id, createdAt } }, loaded),
        request: { ...completed(request, operation, null), state: 'Requested' },
        log: { attempt, message: performed.message, exchanges },
      };
    }
    case 'not shown yet': {
      const { id, createdAt } = request;
      return {
        ...base,
        kind: 'retry',
        done: false,
        readFirst: due.readFirst,
        attempts: due.attempts,
        nextDueAt: performed.until,
        link: { ...unchanged(loaded), standing: 'retrying', openRequest: { id, createdAt } },
        request: { ...completed(request, operation, changes), state: 'Requested', retryAt: performed.until },
        log: { attempt, message: performed.message, exchanges },
      };
    }
  }
}

/** The user changed before what takes access away was sent: the link is planned anew. `sent`: a part of it had gone. */
export function concludeOvertaken(
  item: Item,
  request: OpenRequest,
  exchanges: readonly Exchange[] | null,
  sent: boolean,
): Outcome {
  const { due, loaded } = item;
  return {
    userId: due.userId,
    claimedRev: due.wantedRev,
    kind: 'already as desired',
    done: false,
    nextDueAt: due.dueAt,
    attempts: 0,
    readFirst: due.readFirst || sent,
    link: { ...unchanged(loaded), standing: 'settled' },
    request: completed(request, operationOf(item), null),
    log: {
      attempt: due.attempts + 1,
      message: 'The user changed again before this was sent: it is planned anew',
      exchanges,
    },
  };
}

/** The end of a call that failed, as `decideFailure` judged it. */
export function concludeFailure(
  decision: FailureDecision,
  item: Item,
  request: OpenRequest,
  exchanges: readonly Exchange[] | null,
): Outcome {
  const { due, loaded } = item;
  const attempt = due.attempts + 1;
  const { id, createdAt } = request;
  const operation = operationOf(item);
  const changes = item.task.kind === 'change' ? item.task.change.changes : null;
  const parked = decision.kind === 'parked';
  const retryAt = decision.kind === 'retry' ? decision.retryAt : null;
  const kind: OutcomeKind = decision.kind;
  return {
    userId: due.userId,
    claimedRev: due.wantedRev,
    kind,
    done: parked,
    nextDueAt: parked ? item.wakeAt : (retryAt ?? due.dueAt),
    // The app's trouble is not this link's: its own attempts are not used up by it.
    attempts: parked
      ? 0
      : decision.kind === 'retry' || decision.stop.kind === 'credential refused'
        ? attempt
        : due.attempts,
    // A failure to read leaves what was sent before as unknown as it was.
    readFirst: due.readFirst || (decision.kind === 'retry' && decision.readFirst),
    link: {
      ...unchanged(loaded),
      standing: parked ? 'parked' : 'retrying',
      reason: decision.reason,
      openRequest: { id, createdAt },
    },
    request: {
      ...completed(request, operation, changes),
      state: parked ? 'Failed' : 'Requested',
      retryAt,
    },
    log: { attempt, message: decision.reason.message, exchanges },
  };
}

/** A change that a guard stopped: on record, and due again only when somebody decides or the change vanishes. */
export function concludeHeld(
  item: Item,
  request: OpenRequest,
  reason: Reason,
  exchanges: readonly Exchange[] | null,
): Outcome {
  const { due, loaded, task } = item;
  const operation = task.kind === 'change' ? task.change.operation : 'deactivate';
  const { id, createdAt } = request;
  return {
    userId: due.userId,
    claimedRev: due.wantedRev,
    kind: 'held',
    done: true,
    nextDueAt: item.wakeAt,
    attempts: 0,
    readFirst: due.readFirst,
    link: { ...unchanged(loaded), standing: 'held', reason, openRequest: { id, createdAt } },
    request: {
      ...completed(request, operation, task.kind === 'change' ? task.change.changes : null),
      state: 'New',
    },
    log: { attempt: 0, message: reason.message, exchanges },
  };
}

/** An intent on record that is given up before anything was sent: the link stays due as it was. */
export function concludeUnsent(item: Item, request: OpenRequest): Outcome {
  const { due, loaded } = item;
  const { id, createdAt } = request;
  const operation = operationOf(item);
  return {
    userId: due.userId,
    claimedRev: due.wantedRev,
    kind: 'waiting',
    done: false,
    nextDueAt: due.dueAt,
    attempts: due.attempts,
    readFirst: due.readFirst,
    link: { ...unchanged(loaded), standing: 'retrying', openRequest: { id, createdAt } },
    request: { ...completed(request, operation, null), state: 'Requested' },
    log: null,
  };
}

/** The link of an outcome, and what it was where another account is linked. */
function linkedTo(link: LinkAfter, loaded: LoadedLink): Pick<Outcome, 'link' | 'linkBefore'> {
  const isOther = link.remoteId !== null && link.remoteId !== loaded.link.remoteId;
  return isOther ? { link, linkBefore: unchanged(loaded) } : { link };
}

/**
 * An outcome whose account is another user's by now, as when a target gives an id a second time: parked, both named, and
 * the link as it was.
 */
export function concludeOwned(outcome: Outcome, remoteId: string, owner: AccountOwner | undefined): Outcome {
  const { linkBefore, request } = outcome;
  if (!linkBefore || !request) throw new Error(`The outcome of ${outcome.userId} links no other account than before`);
  const whose = owner ? `${owner.username}, who ${owner.departed ? 'has left' : 'is active'}` : 'another user';
  const reason: Reason = {
    code: owner?.departed ? 'owned_by_departed_user' : 'owned_by_active_user',
    message: `The account ${remoteId} belongs to ${whose}`,
    nextStep: 'Find out at the target whose account it is: give one of the two other values, or link another by hand',
    ...(owner ? { users: [owner.userId] } : {}),
  };
  const openRequest = { id: request.id, createdAt: request.createdAt };
  return {
    ...outcome,
    kind: 'parked',
    done: true,
    attempts: 0,
    readFirst: true,
    link: { ...linkBefore, standing: 'parked', reason, openRequest },
    freedName: false,
    request: { ...request, state: 'Failed', retryAt: null },
    log: outcome.log && { ...outcome.log, message: reason.message },
  };
}

function linkAfter(item: Item, version: number, after: AccountAfter): LinkAfter {
  const { loaded } = item;
  const { account } = after;
  const username = account?.representation['userName'] ?? after.applied?.['userName'];
  const deleteAt =
    item.task.kind === 'change' && after.accountState === 'deactivated' ? item.task.change.deleteAt : null;
  return {
    ...unchanged(loaded),
    remoteId: after.remoteId,
    accountState: after.accountState,
    version,
    applied: after.applied,
    observed: account ? account.representation : after.applied === null ? null : undefined,
    observedVersion: account?.version ?? null,
    remoteUsername: typeof username === 'string' ? username : after.remoteId ? loaded.link.remoteUsername : null,
    deleteAt,
    recreatedAt: after.recreatedAt ?? loaded.link.recreatedAt,
    linkedAt: after.remoteId ? (loaded.link.linkedAt ?? item.due.dueAt) : null,
    unverified: false,
  };
}

function departureReason(item: Item): Reason | null {
  if (item.task.kind !== 'correlate') return null;
  const codes = {
    'user deleted': 'user_deleted',
    'user deactivated': 'user_inactive',
    'assignment lost': 'not_assigned',
  } as const;
  const code = codes[item.task.cause];
  return { code, message: REASON_CODES[code], nextStep: 'Nothing to do: access returns with the user or the grant' };
}
