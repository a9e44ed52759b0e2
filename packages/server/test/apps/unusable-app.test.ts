import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type AppGround, createAppOpener } from '../../src/apps/index.ts';
import { systemClock } from '../../src/clock.ts';
import { PumpFleet } from '../../src/provisioning/index.ts';
import { createVault } from '../../src/vault/index.ts';
import { type AppFixture, addPeople, CONFIGURATION, createAppFixture, TOKEN } from './app-fixture.ts';

let fixture: AppFixture;
before(async () => {
  fixture = await createAppFixture();
  await addPeople(fixture.ground, 'Sales', 1);
});
after(() => fixture.close());

/** Runs pumps as a server with this ground would, while `work` goes on. */
async function withFleet(more: Partial<AppGround>, work: (fleet: PumpFleet) => Promise<void>): Promise<void> {
  const ground = { ...fixture.ground, clock: systemClock, ...more };
  const fleet = new PumpFleet({ ...ground, openApp: createAppOpener(ground) }, 'test replica');
  try {
    await work(fleet);
  } finally {
    await fleet.stop();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: an answer of the API
async function until(app: string, what: string, holds: (shown: any) => boolean): Promise<any> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const { json } = await fixture.send('GET', `/api/v1/apps/${app}`);
    if (holds(json)) return json;
    if (performance.now() > deadline) assert.fail(`${what} did not happen: ${JSON.stringify(json)}`);
    await systemClock.sleep(50);
  }
}

const EVERYONE = { body: { withoutRollout: 'a test' } };

async function activate(name: string, configuration: object = CONFIGURATION): Promise<void> {
  const { send } = fixture;
  await fixture.makeApp(name);
  assert.equal((await send('POST', `/api/v1/apps/${name}/configurations`, { body: configuration })).status, 201);
  await send('POST', `/api/v1/apps/${name}/assignments`, { body: { kind: 'profile', name: 'Sales' } });
  assert.equal((await send('POST', `/api/v1/apps/${name}/activate`, EVERYONE)).status, 200);
}

/** An app in the way of the next test sends nothing more. */
const pause = (name: string) => fixture.send('POST', `/api/v1/apps/${name}/pause`);

describe('an active app that cannot work as it is', () => {
  it('is quarantined for its credential when the master key is missing, and goes on when the key is back', async () => {
    await activate('Keyless');
    const otherVault = createVault([{ id: 'other-key', bytes: randomBytes(32) }]);
    await withFleet({ vault: otherVault }, async (fleet) => {
      const shown = await until('Keyless', 'the quarantine', ({ quarantine }) => quarantine !== null);
      assert.equal(shown.quarantine.cause, 'credential');
      assert.match(shown.quarantine.message, /master key test-key, which this server was not given/);
      assert.equal(shown.counts.due, 1);
      fleet.notifyApp(shown.id);
      await until('Keyless', 'the next try', ({ quarantine }) => quarantine.probeAttempts > 0);
    });
    assert.deepEqual(fixture.target.accounts(), []);
    const quarantined = (await fixture.audit()).filter(({ action }) => action === 'app.quarantined');
    assert.equal(quarantined.length, 1, 'one row a quarantine, however often it is tried');
    await withFleet({}, async () => {
      await until('Keyless', 'the end', ({ quarantine, counts }) => quarantine === null && counts.active === 1);
    });
    assert.equal(fixture.target.accounts().length, 1);
    await pause('Keyless');
  });

  it('is quarantined for a connector that is not installed', async () => {
    await activate('Foreign');
    await withFleet({ connectors: [] }, async () => {
      const { quarantine } = await until('Foreign', 'the quarantine', (shown) => shown.quarantine !== null);
      assert.equal(quarantine.cause, 'connector');
      assert.match(quarantine.message, /"scim2" is not installed/);
    });
    await pause('Foreign');
  });

  it('is quarantined when a field that its mapping reads is gone, and works again with a corrected version', async () => {
    const { ground, send } = fixture;
    await ground.pool.query(
      `insert into custom_field (name, label, type, created_at, updated_at) values ('Badge__c', 'Badge', 'text', now(), now())`,
    );
    await activate('Fieldless', { mapping: [...CONFIGURATION.mapping, { target: 'title', formula: 'Badge__c' }] });
    await ground.pool.query('delete from custom_field');
    await withFleet({}, async (fleet) => {
      const shown = await until('Fieldless', 'the quarantine', ({ quarantine }) => quarantine !== null);
      assert.equal(shown.quarantine.cause, 'connector');
      assert.match(shown.quarantine.message, /mapping of version 1 no longer works: mapping\[3\].formula: .*Badge__c/);
      assert.match(shown.quarantine.nextStep, /Correct the rule/);
      await send('POST', '/api/v1/apps/Fieldless/configurations', {
        body: { ...CONFIGURATION, ...EVERYONE.body },
      });
      fleet.notifyApp(shown.id);
      await until('Fieldless', 'the end', ({ quarantine, counts }) => quarantine === null && counts.active === 1);
    });
    await pause('Fieldless');
  });

  it('is quarantined while the target refuses its credential, and goes on at once when another is entered', async () => {
    const { change } = fixture;
    await activate('Refused');
    await change('PUT', 'Refused', '/credential', { body: { kind: 'bearer', token: 'revoked' } });
    await withFleet({}, async (fleet) => {
      const shown = await until('Refused', 'the quarantine', ({ quarantine }) => quarantine !== null);
      assert.equal(shown.quarantine.cause, 'credential');
      assert.match(shown.quarantine.message, /401|refuse/);
      await change('PUT', 'Refused', '/credential', { body: { kind: 'bearer', token: TOKEN } });
      fleet.notifyApp(shown.id);
      await until('Refused', 'the end', ({ quarantine, counts }) => quarantine === null && counts.active === 1);
    });
    await pause('Refused');
  });

  it('is probed at once when a person asks for it', async () => {
    const { ground, clock, send } = fixture;
    await activate('Probed');
    const { json } = await send('GET', '/api/v1/apps/Probed');
    await ground.pool.query(
      `update connected_app set quarantined_at = $2, quarantine_cause = 'target', quarantine_detail = '{"message": "M", "nextStep": "N"}',
         probe_at = $3, probe_attempts = 7 where id = $1`,
      [json.id, clock.now(), new Date(clock.now().getTime() + 300_000)],
    );
    const probed = await send('POST', '/api/v1/apps/Probed/quarantine/probe');
    assert.deepEqual(
      [probed.status, probed.json.quarantine.probeAt, probed.json.quarantine.probeAttempts],
      [200, clock.now().toISOString(), 0],
    );
    assert.equal((await fixture.audit()).at(-1)?.action, 'app.probe_asked');
    await pause('Probed');
  });

  it('refuses a preview and a resume with the same reason', async () => {
    const { ground } = fixture;
    const foreign = await fixture.send('GET', '/api/v1/apps/Foreign');
    const open = createAppOpener({ ...ground, connectors: [] });
    await assert.rejects(open(foreign.json.id), /"scim2" is not installed/);
    await fixture.change('DELETE', 'Keyless', '/credential');
    const resumed = await fixture.send('POST', '/api/v1/apps/Keyless/resume');
    assert.deepEqual(
      resumed.json.warnings.map(({ field }: { field: string }) => field),
      ['credential'],
    );
    await pause('Keyless');
  });
});

describe('the test of a connection', () => {
  interface Case {
    name: string;
    path?: string;
    port?: number;
    credential?: object;
    /** The step that fails. */
    fails: string;
    says: RegExp;
  }
  const CASES: Case[] = [
    { name: 'a wrong token', credential: { kind: 'bearer', token: 'wrong' }, fails: 'credential', says: /401/ },
    {
      name: 'a wrong kind',
      credential: { kind: 'basic', username: 'u', password: 'p' },
      fails: 'credential',
      says: /401/,
    },
    { name: 'a wrong path', path: '/elsewhere', fails: 'http', says: /404.*no API at this path/ },
    { name: 'a port that nobody listens on', port: 1, fails: 'http', says: /refused the connection/ },
  ];
  for (const [index, { name, path, port, credential, fails, says }] of CASES.entries()) {
    it(`names ${name}`, async () => {
      const url = new URL(fixture.target.url);
      if (path) url.pathname = path;
      if (port) url.port = String(port);
      const app = `Wrong${index}`;
      await fixture.makeApp(app, { credential: false, baseUrl: url.href });
      const body = credential ?? { kind: 'bearer', token: TOKEN };
      assert.equal((await fixture.change('PUT', app, '/credential', { body })).status, 200);
      const { json } = await fixture.send('POST', `/api/v1/apps/${app}/test`);
      assert.equal(json.ok, false);
      const last = json.steps.at(-1);
      assert.deepEqual([last.step, last.ok], [fails, false], JSON.stringify(json));
      assert.match(last.message, says);
    });
  }

  it('names a missing credential', async () => {
    await fixture.makeApp('Bare', { credential: false });
    const { json } = await fixture.send('POST', '/api/v1/apps/Bare/test');
    assert.deepEqual([json.ok, json.steps.at(-1).step], [false, 'credential']);
    assert.match(json.steps.at(-1).message, /wants a credential, and this app has none/);
  });
});
