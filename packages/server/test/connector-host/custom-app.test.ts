import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { layOutConnector } from '../../../connector-sdk/new/lay-out-connector.ts';
import { startTestTarget, type TestTarget } from '../../../connector-sdk/new/template/test-target.ts';
import { systemClock } from '../../src/clock.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/serve.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestLog } from '../support/test-log.ts';
import { makeFolder } from './host-fixture.ts';

const TOKEN = 'a-token-of-the-people-target';
const ADMIN_KEY = 'an-admin-key-of-this-test-only';
/** What makes the connector of this test do harm: the last name of a person. */
const HARM = `
const harmless = connector.connect;
connector.connect = (context) => {
  const connection = harmless(context);
  const { create } = connection.accounts;
  connection.accounts.create = async (request) => {
    if (request.attributes['last_name'] === 'Crash') process.exit(9);
    if (request.attributes['last_name'] === 'Loop') for (;;);
    return create(request);
  };
  return connection;
};
`;

let database: TestDatabase;
let server: RunningServer;
let config: Config;
let target: TestTarget;
const folder = makeFolder();
const log = createTestLog();

before(async () => {
  database = await createTestDatabase();
  target = await startTestTarget(TOKEN);
  layOutConnector('acme-people', join(folder.path, 'acme-people'));
  appendFileSync(join(folder.path, 'acme-people', 'connector.ts'), HARM);
  config = readConfig({
    DATABASE_URL: database.url,
    USHER_DATA_DIR: join(folder.path, 'data'),
    USHER_MASTER_KEY: randomBytes(32).toString('base64'),
    USHER_ADMIN_KEY: ADMIN_KEY,
    USHER_PORT: '0',
    USHER_ALLOW_HTTP_TARGETS: 'true',
    USHER_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8',
    USHER_CONNECTORS: join(folder.path, 'acme-people'),
  });
  server = await startServer(config, log);
  await addProfile('Sales');
  await addProfile('Support');
});
after(async () => {
  await server?.stop();
  await target?.stop();
  await database?.close();
  folder[Symbol.dispose]();
});

// biome-ignore lint/suspicious/noExplicitAny: an answer of the API
async function send(method: string, path: string, body?: unknown, headers = {}): Promise<any> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${ADMIN_KEY}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = text === '' ? {} : JSON.parse(text);
  if (response.status >= 400) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return answer;
}

/** A change of what may have changed meanwhile, with its present version. */
async function change(method: string, path: string, below: string, body?: unknown): Promise<void> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const present = await fetch(`${server.url}/api/v1${path}`, { headers });
  await send(method, path + below, body, { 'if-match': present.headers.get('etag') ?? '' });
}

async function addProfile(name: string): Promise<void> {
  await send('POST', '/profiles', { Name: name });
}

async function addPerson(profile: string, lastName: string, name = lastName.toLowerCase()): Promise<void> {
  const body = {
    Username: `${name}@example.com`,
    FirstName: 'P',
    LastName: lastName,
    Email: `${name}@example.com`,
    Profile: profile,
  };
  await send('POST', '/users', body);
}

async function restart(): Promise<void> {
  await server.stop();
  server = await startServer(config, log);
}

const MAPPING = [
  { target: 'email', formula: 'Email', required: true },
  { target: 'first_name', formula: 'FirstName' },
  { target: 'last_name', formula: 'LastName', required: true },
  { target: 'title', formula: 'Title' },
];
const CONFIGURATION = { mapping: MAPPING, correlation: { matchingAttributes: ['email'] } };

async function makeApp(name: string, profile: string): Promise<void> {
  await send('POST', '/apps', { name, connector: 'acme-people', baseUrl: target.url });
  await change('PUT', `/apps/${name}`, '/credential', { kind: 'bearer', token: TOKEN });
  await send('POST', `/apps/${name}/configurations`, CONFIGURATION);
  await send('POST', `/apps/${name}/assignments`, { kind: 'profile', name: profile });
  await send('POST', `/apps/${name}/activate`, { withoutRollout: 'a test' });
}

// biome-ignore lint/suspicious/noExplicitAny: an answer of the API
async function until(app: string, what: string, holds: (shown: any) => boolean, mostMs = 30_000): Promise<any> {
  const deadline = performance.now() + mostMs;
  for (;;) {
    const shown = await send('GET', `/apps/${app}`);
    if (holds(shown)) return shown;
    if (performance.now() > deadline) assert.fail(`${what} did not happen: ${JSON.stringify(shown)}`);
    await systemClock.sleep(50);
  }
}

const personOf = (email: string) => [...target.people.values()].find((person) => person['email'] === email);

describe('an app with a connector of its own', () => {
  it('has a form for its options and a schema for its mapping', async () => {
    const { items } = await send('GET', '/connectors');
    const found = items.find(({ id }: { id: string }) => id === 'acme-people');
    assert.equal(found.label, 'Acme People');
    assert.equal(found.optionsSchema.properties.peoplePath.title, 'Path of people');
    await makeApp('Crm', 'Sales');
    const schema = await send('GET', '/apps/Crm/schema');
    assert.equal(schema.source, 'connector');
    assert.ok(
      schema.attributes.some(
        ({ path, uniqueness }: Record<string, string>) => path === 'email' && uniqueness === 'server',
      ),
    );
    const refused = send('POST', '/apps/Crm/configurations', {
      ...CONFIGURATION,
      connectorOptions: { peoplePath: '../x' },
    });
    await assert.rejects(refused, /peoplePath/);
    await assert.rejects(
      send('POST', '/apps/Crm/configurations', { ...CONFIGURATION, connectorOptions: { other: 1 } }),
      /not an option/,
    );
  });

  it('tests its connection and shows the exact request before it is sent', async () => {
    const { ok, steps } = await send('POST', '/apps/Crm/test');
    assert.equal(ok, true, JSON.stringify(steps));
    await send('POST', '/apps/Crm/pause');
    await addPerson('Sales', 'Lovelace');
    const { request, operation } = await send('POST', '/apps/Crm/preview', { user: 'lovelace@example.com' });
    assert.equal(operation, 'create');
    assert.deepEqual([request.method, request.url], ['POST', `${target.url}/people`]);
    assert.deepEqual(JSON.parse(request.body), {
      status: 'active',
      email: 'lovelace@example.com',
      first_name: 'P',
      last_name: 'Lovelace',
    });
    assert.equal(JSON.stringify(request).includes(TOKEN), false);
    assert.equal(target.people.size, 0);
    await send('POST', '/apps/Crm/resume');
  });

  it('provisions, updates, deactivates and logs each exchange', async () => {
    await until('Crm', 'the account', ({ counts }) => counts.active === 1);
    assert.equal(personOf('lovelace@example.com')?.['status'], 'active');
    const patch = (fields: object) => change('PATCH', '/users/lovelace@example.com', '', fields);
    await patch({ Title: 'Countess' });
    await systemClock.sleep(100);
    await until('Crm', 'the update', () => personOf('lovelace@example.com')?.['title'] === 'Countess');
    await patch({ IsActive: false });
    await until('Crm', 'the deactivation', () => personOf('lovelace@example.com')?.['status'] === 'suspended');
    const { rows } = await database.pool.query<{ operation: string; text: string }>(
      'select operation, row_to_json(l)::text as text from provisioning_log l order by id',
    );
    assert.deepEqual(
      rows.map(({ operation }) => operation).filter((name) => name !== 'link'),
      ['create', 'update', 'deactivate'],
    );
    assert.ok(rows.every(({ text }) => text.includes('/api/people') && !text.includes(TOKEN)));
  });

  it('is quarantined with the reason when its process crashes, while another app goes on', async () => {
    await makeApp('Desk', 'Support');
    await addPerson('Sales', 'Crash');
    const { quarantine } = await until('Crm', 'the quarantine', (shown) => shown.quarantine !== null);
    assert.equal(quarantine.cause, 'connector');
    assert.match(quarantine.message, /The connector acme-people ended by itself with exit code 9/);
    assert.match(quarantine.nextStep, /Correct the connector/);
    await addPerson('Support', 'Hopper');
    await until('Desk', 'the other app’s account', ({ counts }) => counts.active === 1);
    assert.ok(personOf('hopper@example.com'));
    assert.equal((await send('GET', '/apps/Desk')).quarantine, null);
  });

  it('goes on with everybody else, and parks the one whose data bring the process down each time', async () => {
    await addPerson('Sales', 'Noether');
    await until('Crm', 'the account of an innocent person', () => personOf('noether@example.com') !== undefined);
    const parked = await until('Crm', 'the parking', ({ counts }) => counts.parked === 1, 60_000);
    assert.equal(parked.counts.active >= 1, true);
    const { rows } = await database.pool.query<{ reason: { code: string; detail: string } }>(
      `select to_json(reason) as reason from account_link where standing = 'parked'`,
    );
    assert.match(JSON.stringify(rows), /connector_failed/);
    assert.match(JSON.stringify(rows), /exit code 9/);
    await until('Crm', 'the end of the quarantine', ({ quarantine }) => quarantine === null);
  });

  it('tries them again by itself once the connector has other code, and only then', async () => {
    const isCalledCrash = () => personOf('crash@example.com') !== undefined;
    await restart();
    await systemClock.sleep(500);
    assert.equal((await send('GET', '/apps/Crm')).counts.parked, 1, 'the same code is no reason');
    const entry = join(folder.path, 'acme-people', 'connector.ts');
    writeFileSync(entry, readFileSync(entry, 'utf8').replace(HARM, ''));
    await restart();
    await until('Crm', 'the account of the one who was parked', isCalledCrash);
    await until('Crm', 'the end of the parking', ({ counts }) => counts.parked === 0);
    const { rows } = await database.pool.query(
      `select actor, after ->> 'users' as users from audit_event where action = 'request.retried'`,
    );
    assert.deepEqual(rows, [{ actor: 'connector host', users: '1' }]);
  });
});
