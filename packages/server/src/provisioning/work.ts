import type { AttributeChange, Attributes, Connection, TargetAccount } from '@usher/connector-sdk';
import type { Correlation } from '../apps/index.ts';
import type { AccountOwner } from '../correlation/index.ts';
import type {
  AccountState,
  Change,
  DepartureCause,
  LinkFacts,
  Operation,
  PlannedChange,
  Reason,
  Triggers,
} from '../planning/index.ts';

/** What is to be done to one link, planned and with its intent on record. */
export interface Work {
  userId: string;
  link: LinkFacts & { observedVersion: string | null };
  /** `correlate` only looks for the account of a leaver. */
  task: { kind: 'change'; change: Change } | { kind: 'correlate'; cause: DepartureCause; desired: Attributes };
  /** What the mapping takes away from the account: asked only where one is found, for a new one has none of it. */
  blankPaths?: (() => string[]) | undefined;
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
  /** Keeps an account for this user until the work is on record; gives who is about to have it, if that is another. */
  reserve?(remoteId: string): AccountOwner | undefined;
  /** The representation that the target showed after our last write. */
  lastObserved(): Promise<TargetAccount['representation'] | null>;
  /** Until when what was written of this account lately may be found by no search; null: everything is shown. */
  unseenUntil(): Promise<Date | null>;
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
  | { kind: 'verified'; after: AccountAfter; message: string; readFirst?: boolean }
  /** Nothing was found, and the target need not show yet what was written. */
  | { kind: 'not shown yet'; until: Date; message: string }
  | { kind: 'unlinked account'; account: TargetAccount; matchedBy: string }
  | { kind: 'no account'; message: string };

export function applied(
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

export function toAttributeChanges(changes: PlannedChange[]): AttributeChange[] {
  return changes.map(({ path, after }) =>
    after === null ? { path, operation: 'clear' } : { path, operation: 'set', value: after },
  );
}
