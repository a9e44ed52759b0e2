import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createBrowser } from '@usher/sandbox';
import { CONSUMER, createOAuthFixture, type OAuthFixture } from './oauth-fixture.ts';

let fixture: OAuthFixture;
/** An attacker's server: it keeps whatever reaches it. */
let evil: {
  url: string;
  received: string[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  server: Server;
};

before(async () => {
  fixture = await createOAuthFixture();
  const received: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}`);
      evil.answer(request, response);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  evil = { url, received, answer: (_request, response) => void response.writeHead(404).end(), server };
  await fixture.makeApp('Chat', { scopes: ['openid', 'api', 'refresh_token'] });
});
after(async () => {
  evil.server.closeAllConnections();
  evil.server.close();
  await fixture.close();
});

/** The callback with an answer, on its way to the browser. */
async function intercept(app = 'Chat'): Promise<{ back: URL; browser: ReturnType<typeof createBrowser> }> {
  const browser = createBrowser();
  return { back: new URL(await fixture.consent(app, browser)), browser };
}

async function lastRefusal(): Promise<string | null> {
  return (await fixture.audit('authorization.refused')).at(-1)?.reason ?? null;
}

const requestsWithCodes = () =>
  fixture.server.tokenRequests.filter(({ grantType }) => grantType === 'authorization_code').length;

describe('an answer that was tampered with is refused, written down, and no code or secret is sent', {
  concurrency: 1,
}, () => {
  const attacks: [name: string, tamper: (back: URL) => void, reason: string][] = [
    ['an issuer that was mixed up', (back) => back.searchParams.set('iss', 'https://other.example'), 'wrong_issuer'],
    [
      'an issuer that differs by a slash',
      (back) => back.searchParams.set('iss', `${fixture.server.issuer}/`),
      'wrong_issuer',
    ],
    ['an issuer that was taken out', (back) => back.searchParams.delete('iss'), 'missing_issuer'],
    [
      'an error of the target',
      (back) => {
        back.searchParams.delete('code');
        back.searchParams.set('error', 'access_denied');
      },
      'denied',
    ],
    ["another app's callback URL", (back) => (back.pathname = '/oauth/callback/Wiki'), 'wrong_callback'],
  ];
  for (const [name, tamper, reason] of attacks) {
    it(name, async () => {
      const { back, browser } = await intercept();
      const before = requestsWithCodes();
      tamper(back);
      const page = await browser.visit(back.href);
      assert.equal(page.status, 400, page.body);
      assert.equal(await lastRefusal(), reason);
      assert.equal(requestsWithCodes(), before);
    });
  }

  it('a parameter that comes twice', async () => {
    const { back, browser } = await intercept();
    const before = requestsWithCodes();
    back.searchParams.append('iss', fixture.server.issuer);
    assert.equal((await browser.visit(back.href)).status, 400);
    assert.ok(fixture.log.entries.some((entry) => entry['reason'] === 'malformed'));
    assert.equal(requestsWithCodes(), before);
  });

  it('a state that nobody was given', async () => {
    const { back, browser } = await intercept();
    back.searchParams.set('state', 'forged');
    assert.equal((await browser.visit(back.href)).status, 400);
    assert.ok(fixture.log.entries.some((entry) => entry['reason'] === 'unknown_state'));
  });

  it('another browser, and the right one afterwards is still good', async () => {
    const { back, browser } = await intercept();
    const stolen = await createBrowser().visit(back.href);
    assert.equal(stolen.status, 403, stolen.body);
    assert.equal(await lastRefusal(), 'other_browser');
    assert.equal((await browser.visit(back.href)).status, 200);
  });

  it('a replay of the state, also many at once', async () => {
    const { back, browser } = await intercept();
    const before = requestsWithCodes();
    const pages = await Promise.all(Array.from({ length: 5 }, () => browser.visit(back.href)));
    assert.deepEqual(pages.map(({ status }) => status).sort(), [200, 400, 400, 400, 400]);
    assert.equal(requestsWithCodes(), before + 1);
    assert.equal(await lastRefusal(), 'used_state');
  });

  it('a code of another authorization: PKCE tells them apart', async () => {
    const victim = await intercept();
    const attacker = await intercept();
    victim.back.searchParams.set('code', attacker.back.searchParams.get('code') ?? '');
    assert.equal((await victim.browser.visit(victim.back.href)).status, 400);
    assert.equal(await lastRefusal(), 'code_refused');
  });

  it('an answer that came too late', async () => {
    const { back, browser } = await intercept();
    const { clock } = fixture;
    const started = clock.now();
    clock.jumpTo(new Date(started.getTime() + 16 * 60_000));
    assert.equal((await browser.visit(back.href)).status, 400);
    assert.equal(await lastRefusal(), 'expired_state');
    clock.jumpTo(started);
  });

  it('settings that were changed while the person was away', async () => {
    const { back, browser } = await intercept();
    const body = { consumerKey: 'another-client', consumerSecret: 'another-secret' };
    await fixture.change('PUT', 'Chat', '/oauth/consumer', { body });
    const before = requestsWithCodes();
    assert.equal((await browser.visit(back.href)).status, 400);
    assert.equal(await lastRefusal(), 'settings_changed');
    assert.equal(requestsWithCodes(), before);
    await fixture.change('PUT', 'Chat', '/oauth/consumer', {
      body: { consumerKey: CONSUMER.key, consumerSecret: CONSUMER.secret },
    });
  });

  for (const [name, body] of [
    ['an oversized token answer', `{"access_token":"${'a'.repeat(2_000_000)}","token_type":"Bearer"}`],
    ['a token with a line break', '{"access_token":"a\\r\\nX-Evil: 1","token_type":"Bearer"}'],
    ['a token answer that is not JSON', '<html>'],
    ['a token of another type', '{"access_token":"a","token_type":"mac"}'],
    ['a token answer without the ID token that was asked for', '{"access_token":"abc","token_type":"Bearer"}'],
  ] as const) {
    it(name, async () => {
      const { back, browser } = await intercept();
      fixture.server.setTokenFault(() => ({ kind: 'answer', status: 200, body }));
      const page = await browser.visit(back.href);
      fixture.server.setTokenFault(undefined);
      assert.equal(page.status, 400);
      assert.equal(await lastRefusal(), 'tokens_unusable');
    });
  }

  it('a token endpoint that redirects elsewhere', async () => {
    const { back, browser } = await intercept();
    fixture.server.setTokenFault(() => ({
      kind: 'answer',
      status: 307,
      headers: { location: `${evil.url}/token` },
      body: '',
    }));
    assert.equal((await browser.visit(back.href)).status, 400);
    fixture.server.setTokenFault(undefined);
    assert.deepEqual(evil.received, []);
  });
});

describe('an open redirect', () => {
  for (const returnTo of [
    ...[
      '//evil.example',
      '/\\evil.example',
      '\\\\evil',
      'https:evil.example',
      'https://evil.example/',
      'javascript:alert(1)',
    ],
    ...['/\t/evil.example', '/%0d%0aLocation: x y', '', 'evil', '/a/../../..//evil.example\\'],
  ]) {
    it(`is not made of ${JSON.stringify(returnTo)}`, async () => {
      const begun = await fixture.change('POST', 'Chat', '/authorize', { body: { returnTo } });
      assert.ok(begun.status === 422 || begun.status === 400, begun.text);
    });
  }
  it('is no concern of a path of our own', async () => {
    const browser = createBrowser();
    const begun = await fixture.change('POST', 'Chat', '/authorize', {
      body: { returnTo: '/apps/Chat?tab=credential' },
    });
    browser.setCookies(fixture.url, [begun.headers['set-cookie'] ?? []].flat() as string[]);
    const back = await browser.authorize(begun.json.url, 'svc-usher', `${fixture.url}/oauth/callback`);
    const visit = await browser.visit(back, { stopAt: `${fixture.url}/apps/Chat` });
    assert.equal(visit.url, `${fixture.url}/apps/Chat?tab=credential`);
  });
});

describe('a discovery document that lies', { concurrency: 1 }, () => {
  const document = (more: object) => ({
    ...{ issuer: evil.url, authorization_endpoint: `${evil.url}/auth`, token_endpoint: `${evil.url}/token` },
    ...{ code_challenge_methods_supported: ['S256'], token_endpoint_auth_methods_supported: ['client_secret_basic'] },
    ...more,
  });
  const lies: [name: string, document: () => object, field: string, says: RegExp][] = [
    [
      'a foreign token endpoint',
      () => document({ token_endpoint: 'https://thief.example/token' }),
      'endpoints.token',
      /nobody entered/,
    ],
    [
      'a foreign authorization endpoint',
      () => document({ authorization_endpoint: 'https://thief.example/auth' }),
      'endpoints.authorization',
      /nobody entered/,
    ],
    [
      'a token endpoint at cloud metadata',
      () => document({ token_endpoint: 'http://169.254.169.254/latest' }),
      'endpoints.token',
      /never sends there/,
    ],
    [
      'a token endpoint in a private network',
      () => document({ token_endpoint: 'http://10.0.0.1/token' }),
      'endpoints.token',
      /private or reserved/,
    ],
    ['another issuer', () => document({ issuer: 'https://other.example' }), 'issuer', /another issuer/],
    ['an issuer with a path', () => document({ issuer: `${evil.url}/tenant` }), 'issuer', /another issuer/],
    [
      'PKCE by plain alone',
      () => document({ code_challenge_methods_supported: ['plain'] }),
      'unpromisedPkce',
      /knows only plain/,
    ],
    [
      'no PKCE at all',
      () => document({ code_challenge_methods_supported: undefined }),
      'unpromisedPkce',
      /says nothing of PKCE/,
    ],
  ];
  for (const [name, build, field, says] of lies) {
    it(`by ${name} is refused`, async () => {
      evil.answer = (_request, response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(build()));
      const saved = await fixture.change('PUT', 'Chat', '/oauth', { body: { issuer: evil.url } });
      assert.equal(saved.status, 422, saved.text);
      const problem = saved.json.errors.find((one: { field: string }) => one.field === field);
      assert.match(problem?.problem ?? saved.text, says);
      const told = fixture.log.entries.findLast((entry) => entry['msg'] === 'Refused OAuth settings');
      assert.ok(JSON.stringify(told?.['problems']).includes(field));
    });
  }

  it('changes nothing later: endpoints are pinned', async () => {
    const { endpoints } = (await fixture.send('GET', '/api/v1/apps/Chat/oauth')).json;
    assert.equal(endpoints.token, `${fixture.server.issuer}/token`);
  });
});

describe('a secret stays with the origins that it was entered for', { concurrency: 1 }, () => {
  it('when the token endpoint moves, it is forgotten rather than sent there', async () => {
    evil.received.length = 0;
    evil.answer = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    await fixture.authorize('Chat');
    const endpoints = { token: `${evil.url}/token`, authorization: `${evil.url}/auth` };
    const moved = await fixture.change('PUT', 'Chat', '/oauth', { body: { endpoints } });
    assert.equal(moved.status, 200, moved.text);
    assert.deepEqual(
      moved.json.warnings.map(({ field }: { field: string }) => field),
      ['consumer', 'authorization'],
    );
    assert.match((await fixture.change('POST', 'Chat', '/authorize')).json.detail, /consumer secret/);
    assert.equal((await fixture.change('POST', 'Chat', '/authorization/refresh')).status, 409);
    assert.deepEqual(evil.received, []);
  });

  it('when the base URL moves, the access token is not sent there', async () => {
    const { makeApp, authorize, change, send, target } = fixture;
    await makeApp('Mail', { scopes: ['openid', 'api', 'refresh_token'] });
    await authorize('Mail');
    evil.received.length = 0;
    await change('PATCH', 'Mail', '', { body: { baseUrl: `${evil.url}/scim` } });
    const tested = await send('POST', '/api/v1/apps/Mail/test');
    assert.equal(tested.json.ok, false);
    await send('POST', '/api/v1/apps/Mail/authorization/verify');
    assert.ok(
      evil.received.every((text) => !/authorization|Bearer/i.test(text)),
      evil.received.join('\n'),
    );
    await change('PATCH', 'Mail', '', { body: { baseUrl: target.url } });
  });

  it('when somebody swaps sealed values in the database, none of them opens', async () => {
    const { ground, change } = fixture;
    await ground.pool.query(`update sealed_secret set origins = array[$1] where field = 'refresh_token'`, [evil.url]);
    await ground.pool.query(`update oauth_settings set document = replace(document::text, $1, $2)::json`, [
      fixture.server.issuer,
      evil.url,
    ]);
    evil.received.length = 0;
    const refreshed = await change('POST', 'Mail', '/authorization/refresh');
    assert.equal(refreshed.status, 409);
    assert.deepEqual(evil.received, []);
  });
});
