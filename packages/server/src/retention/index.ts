export { applyRetention, applyRetentionDaily, type RetentionResult } from './apply-retention.ts';
export { type Erasure, type ErasureResult, erasePerson } from './erase-person.ts';
export { changeRetention, loadRetention, type RetentionSettings, type StoredRetention } from './retention-settings.ts';
