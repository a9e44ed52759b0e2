import { fileURLToPath } from 'node:url';
import type { Attributes, Connection, Connector, ConnectorContext } from '@usher/connector-sdk';
import { describeConnectorContract } from '@usher/connector-sdk/testing';
import { postgresql } from '@usher/connectors';
import { createTargetTransport, originOf } from '../../src/transport/index.ts';
import { openLoopback } from '../transport/local-target.ts';
import { openLoginDatabase } from '../transport/login-database.ts';
import { openHost } from './host-fixture.ts';

const FOLDER = fileURLToPath(new URL('../../../connectors/postgresql', import.meta.url));

// A connector that speaks SQL may be a custom one too: it has the statements, and its host the login. The folder of the
// built-in one is run as such here, in a process of its own.
let join: Connector['connect'];
const { version, label, description, optionsSchema, credentialKinds } = postgresql;
const options = { table: 'members', activeColumn: 'status', activeValue: 'active', inactiveValue: 'gone' };

describeConnectorContract({
  connector: {
    ...{ id: 'postgresql', version, label, description, optionsSchema, credentialKinds, protocol: 'sql' },
    connect: (context: ConnectorContext<Record<string, unknown>>): Connection => join(context),
  },
  options,
  start: async () => {
    const database = await openLoginDatabase();
    await database.pool.query(`
      create table members (id bigint primary key generated always as identity, login text not null unique, note text,
        status text not null);
      grant select, insert, update, delete on members to legacy`);
    const authorization = `Basic ${Buffer.from(`${database.user}:${database.password}`).toString('base64')}`;
    const headers = { authorization };
    const { baseUrl } = database;
    const transport = createTargetTransport({
      ...{ baseUrl, policy: openLoopback, concurrency: 4, version: 'x' },
      ...{ authorize: () => headers, credentialOrigins: [originOf(baseUrl)] },
    });
    const host = await openHost(FOLDER, {});
    join = (await host.connector.joinApp({ id: 1, name: 'App' }, options)).connect;
    return {
      http: transport,
      stop: async () => {
        await host.custom.close();
        await transport.close();
        await database.close();
      },
    };
  },
  account: (n): Attributes => ({ login: `login${n}`, note: `Robert'); DROP TABLE members;-- ${n}` }),
  matchingAttribute: 'login',
  update: { path: 'note', value: 'another' },
  clear: 'note',
});
