import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { AlertSender } from '../../src/alerts/index.ts';
import { createAppOpener } from '../../src/apps/index.ts';
import { CredentialWatch } from '../../src/credentials/index.ts';
import { createOAuthFixture, type OAuthFixture } from './oauth-fixture.ts';

const DAY_MS = 86_400_000;

let fixture: OAuthFixture;
let watch: CredentialWatch;
before(async () => {
  fixture = await createOAuthFixture();
  watch = new CredentialWatch(fixture.ground);
});
after(() => fixture.close());

async function alerts(kind: string): Promise<{ title: string; link: string; severity: string; resolved: boolean }[]> {
  const { rows } = await fixture.ground.pool.query(
    'select title, link, severity, resolved_at is not null as resolved from alert where kind = $1 order by created_at, title',
    [kind],
  );
  return rows;
}

describe('the health of a credential', { concurrency: 1 }, () => {
  it('is kept alive before its idle lifetime ends, without anybody using it', async () => {
    const { makeApp, authorize, change, authorization, clock } = fixture;
    await makeApp('Chat', { scopes: ['openid', 'api', 'refresh_token'] });
    await authorize('Chat');
    const set = await change('PUT', 'Chat', '/authorization/policy', { body: { idleSeconds: 4 * 86_400 } });
    assert.equal(set.status, 200, set.text);
    assert.equal(set.json.authorization.policy.source, 'entered');
    for (let round = 1; round <= 3; round += 1) {
      await watch.look();
      assert.equal((await authorization('Chat')).accessToken.refreshes, round - 1, 'not before its time');
      clock.jumpTo(new Date(clock.now().getTime() + 2 * DAY_MS + 1000));
      await watch.look();
      assert.equal((await authorization('Chat')).accessToken.refreshes, round);
    }
    assert.deepEqual(fixture.server.records.revokedGrants, []);
    assert.deepEqual(await alerts('credential_expiring'), []);
  });

  it('is told of at 30, 14, 7, 3 and 1 days before a fixed end, and at the end, once each', async () => {
    const { change, clock, authorization } = fixture;
    const started = new Date((await authorization('Chat')).authorizedAt).getTime();
    await change('PUT', 'Chat', '/authorization/policy', { body: { lifetimeSeconds: 60 * 86_400 } });
    const told: number[] = [];
    for (const daysLeft of [40, 30, 29, 14, 13, 7, 3, 2, 1, 0.5]) {
      clock.jumpTo(new Date(started + (60 - daysLeft) * DAY_MS + 1000));
      await Promise.all([watch.look(), new CredentialWatch(fixture.ground).look()]);
      told.push((await alerts('credential_expiring')).length);
    }
    assert.deepEqual(told, [0, 1, 1, 2, 2, 3, 4, 4, 5, 5]);
    const [first, last] = [(await alerts('credential_expiring'))[0], (await alerts('credential_expiring')).at(-1)];
    assert.match(first?.title ?? '', /Chat: the credential ends in/);
    assert.equal(first?.link, `${fixture.url}/apps/Chat/credential`);
    assert.equal(last?.severity, 'critical');
    await change('PUT', 'Chat', '/authorization/policy', { body: {} });
  });

  it('dies with one alert, quarantines the app by name, and everything goes on after it is authorized again', async () => {
    const { server, setHealth, authorize, authorization, send, ground } = fixture;
    server.records.forget('RefreshToken');
    await setHealth('Chat', 'access_expires_at = obtained_at');
    const refused = await fixture.change('POST', 'Chat', '/authorization/refresh');
    assert.equal(refused.status, 409);
    assert.match(refused.json.detail, /ended at the target.*Authorize the app again/);
    await Promise.all([1, 2, 3].map(() => fixture.change('POST', 'Chat', '/authorization/refresh')));
    assert.equal((await authorization('Chat')).state, 'dead');
    const dead = await alerts('credential_dead');
    assert.equal(dead.length, 1);
    assert.equal(dead[0]?.link, `${fixture.url}/apps/Chat/credential`);
    const { id } = (await send('GET', '/api/v1/apps/Chat')).json;
    await assert.rejects(createAppOpener(ground)(id), /authorization has ended at the target/);
    assert.equal((await authorization('Chat')).earlierLives[0].cause, 'ended_at_target');

    await authorize('Chat');
    assert.equal((await authorization('Chat')).state, 'live');
    assert.deepEqual(
      (await alerts('credential_dead')).map(({ resolved }) => resolved),
      [true],
    );
    assert.equal((await alerts('credential_restored')).length, 1);
    const runtime = await createAppOpener(ground)(id);
    await runtime?.close();
    assert.ok(runtime);
  });

  it('that is lost in one answer is tried once more at once, and said to be lost only when that fails', async () => {
    const { server, change, authorization, authorize } = fixture;
    let lose = 1;
    server.setTokenFault(() => (lose-- > 0 ? { kind: 'lose request' } : undefined));
    const saved = await change('POST', 'Chat', '/authorization/refresh');
    assert.equal(saved.status, 200, saved.text);
    lose = 1;
    server.setTokenFault(() => (lose-- > 0 ? { kind: 'lose answer' } : undefined));
    const lost = await change('POST', 'Chat', '/authorization/refresh');
    assert.match(lost.json.detail, /replaced the refresh token and its answer was lost/);
    assert.equal((await authorization('Chat')).problem.code, 'lost_answer');
    server.setTokenFault(undefined);
    await authorize('Chat');
    assert.equal((await authorization('Chat')).state, 'live');
  });

  it('bears an authorization server that is busy, and one that answers nonsense, without dying', async () => {
    const { server, change, authorization } = fixture;
    const answers = [
      { kind: 'answer', status: 503, headers: { 'retry-after': '7' }, body: '' },
      { kind: 'answer', status: 429, body: '{}' },
      { kind: 'answer', status: 500, body: '<html>' },
      { kind: 'answer', status: 302, headers: { location: 'https://evil.example/token' }, body: '' },
    ] as const;
    for (const answer of answers) {
      server.setTokenFault(() => answer);
      assert.equal((await change('POST', 'Chat', '/authorization/refresh')).status, 409, String(answer.status));
      assert.notEqual((await authorization('Chat')).state, 'dead');
    }
    server.setTokenFault(undefined);
    assert.equal((await change('POST', 'Chat', '/authorization/refresh')).status, 200);
    assert.equal((await authorization('Chat')).problem, null);
  });

  it('is refused, not dead, when the consumer secret is wrong, and goes on with the right one', async () => {
    const { change, authorization } = fixture;
    const key = (await fixture.send('GET', '/api/v1/apps/Chat/oauth')).json.consumerKey;
    await change('PUT', 'Chat', '/oauth/consumer', { body: { consumerKey: key, consumerSecret: 'a wrong one' } });
    assert.match((await change('POST', 'Chat', '/authorization/refresh')).json.detail, /Enter the consumer secret/);
    assert.equal((await authorization('Chat')).state, 'refused');
    const { CONSUMER } = await import('./oauth-fixture.ts');
    await change('PUT', 'Chat', '/oauth/consumer', { body: { consumerKey: key, consumerSecret: CONSUMER.secret } });
    assert.equal((await change('POST', 'Chat', '/authorization/refresh')).status, 200);
    assert.equal((await authorization('Chat')).state, 'live');
  });
});

describe('an alert', () => {
  it('of a death reaches a webhook, signed', async () => {
    const received: { headers: Record<string, unknown>; body: string }[] = [];
    const receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        received.push({ headers: request.headers, body });
        response.writeHead(204).end();
      });
    }).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => receiver.once('listening', resolve));
      const { createChannel } = await import('../../src/alerts/index.ts');
      const { ground, setHealth, server } = fixture;
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
      const actor = { kind: 'system', name: 'test' } as const;
      await createChannel(ground, actor, {
        name: 'Ops',
        kinds: ['credential_dead'],
        enabled: true,
        config: { kind: 'webhook', url },
      });
      server.records.forget('RefreshToken');
      await setHealth('Chat', 'access_expires_at = obtained_at');
      await fixture.change('POST', 'Chat', '/authorization/refresh');
      await new AlertSender(ground).work();
      assert.equal(received.length, 1);
      const told = JSON.parse(received[0]?.body ?? '{}');
      assert.equal(told.type, 'usher.credential_dead');
      assert.equal(told.data.link, `${fixture.url}/apps/Chat/credential`);
      assert.match(String(received[0]?.headers['webhook-signature']), /^v1,/);
    } finally {
      receiver.close();
    }
  });
});
