import { fileURLToPath } from 'node:url';
import type { Connection, Connector, ConnectorContext } from '@usher/connector-sdk';
import { createTestTransport, describeConnectorContract } from '@usher/connector-sdk/testing';
import template from '../../../connector-sdk/new/template/connector.ts';
import { startTestTarget } from '../../../connector-sdk/new/template/test-target.ts';
import { openHost } from './host-fixture.ts';

const TEMPLATE = fileURLToPath(new URL('../../../connector-sdk/new/template/connector.ts', import.meta.url));

// The whole contract once more, with a process between the engine and the connector: none of it may get lost on the way.
let join: Connector['connect'];
const { id, version, label, description, optionsSchema, credentialKinds } = template;

describeConnectorContract({
  connector: {
    ...{ id, version, label, description, optionsSchema, credentialKinds },
    connect: (context: ConnectorContext<Record<string, unknown>>): Connection => join(context),
  },
  start: async () => {
    const host = await openHost(TEMPLATE, {});
    const bound = await host.connector.joinApp({ id: 1, name: 'App' }, {});
    join = bound.connect;
    const target = await startTestTarget('t');
    return {
      http: createTestTransport(target.url, { authorization: 'Bearer t' }),
      stop: async () => {
        await host.custom.close();
        await target.stop();
      },
    };
  },
  account: (n) => ({
    email: `person${n}@example.com`,
    first_name: 'Ada',
    last_name: `L${n}`,
    title: 'Countess',
    department: 'E',
  }),
  matchingAttribute: 'email',
  update: { path: 'title', value: 'Enchantress' },
  clear: 'department',
  halfCreate: { active: false },
});
