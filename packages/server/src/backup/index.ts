export {
  type BackupGround,
  backUpInstance,
  type RestoredInstance,
  restoreInstance,
} from './backup-instance.ts';
export { completeRestore, describeRestored, pauseRestored } from './restored-instance.ts';
