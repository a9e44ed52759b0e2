import { buildDialect, type Dialect, standardDialect } from '../dialect.ts';

export const githubOrganization: Dialect = buildDialect(standardDialect, {
  id: 'github-organization',
  basis: 'documented',
  label: 'GitHub organization',
  notes: [
    'Deactivating removes the member from the organization and forgets its SCIM id: a return is a new invitation.',
    'An invited user who has not accepted may answer 404.',
    'Filters in PATCH paths are not understood; whole lists are sent.',
  ],
  sources: [
    'https://docs.github.com/en/rest/scim/scim',
    'https://tryapis.com/github/api/enterprise-admin-update-attribute-for-enterprise-user/',
    'https://github.com/goauthentik/authentik/issues/13441',
  ],
  patch: { valuePaths: false },
  groups: { create: false, get: false, list: false, patch: false, put: false, delete: false },
  deactivate: {
    effect: 'deletes',
    note: 'On this target, deactivating removes the member for good; a return is a new invitation.',
    basis: 'documented',
    source: 'https://tryapis.com/github/api/enterprise-admin-update-attribute-for-enterprise-user/',
  },
  delete: {
    effect: 'deletes',
    note: 'Removes the member from the organization.',
    basis: 'documented',
    source: 'https://docs.github.com/en/rest/scim/scim',
  },
});

export const githubEnterpriseManagedUsers: Dialect = buildDialect(standardDialect, {
  id: 'github-emu',
  basis: 'documented',
  label: 'GitHub Enterprise Managed Users',
  notes: [
    'GitHub normalises userName and adds the short code of the enterprise: what it returns is what counts.',
    'Provision users before groups, and let one identity system only write.',
    'The first run may meet rate limits.',
  ],
  sources: [
    'https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/provisioning-user-accounts-with-scim/provisioning-users-and-groups-with-scim-using-the-rest-api',
  ],
  uniqueness: { enforced: 'yes', attributes: ['userName', 'externalId'] },
  deactivate: {
    effect: 'suspends',
    note: 'Suspends the managed user; reactivating restores it.',
    basis: 'documented',
    source:
      'https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/provisioning-user-accounts-with-scim/provisioning-users-and-groups-with-scim-using-the-rest-api',
  },
  delete: {
    effect: 'suspends',
    note: 'Suspends the managed user irreversibly: its name and address are obfuscated, and it cannot come back.',
    basis: 'documented',
    source:
      'https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/provisioning-user-accounts-with-scim/provisioning-users-and-groups-with-scim-using-the-rest-api',
  },
});
