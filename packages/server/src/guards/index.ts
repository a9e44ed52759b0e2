export {
  checkDeactivationThreshold,
  type DeactivationLimit,
  type DeactivationWindow,
  deactivationLimit,
  type ThresholdVerdict,
} from './check-deactivation-threshold.ts';
export {
  APPROVAL_GUARD,
  type ApprovalVerdict,
  type Approver,
  checkApprover,
  findApproval,
  PROTECTION_GUARD,
  SLOW_BLEED_GUARD,
  THRESHOLD_GUARD,
  UNLINKED_GUARD,
} from './find-approval.ts';
export {
  type ApprovalRule,
  DEFAULT_GUARDS,
  GUARDED_OPERATIONS,
  type GuardedOperation,
  type GuardSettings,
  type ProtectedUsers,
  type ThresholdRule,
} from './guard-settings.ts';
export { type BudgetWindow, type GuardedChange, holdOverLimits, limitOf, type OverLimit } from './hold-over-limits.ts';
export { budgetOf, DEACTIVATION_BUDGET, listBudgets, ruleOf } from './list-budgets.ts';
export { enoughAccounts, type LimitedWindow, listWindows } from './list-windows.ts';
