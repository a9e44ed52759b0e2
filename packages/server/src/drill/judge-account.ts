import type { AttributeValue, TargetAccount } from '@usher/connector-sdk';
import { isBlank, sameValue } from '../planning/index.ts';

/** Whether the target shows the account as it should be, in words. */
export interface Verdict {
  ok: boolean;
  message: string;
  nextStep?: string;
}

const ALLOWED = { active: 'can be used', deactivated: 'cannot be used', gone: 'is gone' } as const;

/**
 * Judges an account by what the target shows of it. What the target makes of other values than `active` (lower-cased names,
 * values it never shows) is told and fails nothing: that is what it will do for everybody. Pure.
 */
export function judgeAccount(
  account: TargetAccount | undefined,
  wanted: keyof typeof ALLOWED,
  applied: Readonly<Record<string, AttributeValue>> | null,
  read: (account: TargetAccount, path: string) => AttributeValue | undefined,
): Verdict {
  if (wanted === 'gone') {
    if (!account) return { ok: true, message: 'The target has no such account any more' };
    // RFC 7644 section 3.6: a deleted account is not found; some targets only deactivate it.
    if (account.active === false) return { ok: true, message: 'The target keeps the account, deactivated' };
    return {
      ok: false,
      message: 'The account is still there and can be used',
      nextStep: 'Delete it at the target by hand.',
    };
  }
  if (!account) {
    if (wanted === 'deactivated')
      return { ok: true, message: 'The target shows no account any more, so that nobody can use it' };
    return {
      ok: false,
      message: 'The target does not show the account',
      nextStep: 'Ask how long writes take to be shown.',
    };
  }
  if (account.active === undefined) {
    const nextStep = 'Find out by what the target tells whether an account can be used: nothing here can prove it.';
    return { ok: false, message: 'The target does not say whether the account can be used', nextStep };
  }
  if (account.active !== (wanted === 'active')) {
    const is = account.active ? 'can be used' : 'cannot be used';
    const nextStep = 'See what the target made of the request: the exchange of the step before shows it.';
    return { ok: false, message: `The account ${is}, although the target took the request`, nextStep };
  }
  return {
    ok: true,
    message: `The account ${ALLOWED[wanted]}${wanted === 'active' ? describeOthers(account, applied, read) : ''}`,
  };
}

function describeOthers(
  account: TargetAccount,
  applied: Readonly<Record<string, AttributeValue>> | null,
  read: (account: TargetAccount, path: string) => AttributeValue | undefined,
): string {
  const others = Object.entries(applied ?? {}).filter(([path, value]) => {
    const shown = read(account, path);
    return path !== 'active' && !isBlank(value) && !sameValue(shown, value);
  });
  if (others.length === 0) return ', with every value as it was sent';
  const named = others.slice(0, 5).map(([path]) => path);
  return `; the target shows other values than were sent for ${named.join(', ')}${others.length > 5 ? ' and others' : ''}`;
}
