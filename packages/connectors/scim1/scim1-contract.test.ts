import { createTestTransport, describeConnectorContract } from '@usher/connector-sdk/testing';
import { startFaultTarget } from '@usher/scim/testing';
import { scim1 } from './index.ts';

const token = 'contract-token';

describeConnectorContract({
  connector: scim1,
  start: async () => {
    const target = await startFaultTarget({ token, profile: 'scim-1.1' });
    return { http: createTestTransport(target.url, { authorization: `Bearer ${token}` }), stop: () => target.stop() };
  },
  account: (n) => ({
    userName: `person${n}@example.com`,
    externalId: `005-${n}`,
    'name.givenName': 'Ada',
    'name.familyName': `Lovelace ${n}`,
    title: 'Countess',
    'emails[type eq "work"].value': `person${n}@example.com`,
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department': 'Engines',
  }),
  matchingAttribute: 'userName',
  update: { path: 'title', value: 'Enchantress of Numbers' },
  clear: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
  groups: { name: (n) => `Engineers ${n} "of" Analytical` },
});
