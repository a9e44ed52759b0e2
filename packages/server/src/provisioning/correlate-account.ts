import type { Attributes } from '@usher/connector-sdk';
import { type Choice, chooseAccount } from '../correlation/index.ts';
import type { Reason } from '../planning/index.ts';
import type { Performed, Target } from './work.ts';

/** Looks for the account of a user by each matching attribute in its order. */
export async function correlate(target: Target, desired: Attributes): Promise<Choice> {
  for (const attribute of target.correlation.matchingAttributes) {
    const value = desired[attribute];
    if (typeof value !== 'string' || value === '') continue;
    const found = await target.connection.accounts.find({ path: attribute, value });
    // Pages that overlap, and targets that list twice, name one account twice.
    const accounts = [...new Map(found.accounts.map((account) => [account.remoteId, account])).values()];
    if (accounts.length === 0) continue;
    const [only, another] = accounts;
    const rival = only && !another ? target.reserve?.(only.remoteId) : undefined;
    const owners = await target.ownersOf(accounts.map((account) => account.remoteId));
    return chooseAccount({ attribute, accounts }, (remoteId) => owners.get(remoteId) ?? rival);
  }
  return { kind: 'none' };
}

/** Whether "there is none" may be believed: what was written lately may be there and not be shown yet. */
export async function findUnseen(target: Target): Promise<Extract<Performed, { kind: 'not shown yet' }> | undefined> {
  const until = await target.unseenUntil();
  if (!until) return undefined;
  const message = 'Found no account, but one that was written lately may not be shown yet: it is looked for again';
  return { kind: 'not shown yet', until, message };
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
