import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CredentialWatch } from '../../src/credentials/index.ts';
import { CONSUMER, createOAuthFixture, type OAuthFixture } from './oauth-fixture.ts';

let fixture: OAuthFixture;
before(async () => {
  fixture = await createOAuthFixture();
});
after(() => fixture.close());

const oauthOf = async (app: string) => (await fixture.send('GET', `/api/v1/apps/${app}/oauth`)).json;

describe('a consumer key', { concurrency: 1 }, () => {
  it('is generated with a secret that is shown once', async () => {
    const { makeApp, change, send } = fixture;
    await makeApp('Chat', {}, { consumer: false });
    const made = await change('POST', 'Chat', '/oauth/consumer');
    assert.equal(made.status, 201, made.text);
    assert.match(made.json.consumerKey, /^[A-Za-z0-9]{40}$/);
    assert.match(made.json.consumerSecret, /^[A-Za-z0-9]{64}$/);
    for (const path of ['', '/oauth', '/oauth/hand-over', '/authorization']) {
      assert.ok(!(await send('GET', `/api/v1/apps/Chat${path}`)).text.includes(made.json.consumerSecret), path);
    }
    const sealed = await fixture.ground.pool.query(`select sealed from sealed_secret where field = 'consumer_secret'`);
    assert.ok(!JSON.stringify(sealed.rows).includes(made.json.consumerSecret));
  });

  it('is handed over on a sheet without any secret', async () => {
    const { change, send, url } = fixture;
    await change('PUT', 'Chat', '/presentation', {
      body: { contactName: 'Grace Hopper', contactEmail: 'grace@example.com', infoUrl: 'https://example.com/usher' },
    });
    const { sheet, markdown } = (await send('GET', '/api/v1/apps/Chat/oauth/hand-over')).json;
    assert.equal(sheet.callbackUrl, `${url}/oauth/callback/Chat`);
    assert.deepEqual(sheet.grantTypes, ['authorization_code', 'refresh_token']);
    assert.deepEqual(sheet.scopes, ['api', 'refresh_token', 'openid']);
    assert.equal(sheet.pkce, 'S256');
    for (const part of [sheet.consumerKey, sheet.callbackUrl, 'Grace Hopper', 'S256'])
      assert.ok(markdown.includes(part), part);
  });

  it('is rotated by a staged pair: both work in the overlap, whichever side goes first', async () => {
    const { makeApp, authorize, change, server } = fixture;
    await makeApp('Wiki', { scopes: ['openid', 'api', 'refresh_token'] });
    await authorize('Wiki');
    const staged = await change('POST', 'Wiki', '/oauth/staged', {});
    assert.equal(staged.status, 201, staged.text);
    assert.equal(staged.json.consumerKey, CONSUMER.key);
    const lasts = new Date(staged.json.expiresAt).getTime() - fixture.clock.now().getTime();
    assert.equal(lasts, 30 * 86_400_000);
    const refresh = async () => (await change('POST', 'Wiki', '/authorization/refresh')).status;
    assert.equal(await refresh(), 200, 'the present secret still works');
    const twice = await change('POST', 'Wiki', '/oauth/staged', {});
    assert.match(twice.json.detail, /Apply or discard it first/);

    // The target's administrator goes first: only the new secret is taken there.
    server.setTokenFault(({ authorization }) => {
      const [, secret = ''] = Buffer.from(authorization?.slice(6) ?? '', 'base64')
        .toString()
        .split(':');
      if (decodeURIComponent(secret) === CONSUMER.secret)
        return { kind: 'answer', status: 401, body: '{"error":"invalid_client"}' };
      return undefined;
    });
    // The sandbox itself knows only the old one, so that the new one is let through by it being known here.
    assert.equal(await refresh(), 409);
    assert.equal((await fixture.authorization('Wiki')).state, 'refused', 'nothing was spent');
    server.setTokenFault(undefined);
    assert.equal(await refresh(), 200);

    const applied = await change('POST', 'Wiki', '/oauth/staged/apply');
    assert.equal(applied.json.staged.state, 'rotated');
    // The target still has the old secret: the replaced pair is the fallback, and that is noted.
    assert.equal(await refresh(), 200);
    assert.ok((await oauthOf('Wiki')).staged.workedAt);
    assert.equal((await change('POST', 'Wiki', '/oauth/staged/apply')).status, 200, 'and back');
    assert.equal((await change('DELETE', 'Wiki', '/oauth/staged')).json.staged, null);
    assert.equal(await refresh(), 200);
    assert.deepEqual(server.records.revokedGrants, []);
  });

  it('loses a staged pair after 30 days', async () => {
    const { change, clock, ground } = fixture;
    await change('POST', 'Wiki', '/oauth/staged', {});
    clock.jumpTo(new Date(clock.now().getTime() + 31 * 86_400_000));
    await new CredentialWatch(ground).look();
    assert.equal((await oauthOf('Wiki')).staged, null);
    const left = await ground.pool.query(`select 1 from sealed_secret where field like 'staged%'`);
    assert.equal(left.rowCount, 0);
  });

  it('is registered at the target by itself, and used', async () => {
    const { makeApp, change, authorize } = fixture;
    await makeApp('Mail', { scopes: ['openid', 'api', 'refresh_token'] }, { consumer: false });
    const registered = await change('POST', 'Mail', '/oauth/register', {});
    assert.equal(registered.status, 201, registered.text);
    assert.equal(registered.json.consumerSecret, null);
    assert.equal((await oauthOf('Mail')).consumerSource, 'registered');
    const page = await authorize('Mail');
    assert.match(page.body, /Mail is authorized/);
  });

  it('proves itself by a signed assertion, registered with its public key', async () => {
    const { makeApp, change, server } = fixture;
    await makeApp(
      'Desk',
      { grant: 'client_credentials', scopes: ['api'], tokenEndpointAuth: 'private_key_jwt' },
      { consumer: false },
    );
    const registered = await change('POST', 'Desk', '/oauth/register', {});
    assert.equal(registered.status, 201, registered.text);
    assert.equal(registered.json.publicKey.kty, 'RSA');
    assert.equal(registered.json.publicKey.d, undefined);
    const done = await change('POST', 'Desk', '/authorize');
    assert.equal(done.status, 200, done.text);
    assert.equal(done.json.authorization.verification.ok, true);
    const last = server.tokenRequests.at(-1);
    assert.ok(last?.params['client_assertion']);
    assert.equal(last?.params['client_secret'], undefined);
  });

  it('exchanges a JWT bearer assertion for an access token', async () => {
    const { makeApp, change, server } = fixture;
    const settings = { grant: 'jwt_bearer', scopes: ['api'], assertion: { subject: 'svc-usher' } };
    await makeApp('Crm', settings, { consumer: false });
    const registered = await change('POST', 'Crm', '/oauth/register', {});
    assert.equal(registered.status, 201, registered.text);
    const done = await change('POST', 'Crm', '/authorize');
    assert.equal(done.status, 200, done.text);
    assert.equal(done.json.authorization.verification.ok, true);
    assert.ok(server.tokenRequests.at(-1)?.params['assertion']);
  });

  it('sends the quirks that a target wants: post, audience, further parameters', async () => {
    const { makeApp, change, server, send } = fixture;
    await makeApp('Erp', {
      ...{ grant: 'client_credentials', scopes: ['api'], tokenEndpointAuth: 'client_secret_post', audience: 'the-api' },
      tokenParameters: { tenant: 'acme' },
    });
    await change('POST', 'Erp', '/authorize');
    const last = server.tokenRequests.at(-1);
    assert.ok(last);
    const { params, authorization } = last;
    assert.deepEqual(
      [params['audience'], params['tenant'], params['client_secret'], authorization],
      ['the-api', 'acme', CONSUMER.secret, undefined],
    );
    const reserved = await change('PUT', 'Erp', '/oauth', {
      body: { issuer: server.issuer, tokenParameters: { redirect_uri: 'https://evil.example' } },
    });
    assert.equal(reserved.status, 400, reserved.text);
    const ended = await change('DELETE', 'Erp', '/authorization');
    assert.equal(ended.status, 200, ended.text);
    assert.equal((await send('GET', '/api/v1/apps/Erp')).json.credential, null);
  });

  it('and its authorization end at the target too when they are ended here', async () => {
    const { change, server, send } = fixture;
    const before = server.records.count('RefreshToken');
    const ended = await change('DELETE', 'Mail', '/authorization');
    assert.deepEqual([ended.status, ended.json.endedAtTarget], [200, true], ended.text);
    assert.ok(server.records.count('RefreshToken') < before);
    assert.equal((await send('GET', '/api/v1/apps/Mail')).json.credential, null);
  });
});
