import type { ApprovalRule, GuardSettings } from './guard-settings.ts';

/** The guards that every app has; its own threshold rules have names of their own. */
export const THRESHOLD_GUARD = 'deactivation threshold';
export const SLOW_BLEED_GUARD = 'slow bleed';
export const PROTECTION_GUARD = 'protected user';
export const APPROVAL_GUARD = 'approval';
export const UNLINKED_GUARD = 'unlinked account';

/** Who must agree to an operation; undefined: nobody is asked. */
export function findApproval(
  settings: Pick<GuardSettings, 'approvals'>,
  operation: ApprovalRule['operation'],
): ApprovalRule | undefined {
  return settings.approvals.find((rule) => rule.operation === operation);
}

/** Who decides, and what is known of them. */
export interface Approver {
  /** As the audit names them: a person's e-mail address, an API key's name. */
  name: string;
  /** Somebody who signed in. A key bears any name that was given to it, so that no key is anybody's manager. */
  isPerson: boolean;
}

export type ApprovalVerdict = { ok: true; as: 'named approver' | 'manager' } | { ok: false; who: string };

/**
 * Whether somebody may decide a hold that asks for approval. The user's own word never counts, neither as their own
 * manager nor by name.
 */
export function checkApprover(
  rule: Pick<ApprovalRule, 'manager' | 'named'>,
  approver: Approver,
  user: { names: readonly string[]; managerNames: readonly string[] },
): ApprovalVerdict {
  const is = (names: readonly string[]) => names.some((name) => name.toLowerCase() === approver.name.toLowerCase());
  const mayBe = [...(rule.manager ? [`the user's manager${describe(user.managerNames)}`] : []), ...rule.named];
  const who = mayBe.length === 0 ? 'nobody: name an approver in the guards of the app' : mayBe.join(' or ');
  if (is(user.names)) return { ok: false, who };
  if (is(rule.named)) return { ok: true, as: 'named approver' };
  if (rule.manager && approver.isPerson && is(user.managerNames)) return { ok: true, as: 'manager' };
  return { ok: false, who };
}

function describe(names: readonly string[]): string {
  return names.length === 0 ? ' (there is none)' : ` (${names[0]})`;
}
