import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { type AuthorizationServer, createBrowser as createWebBrowser, startAuthorizationServer } from '@usher/sandbox';
import { type Browser, createPeopleFixture, type PeopleFixture } from './people-fixture.ts';

const CALLBACK = 'http://localhost:4780/api/v1/session/single-sign-on/callback';
const groupsOf = new Map<string, string[]>();
const people: Record<string, { email: string; verified: boolean }> = {
  ada: { email: 'ada@example.com', verified: true },
  grace: { email: 'grace@example.com', verified: true },
  joan: { email: 'joan@elsewhere.example', verified: true },
  mary: { email: 'mary@example.com', verified: false },
  hedy: { email: 'hedy@example.com', verified: true },
  thief: { email: 'first@example.com', verified: true },
};

let idp: AuthorizationServer;
let http: PeopleFixture;
before(async () => {
  const client = {
    client_id: 'usher',
    client_secret: 'a secret of the test that is long enough',
    redirect_uris: [CALLBACK],
    token_endpoint_auth_method: 'client_secret_post',
  } as const;
  idp = await startAuthorizationServer({
    clients: [client],
    more: {
      claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email', 'email_verified'] },
      findAccount: async (_ctx, id) => {
        const person = people[id];
        if (!person) return undefined;
        const claims = { sub: id, name: id, email: person.email, email_verified: person.verified };
        return { accountId: id, claims: async () => ({ ...claims, groups: groupsOf.get(id) ?? [] }) };
      },
    },
  });
  http = await createPeopleFixture(
    () => [],
    {},
    {
      issuer: idp.issuer,
      clientId: client.client_id,
      clientSecret: client.client_secret,
      label: 'Example login',
      scopes: ['profile', 'email'],
      roleClaim: 'groups',
      roles: [
        { value: 'usher-admins', role: 'administrator' },
        { value: 'usher-desk', role: 'help desk' },
      ],
      emailDomains: ['example.com'],
    },
  );
  await http.signedIn('administrator');
});
after(async () => {
  await http.close();
  await idp.stop();
});

/** Goes to the provider and gives the address that it sends the browser back to. */
async function visitProvider(browser: Browser, who: string, returnTo = '/users'): Promise<string> {
  const begun = await browser.send('POST', '/api/v1/session/single-sign-on', { body: { returnTo } });
  assert.equal(begun.status, 200, begun.text);
  return await createWebBrowser().authorize(begun.json.redirectTo, who, CALLBACK);
}

async function comeBack(browser: Browser, url: string) {
  const answer = await browser.send('GET', url.slice('http://localhost:4780'.length));
  return { status: answer.status, location: String(answer.headers['location']) };
}

async function signIn(who: string) {
  const browser = http.browser();
  return { browser, ...(await comeBack(browser, await visitProvider(browser, who))) };
}

test('A person comes in for the first time by a group, comes again, and gets the role that the provider then tells', async () => {
  groupsOf.set('grace', ['all', 'usher-desk']);
  const first = await signIn('grace');
  assert.deepEqual([first.status, first.location], [303, '/users']);
  const { json: session } = await first.browser.send('GET', '/api/v1/session');
  assert.deepEqual(
    [session.person.role, session.person.email, session.stage],
    ['help desk', 'grace@example.com', 'full'],
  );
  groupsOf.set('grace', ['usher-admins']);
  const second = await signIn('grace');
  const { json: later } = await second.browser.send('GET', '/api/v1/me');
  assert.deepEqual([later.role, later.id], ['administrator', session.person.id]);
  assert.equal((await first.browser.send('GET', '/api/v1/me')).status, 401, 'sessions of the former role end');
  groupsOf.set('grace', []);
  assert.match((await signIn('grace')).location, /^\/sign-in\?problem=forbidden/);
});

test('Nobody is let in whom the rules leave out: no group, another domain, an address that is not verified', async () => {
  for (const who of ['hedy', 'joan', 'mary']) {
    if (who !== 'hedy') groupsOf.set(who, ['usher-desk']);
    const { location, browser } = await signIn(who);
    assert.match(location, /^\/sign-in\?problem=forbidden/, who);
    assert.equal((await browser.send('GET', '/api/v1/me')).status, 401);
  }
});

test('An address that somebody here has opens nothing; an invitation of that very address does', async () => {
  await http.signedIn('operator', 'first@example.com');
  groupsOf.set('thief', ['usher-admins']);
  assert.match((await signIn('thief')).location, /problem=conflict/);
  const invite = { email: 'hedy@example.com', name: 'Hedy', role: 'operator' };
  assert.equal((await http.send('POST', '/api/v1/people', { body: invite })).status, 201);
  assert.equal((await signIn('hedy')).location, '/users');
  const { location, browser } = await signIn('hedy');
  assert.equal(location, '/users', 'and again, in the role that was given here');
  assert.equal((await browser.send('GET', '/api/v1/me')).json.email, 'hedy@example.com');
});

test('What comes back counts once, in the browser that went, with the state and issuer that it went with', async () => {
  groupsOf.set('ada', ['usher-desk']);
  const browser = http.browser();
  const url = await visitProvider(browser, 'ada');
  const stranger = http.browser();
  assert.match((await comeBack(stranger, url)).location, /problem=unauthenticated/, 'another browser');
  for (const [name, value] of [
    ['state', 'x'.repeat(43)],
    ['iss', 'https://evil.example'],
    ['code', 'made-up'],
  ] as const) {
    const trial = http.browser();
    const changed = new URL(await visitProvider(trial, 'ada'));
    changed.searchParams.set(name, value);
    assert.match((await comeBack(trial, changed.href)).location, /problem=unauthenticated/, name);
    assert.equal((await trial.send('GET', '/api/v1/me')).status, 401);
  }
});

test('The way back leads to our own pages only', async () => {
  for (const returnTo of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil',
    '\\\\evil',
  ]) {
    const { status } = await http.browser().send('POST', '/api/v1/session/single-sign-on', { body: { returnTo } });
    assert.equal(status, 400, returnTo);
  }
});

test('A server that tells of another issuer than the configured one gets nothing', async () => {
  const asked: string[] = [];
  const liar = createServer(async (request, response) => {
    asked.push(request.url ?? '');
    const metadata = await (await fetch(`${idp.issuer}/.well-known/openid-configuration`)).json();
    response.setHeader('content-type', 'application/json').end(JSON.stringify(metadata));
  }).listen(0, '127.0.0.1');
  await once(liar, 'listening');
  const issuer = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`;
  const settings = { issuer, clientId: 'usher', label: 'x', scopes: [], roles: [], emailDomains: [] };
  const other = await createPeopleFixture(() => [], {}, settings);
  try {
    const { status, json } = await other.browser().send('POST', '/api/v1/session/single-sign-on', { body: {} });
    assert.equal(status, 503);
    assert.doesNotMatch(json.detail, /127\.0\.0\.1/, 'who asks is not told where it is');
    assert.deepEqual(asked, ['/.well-known/openid-configuration']);
  } finally {
    await other.close();
    liar.close();
  }
});

test('What is set is shown without its secret, and the provider is looked at without signing anybody in', async () => {
  const shown = await http.send('GET', '/api/v1/single-sign-on');
  assert.equal(shown.status, 200, shown.text);
  assert.equal(shown.json.redirectUri, CALLBACK);
  assert.equal(shown.json.variables.issuer, 'USHER_OIDC_ISSUER');
  const { issuer, hasClientSecret, roles, defaultRole } = shown.json.settings;
  assert.deepEqual([issuer, hasClientSecret, roles.length, defaultRole], [idp.issuer, true, 2, null]);
  assert.doesNotMatch(shown.text, /a secret of the test/);

  const tested = await http.send('POST', '/api/v1/single-sign-on/test');
  const found = tested.json.checks.map(({ check, ok }: { check: string; ok: boolean }) => [check, ok]);
  assert.deepEqual(found, [
    ['discovery', true],
    ['code flow', true],
    ['proof', true],
    ['keys', true],
    ['claim', true],
  ]);
  assert.equal(tested.json.ok, true, tested.text);
});

test('A provider that is not there, that is another, or that Usher cannot use is told with what to do', async () => {
  const testWith = async (document: ((issuer: string) => object) | undefined) => {
    const server = createServer((request, response) => {
      const isDocument = request.url === '/.well-known/openid-configuration';
      const answer = isDocument && document ? document(issuer) : undefined;
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const settings = { issuer, clientId: 'usher', label: 'Other', scopes: [], roles: [], emailDomains: [] };
    const other = await createPeopleFixture(() => [], {}, settings);
    try {
      return (await other.send('POST', '/api/v1/single-sign-on/test')).json;
    } finally {
      await other.close();
      server.close();
    }
  };
  const absent = await testWith(undefined);
  assert.deepEqual([absent.ok, absent.checks.length, absent.checks[0].check], [false, 1, 'discovery']);
  assert.match(absent.checks[0].fix, /well-known\/openid-configuration/);
  const another = await testWith(() => ({ issuer: 'https://another.example' }));
  assert.equal(another.ok, false);
  const poor = await testWith((issuer) => ({
    issuer,
    authorization_endpoint: `${issuer}/a`,
    token_endpoint: `${issuer}/t`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['id_token'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
  }));
  const red = poor.checks.filter(({ ok }: { ok: boolean }) => !ok).map(({ check }: { check: string }) => check);
  assert.deepEqual(red, ['code flow', 'proof', 'keys']);
});
