import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { createGuardedFetch } from '../../src/transport/index.ts';
import { createOAuthFixture, type OAuthFixture } from './oauth-fixture.ts';

let fixture: OAuthFixture;
let folder: string;
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

function makeCertificate(name: string, subject: string, extra: string[] = []): void {
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '60'],
      ...['-subj', subject, '-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`), ...extra],
    ],
    { stdio: 'ignore' },
  );
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'usher-mtls-'));
  makeCertificate('usher', '/CN=usher');
  makeCertificate('other', '/CN=other');
  const lock = ['pkey', '-in', join(folder, 'usher.key'), '-aes256', '-passout', 'pass:x'];
  execFileSync('openssl', [...lock, '-out', join(folder, 'locked.key')], { stdio: 'ignore' });
  makeCertificate('server', '/CN=localhost', ['-addext', 'subjectAltName=IP:127.0.0.1']);
  fixture = await createOAuthFixture();
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await fixture.close();
});

it('a client certificate is shown to the server that asks for it, and its key to nobody', async () => {
  const shown: string[] = [];
  const server = createServer(
    { key: read('server.key'), cert: read('server.pem'), requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      shown.push(String((request.socket as TLSSocket).getPeerCertificate().subject?.CN));
      response.end('{}');
    },
  ).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    const policy = { allowHttp: false, allowedNetworks: [{ address: '127.0.0.0', prefix: 8, family: 4 as const }] };
    const clientCertificate = { cert: read('usher.pem'), key: read('usher.key') };
    const get = createGuardedFetch({ policy, version: '0', extraCa: read('server.pem'), clientCertificate });
    assert.equal((await get(url)).status, 200);
    assert.deepEqual(shown, ['usher']);
  } finally {
    server.close();
  }
});

it('a client certificate is checked when it is entered, sealed, foreseen, and bound to the origins of its app', async () => {
  const { send, change, target, ground } = fixture;
  await send('POST', '/api/v1/apps', { body: { name: 'Chat', baseUrl: target.url } });
  const put = (certificate: string, privateKey: string) =>
    change('PUT', 'Chat', '/client-certificate', { body: { certificate, privateKey } });
  assert.match((await put('no certificate', read('usher.key'))).text, /not one in PEM form/);
  assert.match((await put(read('usher.pem'), read('other.key'))).text, /not the certificate's/);
  const [encrypted] = (await put(read('usher.pem'), read('locked.key'))).json.errors;
  assert.deepEqual(
    [encrypted.field, encrypted.problem],
    ['privateKey', 'The private key is encrypted with a passphrase.'],
  );
  const clock = fixture.clock.now();
  fixture.clock.jumpTo(new Date(Date.now() - 86_400_000));
  assert.match((await put(read('usher.pem'), read('usher.key'))).text, /not valid before/);
  fixture.clock.jumpTo(new Date(Date.now() + 61 * 86_400_000));
  assert.match((await put(read('usher.pem'), read('usher.key'))).text, /The certificate ended on/);
  fixture.clock.jumpTo(new Date());
  const entered = await put(read('usher.pem'), read('usher.key'));
  assert.equal(entered.status, 200, entered.text);
  assert.ok(!entered.text.includes('PRIVATE KEY'));
  assert.deepEqual([entered.json.subject, entered.json.issuer], ['CN=usher', 'CN=usher']);
  assert.equal((await send('GET', '/api/v1/apps/Chat')).json.hasClientCertificate, true);
  const { rows } = await ground.pool.query('select what from credential_expiry');
  assert.deepEqual(rows, [{ what: 'client certificate' }]);
  const kept = await change('PUT', 'Chat', '/credential', { body: { kind: 'certificate' } });
  assert.equal(kept.json.credential.kind, 'certificate');
  const forecast = (await send('GET', '/api/v1/credentials/forecast')).json.items[0];
  assert.equal(forecast.ends[0].what, 'client certificate');
  await change('PATCH', 'Chat', '', { body: { baseUrl: 'https://elsewhere.example/scim' } });
  const tested = await send('POST', '/api/v1/apps/Chat/test');
  assert.equal(tested.json.ok, false);
  assert.match(tested.text, /sealed for another app or address/);
  fixture.clock.jumpTo(clock);
});
