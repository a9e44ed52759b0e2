import type { Attributes, TargetAccount } from '@usher/connector-sdk';
import { isBlank, REASON_CODES, type Reason, sameValue } from '../planning/index.ts';
import { correlate, findUnseen, refusalOf } from './correlate-account.ts';
import type { Verify } from './plan-claimed.ts';
import type { Performed, Target, Work } from './work.ts';

/** How an account is read: what was found, for the plan that follows. */
type Verified = Extract<Performed, { kind: 'verified' | 'not shown yet' | 'parked' }>;

/**
 * Reads the account of a link and gives what is so at the target now; writes nothing. After a restore, what brings an
 * account back that the target has deactivated or lost is a person's to decide: whoever did that may have known of a
 * leaver what is forgotten here.
 */
export async function verifyAccount(
  target: Target,
  work: Pick<Work, 'link' | 'unverified' | 'confirmed'>,
  task: Verify,
): Promise<Verified> {
  const { remoteId } = work.link;
  if (remoteId === null) throw new Error('An account that has no remote id cannot be read by it');
  const mayBringBack = !task.wouldBringBack || !work.unverified || work.confirmed === true;
  const { accounts } = target.connection;
  const found = await accounts.get({ remoteId });
  if (found.found) return compare(target, work, found.account, task.paths, mayBringBack);
  const choice = await correlate(target, task.desired);
  if (choice.kind === 'account') return compare(target, work, choice.account, task.paths, mayBringBack);
  if (choice.kind !== 'none') return { kind: 'parked', reason: refusalOf(choice) };
  const unseen = await findUnseen(target);
  if (unseen) return unseen;
  if (!mayBringBack) return { kind: 'parked', reason: bringBack('found_gone', 'creates it anew') };
  return {
    kind: 'verified',
    after: { remoteId: null, accountState: 'deleted', applied: null, account: undefined },
    message: 'Looked for the account: it is gone from the target',
  };
}

function bringBack(code: 'found_deactivated' | 'found_gone', effect: string): Reason {
  const nextStep = `If the person shall have the account, retry: that ${effect}. If not, deactivate the user here`;
  return { code, message: REASON_CODES[code], nextStep };
}

async function compare(
  target: Target,
  work: Pick<Work, 'link'>,
  account: TargetAccount,
  paths: string[],
  mayBringBack: boolean,
): Promise<Verified> {
  if (account.active === false && !mayBringBack) {
    return { kind: 'parked', reason: bringBack('found_deactivated', 'reactivates it') };
  }
  const { link } = work;
  const { values, differing } = await refresh(target, work, account, paths);
  const accountState = account.active === undefined ? link.accountState : account.active ? 'active' : 'deactivated';
  if (link.accountState !== accountState) differing.push('active');
  const told = differing.length === 0 ? 'it is as remembered' : `other than remembered: ${differing.join(', ')}`;
  return {
    kind: 'verified',
    after: { remoteId: account.remoteId, accountState, applied: values, account },
    message: `Read the account: ${told}`,
  };
}

/**
 * What was applied, corrected at these paths by what the target shows. A value that it shows as it did after our last
 * write is as we wrote it, however the target spells it; one that it never shows is believed.
 */
async function refresh(
  target: Target,
  { link }: Pick<Work, 'link'>,
  account: TargetAccount,
  paths: string[],
): Promise<{ values: Attributes; differing: string[] }> {
  const { accounts } = target.connection;
  const stored = await target.lastObserved();
  const before = stored && { remoteId: account.remoteId, active: undefined, representation: stored };
  const values: Attributes = { ...link.applied };
  const differing: string[] = [];
  for (const path of paths) {
    if (path === 'active') continue;
    const now = accounts.read(account, path);
    const asBefore = before !== null && sameValue(accounts.read(before, path), now);
    const applied = link.applied?.[path];
    if (asBefore || sameValue(applied, now) || (isBlank(applied) && isBlank(now))) continue;
    differing.push(path);
    delete values[path];
    if (now !== undefined) values[path] = now;
  }
  const active = account.active ?? link.applied?.['active'];
  return { values: active === undefined ? values : { ...values, active }, differing };
}
