import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createAppOpener } from '../../src/apps/index.ts';
import { listen } from '../../src/db/index.ts';
import { PumpFleet } from '../../src/provisioning/index.ts';
import { addPeople } from '../apps/app-fixture.ts';
import { createOAuthFixture, type OAuthFixture } from './oauth-fixture.ts';

let fixture: OAuthFixture;
let stop: () => Promise<void>;
before(async () => {
  fixture = await createOAuthFixture();
  const { ground, database } = fixture;
  const fleet = new PumpFleet({ ...ground, openApp: createAppOpener(ground) }, 'test');
  const listener = await listen({
    url: database.url,
    channels: ['usher_due', 'usher_app'],
    log: ground.log,
    onNotify: (channel, payload) =>
      channel === 'usher_due' ? fleet.notifyDue(Number(payload)) : fleet.notifyApp(Number(payload)),
    onReconnect: () => fleet.notifyAll(),
  });
  stop = async () => {
    await fleet.stop();
    await listener.close();
  };
});
after(async () => {
  await stop();
  await fixture.close();
});

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await holds()); waited += 50) {
    if (waited > 30_000) throw new Error(`${what}: not within 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const appOf = async () => (await fixture.send('GET', '/api/v1/apps/Chat')).json;

describe('the engine with an authorization', { concurrency: 1 }, () => {
  it('provisions with the access token, and goes on by itself when it is refused', async () => {
    const { makeApp, authorize, send, change, ground, target, server } = fixture;
    await makeApp('Chat', { scopes: ['openid', 'api', 'refresh_token'] });
    await authorize('Chat');
    await addPeople(ground, 'Sales', 3);
    await send('POST', '/api/v1/apps/Chat/assignments', { body: { kind: 'profile', name: 'Sales' } });
    const activated = await change('POST', 'Chat', '/activate', { body: { withoutRollout: 'a test' } });
    assert.equal(activated.status, 200, activated.text);
    await until('three accounts', () => target.accounts().length === 3);
    server.records.forget('AccessToken');
    await addPeople(ground, 'Support', 2);
    await send('POST', '/api/v1/apps/Chat/assignments', { body: { kind: 'profile', name: 'Support' } });
    await until('five accounts', () => target.accounts().length === 5);
    assert.equal((await appOf()).quarantine, null);
    assert.deepEqual(server.records.revokedGrants, []);
  });

  it('is quarantined by the death of it, keeps what is due, and goes on once it is authorized again', async () => {
    const { send, ground, target, server, authorize, setHealth, audit } = fixture;
    server.records.forget('RefreshToken');
    server.records.forget('AccessToken');
    await setHealth('Chat', 'access_expires_at = obtained_at');
    await addPeople(ground, 'Legal', 2);
    await send('POST', '/api/v1/apps/Chat/assignments', { body: { kind: 'profile', name: 'Legal' } });
    await until('the quarantine', async () => (await appOf()).quarantine?.cause === 'credential');
    const { quarantine, counts } = await appOf();
    assert.match(`${quarantine.message} ${quarantine.nextStep}`, /Authorize the app again/);
    assert.ok(counts.due >= 2, JSON.stringify(counts));
    assert.equal(target.accounts().length, 5);
    const { rows } = await ground.pool.query(`select title from alert where kind = 'credential_dead'`);
    assert.equal(rows.length, 1);
    await authorize('Chat');
    await until('seven accounts', () => target.accounts().length === 7);
    await until('the end of the quarantine', async () => (await appOf()).quarantine === null);
    assert.ok((await audit('app.quarantined')).length >= 1);
  });

  it('leaves no call behind without an outcome when its pump ends while the quarantine is being written down', async () => {
    const { send, ground, target, server, authorize, setHealth } = fixture;
    await ground.pool.query(`
      create function dawdle() returns trigger language plpgsql as 'begin perform pg_sleep(0.5); return new; end';
      create trigger dawdle before update on connected_app for each row
        when (old.quarantined_at is null and new.quarantined_at is not null) execute function dawdle()`);
    server.records.forget('RefreshToken');
    server.records.forget('AccessToken');
    await setHealth('Chat', 'access_expires_at = obtained_at');
    await addPeople(ground, 'Service', 2);
    await send('POST', '/api/v1/apps/Chat/assignments', { body: { kind: 'profile', name: 'Service' } });
    await until('the quarantine', async () => (await appOf()).quarantine?.cause === 'credential');
    await authorize('Chat');
    await until('nine accounts', () => target.accounts().length === 9);
    await until('the end of the quarantine', async () => (await appOf()).quarantine === null);
  });
});
