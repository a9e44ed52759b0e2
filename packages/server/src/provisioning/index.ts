export type { AppRuntime, OpenApp } from '../apps/index.ts';
export { chooseServing, loadingNeeds } from './choose-serving.ts';
export {
  decideHold,
  decideHoldsOfApp,
  type HoldDecision,
  type HoldsDecided,
  type HoldsWanted,
  snoozeHold,
} from './decide-holds.ts';
export { describeQuarantine, type ShownQuarantine } from './describe-quarantine.ts';
export { STANDINGS, type StandingState } from './describe-standing.ts';
export { describeUsage, type GuardUsage } from './describe-usage.ts';
export { type Explanation, explainLink, type LinkSituation, type LinkState } from './explain-link.ts';
export { explainUser } from './explain-user.ts';
export { type MaskedExchange, type MaskedPart, maskExchange, unmask } from './mask-exchange.ts';
export { findOnce, type PerformedOnce, performOnce, readOnce } from './perform-once.ts';
export { type PlanningContext, planLoaded } from './plan-claimed.ts';
export { planningContextOf } from './planning-context.ts';
export { type Preview, type PreviewOperation, previewLink } from './preview-link.ts';
export { type ProvisionedUser, provisionNow } from './provision-now.ts';
export { PumpFleet } from './pump-fleet.ts';
export { createPumpMetrics, type PumpMetrics } from './pump-metrics.ts';
export { linkAccount, unlinkAccount } from './relink-account.ts';
export { completeRequest, retryAfterNewCode, retryCause, retryRequest } from './retry-requests.ts';
export { showMasked } from './show-masked.ts';
export { findHold, type HeldCause, type HoldView, listHeldCauses, listHolds } from './sql/holds.ts';
export { findUserId } from './sql/link-situation.ts';
export { type Dismissed, type LoadedLink, loadLinks } from './sql/load-links.ts';
export {
  countByCause,
  findLogHead,
  findRequest,
  followLog,
  type LogEvent,
  listLogOfRequest,
  listRequests,
  type RequestFilter,
  type RequestView,
} from './sql/requests.ts';
export { type AppStanding, listStandings } from './standings.ts';
