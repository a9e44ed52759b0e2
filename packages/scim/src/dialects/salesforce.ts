import { buildDialect, type Dialect, standardDialect } from '../dialect.ts';

export const salesforce: Dialect = buildDialect(standardDialect, {
  id: 'salesforce',
  basis: 'documented',
  label: 'Salesforce',
  notes: [
    'Every user has exactly one profile, given as an entitlement.',
    'Groups can be read and changed, not created. A list of entitlements shows at most 200.',
  ],
  sources: [
    'https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.identity_scim_rest_api.htm',
    'https://github.com/goauthentik/authentik/pull/16976',
  ],
  paths: { serviceProviderConfig: 'ServiceProviderConfigs' },
  users: { delete: false },
  groups: { create: false, delete: false },
  uniqueness: { enforced: 'yes', attributes: ['userName'] },
  deactivate: {
    effect: 'deactivates',
    note: 'The user is deactivated and frees its licence.',
    basis: 'documented',
    source: 'https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.identity_scim_rest_api.htm',
  },
  delete: {
    effect: 'refused',
    note: 'Salesforce deletes no users: deactivate instead.',
    basis: 'documented',
    source: 'https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.identity_scim_rest_api.htm',
  },
});
