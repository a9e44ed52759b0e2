import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ConnectorError, createLdapTransport, type LdapRequest, type LdapTransport } from '@usher/connector-sdk';
import {
  createPreviewTransport,
  type Exchange,
  originOf,
  PreviewStop,
  recordExchanges,
  type TargetTransport,
} from '../../src/transport/index.ts';
import { openTransport, testAuthority } from './local-target.ts';
import { BIND_DN, BIND_PASSWORD, noSlapd, PEOPLE, SUFFIX, startSlapd } from './slapd.ts';

const certificate = (name: string) => fileURLToPath(new URL(`./certificates/${name}`, import.meta.url));
const TLS = { certificate: certificate('good.pem'), key: certificate('good.key.pem') };

function open(t: TestContext, url: string, more: object = {}, login = [BIND_DN, BIND_PASSWORD]): TargetTransport {
  const authorization = `Basic ${Buffer.from(login.join(':')).toString('base64')}`;
  const headers = { authorization };
  return openTransport(t, url, { authorize: () => headers, credentialOrigins: [originOf(url)], ...more });
}

const ada: LdapRequest = {
  operation: 'add',
  dn: `uid=ada,${PEOPLE}`,
  attributes: {
    objectClass: ['inetOrgPerson'],
    uid: ['ada'],
    cn: ['Ada'],
    sn: ['Lovelace'],
    userPassword: ['canary-password'],
  },
};
const search = (
  filter: LdapRequest & { operation: 'search' } extends infer S ? Partial<S> : never = {},
): LdapRequest => ({
  operation: 'search',
  base: SUFFIX,
  scope: 'sub',
  filter: { attribute: 'uid', present: true },
  attributes: ['*'],
  ...filter,
});
const kindOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'no error',
    (error: unknown) => (error instanceof ConnectorError ? error.kind : String(error)),
  );

describe('LDAP over an app’s transport', { skip: noSlapd }, () => {
  it('adds, searches, changes, renames and deletes, and answers with the server’s codes', async (t) => {
    await using slapd = await startSlapd();
    const ldap = createLdapTransport(open(t, slapd.url));
    assert.deepEqual(await ldap.request(ada), { code: 0, message: '', entries: [] });
    assert.equal((await ldap.request(ada)).code, 68);
    const found = await ldap.request(search({ filter: { attribute: 'sn', startsWith: 'Love' } }));
    assert.equal(found.entries.length, 1);
    const [entry] = found.entries;
    assert.equal(entry?.dn, `uid=ada,${PEOPLE}`);
    assert.deepEqual(entry?.attributes['sn'], ['Lovelace']);
    assert.equal('userPassword' in (entry?.attributes ?? {}), false, 'passwords are not read');
    const replace = { change: 'replace', attribute: 'sn', values: ['Byron', 'King'] } as const;
    assert.equal((await ldap.request({ operation: 'modify', dn: `uid=ada,${PEOPLE}`, changes: [replace] })).code, 0);
    assert.equal((await ldap.request({ operation: 'rename', dn: `uid=ada,${PEOPLE}`, newRdn: 'uid=a\\2cd' })).code, 0);
    const renamed = await ldap.request(search({ filter: { attribute: 'uid', equals: 'a,d' } }));
    assert.deepEqual(renamed.entries[0]?.attributes['sn'], ['Byron', 'King']);
    const dn = renamed.entries[0]?.dn ?? '';
    assert.equal((await ldap.request({ operation: 'delete', dn })).code, 0);
    assert.equal((await ldap.request({ operation: 'delete', dn })).code, 32);
  });

  it('keeps hostile values inside their filter, and reads more entries than the server gives at once', async (t) => {
    await using slapd = await startSlapd();
    const ldap = createLdapTransport(open(t, slapd.url));
    for (let n = 0; n < 620; n++) await ldap.request(person(n));
    assert.equal((await ldap.request(search())).entries.length, 620);
    const some = await ldap.request(search({ limit: 7 }));
    assert.deepEqual([some.code, some.entries.length], [4, 7]);
    const many = await ldap.request(search({ limit: 610 }));
    assert.deepEqual([many.code, many.entries.length], [4, 610]);
    for (const equals of ['*', 'x)(uid=*', '\\2a', '\0', 'u1)(|(uid=*', '(']) {
      assert.equal((await ldap.request(search({ filter: { attribute: 'uid', equals } }))).entries.length, 0, equals);
    }
  });

  it('shows the operation in a preview and in the log, without what is secret, and sends it in neither', async (t) => {
    await using slapd = await startSlapd();
    const transport = open(t, slapd.url);
    const preview = createPreviewTransport(transport);
    const dry = createLdapTransport(preview);
    assert.equal((await dry.request(search())).entries.length, 0, 'reads pass');
    await assert.rejects(dry.request(ada), PreviewStop);
    assert.deepEqual(preview.captured, {
      method: 'ADD',
      url: `ldap://127.0.0.1:${slapd.port}/uid=ada,${PEOPLE}`,
      headers: { 'signed-in-as': BIND_DN, password: '[redacted]' },
      body: [
        `dn: uid=ada,${PEOPLE}`,
        'changetype: add',
        'objectClass: inetOrgPerson',
        'uid: ada',
        'cn: Ada',
        'sn: Lovelace',
        'userPassword: [redacted]',
      ].join('\n'),
    });
    const exchanges: Exchange[] = [];
    const ldap = createLdapTransport(recordExchanges(transport, (exchange) => exchanges.push(exchange)));
    await ldap.request(ada);
    await ldap.request(ada);
    await ldap.request(search());
    assert.deepEqual(
      exchanges.map(({ method, status }) => [method, status]),
      [
        ['ADD', 0],
        ['ADD', 68],
        ['SEARCH', 0],
      ],
    );
    assert.match(exchanges[2]?.responseBody ?? '', /dn: uid=ada/);
    assert.doesNotMatch(JSON.stringify(exchanges), /canary-password|the password of the bind/);
  });

  it('says that the bind is refused, and never binds without a password', async (t) => {
    await using slapd = await startSlapd();
    const refused: [string[], RegExp][] = [
      [[BIND_DN, 'wrong'], /refuses the bind \(49\)/],
      [[BIND_DN, ''], /user name and a password/],
      [['PLAIN', 'x'], /distinguished name/],
    ];
    for (const [login, message] of refused) {
      const ldap = createLdapTransport(open(t, slapd.url, {}, login));
      await assert.rejects(ldap.request(search()), (error: ConnectorError) => {
        assert.equal(error.kind, 'unauthorized');
        assert.match(error.message, message);
        return true;
      });
    }
    const reader = createLdapTransport(open(t, slapd.url, {}, [`cn=reader,${SUFFIX}`, 'only for reading']));
    assert.equal((await reader.request(ada)).code, 50);
  });

  it('uses TLS, from the first byte or by StartTLS, and verifies whose certificate it is', async (t) => {
    await using slapd = await startSlapd({ tls: TLS });
    for (const url of [`ldaps://127.0.0.1:${slapd.tlsPort}`, `ldap://127.0.0.1:${slapd.port}`]) {
      const trusted = createLdapTransport(open(t, url, { extraCa: testAuthority }));
      assert.equal((await trusted.request(search())).code, 0);
      const untrusted = createLdapTransport(open(t, url));
      await assert.rejects(untrusted.request(search()), (error: ConnectorError) => {
        assert.equal(error.kind, 'transient');
        assert.match(error.message, /certificate/);
        return true;
      });
    }
  });

  it('goes on after the server was away, and says that what was not sent was not done', async (t) => {
    await using slapd = await startSlapd();
    const ldap = createLdapTransport(open(t, slapd.url));
    await ldap.request(ada);
    await slapd.stop();
    const kind = await kindOf(ldap.request(person(1)));
    assert.equal(kind === 'transient' || kind === 'ambiguous', true, kind);
    assert.equal(await kindOf(ldap.request(person(1))), 'transient');
    await slapd.start();
    assert.equal((await ldap.request(person(1))).code, 0);
  });
});

describe('LDAP over an app’s transport to a server that is none', () => {
  it('is ambiguous for a write whose answer never comes, transient for a read, by the time-out', async (t) => {
    // Takes the bind, and nothing after it.
    const port = await serve(t, (socket) => {
      socket.once('data', (bind) => {
        const id = bind.subarray(2, bind.indexOf(0x60));
        const success = Buffer.from([0x61, 7, 0x0a, 1, 0, 4, 0, 4, 0]);
        socket.write(Buffer.concat([Buffer.from([0x30, id.length + success.length]), id, success]));
      });
    });
    const ldap = createLdapTransport(open(t, `ldap://127.0.0.1:${port}?tls=off`, { limits: { totalMs: 300 } }));
    assert.equal(await kindOf(ldap.request(ada)), 'ambiguous');
    assert.equal(await kindOf(ldap.request(search())), 'transient');
  });

  it('is transient when the bind is never answered, and when the answer is no LDAP', async (t) => {
    const limits = { connectMs: 200, totalMs: 2_000 };
    const silent = await serve(t, () => {});
    const odd = await serve(t, (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    for (const port of [silent, odd]) {
      const ldap: LdapTransport = createLdapTransport(open(t, `ldap://127.0.0.1:${port}?tls=off`, { limits }));
      assert.equal(await kindOf(ldap.request(ada)), 'transient');
    }
  });

  it('goes to no private address that is not allowed, by name or by number', async (t) => {
    const strict = { policy: { allowHttp: true, allowedNetworks: [] } };
    let connections = 0;
    const port = await serve(t, () => connections++);
    assert.throws(() => open(t, `ldap://127.0.0.1:${port}?tls=off`, strict), /private or reserved/);
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const named = createLdapTransport(open(t, `ldap://ldap.example.com:${port}?tls=off`, { ...strict, resolve }));
    await assert.rejects(named.request(search()), /private or reserved/);
    assert.equal(connections, 0);
  });

  it('refuses what is no operation, and a write that says it reads', async (t) => {
    const transport = open(t, 'ldap://127.0.0.1:9?tls=off');
    const send = (operation: unknown, effect: 'read' | 'write' = 'write', type = 'application/vnd.usher.ldap+json') =>
      kindOf(
        transport.request({
          method: 'POST',
          path: '',
          effect,
          headers: { 'content-type': type },
          body: JSON.stringify(operation),
        }),
      );
    assert.equal(await send(ada, 'read'), 'invalid_request');
    assert.equal(await send({ ...ada, operation: 'unbind' }), 'invalid_request');
    assert.equal(await send({ operation: 'rename', dn: 'uid=a', newRdn: 'uid=b,dc=elsewhere' }), 'invalid_request');
    assert.equal(await send(search({ filter: deep(40) }), 'read'), 'invalid_request');
    assert.equal(await send(ada, 'write', 'application/json'), 'unsupported');
  });
});

function deep(levels: number): never {
  return (levels === 0 ? { attribute: 'uid', present: true } : { not: deep(levels - 1) }) as never;
}

function person(n: number): LdapRequest {
  const uid = `u${n}`;
  return {
    operation: 'add',
    dn: `uid=${uid},${PEOPLE}`,
    attributes: { objectClass: ['inetOrgPerson'], uid: [uid], cn: [uid], sn: [uid] },
  };
}

async function serve(t: TestContext, onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as { port: number }).port;
}
