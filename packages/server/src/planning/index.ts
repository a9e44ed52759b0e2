export { diffAttributes, type PlannedChange, sameValue } from './diff-attributes.ts';
export { hashChange } from './hash-change.ts';
export type {
  AccountState,
  DepartureCause,
  DeprovisioningAction,
  DeprovisioningPolicy,
  DeprovisioningRule,
  EntitlementFacts,
  LinkFacts,
  Triggers,
} from './link-facts.ts';
export {
  type Change,
  departureCause,
  isBlank,
  type Operation,
  type Plan,
  planDeletion,
  planDeparted,
  planLink,
  withoutBlanks,
} from './plan-link.ts';
export { REASON_CODES, type Reason, type ReasonCode } from './reason.ts';
export { codeOfTriggerOff, TRIGGER_EFFECTS, TRIGGERS, type TriggerName } from './trigger-effects.ts';
