import { buildDialect, type Dialect, standardDialect } from '../dialect.ts';

export const atlassian: Dialect = buildDialect(standardDialect, {
  id: 'atlassian',
  basis: 'documented',
  label: 'Atlassian Cloud',
  notes: [
    'E-mail addresses must be on a verified domain.',
    'Only one equality on userName or externalId can be searched. A deactivated user may answer 404.',
  ],
  sources: [
    'https://developer.atlassian.com/cloud/admin/user-provisioning/rest/',
    'https://docs.go-atlassian.io/atlassian-admin-cloud/scim/users',
    'https://mrrefactoring.github.io/jira.js/api/functions/userProvisioning.deleteUser.html',
  ],
  filter: { attributes: ['userName', 'externalId'] },
  uniqueness: { enforced: 'yes', attributes: ['userName'] },
  deactivate: {
    effect: 'deactivates',
    note: 'The managed account is deactivated and can be reactivated.',
    basis: 'documented',
    source: 'https://developer.atlassian.com/cloud/admin/user-provisioning/rest/',
  },
  delete: {
    effect: 'unlinks',
    note: 'The account is deactivated and its SCIM record destroyed: a return gets a new id, the old one never comes back.',
    basis: 'documented',
    source: 'https://mrrefactoring.github.io/jira.js/api/functions/userProvisioning.deleteUser.html',
  },
});
