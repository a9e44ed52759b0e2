import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { ConnectorError } from '@usher/connector-sdk';
import { createTargetTransport, type NetworkPolicy, type ResolveHost } from '../../src/transport/index.ts';
import { openLoopback, openTransport, resolveTo, startTarget, testAuthority } from './local-target.ts';

const closed: NetworkPolicy = { allowHttp: true, allowedNetworks: [] };

/** A server inside the network, which must not get so much as a connection. */
const startCanary = (t: TestContext, host = '127.0.0.1') =>
  startTarget(t, (_, response) => void response.end('inside'), { host });

async function assertDenied(promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof ConnectorError);
    assert.equal(error.kind, 'transient');
    assert.match(error.message, /private|never sends/);
    assert.doesNotMatch(`${error.message} ${error.detail} ${error.cause}`, /\d+\.\d+\.\d+\.\d+|::1/);
    return true;
  });
}

describe('the network guard', () => {
  const spellings = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[::1]',
    '0.0.0.0',
    '[::]',
  ];
  for (const spelling of spellings) {
    it(`makes no transport for ${spelling}`, async (t) => {
      const canary = await startCanary(t);
      assert.throws(
        () =>
          createTargetTransport({
            baseUrl: `http://${spelling}:${canary.port}`,
            policy: closed,
            concurrency: 1,
            version: '0',
          }),
        (error: unknown) => error instanceof ConnectorError && error.kind === 'invalid_request',
      );
      assert.equal(canary.connections(), 0);
    });
  }

  const answers: [name: string, resolve: ResolveHost][] = [
    ['a private address', resolveTo('127.0.0.1')],
    ['a public and a private address', resolveTo('8.8.8.8', '127.0.0.1')],
    ['a private address of the other family', resolveTo('8.8.8.8', '::1')],
    ['a mapped address', resolveTo('::ffff:127.0.0.1')],
    ['cloud metadata', resolveTo('169.254.169.254')],
    ['something that is no address', resolveTo('localhost')],
  ];
  for (const [name, resolve] of answers) {
    it(`connects nowhere when DNS answers with ${name}`, async (t) => {
      const canary = await startCanary(t);
      const transport = openTransport(t, `http://target.test:${canary.port}`, { policy: closed, resolve });
      await assertDenied(transport.request({ method: 'GET', path: 'Users', effect: 'read' }));
      assert.equal(canary.connections(), 0);
    });
  }

  it('judges each new connection again, so a name that moves inside is refused', async (t) => {
    const outside = await startTarget(t, (_, response) => {
      response.setHeader('connection', 'close');
      response.end('{}');
    });
    const canary = await startCanary(t, '127.0.0.2').catch(() => undefined);
    if (!canary) return t.skip('this machine has no second loopback address');
    let answers = 0;
    const resolve: ResolveHost = async () => [{ address: answers++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    const transport = openTransport(t, `http://target.test:${outside.port}`, { resolve });
    const response = await transport.request({ method: 'GET', path: 'Users', effect: 'read' });
    assert.equal(response.status, 200);
    await assertDenied(transport.request({ method: 'GET', path: 'Users', effect: 'read' }));
    assert.equal(answers, 2, 'one resolution a connection');
    assert.equal(canary.connections(), 0);
  });

  it('does not look at a port that was not opened', async (t) => {
    const canary = await startCanary(t);
    const policy: NetworkPolicy = {
      allowHttp: true,
      allowedNetworks: [{ address: '127.0.0.1', prefix: 32, family: 4, port: canary.port + 1 }],
    };
    const transport = openTransport(t, `http://target.test:${canary.port}`, {
      policy,
      resolve: resolveTo('127.0.0.1'),
    });
    await assertDenied(transport.request({ method: 'GET', path: 'Users', effect: 'read' }));
    assert.equal(canary.connections(), 0);
  });

  it('sends nothing over http unless the deployment allows it', () => {
    assert.throws(
      () =>
        createTargetTransport({
          baseUrl: 'http://target.test',
          policy: { ...openLoopback, allowHttp: false },
          concurrency: 1,
          version: '0',
        }),
      /unencrypted/,
    );
  });

  for (const [name, status] of [
    ['307', 307],
    ['308', 308],
    ['302', 302],
    ['301', 301],
  ] as const) {
    it(`does not follow a ${name} to another origin, and tells the connector`, async (t) => {
      const canary = await startCanary(t);
      const target = await startTarget(t, (_, response) => {
        response.writeHead(status, { location: `http://127.0.0.1:${canary.port}/Users` });
        response.end();
      });
      const transport = openTransport(t, `http://target.test:${target.port}`, {
        resolve: resolveTo('127.0.0.1'),
        authorize: () => ({ authorization: 'Bearer canary-token-1', 'x-api-key': 'canary-key-1' }),
        credentialOrigins: [`http://target.test:${target.port}`],
      });
      const response = await transport.request({ method: 'POST', path: 'Users', body: '{}', effect: 'write' });
      assert.equal(response.status, status);
      assert.equal(canary.connections(), 0);
      assert.equal(target.requests.length, 1);
    });
  }

  it('verifies the certificate against the name, private authority or not', async (t) => {
    const target = await startTarget(t, (_, response) => void response.end('{}'), { certificate: 'good' });
    const good = openTransport(t, `https://target.test:${target.port}`, {
      resolve: resolveTo('127.0.0.1'),
      extraCa: testAuthority,
    });
    assert.equal((await good.request({ method: 'GET', path: '', effect: 'read' })).status, 200);
    const renamed = openTransport(t, `https://elsewhere.test:${target.port}`, {
      resolve: resolveTo('127.0.0.1'),
      extraCa: testAuthority,
    });
    await assert.rejects(
      renamed.request({ method: 'POST', path: '', body: '{}', effect: 'write' }),
      (error: ConnectorError) => {
        assert.equal(error.kind, 'transient');
        assert.match(error.message, /another name than elsewhere\.test/);
        return true;
      },
    );
    const stranger = openTransport(t, `https://target.test:${target.port}`, { resolve: resolveTo('127.0.0.1') });
    await assert.rejects(stranger.request({ method: 'GET', path: '', effect: 'read' }), /authority/);
    assert.equal(target.requests.length, 1);
  });
});
