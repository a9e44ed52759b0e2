import {
  type AttributeChange,
  type Attributes,
  type Connection,
  ConnectorError,
  type TargetAccount,
} from '@usher/connector-sdk';
import type { Correlation } from '../apps/index.ts';
import { type AccountOwner, type Choice, chooseAccount } from '../correlation/index.ts';
import {
  type AccountState,
  type Change,
  type DepartureCause,
  isBlank,
  type LinkFacts,
  type Operation,
  type PlannedChange,
  REASON_CODES,
  type Reason,
  sameValue,
  type Triggers,
} from '../planning/index.ts';

/** What is to be done to one link, planned and with its intent on record. */
export interface Work {
  link: LinkFacts & { observedVersion: string | null };
  /** `correlate` only looks for the account of a leaver. */
  task: { kind: 'change'; change: Change } | { kind: 'correlate'; cause: DepartureCause; desired: Attributes };
  /** A write may have been sent before whose outcome nobody knows. */
  readFirst: boolean;
  /** What is remembered of the account may be older than the target. */
  unverified?: boolean;
  /** A person asked for just this link. */
  confirmed?: boolean;
  now: Date;
}

/** The app's side of the work: its connection and policies, and who owns which account. */
export interface Target {
  connection: Connection;
  correlation: Correlation;
  triggers: Triggers;
  ownersOf(remoteIds: string[]): Promise<Map<string, AccountOwner>>;
  /** The representation that the target showed after our last write. */
  lastObserved(): Promise<TargetAccount['representation'] | null>;
  /** Reads the schedule: does the plan still hold? Asked before anything that takes access away. */
  stillWanted(): Promise<boolean>;
}

/** The account as it is known after the work. `undefined` keeps what is stored. */
export interface AccountAfter {
  remoteId: string | null;
  accountState: AccountState;
  applied: Attributes | null | undefined;
  account: TargetAccount | undefined;
  recreatedAt?: Date;
}

export type Performed =
  | {
      kind: 'applied' | 'already as desired';
      operation: Operation;
      after: AccountAfter;
      changes: PlannedChange[];
      message: string;
    }
  | { kind: 'parked'; reason: Reason; after?: AccountAfter }
  /** Read, and nothing written: it is planned anew from this. */
  | { kind: 'verified'; after: AccountAfter; message: string }
  | { kind: 'overtaken'; message: string }
  | { kind: 'unlinked account'; account: TargetAccount; matchedBy: string }
  | { kind: 'no account'; message: string };

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
    if (work.readFirst && !correlation.targetEnforcesUniqueness) return unknownOutcome();
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

// ── matching and adoption ────────────────────────────────────────────────────────────────────────────────────────

export async function correlate(target: Target, desired: Attributes): Promise<Choice> {
  for (const attribute of target.correlation.matchingAttributes) {
    const value = desired[attribute];
    if (typeof value !== 'string' || value === '') continue;
    const { accounts } = await target.connection.accounts.find({ path: attribute, value });
    if (accounts.length === 0) continue;
    const owners = await target.ownersOf(accounts.map((account) => account.remoteId));
    return chooseAccount({ attribute, accounts }, (remoteId) => owners.get(remoteId));
  }
  return { kind: 'none' };
}

async function adopt(target: Target, work: Work, change: Change, choice: Choice): Promise<Performed> {
  if (choice.kind !== 'account') return { kind: 'parked', reason: refusalOf(choice) };
  const { account, matchedBy } = choice;
  const { adoption } = target.correlation;
  if (adoption === 'park') {
    return {
      kind: 'parked',
      reason: {
        code: 'match_not_adopted',
        message: `${REASON_CODES.match_not_adopted}: ${account.remoteId}, found by ${matchedBy}`,
        nextStep: 'Link the account by hand, or set the adoption policy to "link and update"',
      },
    };
  }
  const found = work.readFirst ? 'Found the account that was sent before' : 'Linked the account that exists already';
  const message = `${found}, by ${matchedBy}`;
  const observed = observe(target, account, Object.keys(change.desired));
  if (adoption === 'link only') {
    const after = { remoteId: account.remoteId, accountState: stateOf(account), applied: observed, account };
    return { kind: 'applied', operation: 'link', after, changes: [], message };
  }
  const changes = differences(observed, change.desired).filter(
    // An account that exists has had its first values: people's own are kept.
    ({ path, before }) => before === null || !change.initialPaths.includes(path),
  );
  const reactivates = account.active === false && change.desired['active'] === true;
  if (reactivates && work.unverified && !work.confirmed) {
    const nextStep =
      'If the person shall have the account, retry: that links and reactivates it. If not, deactivate the user here';
    return { kind: 'parked', reason: { code: 'found_deactivated', message: REASON_CODES.found_deactivated, nextStep } };
  }
  if (reactivates && !target.triggers.reactivate) {
    const kept = { remoteId: account.remoteId, accountState: stateOf(account), applied: observed, account };
    return { kind: 'applied', operation: 'link', after: kept, changes: [], message };
  }
  if (changes.length === 0) return applied('link', account.remoteId, { ...change, changes }, account, message);
  const { account: updated } = await target.connection.accounts.update({
    remoteId: account.remoteId,
    changes: toAttributeChanges(changes),
    desired: change.desired,
    version: account.version,
  });
  const adopted = { ...change, changes };
  return applied('link', account.remoteId, adopted, updated ?? account, `${message}, and updated it`);
}

export function refusalOf(choice: Exclude<Choice, { kind: 'account' | 'none' }> | { kind: 'none' }): Reason {
  if (choice.kind === 'none') throw new Error('Nothing was found, so nothing can be refused');
  if (choice.kind === 'ambiguous') {
    const ids = choice.accounts.map((account) => account.remoteId).join(', ');
    return {
      code: 'ambiguous_match',
      message: `${choice.accounts.length} accounts have this ${choice.matchedBy}: ${ids}`,
      nextStep: 'Settle at the target which is the right one, or link one by hand',
      attribute: choice.matchedBy,
    };
  }
  const { owner, account } = choice;
  if (owner.departed) {
    return {
      code: 'owned_by_departed_user',
      message: `The account ${account.remoteId} belonged to ${owner.username}, who has left`,
      nextStep: 'If it is the same person, transfer the account to this user',
      attribute: choice.matchedBy,
      users: [owner.userId],
    };
  }
  return {
    code: 'owned_by_active_user',
    message: `The account ${account.remoteId} belongs to ${owner.username}, who is active`,
    nextStep: `Give one of the two another ${choice.matchedBy}`,
    attribute: choice.matchedBy,
    users: [owner.userId],
  };
}

/** What the target's account says for these paths, as far as it shows them. */
function observe(target: Target, account: TargetAccount, paths: string[]): Attributes {
  const observed: Attributes = {};
  for (const path of paths) {
    const value = target.connection.accounts.read(account, path);
    if (!isBlank(value) && value !== undefined) observed[path] = value;
  }
  if (account.active !== undefined) observed['active'] = account.active;
  return observed;
}

function differences(observed: Attributes, desired: Attributes): PlannedChange[] {
  return Object.entries(desired)
    .filter(([path, after]) => !sameValue(observed[path], after))
    .map(([path, after]) => ({ path, before: observed[path] ?? null, after }));
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
  if (!(await target.stillWanted())) return overtaken();
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
    return gone('deactivate', change, GONE_BEFORE_DEACTIVATION);
  }
}

async function performDelete(target: Target, work: Work, change: Change): Promise<Performed> {
  const remoteId = remoteIdOf(work);
  if (!(await target.stillWanted())) return overtaken();
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
async function performCorrelation(target: Target, _work: Work, desired: Attributes): Promise<Performed> {
  const choice = await correlate(target, desired);
  if (choice.kind === 'none') return { kind: 'no account', message: 'No account of this user exists at the target' };
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

function applied(
  operation: Operation,
  remoteId: string,
  change: Change,
  account: TargetAccount | undefined,
  message: string,
  more: { recreatedAt?: Date } = {},
): Extract<Performed, { kind: 'applied' | 'already as desired' }> {
  const accountState = change.desired['active'] === false ? 'deactivated' : 'active';
  const after = { remoteId, accountState, applied: change.desired, account, ...more } as const;
  return { kind: 'applied', operation, after, changes: change.changes, message };
}

function gone(
  operation: Operation,
  change: Change,
  message: string,
): Extract<Performed, { kind: 'applied' | 'already as desired' }> {
  const after: AccountAfter = { remoteId: null, accountState: 'deleted', applied: null, account: undefined };
  return { kind: 'already as desired', operation, after, changes: change.changes, message };
}

function overtaken(): Performed {
  return { kind: 'overtaken', message: 'The user changed again before this was sent: it is planned anew' };
}

function stateOf(account: TargetAccount): AccountState {
  return account.active === false ? 'deactivated' : 'active';
}

function remoteIdOf(work: Work): string {
  if (work.link.remoteId === null) throw new Error('An account that has no remote id cannot be changed');
  return work.link.remoteId;
}

function toAttributeChanges(changes: PlannedChange[]): AttributeChange[] {
  return changes.map(({ path, after }) =>
    after === null ? { path, operation: 'clear' } : { path, operation: 'set', value: after },
  );
}
