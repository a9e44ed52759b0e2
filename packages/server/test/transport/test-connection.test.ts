import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type ConnectionStep, type ConnectionTestOptions, testConnection } from '../../src/transport/index.ts';
import {
  type CertificateName,
  openLoopback,
  openTransport,
  resolveTo,
  startRawTarget,
  startTarget,
  testAuthority,
} from './local-target.ts';

const NOW = new Date('2026-06-01T00:00:00Z');

async function diagnose(
  t: TestContext,
  baseUrl: string,
  given: Partial<ConnectionTestOptions> = {},
): Promise<ConnectionStep[]> {
  const resolve = given.resolve ?? resolveTo('127.0.0.1');
  const extraCa = 'extraCa' in given ? given.extraCa : testAuthority;
  const steps = await testConnection({
    baseUrl,
    policy: openLoopback,
    now: NOW,
    connectTimeoutMs: 500,
    hasCredential: true,
    probePath: 'Users?count=1',
    openTransport: () =>
      openTransport(t, baseUrl, {
        resolve,
        extraCa,
        policy: given.policy ?? openLoopback,
        authorize: () => ({ authorization: 'Bearer canary-token-0123456789' }),
        credentialOrigins: [new URL(baseUrl).origin],
      }),
    ...given,
    resolve,
    extraCa,
  });
  for (const step of steps) {
    if (!step.ok && step.fix === undefined)
      assert.ok(step.message.split('. ').length > 1, `no fix in: ${step.message}`);
    assert.doesNotMatch(step.message, /127\.0\.0\.1:\d|canary/);
  }
  return steps;
}

const last = (steps: ConnectionStep[]): ConnectionStep => steps[steps.length - 1]!;

describe('test connection', () => {
  it('passes every step to a good target', async (t) => {
    const target = await startTarget(t, (_, response) => void response.end('{"Resources":[]}'), {
      certificate: 'good',
    });
    const steps = await diagnose(t, `https://target.test:${target.port}/scim`);
    assert.deepEqual(
      steps.map((step) => [step.step, step.ok]),
      [
        ['address', true],
        ['tls', true],
        ['http', true],
        ['credential', true],
      ],
    );
  });

  it('warns before the certificate ends', async (t) => {
    const target = await startTarget(t, (_, response) => void response.end('{}'), { certificate: 'good' });
    const [, tls] = await diagnose(t, `https://target.test:${target.port}`);
    const end = new Date(`${/until (\S+)\.$/.exec(tls!.message)?.[1]}T00:00:00Z`);
    const [, soon] = await diagnose(t, `https://target.test:${target.port}`, {
      now: new Date(end.getTime() - 5 * 86_400_000),
    });
    assert.equal(soon?.ok, true);
    assert.match(soon?.message ?? '', /in 5 days/);
    assert.match(soon?.fix ?? '', /Renew/);
  });

  const certificates: [certificate: CertificateName, ca: string | undefined, says: RegExp, fix: RegExp][] = [
    ['expired', testAuthority, /has expired\. It ended on 2021-01-01/, /Renew/],
    ['other', testAuthority, /another name than target\.test\. It is for other\.test/, /base URL/],
    ['self-signed', testAuthority, /signed itself/, /private CA/],
    ['good', undefined, /Its issuer is "Usher test authority"/, /private CA|full chain/],
  ];
  for (const [certificate, extraCa, says, fix] of certificates) {
    it(`explains a certificate that is ${certificate}${extraCa ? '' : ' by an unknown authority'}`, async (t) => {
      const target = await startTarget(t, (_, response) => void response.end('{}'), { certificate });
      const steps = await diagnose(t, `https://target.test:${target.port}`, { extraCa });
      assert.equal(steps.length, 2);
      assert.equal(last(steps).step, 'tls');
      assert.equal(last(steps).ok, false);
      assert.match(last(steps).message, says);
      assert.match(last(steps).fix ?? '', fix);
      assert.equal(target.requests.length, 0);
    });
  }

  it('tells http on an https address', async (t) => {
    const target = await startTarget(t, (_, response) => void response.end('{}'));
    const step = last(await diagnose(t, `https://target.test:${target.port}`));
    assert.equal(step.step, 'tls');
    assert.match(step.message, /TLS/);
  });

  const addresses: [name: string, given: Partial<ConnectionTestOptions>, says: RegExp][] = [
    [
      'a name without an address',
      { resolve: async () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })) },
      /does not exist in DNS/,
    ],
    ['DNS that is silent', { resolve: () => new Promise(() => {}), connectTimeoutMs: 40 }, /DNS did not answer/],
    ['a private address', { policy: { allowHttp: true, allowedNetworks: [] } }, /private or reserved/],
    ['cloud metadata', { resolve: resolveTo('169.254.169.254') }, /never sends there/],
  ];
  for (const [name, given, says] of addresses) {
    it(`tells ${name}`, async (t) => {
      const target = await startTarget(t, (_, response) => void response.end('{}'));
      const steps = await diagnose(t, `http://target.test:${target.port}`, given);
      assert.equal(steps.length, 1);
      assert.equal(steps[0]?.step, 'address');
      assert.equal(steps[0]?.ok, false);
      assert.match(steps[0]?.message ?? '', says);
      assert.equal(target.connections(), 0);
    });
  }

  const answers: [
    name: string,
    status: number,
    headers: Record<string, string>,
    body: string,
    step: string,
    says: RegExp,
  ][] = [
    ['a refused credential', 401, { 'www-authenticate': 'Basic realm="x"' }, '', 'credential', /401.*scheme "Basic"/],
    [
      'an expired one',
      401,
      { 'www-authenticate': 'Bearer error_description="The token expired"' },
      '',
      'credential',
      /expired/,
    ],
    ['a credential without the right', 403, {}, '', 'credential', /403/],
    ['a wrong path', 404, {}, '', 'http', /404/],
    [
      'a redirect to a sign-in page',
      302,
      { location: 'https://login.test/sso?x=1' },
      '',
      'http',
      /points to https:\/\/login\.test;/,
    ],
    ['a web page', 200, {}, '<!DOCTYPE html><html>', 'http', /web page/],
    ['a target that fails', 500, {}, '', 'http', /500/],
    ['a busy target', 429, {}, '', 'http', /too busy/],
  ];
  for (const [name, status, headers, body, step, says] of answers) {
    it(`tells ${name}`, async (t) => {
      const target = await startTarget(t, (_, response) => {
        response.writeHead(status, headers);
        response.end(body);
      });
      const found = last(await diagnose(t, `http://target.test:${target.port}/scim`));
      assert.equal(found.ok, false);
      assert.equal(found.step, step);
      assert.match(found.message, says);
    });
  }

  it('tells that a credential is missing', async (t) => {
    const target = await startTarget(t, (_, response) => {
      response.statusCode = 401;
      response.end();
    });
    assert.match(
      last(await diagnose(t, `http://target.test:${target.port}`, { hasCredential: false })).message,
      /has none/,
    );
  });

  it('tells a port where nothing listens, and one that is silent', async (t) => {
    const target = await startRawTarget(t, (socket) => socket.destroy());
    const cut = last(await diagnose(t, `http://target.test:${target.port}`));
    assert.deepEqual([cut.step, cut.ok], ['http', false]);
    const refused = last(await diagnose(t, 'https://target.test:9'));
    assert.deepEqual([refused.step, refused.ok], ['connect', false]);
    assert.match(refused.message, /refused the connection/);
  });

  it('tells a base URL that is none', async (t) => {
    const steps = await testConnection({
      baseUrl: 'scim.example.com',
      policy: openLoopback,
      now: NOW,
      connectTimeoutMs: 100,
      hasCredential: false,
      probePath: '',
      openTransport: () => assert.fail(String(t)),
    });
    assert.match(steps[0]?.message ?? '', /not a URL/);
  });
});
