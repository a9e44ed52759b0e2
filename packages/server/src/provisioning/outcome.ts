import type { Attributes, AttributeValue } from '@usher/connector-sdk';
import type { AccountState, Operation, PlannedChange, Reason } from '../planning/index.ts';
import type { Exchange } from '../transport/index.ts';

/** What one call, or the decision not to make one, came to. */
export type OutcomeKind = 'applied' | 'already as desired' | 'retry' | 'parked' | 'held' | 'waiting' | 'app stopped';

export type RequestState = 'New' | 'Requested' | 'Completed' | 'Failed';

/** The link after the call; the whole row, so that one statement serves every kind of outcome. */
export interface LinkAfter {
  remoteId: string | null;
  accountState: AccountState;
  version: number | null;
  /** `undefined` keeps what is stored. */
  applied: Attributes | null | undefined;
  observed: Record<string, AttributeValue> | null | undefined;
  observedVersion: string | null;
  remoteUsername: string | null;
  standing: 'settled' | 'waiting' | 'retrying' | 'parked' | 'held';
  reason: Reason | null;
  /** The request that the next attempt continues. */
  openRequest: { id: string; createdAt: Date } | null;
  deleteAt: Date | null;
  recreatedAt: Date | null;
  linkedAt: Date | null;
  unverified: boolean;
}

export interface RequestAfter {
  id: string;
  createdAt: Date;
  operation: Operation;
  state: RequestState;
  cause: string;
  version: number;
  changes: PlannedChange[] | null;
  retryAt: Date | null;
  parentId: string | null;
}

export interface LogLine {
  attempt: number;
  message: string;
  exchanges: readonly Exchange[] | null;
}

export interface Outcome {
  userId: string;
  kind: OutcomeKind;
  /** The revision read at claim: what this outcome settles. */
  claimedRev: number;
  /** False: the link stays due and comes back at `nextDueAt`. */
  done: boolean;
  nextDueAt: Date | null;
  attempts: number;
  readFirst: boolean;
  link: LinkAfter | null;
  /** The link as it was, where the outcome links another account: kept if that turns out to be somebody's. */
  linkBefore?: LinkAfter;
  request: RequestAfter | null;
  log: LogLine | null;
  /** The account had another userName before, or is gone: whoever waits for that name may have it. */
  freedName?: boolean;
}

/** A change that a guard stops. */
export interface NewHold {
  userId: string;
  guard: string;
  /** What holds are grouped by: the guard with what it counts, or why the change is wanted. */
  cause: string;
  /** Who must agree, where the guard asks for just them. */
  approvers: { manager: boolean; named: string[] } | null;
  /** The guards that people let it through before this one. */
  passed: string[];
  operation: Operation;
  hash: string;
  reason: string;
  changes: PlannedChange[];
  requestId: string;
  requestCreatedAt: Date;
}
