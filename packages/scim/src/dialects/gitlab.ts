import { buildDialect, type Dialect, standardDialect } from '../dialect.ts';

export const gitlab: Dialect = buildDialect(standardDialect, {
  id: 'gitlab',
  basis: 'documented',
  label: 'GitLab group',
  notes: [
    'The remote id is the external user id. A name comes back as one flat key, name.formatted.',
    'A search gives one user; groups are recent and, self-managed, can only be added to.',
  ],
  sources: [
    'https://gitlab.com/gitlab-org/gitlab/-/work_items/521324',
    'https://docs.gitlab.com/api/scim/',
    'https://docs.devnetexperttraining.com/static-docs/GitLab-API/scim.html',
    'https://gitlab.com/gitlab-org/gitlab/-/merge_requests/184997',
  ],
  users: { put: false },
  filter: { attributes: ['id', 'userName', 'externalId'] },
  deactivate: {
    effect: 'unlinks',
    note: 'Removes the user from the group; the user itself stays at GitLab.',
    basis: 'reported',
    source: 'https://gitlab.com/gitlab-org/gitlab/-/work_items/521324',
  },
  delete: {
    effect: 'unlinks',
    note: 'Removes the user’s membership of the group.',
    basis: 'reported',
    source: 'https://gitlab.com/gitlab-org/gitlab/-/work_items/521324',
  },
});
