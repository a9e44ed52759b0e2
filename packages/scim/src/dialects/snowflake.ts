import { buildDialect, type Dialect, standardDialect } from '../dialect.ts';

export const snowflake: Dialect = buildDialect(standardDialect, {
  id: 'snowflake',
  basis: 'documented',
  label: 'Snowflake',
  notes: [
    'Groups are roles. Organization users keep their userName.',
    'Unsupported filters were answered with nothing instead of an error, and a list without filter with one synthetic user.',
    'The SCIM access token expires after six months: renew it in time.',
  ],
  sources: [
    'https://docs.snowflake.com/user-guide/scim-user-api-reference',
    'https://docs.snowflake.com/release-notes/bcr-bundles/2026_03/bcr-2276',
    'https://docs.snowflake.com/LIMITEDACCESS/scim/organization-scim-api-differences',
  ],
  users: { list: false },
  filter: { attributes: ['userName', 'externalId', 'id'], scanLimit: 0 },
  deactivate: {
    effect: 'deactivates',
    note: 'The user is disabled; what it owns stays.',
    basis: 'documented',
    source: 'https://docs.snowflake.com/user-guide/scim-user-api-reference',
  },
  delete: { effect: 'deletes', note: 'Drops the user.', basis: 'assumed' },
  credentialLifetimeDays: 180,
});
