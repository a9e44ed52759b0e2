export {
  markApp,
  markHoldersOfPermissionSet,
  markHoldersOfPermissionSetGroup,
  markMembersOfProfile,
  markReportsOf,
  markUsers,
} from './sql/mark-links.ts';
