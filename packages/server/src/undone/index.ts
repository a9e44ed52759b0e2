export { type DeletionDecision, decideDeletions, describeDeletions } from './decide-deletions.ts';
export {
  type DismissalResult,
  type DismissalWanted,
  dismissUndone,
  MOST_DISMISSED,
  takeBackDismissal,
} from './dismiss-undone.ts';
export { listSwitches, listUndone, type TriggerSwitch, type Undone } from './list-undone.ts';
export { type DeletionDay, listDeletionDays, listDeletions, type PendingDeletion } from './sql/deletions.ts';
export { type Dismissal, listDismissals } from './sql/undone.ts';
