import { buildDialect, type Dialect, standardDialect } from '../dialect.ts';

export const sentry: Dialect = buildDialect(standardDialect, {
  id: 'sentry',
  basis: 'documented',
  label: 'Sentry',
  notes: [
    'The only change of a member that is taken is active: false, and it removes the member. A return is a new creation.',
    'A conflict is answered with 409 without a scimType.',
  ],
  sources: [
    'https://docs.sentry.io/api/scim/update-a-teams-attributes/',
    'https://github.com/getsentry/sentry/issues/117860',
  ],
  users: { put: false },
  patch: { valuePaths: false },
  filter: { attributes: ['userName', 'emails.value'] },
  paging: { pageSize: 100 },
  uniqueness: { enforced: 'yes', attributes: ['userName'] },
  deactivate: {
    effect: 'deletes',
    note: 'On this target, deactivating deletes the member.',
    basis: 'documented',
    source: 'https://docs.sentry.io/api/scim/update-a-teams-attributes/',
  },
  delete: { effect: 'deletes', note: 'Removes the member from the organization.', basis: 'assumed' },
});
