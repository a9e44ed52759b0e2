import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { ConnectorError } from '@usher/connector-sdk';
import { ConnectorFaultError } from '../../src/connector-host/index.ts';
import { type Host, openHost } from './host-fixture.ts';

let host: Host;
before(async () => {
  host = await openHost();
});
after(() => host?.custom.close());

let lastApp = 0;
/** Does a deed in an app of its own, and gives what came of it. */
async function dare(deed: string, options: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const connection = await host.join(options, { app: ++lastApp });
  const got = await connection.accounts.get({ remoteId: deed });
  assert.ok(got.found, deed);
  return got.account.representation;
}

describe('what ends the process of a connector, with the reason', () => {
  const fatal: [deed: string, reason: RegExp][] = [
    ['loop', /did not respond for 1000 ms/],
    ['never', /did not finish get within 2500 ms of its own time/],
    ['exit', /ended by itself with exit code 7/],
    ['throw later', /crashed: RangeError: thrown by a timer/],
    ['unhandled rejection', /crashed: .*nobody listens/],
    ['bomb of arrays', /ran out of its 48 MiB of heap|did not respond|MiB of memory/],
    ['bomb of objects', /ran out of its 48 MiB of heap|MiB of memory/],
    ['bomb of buffers', /used \d+ MiB of memory; it may use 224/],
    ['flood of logs', /flooded its log|heap/],
    ['flood of output', /flooded its output|heap/],
    ['endless message', /sent a message of more than 1048576 characters/],
    ['great result', /sent a message of more than 1048576 characters/],
    ['no message', /sent its host something that is no message/],
    ['forged result', /spoke of operations that nobody had asked for/],
    ['forged pong', /answered what nobody had asked/],
    ['unknown type', /no known type/],
    ['flood of requests', /more requests than one operation may/],
  ];
  for (const [deed, reason] of fatal) {
    it(deed, async () => {
      const bystander = await host.join({}, { app: 9_999 });
      const waiting = bystander.accounts.get({ remoteId: 'slow' });
      await assert.rejects(dare(deed), (error) => {
        assert.ok(error instanceof ConnectorFaultError, String(error));
        assert.match(error.message, reason);
        assert.deepEqual([error.kind, error.stopsApp, error.isSole], ['transient', true, true]);
        return true;
      });
      assert.equal((await waiting).found, true, 'another app goes on');
      // The app itself is back after its pause.
      const { accounts } = await retry(() => host.join({}, { app: lastApp }));
      assert.deepEqual(await accounts.get({ remoteId: 'nobody' }), { found: false });
    });
  }
});

describe('what fails one operation and leaves the process', () => {
  const broken: [deed: string, reason: RegExp][] = [
    ['throw', /failed in get: TypeError: of course this never happens/],
    ['no result', /answered get with no result/],
    ['no remote id', /remoteId is not a text/],
    ['odd active', /active is not true, false or absent/],
    ['no representation', /without a representation/],
    ['deep result', /nested more than 40 deep/],
    ['odd error', /failed in get/],
  ];
  for (const [deed, reason] of broken) {
    it(deed, async () => {
      await assert.rejects(dare(deed), (error) => isBroken(error) && reason.test(String(error)));
      assert.ok(host.connector.pidOf(lastApp), 'the process lives');
    });
  }

  it('an odd request is the connector’s to hear of', async () => {
    for (const deed of ['odd request', 'lazy effect']) {
      const refused = (error: unknown) => error instanceof ConnectorError && error.kind === 'invalid_request';
      await assert.rejects(dare(deed), refused);
    }
  });

  it('texts for people are cut and clean', async () => {
    await assert.rejects(dare('long error'), (error) => {
      assert.ok(error instanceof ConnectorError && error.kind === 'invalid_request');
      assert.equal(error.message.length, 1_001);
      assert.match(error.message, /^ab x/);
      assert.equal(error.detail?.length, 4_001);
      return true;
    });
  });

  it('a list with a cursor that is no text', async () => {
    const { accounts } = await host.join({ lists: true }, { app: ++lastApp });
    await assert.rejects(async () => accounts.list?.({ limit: 1 }), /cursor that is not a text/);
  });

  it('what must not travel on is taken out of a result', async () => {
    const found = await dare('prototype');
    assert.equal(Object.hasOwn(found, '__proto__'), false);
    assert.equal((found as { polluted?: number }).polluted, undefined);
    assert.equal(({} as { polluted?: number }).polluted, undefined);
    assert.deepEqual(Object.keys(found['a'] as object), []);
    assert.deepEqual([found['nul'], found['half']], ['ab', '\ufffd']);
    assert.equal('then' in (await dare('then trap')), false);
  });

  it('four broken operations in a row are the connector’s fault', async () => {
    const { accounts } = await host.join({}, { app: ++lastApp });
    for (let time = 1; time < 4; time++) {
      await assert.rejects(accounts.get({ remoteId: 'throw' }), isBroken);
    }
    await assert.rejects(
      accounts.get({ remoteId: 'throw' }),
      (error) => error instanceof ConnectorFaultError && error.stopsApp && /3 operations before it/.test(error.message),
    );
  });
});

/** This one operation; the app goes on. */
function isBroken(error: unknown): boolean {
  return error instanceof ConnectorFaultError && !error.stopsApp && error.kind === 'transient';
}

describe('the standard profile contains', () => {
  const contained: [deed: string, by: RegExp][] = [
    ['read a file', /ERR_ACCESS_DENIED/],
    ['read its neighbour', /ERR_ACCESS_DENIED/],
    ['read the environment of the host', /ERR_ACCESS_DENIED/],
    ['read its own environment', /ERR_ACCESS_DENIED/],
    ['read memory', /ERR_ACCESS_DENIED/],
    ['write a file', /ERR_ACCESS_DENIED/],
    ['spawn a program', /ERR_ACCESS_DENIED/],
    ['start a worker', /ERR_ACCESS_DENIED/],
    ['open an inspector', /ERR_ACCESS_DENIED|ERR_INSPECTOR/],
    ['load an addon', /ERR_DLOPEN_DISABLED|ERR_ACCESS_DENIED/],
    ['run text', /Code generation from strings disallowed/],
    ['run text by a function', /Code generation from strings disallowed/],
    ['write into other descriptors', /no descriptor of the host/],
    ['drop the permissions', /ERR_ACCESS_DENIED|redefine|Cannot/],
    ['fetch', /A connector has no fetch: send requests with context.http/],
    ['import net', /A connector has no node:net: send requests with context.http/],
  ];
  for (const [deed, by] of contained) {
    it(deed, async () => {
      const told = await dare(deed);
      assert.equal(told['contained'], true, JSON.stringify(told));
      assert.match(String(told['by']), by);
    });
  }

  it('the environment and the secrets in it: there is none', async () => {
    process.env['USHER_TEST_CANARY'] = 'a-canary-of-this-process';
    const told = await dare('context', { region: 'eu' });
    assert.deepEqual(told['env'], {});
    assert.deepEqual(told['options'], { region: 'eu' });
  });
});

describe('not contained in the standard profile', () => {
  it('the network: Node 24 has no permission for it', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const told = await dare('connect by itself', { port: (server.address() as AddressInfo).port });
    server.close();
    assert.deepEqual(told, { contained: false, got: 'connected' });
  });

  it('signals to processes of the same user', async () => {
    assert.equal((await dare('signal the host'))['contained'], false);
  });
});

async function retry<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let time = 0; ; time++) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ConnectorFaultError) || time === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
