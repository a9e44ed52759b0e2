import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createBrowser } from '@usher/sandbox';
import { createAppOpener } from '../../src/apps/index.ts';
import { createOAuthFixture, type OAuthFixture } from './oauth-fixture.ts';

let fixture: OAuthFixture;
before(async () => {
  fixture = await createOAuthFixture();
});
after(() => fixture.close());

async function read(app: string): Promise<number> {
  const open = createAppOpener(fixture.ground);
  const runtime = await open((await fixture.send('GET', `/api/v1/apps/${app}`)).json.id);
  assert.ok(runtime);
  try {
    const answer = await runtime.transport.request({ method: 'GET', path: 'Users?count=1', effect: 'read' });
    return answer.status;
  } finally {
    await runtime.close();
  }
}

describe('client credentials', () => {
  it('give an app an access token at once, and the target is reached with it', async () => {
    const { makeApp, change, authorization } = fixture;
    await makeApp('Wiki', { grant: 'client_credentials', scopes: ['api'] });
    const done = await change('POST', 'Wiki', '/authorize');
    assert.equal(done.status, 200, done.text);
    assert.equal(done.json.kind, 'authorized');
    assert.deepEqual(done.json.warnings, []);
    const found = await authorization('Wiki');
    assert.deepEqual([found.kind, found.grant, found.state], ['oauth', 'client_credentials', 'live']);
    assert.deepEqual(found.scopes, { requested: ['api'], granted: ['api'], missing: [] });
    assert.equal(found.verification.ok, true);
    assert.equal(await read('Wiki'), 200);
  });

  it('are renewed by themselves when the target refuses the access token', async () => {
    fixture.server.records.forget('ClientCredentials');
    assert.equal(await read('Wiki'), 200);
    assert.equal((await fixture.authorization('Wiki')).accessToken.refreshes, 1);
  });
});

describe('authorization by code', () => {
  it('goes from the app to the page of the target and back, and opens the target', async () => {
    const { makeApp, consent, authorization, server } = fixture;
    await makeApp('Chat', { scopes: ['openid', 'api', 'refresh_token', 'email', 'profile'] });
    const browser = createBrowser();
    const back = await consent('Chat', browser);
    assert.ok(back.startsWith(`${fixture.url}/oauth/callback/Chat?`), back);
    const page = await browser.visit(back);
    assert.equal(page.status, 200, page.body);
    assert.match(page.body, /Chat is authorized.*Usher Service/s);
    const request = server.tokenRequests.findLast(({ grantType }) => grantType === 'authorization_code');
    assert.match(request?.params['code_verifier'] ?? '', /^[\w-]{43,}$/);
    assert.match(request?.authorization ?? '', /^Basic /);
    const found = await authorization('Chat');
    assert.equal(found.account.label, 'Usher Service');
    assert.equal(found.account.email, 'svc-usher@target.example');
    assert.equal(found.account.warning, null);
    assert.deepEqual(found.scopes.missing, []);
    assert.equal(found.refreshToken.present, true);
    assert.equal(found.verification.ok, true);
    assert.equal(await read('Chat'), 200);
  });

  it('is refreshed before the access token ends, with the rotated refresh token kept', async () => {
    const { setHealth, authorization, server } = fixture;
    const used = () =>
      server.tokenRequests
        .filter(({ grantType }) => grantType === 'refresh_token')
        .map(({ params }) => params['refresh_token']);
    for (let round = 1; round <= 3; round += 1) {
      await setHealth('Chat', `access_expires_at = obtained_at`);
      assert.equal(await read('Chat'), 200);
      assert.equal((await authorization('Chat')).accessToken.refreshes, round);
    }
    assert.equal(new Set(used()).size, 3);
    assert.deepEqual(server.records.revokedGrants, []);
    assert.equal((await authorization('Chat')).refreshToken.rotates, true);
  });

  it('is refreshed once after a 401, however many requests were refused', async () => {
    const { server, authorization, ground, send } = fixture;
    server.records.forget('AccessToken');
    const open = createAppOpener(ground);
    const runtime = await open((await send('GET', '/api/v1/apps/Chat')).json.id);
    assert.ok(runtime);
    const before = server.tokenRequests.length;
    const statuses = await Promise.all(
      Array.from({ length: 8 }, () =>
        runtime.transport.request({ method: 'GET', path: 'Users?count=1', effect: 'read' }),
      ),
    );
    await runtime.close();
    assert.deepEqual(
      statuses.map(({ status }) => status),
      new Array(8).fill(200),
    );
    assert.equal(server.tokenRequests.length, before + 1);
    assert.equal((await authorization('Chat')).accessToken.refreshes, 4);
  });

  it('works for a server that no browser reaches: the answer is pasted by who began it', async () => {
    const { makeApp, change, send, makeKey } = fixture;
    await makeApp('Mail');
    const begun = await change('POST', 'Mail', '/authorize');
    const answer = await createBrowser().authorize(begun.json.url, 'svc-usher', begun.json.callbackUrl);
    const other = await makeKey(['apps:write']);
    const stolen = await send('POST', '/api/v1/apps/Mail/authorize/answer', { key: other.key, body: { answer } });
    assert.match(stolen.json.detail, /begun by somebody else/);
    const done = await send('POST', '/api/v1/apps/Mail/authorize/answer', { body: { answer } });
    assert.equal(done.status, 200, done.text);
    assert.equal(done.json.authorization.verification.ok, true);
  });

  it('tells of an account that looks like a person, and of scopes that were not granted', async () => {
    const { makeApp, authorize, send } = fixture;
    await makeApp('Desk', { scopes: ['openid', 'api', 'refresh_token', 'email', 'profile', 'everything'] });
    const page = await authorize('Desk', 'ada');
    assert.equal(page.status, 200, page.body);
    assert.match(page.body, /Ada Lovelace looks like a person/);
    const { authorization, warnings } = (await send('GET', '/api/v1/apps/Desk/authorization')).json;
    assert.deepEqual(authorization.scopes.missing, ['everything']);
    assert.deepEqual(
      warnings.map(({ field }: { field: string }) => field),
      ['scopes', 'account'],
    );
  });
});
