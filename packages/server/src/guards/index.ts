export {
  checkDeactivationThreshold,
  type DeactivationLimit,
  type DeactivationWindow,
  deactivationLimit,
  type ThresholdVerdict,
} from './check-deactivation-threshold.ts';
