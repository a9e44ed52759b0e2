import { createTestTransport, describeConnectorContract } from '@usher/connector-sdk/testing';
import connector from './connector.ts';
import { startTestTarget } from './test-target.ts';

// Everything that Usher expects of a connector, against a stand-in. Point `start` at the real target's test system too.
describeConnectorContract({
  connector,
  start: async () => {
    const target = await startTestTarget('a-test-token');
    return {
      http: createTestTransport(target.url, { authorization: 'Bearer a-test-token' }),
      stop: () => target.stop(),
    };
  },
  account: (n) => ({
    email: `person${n}@example.com`,
    first_name: 'Ada',
    last_name: `Lovelace ${n}`,
    title: 'Countess',
    department: 'Engines',
    employee_number: String(1000 + n),
  }),
  matchingAttribute: 'email',
  update: { path: 'title', value: 'Enchantress of Numbers' },
  clear: 'department',
  halfCreate: { active: false },
});
