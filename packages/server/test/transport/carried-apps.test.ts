import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/serve.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestLog } from '../support/test-log.ts';
import { type LoginDatabase, openLoginDatabase } from './login-database.ts';
import { BIND_DN, BIND_PASSWORD, noSlapd, PEOPLE, type Slapd, startSlapd } from './slapd.ts';

const ADMIN_KEY = 'an-admin-key-of-this-test-only';
const folder = mkdtempSync(join(tmpdir(), 'usher-carried-'));
let database: TestDatabase;
let server: RunningServer;

before(async () => {
  database = await createTestDatabase();
  const config = readConfig({
    DATABASE_URL: database.url,
    USHER_DATA_DIR: join(folder, 'data'),
    USHER_MASTER_KEY: randomBytes(32).toString('base64'),
    USHER_ADMIN_KEY: ADMIN_KEY,
    USHER_PORT: '0',
    USHER_ALLOW_HTTP_TARGETS: 'true',
    USHER_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8',
  });
  server = await startServer(config, createTestLog());
});
after(async () => {
  await server?.stop();
  await database?.close();
  rmSync(folder, { recursive: true, force: true });
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
  if (response.status >= 400) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? {} : JSON.parse(text);
}

/** A change of what may have changed meanwhile, with its present version. */
async function change(method: string, path: string, below: string, body: unknown): Promise<void> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const present = await fetch(`${server.url}/api/v1${path}`, { headers });
  await present.body?.cancel();
  await send(method, path + below, body, { 'if-match': present.headers.get('etag') ?? '' });
}

// biome-ignore lint/suspicious/noExplicitAny: an answer of the API
async function until(app: string, what: string, holds: (shown: any) => boolean): Promise<void> {
  for (const deadline = performance.now() + 30_000; ; ) {
    const shown = await send('GET', `/apps/${app}`);
    if (holds(shown)) return;
    if (performance.now() > deadline) assert.fail(`${what} did not happen: ${JSON.stringify(shown)}`);
    await systemClock.sleep(50);
  }
}

interface AppSettings {
  name: string;
  connector: string;
  baseUrl: string;
  credential: object;
  configuration: object;
}

async function makeApp({ name, connector, baseUrl, credential, configuration }: AppSettings): Promise<void> {
  await send('POST', '/profiles', { Name: name });
  await send('POST', '/apps', { name, connector, baseUrl });
  await change('PUT', `/apps/${name}`, '/credential', { kind: 'basic', ...credential });
  await send('POST', `/apps/${name}/configurations`, configuration);
  await send('POST', `/apps/${name}/assignments`, { kind: 'profile', name });
}

const addPerson = (profile: string, name: string) =>
  send('POST', '/users', {
    ...{ Username: `${name}@example.com`, Email: `${name}@example.com`, FirstName: 'Ada', LastName: name },
    Profile: profile,
  });

async function logOf(app: string): Promise<string> {
  const { rows } = await database.pool.query<{ text: string }>(
    'select row_to_json(l)::text as text from provisioning_log l join connected_app a on a.id = l.app_id where a.name = $1 order by l.id',
    [app],
  );
  return rows.map(({ text }) => text).join('\n');
}

it('an app is at an address of the kind that its connector speaks', async () => {
  const refused: [string, string, RegExp][] = [
    ['ldap', 'https://ldap.example.com', /ldaps:\/\/ldap.example.com/],
    ['scim2', 'ldaps://ldap.example.com', /https:\/\/scim.example.com/],
    ['postgresql', 'postgresql://db.example.com', /names no database/],
    ['ldap', 'ldaps://ldap.example.com/dc=example', /search base is an option/],
    ['ldap', 'ldap://169.254.169.254', /cloud credentials/],
  ];
  for (const [connector, baseUrl, message] of refused) {
    await assert.rejects(send('POST', '/apps', { name: 'Wrong', connector, baseUrl }), message);
  }
  await send('POST', '/apps', { name: 'Moving', connector: 'ldap', baseUrl: 'ldaps://ldap.example.com' });
  const move = change('PATCH', '/apps/Moving', '', { connector: 'scim2' });
  await assert.rejects(move, /https:\/\/scim.example.com/);
});

describe('an app that is a directory', { skip: noSlapd }, () => {
  let slapd: Slapd;
  before(async () => {
    slapd = await startSlapd();
  });
  after(() => slapd?.[Symbol.asyncDispose]());

  it('has a mapping proposed from its own schema before a configuration is saved, and it can be saved so', async () => {
    await send('POST', '/apps', { name: 'Fresh', connector: 'ldap', baseUrl: slapd.url });
    const credential = { kind: 'basic', username: BIND_DN, password: BIND_PASSWORD };
    await change('PUT', '/apps/Fresh', '/credential', credential);
    const connectorOptions = { base: PEOPLE };
    const options = encodeURIComponent(JSON.stringify(connectorOptions));
    const { mapping, correlation, missing } = await send(
      'GET',
      `/apps/Fresh/mapping/proposal?connectorOptions=${options}`,
    );
    const formulas = Object.fromEntries(
      mapping.map(({ target, formula }: Record<string, string>) => [target, formula]),
    );
    assert.equal(formulas['sn'], 'LastName');
    assert.equal(formulas['cn'], 'Name');
    assert.equal(formulas['mail'], 'Email');
    assert.deepEqual(missing, []);
    const saved = await send('POST', '/apps/Fresh/configurations', { mapping, correlation, connectorOptions });
    assert.equal(saved.version, 1);
    await assert.rejects(send('GET', '/apps/Fresh/mapping/proposal?connectorOptions=3'), /is no JSON object/);
  });

  it('is tested, previewed, provisioned and logged as every other', async () => {
    await makeApp({
      name: 'Directory',
      connector: 'ldap',
      baseUrl: slapd.url,
      credential: { username: BIND_DN, password: BIND_PASSWORD },
      configuration: {
        connectorOptions: { base: PEOPLE },
        mapping: [
          { target: 'uid', formula: 'LastName', required: true },
          { target: 'cn', formula: 'FirstName & " " & LastName', required: true },
          { target: 'sn', formula: 'LastName', required: true },
          { target: 'mail', formula: 'Email' },
          { target: 'title', formula: 'Title' },
        ],
        correlation: { matchingAttributes: ['uid'] },
      },
    });
    const tested = await send('POST', '/apps/Directory/test');
    assert.equal(tested.ok, true, JSON.stringify(tested));
    const schema = await send('GET', '/apps/Directory/schema');
    assert.equal(schema.source, 'target');
    await addPerson('Directory', 'lovelace');
    const { request, operation } = await send('POST', '/apps/Directory/preview', { user: 'lovelace@example.com' });
    assert.equal(operation, 'create');
    assert.deepEqual([request.method, request.url], ['ADD', `ldap://127.0.0.1:${slapd.port}/uid=lovelace,${PEOPLE}`]);
    assert.match(request.body, /changetype: add\nobjectClass: inetOrgPerson\nuid: lovelace\ncn: Ada lovelace/);
    await send('POST', '/apps/Directory/activate', { withoutRollout: 'a test' });
    await until('Directory', 'the account', ({ counts }) => counts.active === 1);
    await change('PATCH', '/users/lovelace@example.com', '', { Title: 'Countess', LastName: 'byron' });
    await systemClock.sleep(100);
    await until('Directory', 'the update', ({ counts }) => counts.active === 1 && counts.due === 0);
    await change('PATCH', '/users/lovelace@example.com', '', { IsActive: false });
    await until(
      'Directory',
      'the deactivation',
      ({ counts }) => counts.linked === 1 && counts.active === 0 && counts.due === 0,
    );
    const log = await logOf('Directory');
    for (const part of ['"MODRDN"', 'newrdn: uid=byron', 'title: Countess', 'pwdAccountLockedTime: 000001010000Z']) {
      assert.ok(log.includes(part), `${part} in ${log}`);
    }
    assert.equal(log.includes(BIND_PASSWORD), false);
  });
});

describe('an app that is a table', () => {
  let legacy: LoginDatabase;
  before(async () => {
    legacy = await openLoginDatabase();
    await legacy.pool.query(`
      create table members (id bigint primary key generated always as identity, email text not null unique,
        name text, enabled boolean not null);
      grant select, insert, update on members to legacy`);
  });
  after(() => legacy?.close());

  it('is tested, previewed, provisioned and logged as every other', async () => {
    await makeApp({
      name: 'Table',
      connector: 'postgresql',
      baseUrl: legacy.baseUrl,
      credential: { username: legacy.user, password: legacy.password },
      configuration: {
        connectorOptions: { table: 'members', activeColumn: 'enabled' },
        mapping: [
          { target: 'email', formula: 'Email', required: true },
          { target: 'name', formula: 'LastName' },
        ],
        correlation: { matchingAttributes: ['email'] },
      },
    });
    const tested = await send('POST', '/apps/Table/test');
    assert.equal(tested.ok, true, JSON.stringify(tested));
    await addPerson('Table', 'hopper');
    const { request } = await send('POST', '/apps/Table/preview', { user: 'hopper@example.com' });
    const shown = JSON.parse(request.body);
    assert.equal(request.method, 'INSERT');
    assert.match(
      shown.statement,
      /^insert into "public"\."members" \("email", "name", "enabled"\) values \(\$1, \$2, \$3\)/,
    );
    assert.deepEqual(shown.parameters, { '$1 email': 'hopper@example.com', '$2 name': 'hopper', '$3 enabled': 'true' });
    const rowsOf = async () => (await legacy.pool.query('select email, name, enabled from members')).rows;
    assert.deepEqual(await rowsOf(), [], 'a preview sends nothing');
    await send('POST', '/apps/Table/activate', { withoutRollout: 'a test' });
    await until('Table', 'the account', ({ counts }) => counts.active === 1);
    await change('PATCH', '/users/hopper@example.com', '', { IsActive: false });
    await until(
      'Table',
      'the deactivation',
      ({ counts }) => counts.linked === 1 && counts.active === 0 && counts.due === 0,
    );
    assert.deepEqual(await rowsOf(), [{ email: 'hopper@example.com', name: 'hopper', enabled: false }]);
    const log = await logOf('Table');
    assert.match(log, /update \\"public\\"|update .{0,8}public/);
    assert.equal(log.includes(legacy.password), false);
  });
});
