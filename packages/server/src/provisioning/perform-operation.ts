import { ConnectorError } from '@usher/connector-sdk';
import { type Change, type Operation, REASON_CODES } from '../planning/index.ts';
import { adopt } from './adopt-account.ts';
import { correlate, findUnseen, refusalOf } from './correlate-account.ts';
import { type AccountAfter, applied, type Performed, type Target, toAttributeChanges, type Work } from './work.ts';

const DAY_MS = 86_400_000;
const GONE_BEFORE_DEACTIVATION = 'The account is gone from the target: nothing is left to deactivate';

/**
 * Does one piece of work at the target. What the target refuses is thrown as a {@link ConnectorError} for
 * `decideFailure`; everything that the work itself can settle is returned.
 */
export async function performWork(target: Target, work: Work): Promise<Performed> {
  if (work.task.kind === 'correlate') return performCorrelation(target, work, work.task.desired);
  const { change } = work.task;
  switch (change.operation) {
    case 'create':
      return performCreate(target, work, change);
    case 'update':
    case 'reactivate':
      return performUpdate(target, work, change);
    case 'deactivate':
      return performDeactivate(target, work, change);
    case 'delete':
      return performDelete(target, work, change);
  }
}

// ── create ───────────────────────────────────────────────────────────────────────────────────────────────────────

async function performCreate(target: Target, work: Work, change: Change): Promise<Performed> {
  const { correlation } = target;
  if (correlation.findBeforeCreate || work.readFirst || work.unverified) {
    const choice = await correlate(target, change.desired);
    if (choice.kind !== 'none') return adopt(target, work, change, choice);
    const unseen = work.readFirst ? await findUnseen(target) : undefined;
    if (unseen) return unseen;
    if (work.readFirst && !correlation.targetEnforcesUniqueness && !work.confirmed) return unknownOutcome();
  }
  try {
    const { account } = await target.connection.accounts.create({ attributes: change.desired });
    const message = 'Created the account';
    const again = work.link.accountState === 'deleted' ? { recreatedAt: work.now } : {};
    return applied('create', account.remoteId, change, account, message, again);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (error.kind === 'partially_created' && error.remoteId) return completeCreate(target, change, error.remoteId);
    if (error.kind !== 'already_exists') throw error;
    return adoptAfterConflict(target, work, change, error);
  }
}

/**
 * A create whose outcome is unknown, and the search finds nothing. Repeating it is safe only where the target itself
 * refuses a second account; elsewhere a person looks.
 */
function unknownOutcome(): Performed {
  return {
    kind: 'parked',
    reason: {
      code: 'outcome_unknown',
      message: REASON_CODES.outcome_unknown,
      nextStep: 'Look at the target for the account: link it, or retry if there is none',
    },
  };
}

async function completeCreate(target: Target, change: Change, remoteId: string): Promise<Performed> {
  const changes = toAttributeChanges(change.changes);
  const { account } = await target.connection.accounts.update({ remoteId, changes, desired: change.desired });
  return applied('create', remoteId, change, account, 'Created the account and completed it by an update');
}

async function adoptAfterConflict(
  target: Target,
  work: Work,
  change: Change,
  conflict: ConnectorError,
): Promise<Performed> {
  const choice = await correlate(target, change.desired);
  if (choice.kind !== 'none') return adopt(target, work, change, choice);
  const unseen = await findUnseen(target);
  if (unseen) return unseen;
  return {
    kind: 'parked',
    reason: {
      code: 'hidden_conflict',
      message: REASON_CODES.hidden_conflict,
      nextStep: 'Ask the target’s administrator for the account, or give the user other unique values',
      detail: conflict.detail ?? conflict.message,
      attribute: conflict.attribute,
    },
  };
}

// ── update, deactivate, delete ───────────────────────────────────────────────────────────────────────────────────

async function performUpdate(target: Target, work: Work, change: Change): Promise<Performed> {
  const remoteId = remoteIdOf(work);
  const version = work.link.observedVersion ?? undefined;
  try {
    const { accounts } = target.connection;
    const update = change.operation === 'reactivate' && accounts.reactivate ? accounts.reactivate : accounts.update;
    const changes = toAttributeChanges(change.changes);
    const { account } = await update.call(accounts, { remoteId, changes, desired: change.desired, version });
    const message = change.operation === 'reactivate' ? 'Reactivated the account' : 'Updated the account';
    return applied(change.operation, remoteId, change, account, message);
  } catch (error) {
    if (error instanceof ConnectorError && error.kind === 'not_found') return recoverVanished(target, work, change);
    throw error;
  }
}

/** The target says that a linked account is gone: look for it, then create it anew, but not twice within a day. */
async function recoverVanished(target: Target, work: Work, change: Change): Promise<Performed> {
  const wanted = { ...change, operation: 'create' as const, desired: { ...change.desired, active: true } };
  const choice = await correlate(target, change.desired);
  if (choice.kind === 'account') return adopt(target, work, wanted, choice);
  if (choice.kind !== 'none') return { kind: 'parked', reason: refusalOf(choice) };
  const unseen = await findUnseen(target);
  if (unseen) return unseen;
  const { recreatedAt } = work.link;
  const gone: AccountAfter = { remoteId: null, accountState: 'deleted', applied: null, account: undefined };
  if (recreatedAt && work.now.getTime() - recreatedAt.getTime() < DAY_MS) {
    const nextStep = 'Find out what deletes the account at the target, then retry';
    return {
      kind: 'parked',
      after: gone,
      reason: { code: 'vanished_twice', message: REASON_CODES.vanished_twice, nextStep },
    };
  }
  if (!target.triggers.create) {
    const nextStep = 'Turn the create trigger on, or leave it';
    const message = `The account has vanished from the target. ${REASON_CODES.create_off}`;
    return { kind: 'parked', after: gone, reason: { code: 'create_off', message, nextStep } };
  }
  const { account } = await target.connection.accounts.create({ attributes: wanted.desired });
  const message = 'The account had vanished from the target: created it anew';
  return applied('create', account.remoteId, wanted, account, message, { recreatedAt: work.now });
}

async function performDeactivate(target: Target, work: Work, change: Change): Promise<Performed> {
  const remoteId = remoteIdOf(work);
  const { accounts } = target.connection;
  const onlyActive = change.changes.every(({ path }) => path === 'active');
  try {
    const { account } =
      accounts.deactivate && onlyActive
        ? await accounts.deactivate({ remoteId, desired: change.desired })
        : await accounts.update({ remoteId, changes: toAttributeChanges(change.changes), desired: change.desired });
    const done = applied('deactivate', remoteId, change, account, 'Deactivated the account');
    return { ...done, after: { ...done.after, accountState: 'deactivated' } };
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.kind !== 'not_found') throw error;
    return deactivateVanished(target, change);
  }
}

/** A leaver's account that is not there under its id may be there under another. */
async function deactivateVanished(target: Target, change: Change): Promise<Performed> {
  const choice = await correlate(target, change.desired);
  if (choice.kind === 'ambiguous') return { kind: 'parked', reason: refusalOf(choice) };
  if (choice.kind === 'account' && choice.account.active !== false && change.cause) {
    const message = `The account is gone from the target, and ${choice.account.remoteId} is there that may be the same person's`;
    const after: AccountAfter = { remoteId: null, accountState: 'absent', applied: null, account: undefined };
    return { kind: 'verified', after, message, readFirst: true };
  }
  const unseen = choice.kind === 'none' ? await findUnseen(target) : undefined;
  return unseen ?? gone('deactivate', change, GONE_BEFORE_DEACTIVATION);
}

async function performDelete(target: Target, work: Work, change: Change): Promise<Performed> {
  const remoteId = remoteIdOf(work);
  if (!target.connection.accounts.delete) {
    throw new ConnectorError('unsupported', 'The connector cannot delete accounts');
  }
  try {
    await target.connection.accounts.delete({ remoteId });
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.kind !== 'not_found') throw error;
    return gone('delete', change, 'The account was gone from the target already');
  }
  return { ...gone('delete', change, 'Deleted the account'), kind: 'applied' };
}

/** Looks for an account of a leaver who was never linked; writes nothing. */
async function performCorrelation(target: Target, work: Work, desired: Change['desired']): Promise<Performed> {
  const choice = await correlate(target, desired);
  if (choice.kind === 'none') {
    const unseen = work.readFirst ? await findUnseen(target) : undefined;
    return unseen ?? { kind: 'no account', message: 'No account of this user exists at the target' };
  }
  if (choice.kind === 'owned') {
    return { kind: 'no account', message: `The account found belongs to ${choice.owner.username}` };
  }
  if (choice.kind === 'ambiguous') return { kind: 'parked', reason: refusalOf(choice) };
  if (choice.account.active === false) {
    return { kind: 'no account', message: 'The account of this user at the target is not active' };
  }
  return { kind: 'unlinked account', account: choice.account, matchedBy: choice.matchedBy };
}

// ── results ──────────────────────────────────────────────────────────────────────────────────────────────────────

function gone(
  operation: Operation,
  change: Change,
  message: string,
): Extract<Performed, { kind: 'applied' | 'already as desired' }> {
  const after: AccountAfter = { remoteId: null, accountState: 'deleted', applied: null, account: undefined };
  return { kind: 'already as desired', operation, after, changes: change.changes, message };
}

function remoteIdOf(work: Work): string {
  if (work.link.remoteId === null) throw new Error('An account that has no remote id cannot be changed');
  return work.link.remoteId;
}
