import { buildDialect, type Dialect, standardDialect } from '../dialect.ts';

/** For targets that were only ever tried with Microsoft Entra ID: they are given what it sends. */
export const entraShaped: Dialect = buildDialect(standardDialect, {
  id: 'entra-shaped',
  basis: 'documented',
  label: 'A target built for Microsoft Entra ID',
  notes: ['Operations have capitals, booleans are text, a manager is bare text, members are removed by a list.'],
  sources: [
    'https://learn.microsoft.com/entra/identity/app-provisioning/application-provisioning-config-problem-scim-compatibility',
    'https://github.com/scimmyjs/scimmy/issues/86',
    'https://github.com/apache/directory-scimple/issues/1242',
  ],
  patch: { opCase: 'capital', booleans: 'text', manager: 'text' },
  members: { remove: 'valueList' },
});

/** For targets that were only ever tried with Okta: one operation without path, GET and PUT otherwise. */
export const oktaShaped: Dialect = buildDialect(standardDialect, {
  id: 'okta-shaped',
  basis: 'documented',
  label: 'A target built for Okta',
  notes: ['Changes are one PATCH operation without a path, whole around what changes; only userName is searched.'],
  sources: [
    'https://developer.okta.com/docs/concepts/scim/',
    'https://developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20',
  ],
  patch: { form: 'noPath' },
  filter: { attributes: ['userName', 'id', 'externalId'] },
});

/** SCIMMY's router, which several products embed: strict, but it compares by letter case. */
export const scimmy: Dialect = buildDialect(standardDialect, {
  id: 'scimmy',
  basis: 'measured',
  label: 'SCIMMY',
  notes: ['Under Express 5 it ignores paging. An added member that is there already is there twice.'],
  sources: ['https://github.com/scimmyjs/scimmy', 'https://github.com/scimmyjs/scimmy-routers'],
  filter: { caseSensitive: true },
});

export const betterAuth: Dialect = buildDialect(standardDialect, {
  id: 'better-auth',
  basis: 'measured',
  label: 'Better Auth',
  notes: ['Invents displayName from the name. Only a few attributes can be searched, with eq and and.'],
  sources: ['https://www.better-auth.com/docs/plugins/scim'],
  filter: {
    attributes: ['userName', 'externalId', 'emails.value', 'emails[type eq "work"].value'],
    caseSensitive: false,
  },
  uniqueness: { enforced: 'yes', attributes: ['userName'] },
});

export const polis: Dialect = buildDialect(standardDialect, {
  id: 'polis',
  basis: 'measured',
  label: 'Ory Polis (BoxyHQ SAML Jackson)',
  notes: [
    'Compares user names by letter case and would make a second account: keep user names in lower case.',
    'Ignores PATCH paths into extensions with 200, and splits an extension’s URN at its dot: accounts are replaced whole.',
    'Members are never shown. No discovery.',
    'A search by anything but userName is answered with nobody, so the list is read instead.',
  ],
  sources: ['https://github.com/ory/polis/issues/3136'],
  update: 'put',
  patch: { form: 'noPath' },
  filter: { attributes: ['userName'], caseSensitive: true },
  members: { readsComplete: false },
  uniqueness: { enforced: 'no', attributes: [] },
});
