import { buildDialect, type Dialect, standardDialect } from '../dialect.ts';

export const databricks: Dialect = buildDialect(standardDialect, {
  id: 'databricks',
  basis: 'documented',
  label: 'Databricks',
  notes: ['The account and each workspace have an API of their own: connect the account’s.'],
  sources: [
    'https://docs.databricks.com/dev-tools/api/latest/scim/scim-users.html',
    'https://learn.microsoft.com/azure/databricks/reference/scim-2-1',
    'https://github.com/mick2004/nested-aad-scim-connector/issues/5',
  ],
  uniqueness: { enforced: 'yes', attributes: ['userName'] },
  deactivate: {
    effect: 'deactivates',
    note: 'The user can no longer sign in; its objects stay.',
    basis: 'documented',
    source: 'https://docs.databricks.com/dev-tools/api/latest/scim/scim-users.html',
  },
});
