import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Connector, ConnectorError, type HttpRequest, type HttpTransport } from '@usher/connector-sdk';
import { createTestContext } from '@usher/connector-sdk/testing';
import { ConnectorFaultError, connectGuarded } from '../../src/connector-host/index.ts';

const write: HttpRequest = { method: 'POST', path: 'people', effect: 'write' };
const read: HttpRequest = { method: 'GET', path: 'people', effect: 'read' };

/** Sends the requests in turn, then throws. */
function buildThrower(requests: HttpRequest[], thrown: unknown): Connector {
  return {
    ...{ id: 'thrower', version: '1', label: 'T', description: 'T', optionsSchema: {}, credentialKinds: ['none'] },
    connect: ({ http }) => {
      const run = async () => {
        for (const request of requests) await http.request(request);
        throw thrown;
      };
      const accounts = { find: run, get: run, create: run, update: run, read: () => undefined };
      return { accounts, test: async () => ({ steps: [] }) };
    },
  };
}

async function failureOf(connector: Connector, http: HttpTransport, more = {}): Promise<unknown> {
  const { accounts } = connectGuarded(connector, createTestContext(http, {}, more));
  return accounts.create({ attributes: {} }).then(
    () => assert.fail('it is to fail'),
    (error: unknown) => error,
  );
}

const answers: HttpTransport = { request: async () => ({ status: 200, headers: {}, body: '' }) };
const refuses = (error: unknown): HttpTransport => ({ request: () => Promise.reject(error) });

describe('a connector in this process that throws what none may', () => {
  const cases: [string, HttpRequest[], HttpTransport, string][] = [
    ['before any request', [], answers, 'transient'],
    ['after reads only', [read, read], answers, 'transient'],
    ['after a write', [read, write], answers, 'ambiguous'],
  ];
  for (const [name, requests, http, kind] of cases) {
    it(`is ${kind} ${name}`, async () => {
      const error = await failureOf(buildThrower(requests, new TypeError('x is undefined')), http);
      assert.ok(error instanceof ConnectorFaultError);
      assert.equal(error.kind, kind);
      assert.equal(error.stopsApp, false);
      assert.equal(error.message, 'The connector thrower failed in create: TypeError: x is undefined');
    });
  }

  it('is transient when the write certainly did not arrive, ambiguous when that is unknown', async () => {
    for (const kind of ['transient', 'ambiguous'] as const) {
      const swallows = buildThrower([], undefined);
      const connect = swallows.connect;
      swallows.connect = (context) => {
        const connection = connect(context);
        connection.accounts.create = async () => {
          await context.http.request(write).catch(() => {});
          throw new RangeError('odd');
        };
        return connection;
      };
      const error = await failureOf(swallows, refuses(new ConnectorError(kind, 'no')));
      assert.equal((error as ConnectorError).kind, kind);
    }
  });

  it('passes on its own refusals, what the host threw, and the end of the work', async () => {
    const refusal = new ConnectorError('invalid_request', 'no');
    assert.equal(await failureOf(buildThrower([write], refusal), answers), refusal);
    class DryRunEnd extends Error {}
    const end = new DryRunEnd();
    assert.equal(await failureOf(buildThrower([write], 'never'), refuses(end)), end);
    const reason = new Error('given up');
    const signal = AbortSignal.abort(reason);
    assert.equal(await failureOf(buildThrower([write], reason), answers, { signal }), reason);
  });

  it('leaves reading, traits and what the connector has not alone', () => {
    const connector = buildThrower([], undefined);
    const connection = connectGuarded(connector, createTestContext(answers, {}));
    assert.equal(connection.accounts.delete, undefined);
    assert.equal(connection.accounts.read({ remoteId: '1', active: true, representation: {} }, 'x'), undefined);
  });
});
