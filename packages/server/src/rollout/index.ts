export { type Blocker, describeHours, GATES, type Gate, type StageWork } from './check-gates.ts';
export { commandRollout, describeLastChange, type GivenCommand } from './command-rollout.ts';
export { createRollout, discardRollout, getRollout, type RolloutDraft } from './create-rollout.ts';
export { createRolloutGround } from './create-rollout-ground.ts';
export { COMMANDS, type RolloutCommand } from './decide-command.ts';
export { judgeProof } from './describe-rollback.ts';
export { type DescribedRollout, type DescribedStage, describeRollout, PHASES, type Seen } from './describe-rollout.ts';
export { explainPlace, type Place } from './explain-place.ts';
export { exportRollbackCsv, exportRollbackNdjson } from './export-rollback.ts';
export { listOpenRollouts, type OpenRollout, WAITS } from './list-open-rollouts.ts';
export { getRollback, rollBackApp, verifyRollback } from './roll-back-app.ts';
export {
  DEFAULT_SETTINGS,
  describeStage,
  ROLLOUT_STATES,
  type Rollout,
  type RolloutSettings,
  STAGE_KINDS,
  type Stage,
} from './rollout.ts';
export type { CheckReadiness, ReadinessLevel, RolloutGround, SeenReadiness } from './rollout-ground.ts';
export { RolloutWatch } from './rollout-watch.ts';
export { listReachedUsers, loadProgress, type ReachedUser, USER_WORK } from './sql/progress.ts';
export { countNewcomers } from './sql/reach.ts';
export {
  findLatestRollback,
  listProofs,
  listRollbacks,
  PROOF_STATES,
  type ProofRow,
  ROLLBACK_STATES,
  type Rollback,
} from './sql/rollbacks.ts';
export { listRolloutRows } from './sql/rollouts.ts';
