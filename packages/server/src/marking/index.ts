export {
  markApp,
  markHoldersOfPermissionSet,
  markHoldersOfPermissionSetGroup,
  markMembersOfProfile,
  markReportsOf,
  markUsers,
} from './sql/mark-links.ts';
export { markOnDemand } from './sql/mark-on-demand.ts';
