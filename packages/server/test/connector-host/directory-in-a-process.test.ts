import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Attributes, Connection, Connector, ConnectorContext } from '@usher/connector-sdk';
import { ConnectorError } from '@usher/connector-sdk';
import { describeConnectorContract } from '@usher/connector-sdk/testing';
import { ldap } from '@usher/connectors';
import { createTargetTransport, originOf } from '../../src/transport/index.ts';
import { openLoopback } from '../transport/local-target.ts';
import { BIND_DN, BIND_PASSWORD, GROUPS, noSlapd, PEOPLE, startSlapd } from '../transport/slapd.ts';
import { makeFolder, openHost } from './host-fixture.ts';

const FOLDER = fileURLToPath(new URL('../../../connectors/ldap', import.meta.url));
const options = { base: PEOPLE, groupBase: GROUPS };

// LDAP with groups, from a process of its own: the folder of the built-in connector is run as a custom one.
let join: Connector['connect'];
const { version, label, description, optionsSchema, credentialKinds } = ldap;

describe('a directory, from a process', { skip: noSlapd }, () => {
  describeConnectorContract({
    connector: {
      ...{ id: 'ldap', version, label, description, optionsSchema, credentialKinds, protocol: 'ldap' },
      connect: (context: ConnectorContext<Record<string, unknown>>): Connection => join(context),
    },
    options,
    start: async () => {
      const slapd = await startSlapd();
      const authorization = `Basic ${Buffer.from(`${BIND_DN}:${BIND_PASSWORD}`).toString('base64')}`;
      const headers = { authorization };
      const transport = createTargetTransport({
        ...{ baseUrl: slapd.url, policy: openLoopback, concurrency: 8, version: 'x' },
        ...{ authorize: () => headers, credentialOrigins: [originOf(slapd.url)] },
      });
      const host = await openHost(FOLDER, {});
      join = (await host.connector.joinApp({ id: 1, name: 'App' }, options)).connect;
      return {
        http: transport,
        stop: async () => {
          await host.custom.close();
          await transport.close();
          await slapd[Symbol.asyncDispose]();
        },
      };
    },
    account: (n): Attributes => ({ uid: `p${n}`, cn: `P ${n}`, sn: 'P', mail: `p${n}@example.com`, title: 'T' }),
    matchingAttribute: 'mail',
    update: { path: 'title', value: 'U' },
    clear: 'title',
    groups: { name: (n) => `group ${n}` },
  });
});

const ABLE = `
const nothing = async () => ({ accounts: [] });
export default {
  id: 'able', version: '1', label: 'Able', description: 'Able.', credentialKinds: ['none'],
  optionsSchema: { type: 'object', properties: { lies: { type: 'boolean' } } },
  connect: ({ options }) => ({
    accounts: { find: nothing, get: async () => ({ found: false }), create: nothing, update: nothing, read: () => undefined },
    test: async () => ({ steps: [] }),
    detect: async ({ baseUrl }) => options.lies ? { findings: 7 } : {
      suggestions: [{ label: 'X', options: { kind: 'x' }, reason: baseUrl }],
      findings: [{ subject: 'S', observed: 'o', used: 'u' }],
    },
    batch: async ({ operations }) => ({ results: operations.map((operation, index) =>
      options.lies ? { outcome: 'done', remoteId: '' }
      : index === 0 ? { outcome: 'done', remoteId: '1', account: { remoteId: '1', active: true, representation: {} } }
      : { outcome: 'failed', failure: { kind: 'already_exists', message: operation.operation } }) }),
  }),
};
`;

describe('what a custom connector may offer beside accounts', () => {
  const open = async (lies: boolean) => {
    const folder = makeFolder();
    const file = joinPath(folder.path, 'able.mjs');
    writeFileSync(file, ABLE);
    const host = await openHost(file);
    const connection = await host.join({ lies });
    const done = async () => {
      await host.custom.close();
      folder[Symbol.dispose]();
    };
    return { connection, [Symbol.asyncDispose]: done };
  };
  const operations = [
    { operation: 'create', attributes: {} },
    { operation: 'delete', remoteId: '2' },
  ] as const;

  it('comes through its process', async () => {
    await using opened = await open(false);
    const { detect, batch, groups } = opened.connection;
    assert.equal(groups, undefined);
    const detection = await detect?.({ baseUrl: 'https://x.example' });
    assert.deepEqual(detection, {
      suggestions: [{ label: 'X', options: { kind: 'x' }, reason: 'https://x.example' }],
      findings: [{ subject: 'S', observed: 'o', used: 'u' }],
    });
    const answered = await batch?.({ operations });
    assert.deepEqual(
      answered?.results.map(({ outcome }) => outcome),
      ['done', 'failed'],
    );
  });

  it('is checked as everything that it says is', async () => {
    await using opened = await open(true);
    const { detect, batch } = opened.connection;
    await assert.rejects(detect?.({ baseUrl: 'x' }) ?? Promise.resolve(), ConnectorError);
    await assert.rejects(batch?.({ operations }) ?? Promise.resolve(), ConnectorError);
  });
});
