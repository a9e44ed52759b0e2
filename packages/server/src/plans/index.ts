export { beginApplying } from './apply-plan.ts';
export {
  cancelPlan,
  createPlan,
  findOutlook,
  getPlan,
  type PlanOutlook,
  type PlanRequest,
} from './create-plan.ts';
export { type Effect, type Estimate, estimateEffect } from './estimate-effect.ts';
export { exportCsv, exportNdjson } from './export-plan.ts';
export { PlanRunner } from './plan-runner.ts';
export {
  buildHeadline,
  PLANNED_OPERATIONS,
  type PlanChange,
  type PlanFilter,
  type PopulationPlan,
} from './population-plan.ts';
export { listChanges } from './sql/plan-changes.ts';
export { listPlans } from './sql/plans.ts';
