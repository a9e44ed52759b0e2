import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Pool } from 'undici';
import { AddressDeniedError, createGuardedConnect } from '../../src/transport/guarded-connect.ts';
import type { NetworkPolicy } from '../../src/transport/index.ts';
import { openLoopback, resolveTo, startTarget } from './local-target.ts';

const closed: NetworkPolicy = { allowHttp: true, allowedNetworks: [] };

/** Below the check of the base URL, as if some interceptor had put an address in the name's place. */
describe('the guarded connect', () => {
  const cases: [name: string, host: string, pinned: string, policy: NetworkPolicy][] = [
    ['an IPv4 literal, which no lookup sees', '127.0.0.1', '127.0.0.1', closed],
    ['an IPv6 literal', '[::1]', '::1', closed],
    ['a mapped literal', '[::ffff:7f00:1]', '::ffff:7f00:1', closed],
    ['another host than the pinned one', '127.0.0.1', 'target.test', openLoopback],
  ];
  for (const [name, host, pinned, policy] of cases) {
    it(`refuses ${name}`, async (t) => {
      const canary = await startTarget(t, (_, response) => void response.end());
      const connect = createGuardedConnect(
        { hostname: pinned, port: canary.port },
        { policy, connectTimeoutMs: 500, resolve: resolveTo('127.0.0.1') },
      );
      const pool = new Pool(`http://${host}:${canary.port}`, { connect });
      t.after(() => pool.destroy());
      await assert.rejects(pool.request({ path: '/', method: 'GET' }), AddressDeniedError);
      assert.equal(canary.connections(), 0);
    });
  }

  it('refuses a socket in the file system', async () => {
    const connect = createGuardedConnect(
      { hostname: 'target.test', port: 80 },
      { policy: openLoopback, connectTimeoutMs: 500, resolve: resolveTo('127.0.0.1') },
    );
    const error = await new Promise<Error | null>((resolve) => {
      const target = { hostname: 'target.test', protocol: 'http:', port: '80', socketPath: '/tmp/x.sock' };
      connect(target, (...result) => resolve(result[0]));
    });
    assert.ok(error instanceof AddressDeniedError);
  });
});
