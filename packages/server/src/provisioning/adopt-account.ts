import type { Attributes, TargetAccount } from '@usher/connector-sdk';
import type { Choice } from '../correlation/index.ts';
import {
  type AccountState,
  type Change,
  isBlank,
  type PlannedChange,
  REASON_CODES,
  sameValue,
} from '../planning/index.ts';
import { refusalOf } from './correlate-account.ts';
import { applied, type Performed, type Target, toAttributeChanges, type Work } from './work.ts';

/** Takes an account that exists for the user's, as the app's policy has it, or says who must settle whose it is. */
export async function adopt(target: Target, work: Work, change: Change, choice: Choice): Promise<Performed> {
  if (choice.kind !== 'account') return { kind: 'parked', reason: refusalOf(choice) };
  const { account, matchedBy } = choice;
  // The one that we made ourselves needs nobody's leave.
  const isOurs = work.readFirst && change.desired[matchedBy] === work.userId;
  const adoption = isOurs ? 'link and update' : target.correlation.adoption;
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
  const blanks = work.blankPaths?.() ?? [];
  const observed = observe(target, account, [...Object.keys(change.desired), ...blanks]);
  if (adoption === 'link only') {
    const after = { remoteId: account.remoteId, accountState: stateOf(account), applied: observed, account };
    return { kind: 'applied', operation: 'link', after, changes: [], message };
  }
  const wanted = { ...Object.fromEntries(blanks.map((path) => [path, null])), ...change.desired };
  const changes = differences(observed, wanted).filter(
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
    .filter(([path, after]) => !sameValue(observed[path], after) && !(isBlank(observed[path]) && isBlank(after)))
    .map(([path, after]) => ({ path, before: observed[path] ?? null, after }));
}

function stateOf(account: TargetAccount): AccountState {
  return account.active === false ? 'deactivated' : 'active';
}
