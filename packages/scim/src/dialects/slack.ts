import { buildDialect, type Dialect, type DialectOverrides, standardDialect, standardDialect1 } from '../dialect.ts';

const common: DialectOverrides = {
  basis: 'documented' as const,
  notes: [
    'userName has at most 20 characters and is unique; displayName holds no @ and little punctuation.',
    'All SCIM apps of the organisation share the rate limits.',
  ],
  sources: [
    'https://docs.slack.dev/reference/scim-api/scim-api-1.1',
    'https://docs.slack.dev/reference/scim-api/rate-limits',
    'https://learn.microsoft.com/entra/identity/saas-apps/slack-provisioning-tutorial',
  ],
  filter: {
    attributes: ['userName', 'emails.value', 'emails[type eq "work"].value', 'externalId', 'id'],
    caseSensitive: false,
  },
  attributes: { maxLength: { userName: 20 } },
  uniqueness: { enforced: 'yes', attributes: ['userName', 'emails'] },
  deactivate: {
    effect: 'deactivates',
    note: 'The member is deactivated and can be reactivated.',
    basis: 'documented',
    source: 'https://docs.slack.dev/reference/scim-api/scim-api-1.1',
  },
  delete: {
    effect: 'deactivates',
    note: 'Slack deactivates the member; nothing is removed. Deleting a group is permanent.',
    basis: 'documented',
    source: 'https://docs.slack.dev/reference/scim-api/scim-api-1.1',
  },
  rateLimits: [
    { counts: 'writes of all SCIM apps of the organisation', requests: 600, perSeconds: 60, burst: 180 },
    { counts: 'writes to one user endpoint', requests: 180, perSeconds: 60, burst: 20 },
    { counts: 'reads', requests: 1000, perSeconds: 60 },
  ],
};

export const slack: Dialect = buildDialect(standardDialect, { id: 'slack', label: 'Slack (SCIM 2.0)', ...common });

export const slack1: Dialect = buildDialect(standardDialect1, {
  id: 'slack-1.1',
  label: 'Slack (SCIM 1.1)',
  ...common,
});
