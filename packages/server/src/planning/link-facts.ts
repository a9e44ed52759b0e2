import type { Attributes } from '@usher/connector-sdk';

export type AccountState = 'absent' | 'active' | 'deactivated' | 'deleted';

/** What is remembered of the account of a user at an app. */
export interface LinkFacts {
  remoteId: string | null;
  accountState: AccountState;
  /** Attribute path → value as we last wrote it; null when nothing was ever written. */
  applied: Attributes | null;
  deleteAt: Date | null;
  recreatedAt: Date | null;
}

/** What the directory says of the user with respect to the app. */
export interface EntitlementFacts {
  isActive: boolean;
  isDeleted: boolean;
  /** Granted by a profile, permission set or permission set group, now. */
  isAssigned: boolean;
  /** The earliest coming end of a grant; the link is looked at again then. */
  nextExpiryAt: Date | null;
}

export type DepartureCause = 'user deleted' | 'user deactivated' | 'assignment lost';

export type DeprovisioningAction = 'deactivate' | 'delete' | 'unlink' | 'leave';

/** What is done with the account when a user departs: `deleteAfterDays` only with `deactivate`. */
export interface DeprovisioningRule {
  action: DeprovisioningAction;
  deleteAfterDays?: number | undefined;
}

export type DeprovisioningPolicy = Record<DepartureCause, DeprovisioningRule>;

export interface Triggers {
  create: boolean;
  update: boolean;
  deactivate: boolean;
  reactivate: boolean;
}
