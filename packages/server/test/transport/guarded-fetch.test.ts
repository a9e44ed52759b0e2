import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { ConnectorError } from '@usher/connector-sdk';
import { createGuardedFetch, type GuardedFetchOptions } from '../../src/transport/index.ts';
import { openLoopback, resolveTo, startRawTarget, startTarget, testAuthority } from './local-target.ts';

const open = (given: Partial<GuardedFetchOptions> = {}) =>
  createGuardedFetch({
    policy: openLoopback,
    version: '0',
    resolve: resolveTo('127.0.0.1'),
    extraCa: testAuthority,
    ...given,
  });

describe('the guarded fetch', () => {
  it('posts a form over verified TLS and gives a Response', async (t) => {
    const target = await startTarget(
      t,
      (_, response) => {
        response.setHeader('content-type', 'application/json');
        response.setHeader('content-encoding', 'gzip');
        response.end(gzipSync('{"access_token":"x"}'));
      },
      { certificate: 'good' },
    );
    const response = await open()(`https://target.test:${target.port}/token?a=1`, {
      method: 'POST',
      headers: new Headers({ accept: 'application/json' }),
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { access_token: 'x' });
    const [sent] = target.requests;
    assert.equal(sent?.url, '/token?a=1');
    assert.equal(sent?.body, 'grant_type=client_credentials');
    assert.match(sent?.headers['content-type'] ?? '', /x-www-form-urlencoded/);
    assert.equal(sent?.headers['user-agent'], 'usher/0');
  });

  it('reaches no private address, by no spelling, name or redirect', async (t) => {
    const canary = await startTarget(t, (_, response) => void response.end());
    const closed = open({ policy: { allowHttp: true, allowedNetworks: [] } });
    for (const host of [
      '127.0.0.1',
      '[::ffff:7f00:1]',
      '2130706433',
      'inside.test',
      '169.254.169.254',
      'metadata.google.internal',
    ]) {
      await assert.rejects(closed(`http://${host}:${canary.port}/`), /private|never sends/);
    }
    assert.equal(canary.connections(), 0);
    const target = await startTarget(t, (_, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${canary.port}/` });
      response.end();
    });
    const response = await open()(`http://target.test:${target.port}/`, { method: 'POST', body: 'secret' });
    assert.equal(response.status, 307);
    assert.equal(canary.connections(), 0);
  });

  it('gives an answer without a body', async (t) => {
    const target = await startTarget(t, (_, response) => {
      response.statusCode = 204;
      response.end();
    });
    assert.equal((await open()(`http://target.test:${target.port}/revoke`, { method: 'POST' })).status, 204);
  });

  it('tells whether a spent token may have arrived', async (t) => {
    const target = await startRawTarget(t, (socket) => socket.destroy());
    const url = `http://target.test:${target.port}/token`;
    await assert.rejects(
      open()(url, { method: 'POST', body: 'x' }),
      (error: ConnectorError) => error.kind === 'ambiguous',
    );
    await assert.rejects(
      open()('http://target.test:9/', { method: 'POST' }),
      (error: ConnectorError) => error.kind === 'transient',
    );
  });

  it('reads no more than its limit', async (t) => {
    const target = await startTarget(t, (_, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(Buffer.alloc(20 * 1024 * 1024)));
    });
    await assert.rejects(open()(`http://target.test:${target.port}/`), /more than 1024 KiB/);
  });
});
