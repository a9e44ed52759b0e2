import { type ConnectorContract, createTestTransport, describeConnectorContract } from '@usher/connector-sdk/testing';
import { startFaultTarget } from '@usher/scim/testing';
import type { ScimOptions } from '../scim/scim-options.ts';
import { scim2 } from './index.ts';

const token = 'contract-token';

const contract: ConnectorContract<ScimOptions> = {
  connector: scim2,
  start: async () => {
    const target = await startFaultTarget({ token });
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
};
describeConnectorContract(contract);
// Twice: with everything one by one, and with what a target may offer beyond that.
describeConnectorContract({
  ...contract,
  options: { bulk: true, bulkOperations: 10, membersBatchSize: 1, etag: true },
});
