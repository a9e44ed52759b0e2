/**
 * Why a link is where it is, in plain words with the next step. `code` is what causes are grouped by: closed, listed
 * in docs/errors.md. `detail` holds what the target or the mapping said of this one account.
 */
export interface Reason {
  code: ReasonCode;
  message: string;
  nextStep: string;
  detail?: string | undefined;
  /** The attribute path concerned. */
  attribute?: string | undefined;
  /** Other users concerned: the owner of a taken account, the other side of a collision. */
  users?: string[] | undefined;
}

export const REASON_CODES = {
  not_assigned: 'The user is not granted the app',
  out_of_scope: 'The scoping filter of the app leaves the user out',
  filter_blank: 'The scoping filter gives neither true nor false for this user',
  filter_failed: 'The scoping filter failed for this user',
  user_inactive: 'The user is not active',
  user_deleted: 'The user was deleted from the directory',
  left_in_place: 'The deprovisioning policy leaves the account as it is',
  create_off: 'The create trigger is off',
  update_off: 'The update trigger is off',
  deactivate_off: 'The deactivate trigger is off, so the account stays usable',
  reactivate_off: 'The reactivate trigger is off',
  deletion_pending: 'The account is deactivated and will be deleted later',
  required_blank: 'A required attribute is blank',
  formula_failed: 'A formula failed for this user',
  ambiguous_match: 'Several accounts of the target match this user',
  match_not_adopted: 'An account exists already and the policy does not adopt it',
  owned_by_active_user: 'The matching account belongs to another active user',
  owned_by_departed_user: 'The matching account belongs to a user who has left',
  hidden_conflict: 'The target says the account exists, but no search finds it',
  name_taken: 'A unique value is taken by another account',
  refused_by_target: 'The target refuses the values',
  refused_credential: 'The target refuses this one account to our credential',
  outcome_unknown: 'A create was sent, its outcome is unknown, and the target may hold it',
  vanished_twice: 'The account disappeared from the target twice within a day',
  unsupported_by_target: 'The target cannot do this operation',
  transient: 'The target failed for a moment',
  rate_limited: 'The target asked to slow down',
  precondition_failed: 'The account changed at the target while it was written',
  rollout_not_reached: 'The rollout has not reached the user yet',
  dismissed: 'A person decided that this is not done',
  over_limit: 'More accounts would be changed in this way than the guard allows',
  protected_user: 'The user is protected: nobody takes their access without a person’s word',
  needs_approval: 'Somebody must agree before this is sent',
  over_deactivation_limit: 'More accounts would be deactivated than the guard allows',
  unlinked_account_active: 'A leaver has an active account that was never linked',
  found_deactivated: 'The account is deactivated at the target, by nothing that is remembered here',
  found_gone: 'The account is gone from the target, by nothing that is remembered here',
  rejected: 'A person rejected the change',
  connector_failed: 'The connector failed in a way it must not',
} as const;

export type ReasonCode = keyof typeof REASON_CODES;
