export { markDay } from './sql/mark-day.ts';
export {
  markApp,
  markHoldersOfPermissionSet,
  markHoldersOfPermissionSetGroup,
  markMembersOfProfile,
  markReportsOf,
  markUsers,
  markUsersOfApp,
} from './sql/mark-links.ts';
export { markOnDemand } from './sql/mark-on-demand.ts';
export { markTimeZone } from './sql/mark-time-zone.ts';
