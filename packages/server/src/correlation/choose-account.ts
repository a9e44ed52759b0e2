import type { TargetAccount } from '@usher/connector-sdk';

/** Who holds an account of the target already. */
export interface AccountOwner {
  userId: string;
  username: string;
  /** Left: deactivated or deleted here. Their account may be handed over by a person; an active user's never. */
  departed: boolean;
}

export type Choice =
  | { kind: 'none' }
  | { kind: 'account'; account: TargetAccount; matchedBy: string }
  | { kind: 'ambiguous'; accounts: TargetAccount[]; matchedBy: string }
  | { kind: 'owned'; account: TargetAccount; owner: AccountOwner; matchedBy: string };

/** One matching attribute and what the target found by it. */
export interface MatchResult {
  attribute: string;
  accounts: TargetAccount[];
}

/**
 * Decides which account is the user's. The first attribute that finds anything decides: a weaker attribute never
 * overrules a stronger one. Several accounts, or one that is somebody's, is for a person to settle. Pure.
 */
export function chooseAccount(result: MatchResult, ownerOf: (remoteId: string) => AccountOwner | undefined): Choice {
  const { accounts, attribute } = result;
  const [account] = accounts;
  if (!account) return { kind: 'none' };
  if (accounts.length > 1) return { kind: 'ambiguous', accounts, matchedBy: attribute };
  const owner = ownerOf(account.remoteId);
  if (owner) return { kind: 'owned', account, owner, matchedBy: attribute };
  return { kind: 'account', account, matchedBy: attribute };
}
