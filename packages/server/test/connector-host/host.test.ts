import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type Connector, ConnectorError, type HttpRequest, type HttpTransport } from '@usher/connector-sdk';
import { systemClock } from '../../src/clock.ts';
import { ConnectorFaultError, CustomConnectors, DEFAULT_CHILD_LIMITS } from '../../src/connector-host/index.ts';
import { createTestLog } from '../support/test-log.ts';
import { answerAll, connect, makeFolder, NAUGHTY, openHost } from './host-fixture.ts';

const get = (remoteId: string) => ({ remoteId });
const isFault = (wanted: Partial<ConnectorFaultError>) => (error: unknown) => {
  assert.ok(error instanceof ConnectorFaultError, String(error));
  for (const [name, value] of Object.entries(wanted)) assert.equal(error[name as 'kind'], value, name);
  return true;
};

async function untilGone(pid: number): Promise<void> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; await systemClock.sleep(20)) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
  }
  assert.fail(`The process ${pid} still runs`);
}

describe('operations over one process', () => {
  it('run at once, each with its own answer', async () => {
    await using host = await openHost(NAUGHTY, DEFAULT_CHILD_LIMITS);
    const { accounts } = await host.join();
    const pid = host.connector.pidOf(1);
    const startedAt = performance.now();
    const slow = Array.from({ length: 50 }, () => accounts.get(get('slow')));
    assert.deepEqual(await accounts.get(get('nobody')), { found: false });
    assert.ok((await Promise.all(slow)).every((result) => result.found));
    assert.ok(performance.now() - startedAt < 50 * 300, 'not one after the other');
    assert.equal(host.connector.pidOf(1), pid);
  });

  it('have a process of their own for each app', async () => {
    await using host = await openHost();
    await host.join({}, { app: 1 });
    await host.join({}, { app: 2 });
    const pids = [host.connector.pidOf(1), host.connector.pidOf(2), process.pid];
    assert.equal(new Set(pids).size, 3);
  });

  it('send only what the host sends for them', async () => {
    await using host = await openHost();
    const requests: HttpRequest[] = [];
    const { accounts } = await host.join({}, { http: answerAll(requests) });
    await accounts.update({ remoteId: '1', changes: [], desired: {} });
    await accounts.create({ attributes: { email: 'a@example.com' } });
    assert.deepEqual(requests, [
      { method: 'GET', path: 'people', effect: 'read' },
      { method: 'POST', path: 'people', effect: 'write', body: '{}' },
    ]);
  });

  it('end with the host’s own error when it sends no more, as it was thrown', async () => {
    await using host = await openHost();
    class LeaseIsOver extends Error {}
    const over = new LeaseIsOver('x');
    const { accounts } = await host.join({}, { http: { request: () => Promise.reject(over) } });
    await assert.rejects(accounts.create({ attributes: {} }), (error) => error === over);
    const gone = new ConnectorError('transient', 'Nobody answers.', { status: 503, retryAfterMs: 7 });
    const away = await host.join({}, { http: { request: () => Promise.reject(gone) } });
    await assert.rejects(away.accounts.create({ attributes: {} }), (error) => {
      assert.ok(error instanceof ConnectorError && !(error instanceof ConnectorFaultError));
      assert.deepEqual([error.kind, error.status, error.retryAfterMs], ['transient', 503, 7]);
      return true;
    });
  });

  it('are given up when the signal says so, and the process lives', async () => {
    await using host = await openHost();
    const stop = new AbortController();
    const { accounts } = await host.join({}, { signal: stop.signal });
    const pid = host.connector.pidOf(1);
    const waiting = accounts.get(get('wait for the signal'));
    const deaf = accounts.get(get('never'));
    const reason = new Error('enough');
    setTimeout(() => stop.abort(reason), 20);
    await assert.rejects(waiting, (error) => error === reason);
    await assert.rejects(deaf, (error) => error === reason);
    await assert.rejects(accounts.get(get('nobody')), (error) => error === reason);
    const other = await host.join();
    assert.deepEqual(await other.accounts.get(get('nobody')), { found: false });
    assert.equal(host.connector.pidOf(1), pid);
  });

  it('may wait for the target as long as the transport allows', async () => {
    await using host = await openHost(NAUGHTY, { operationMs: 300 });
    const late: HttpTransport = {
      request: async () => {
        await systemClock.sleep(900);
        return { status: 200, headers: {}, body: '' };
      },
    };
    const { accounts } = await host.join({}, { http: late });
    assert.equal((await accounts.update({ remoteId: '1', changes: [], desired: {} })).account?.remoteId, '1');
  });
});

describe('a failure after a write', () => {
  for (const [deed, wanted] of [
    ['exit', { kind: 'ambiguous', stopsApp: true }],
    ['throw', { kind: 'ambiguous', stopsApp: false }],
  ] as const) {
    it(`leaves the outcome unknown: ${deed}`, async () => {
      await using host = await openHost();
      const { accounts } = await host.join();
      await assert.rejects(accounts.create({ attributes: { afterwards: deed } }), isFault(wanted));
    });
  }

  it('is not told before the write has come to its end', async () => {
    await using host = await openHost();
    let ended = false;
    const slow: HttpTransport = {
      request: async () => {
        await systemClock.sleep(600);
        ended = true;
        return { status: 200, headers: {}, body: '{}' };
      },
    };
    const { accounts } = await host.join({}, { http: slow });
    const creating = accounts.create({ attributes: {} });
    await systemClock.sleep(150);
    const failing = accounts.get(get('exit')).catch(() => {});
    await assert.rejects(creating, isFault({ kind: 'ambiguous', isSole: false }));
    assert.equal(ended, true);
    await failing;
  });
});

describe('what a connector is given', () => {
  it('options, paths and the time', async () => {
    await using host = await openHost();
    const { accounts } = await host.join({ region: 'eu' }, { paths: ['email'] });
    const got = await accounts.get(get('context'));
    assert.ok(got.found);
    const { options, paths } = got.account.representation;
    assert.deepEqual([options, paths], [{ region: 'eu' }, ['email']]);
    const slow = await accounts.get(get('slow'));
    assert.ok(slow.found);
    const now = Date.parse(String(slow.account.representation['now']));
    assert.ok(Math.abs(Date.now() - now) < 5_000);
  });

  it('a memory for as long as the app keeps its own', async () => {
    await using host = await openHost();
    const timesOf = async (memory: Map<string, unknown>) => {
      const got = await (await host.join({}, { memory })).accounts.get(get('memory'));
      return got.found && got.account.representation['times'];
    };
    const memory = new Map();
    const other = new Map();
    assert.deepEqual([await timesOf(memory), await timesOf(other), await timesOf(memory)], [1, 1, 2]);
    for (let index = 0; index < 70; index++) await timesOf(new Map());
    assert.equal(await timesOf(memory), 1, 'it may be emptied');
    assert.equal(await timesOf(memory), 2);
  });

  it('a log, redacted and within limits', async () => {
    await using host = await openHost();
    const { accounts } = await host.join();
    await accounts.get(get('log'));
    await accounts.get(get('print'));
    const entries = host.log.entries.filter(({ app }) => app === 'App1');
    const said = entries.find(({ msg }) => msg === 'something to know');
    assert.deepEqual(
      [said?.['level'], said?.['fields'], said?.['connector']],
      ['warn', { accessToken: '[redacted]', count: 3 }, 'naughty'],
    );
    assert.ok(entries.some(({ msg }) => String(msg).startsWith('a line for the log { a: 1 }')));
    const before = host.log.entries.length;
    await accounts.get(get('some logs too many'));
    await systemClock.sleep(500);
    const after = host.log.entries.slice(before);
    const lines = after.filter(({ msg }) => String(msg).startsWith('line ')).length;
    const dropped = after.reduce((sum, { dropped: some }) => sum + Number(some ?? 0), 0);
    assert.ok(lines >= 240 && lines < 320, `${lines} lines pass`);
    assert.equal(lines + dropped, 400);
  });

  it('its own reading of an account, also of one that was kept', async () => {
    await using host = await openHost();
    const { accounts } = await host.join({}, { paths: ['email', 'name'] });
    const { account } = await accounts.create({ attributes: { email: 'a@example.com' } });
    assert.deepEqual([accounts.read(account, 'name'), accounts.read(account, 'email')], ['Upper', 'a@example.com']);
    const stored = { ...account, representation: JSON.parse(JSON.stringify(account.representation)) };
    assert.equal(accounts.read(stored, 'name'), 'Upper');
    assert.equal(accounts.read(stored, 'none'), undefined);
  });
});

describe('the process of an app', () => {
  it('starts again after a pause, one operation at a time, so that the guilty one is known', async () => {
    await using host = await openHost();
    const { accounts } = await host.join();
    const together = [accounts.get(get('slow')), accounts.get(get('exit')), accounts.get(get('slow'))];
    for (const one of together) await assert.rejects(one, isFault({ stopsApp: true, isSole: false }));
    await assert.rejects(accounts.get(get('nobody')), /exit code 7\. It starts again in 1 s/);
    await systemClock.sleep(120);
    const [first, guilty, last] = await Promise.allSettled([
      accounts.get(get('slow')),
      accounts.get(get('exit')),
      systemClock.sleep(1).then(() => accounts.get(get('slow'))),
    ]);
    assert.equal(first?.status, 'fulfilled', 'the innocent one before it passes');
    isFault({ isSole: true })((guilty as PromiseRejectedResult).reason);
    assert.equal(last?.status, 'rejected');
  });

  it('ends when there is nothing to do, and begins anew', async () => {
    await using host = await openHost(NAUGHTY, { idleMs: 50 });
    const { accounts } = await host.join();
    const pid = host.connector.pidOf(1);
    assert.ok(pid);
    await untilGone(pid);
    assert.equal(host.connector.pidOf(1), undefined);
    assert.deepEqual(await accounts.get(get('nobody')), { found: false });
    assert.notEqual(host.connector.pidOf(1), pid);
  });

  it('ends with the server', async () => {
    const host = await openHost();
    const { accounts } = await host.join();
    const pid = host.connector.pidOf(1) ?? 0;
    await host.custom.close();
    await untilGone(pid);
    await assert.rejects(accounts.get(get('nobody')), /stopping/);
  });
});

const CONNECTOR = (version: string, more = '') => `export default {
  id: 'small', version: '${version}', label: 'Small', description: 'Small.', optionsSchema: { type: 'object' }, credentialKinds: ['none'],
  connect: () => ({ test: async () => ({ steps: [] }), accounts: {
    get: async () => ({ found: true, account: { remoteId: '1', representation: { version: '${version}' } } }),
    read: () => undefined, find: async () => ({ accounts: [] }),
  } }), ${more}
};`;
const versionOf = async (bound: Connector) => {
  const got = await connect(bound, {}).accounts.get(get('1'));
  return got.found && got.account.representation['version'];
};

describe('the code of a connector', () => {
  it('runs as it was taken up, and not as it was changed since', async () => {
    using folder = makeFolder();
    const file = join(folder.path, 'small.js');
    writeFileSync(file, CONNECTOR('1'));
    await using host = await openHost(file);
    const bound = await host.connector.joinApp({ id: 1, name: 'App' }, {});
    writeFileSync(file, CONNECTOR('2'));
    assert.equal(await versionOf(bound), '1', 'the process goes on as it is');
    await assert.rejects(host.connector.joinApp({ id: 2, name: 'Other' }, {}), /changed on disk.*Restart the server/);
    rmSync(file);
    await assert.rejects(host.connector.joinApp({ id: 2, name: 'Other' }, {}), /vanished from disk/);
  });

  it('is taken up at each save while it is being written', async () => {
    using folder = makeFolder();
    const file = join(folder.path, 'small.ts');
    writeFileSync(file, CONNECTOR('1'));
    await using host = await openHost(folder.path);
    const bound = await host.connector.joinApp({ id: 1, name: 'App' }, {});
    assert.equal(await versionOf(bound), '1');
    writeFileSync(file, CONNECTOR('2'));
    await host.custom.look();
    assert.deepEqual([host.connector.version, await versionOf(bound)], ['2', '2']);
    writeFileSync(file, 'export default {');
    await host.custom.look();
    assert.match(host.custom.failures.join(), /small cannot be used: it cannot be loaded: SyntaxError/);
    assert.equal(host.connector.version, '2');
    writeFileSync(file, CONNECTOR('3'));
    await host.custom.look();
    assert.deepEqual([host.custom.failures, await versionOf(bound)], [[], '3']);
  });

  it('may be a file, a package of TypeScript, or one of many in a folder', async () => {
    using folder = makeFolder();
    const at = (...names: string[]) => join(folder.path, ...names);
    for (const name of ['pack', 'plain', 'none']) mkdirSync(at(name));
    mkdirSync(at('pack', 'source'));
    writeFileSync(at('pack', 'package.json'), '{"main":"./source/main.ts","type":"module"}');
    writeFileSync(
      at('pack', 'source', 'main.ts'),
      `import { base } from '../base.ts';\nexport default { ...base, id: 'pack' };`,
    );
    writeFileSync(at('pack', 'base.ts'), CONNECTOR('1').replace('export default', 'export const base: object ='));
    writeFileSync(at('plain', 'index.mjs'), CONNECTOR('1').replace("'small'", "'plain'"));
    writeFileSync(at('none', 'readme.txt'), '');
    writeFileSync(
      at('single.js'),
      CONNECTOR('1').replace("'small'", "'single'").replace('export default', 'export const connector ='),
    );
    writeFileSync(at('single.test.js'), 'throw 1');
    const log = createTestLog();
    const custom = await CustomConnectors.open({ clock: systemClock, log, paths: [folder.path, at('gone')] });
    assert.deepEqual(custom.connectors.map(({ id }) => id).sort(), ['pack', 'plain', 'single']);
    assert.deepEqual(custom.failures, [`${at('gone')} does not exist`]);
    await custom.close();
  });

  it('may be large and import what is beside it, and nothing above', async () => {
    using folder = makeFolder();
    const at = (...names: string[]) => join(folder.path, ...names);
    mkdirSync(at('inside'));
    writeFileSync(at('outside.mjs'), 'export const x = 1;');
    writeFileSync(at('inside', 'index.mjs'), `import '../outside.mjs';\n${CONNECTOR('1')}`);
    const custom = await CustomConnectors.open({ clock: systemClock, log: createTestLog(), paths: [at('inside')] });
    assert.match(custom.failures.join(), /ERR_ACCESS_DENIED|Access to this API has been restricted/);
    await custom.close();
  });

  const wrong: [name: string, code: string, problem: RegExp][] = [
    ['nothing', 'export const x = 1;', /exports no connector/],
    ['no connect', 'export default { id: "x" };', /no function `connect`/],
    ['an odd id', CONNECTOR('1').replace("'small'", "'Not Small'"), /id: must be of small letters/],
    ['no version', CONNECTOR(''), /version/],
    ['no such credential', CONNECTOR('1').replace("'none'", "'password'"), /credentialKinds/],
    [
      'a slow pattern',
      CONNECTOR('1').replace("type: 'object'", () => "type: 'object', properties: { a: { pattern: '^(a+)+$' } }"),
      /pattern \^\(a\+\)\+\$ in optionsSchema may take for ever/,
    ],
    ['a taken id', CONNECTOR('1').replace("'small'", "'taken'"), /has the id "taken", which another/],
    ['an endless start', 'for (;;);', /was not ready within 1500 ms/],
    ['a crash', 'process.exit(3);', /exit code 3/],
    ['the network', 'import "node:https";', /A connector has no node:https/],
    ['the tests', 'import "@usher/connector-sdk/testing";', /is for tests/],
  ];
  for (const [name, code, problem] of wrong) {
    it(`is left out with the reason when it has ${name}`, async () => {
      using folder = makeFolder();
      writeFileSync(join(folder.path, 'wrong.mjs'), code);
      const builtIn = [{ id: 'taken' } as Connector];
      const log = createTestLog();
      const options = { clock: systemClock, log, paths: [folder.path], builtIn, limits: { startMs: 1_500 } };
      const custom = await CustomConnectors.open(options);
      assert.deepEqual(custom.connectors, []);
      assert.match(custom.failures.join(), problem);
      assert.ok(log.entries.some(({ msg }) => msg === 'A custom connector could not be loaded'));
      await custom.close();
    });
  }

  it('is refused where it could read what is private', async () => {
    using folder = makeFolder();
    cpSync(NAUGHTY, join(folder.path, 'index.ts'));
    const privateFolders = [join(folder.path, 'data')];
    const options = { clock: systemClock, log: createTestLog(), paths: [folder.path], privateFolders };
    const custom = await CustomConnectors.open(options);
    assert.match(
      custom.failures.join(),
      /could read .*data, which is private. Put the connector into a folder of its own/,
    );
    await custom.close();
  });

  it('does without what a join gives: options that it refuses are told', async () => {
    using folder = makeFolder();
    const code = CONNECTOR('1').replace(
      'connect: () =>',
      `connect: ({ options }) => { if (options.bad) throw new Error('bad is bad');\n return`,
    );
    writeFileSync(join(folder.path, 'small.js'), `${code.replace('} }), \n};', '} }) }\n};')}`);
    await using host = await openHost(folder.path);
    await host.connector.joinApp({ id: 1, name: 'App' }, {});
    await assert.rejects(
      host.connector.joinApp({ id: 1, name: 'App' }, { bad: 1 }),
      /cannot be joined.*Error: bad is bad/,
    );
  });
});

it('the process sees only this one file of the tests', () => {
  assert.ok(readFileSync(NAUGHTY, 'utf8').includes('read its neighbour'));
});
