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
} from './find-approval.ts';
export {
  type ApprovalRule,
  DEFAULT_GUARDS,
  type GuardSettings,
  type ProtectedUsers,
  type ThresholdRule,
} from './guard-settings.ts';
export { type BudgetWindow, type GuardedChange, holdOverLimits, limitOf, type OverLimit } from './hold-over-limits.ts';
export { budgetOf, DEACTIVATION_BUDGET, listBudgets, ruleOf } from './list-budgets.ts';
