import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AccessGround } from '../../src/access/index.ts';
import { helpDeskRoutes } from '../../src/http/help-desk-routes.ts';
import { requestRoutes } from '../../src/http/request-routes.ts';
import { userRoutes } from '../../src/http/user-routes.ts';
import { createPeopleFixture, type PeopleFixture, type SignedInBrowser } from './people-fixture.ts';

const JANE = '0198c5a2-7d3e-7000-8000-000000000001';
const MAX = '0198c5a2-7d3e-7000-8000-000000000002';
const REQUEST = '0198c5a2-7d3e-7000-8000-00000000000a';
let http: PeopleFixture;
let desk: SignedInBrowser;
let operator: SignedInBrowser;
before(async () => {
  http = await createPeopleFixture((ground) => [
    helpDeskRoutes(ground as AccessGround, { host: '127.0.0.1' }),
    requestRoutes(ground),
    userRoutes(ground),
  ]);
  desk = await http.signedIn('help desk');
  operator = await http.signedIn('operator');
  await fill();
});
after(() => http.close());

/** Two users; three apps: Jane has an account at one, waits at the second for a value to be corrected; nobody has the third. */
async function fill(): Promise<void> {
  const { pool } = http.database;
  const now = http.clock.now();
  await pool.query(`insert into profile (name, created_at, updated_at) values ('Sales', $1, $1)`, [now]);
  for (const [id, username, first] of [
    [JANE, 'jane@example.com', 'Jane <b>&'],
    [MAX, 'max@example.com', 'Max'],
  ]) {
    await pool.query(
      `insert into directory_user (id, username, is_active, profile_id, fields, created_at, updated_at)
       values ($1, $2, true, 1, $3, $4, $4)`,
      [id, username, { FirstName: first, LastName: 'van Dyke', Email: username, EmployeeNumber: `E-${first}` }, now],
    );
  }
  for (const [name, label] of [
    ['Chat', 'Chat for all'],
    ['Wiki', 'Wiki'],
    ['Vault', 'Vault'],
  ]) {
    await pool.query(
      `insert into connected_app (name, label, connector, base_url, state, created_at, updated_at)
       values ($1, $2, 'scim2', 'https://target.example', 'active', $3, $3)`,
      [name, label, now],
    );
  }
  await pool.query(
    `insert into app_assignment (app_id, profile_id, created_at) select id, 1, $1 from connected_app where name <> 'Vault'`,
    [now],
  );
  const secret = { code: 'name_taken', message: 'The name jane is taken by the inside secret', nextStep: 'Rename' };
  await pool.query(
    `insert into account_link (app_id, user_id, remote_id, account_state, remote_username, standing, reason, updated_at)
     values (1, $1, 'r1', 'active', 'jane@chat', 'settled', null, $2), (2, $1, null, 'absent', null, 'parked', $3, $2)`,
    [JANE, now, JSON.stringify(secret)],
  );
  await pool.query(
    `insert into provisioning_request (id, created_at, app_id, user_id, operation, state, cause, reason_code, reason, next_step)
     values ($1, $2, 2, $3, 'create', 'Failed', 'change', 'name_taken', 'taken', 'Rename it')`,
    [REQUEST, now, JANE],
  );
  const exchange = {
    method: 'POST',
    url: 'https://target.example/Users',
    status: 409,
    latencyMs: 4,
    requestHeaders: {},
    requestBody: JSON.stringify({ userName: 'jane', phoneNumbers: [{ value: '+49 30 1234567' }] }),
  };
  await pool.query(
    `insert into provisioning_log (at, app_id, user_id, request_id, attempt, operation, outcome, message, exchanges)
     values ($1, 2, $2, $3, 1, 'create', 'parked', 'taken', $4)`,
    [now, JANE, REQUEST, JSON.stringify([exchange])],
  );
}

test('Every app has one state, one sentence and what to say, those that concern the user first', async () => {
  const { json, text } = await desk.send('GET', '/api/v1/users/jane@example.com/apps');
  const found = json.items.map((item: { app: string; state: string }) => [item.app, item.state]);
  assert.deepEqual(found, [
    ['Chat', 'has account'],
    ['Wiki', 'parked'],
    ['Vault', 'not assigned'],
  ]);
  assert.match(json.items[0].sayToCaller, /jane@chat/);
  assert.match(json.items[1].sentence, /taken by the inside secret/);
  assert.doesNotMatch(json.items[1].sayToCaller, /secret/);
  assert.equal(json.items[1].reason.nextStep, 'Rename');
  const few = await desk.send('GET', `/api/v1/users/${JANE}/apps?all=false`);
  assert.equal(few.json.items.length, 2, text);
});

test('A status link shows that one user, without a session, until it ends or is ended', async () => {
  const made = await desk.send('POST', '/api/v1/users/jane@example.com/status-link', { body: { hours: 2 } });
  assert.equal(made.status, 201, made.text);
  const [page, token = ''] = made.json.url.split('#');
  assert.equal(page, 'http://localhost:4780/status');
  const phone = http.browser();
  const look = (given = token) => phone.send('POST', '/api/v1/status', { body: { token: given } });
  const { json, text } = await look();
  assert.deepEqual([json.name, json.apps.length], ['Jane <b>& van Dyke', 2]);
  assert.doesNotMatch(text, /secret|max@|Vault|name_taken|remote/);
  for (const path of ['/api/v1/me', `/api/v1/users/${JANE}`, '/api/v1/session/keys']) {
    assert.equal((await phone.send('GET', path)).status, 401, 'the link opens nothing else');
    assert.equal((await http.send('GET', path, { key: token })).status, 401);
  }
  assert.equal((await phone.send('POST', '/api/v1/session/link', { body: { token } })).status, 401);
  assert.equal((await look('A'.repeat(43))).status, 401);
  const other = await desk.send('POST', '/api/v1/users/jane@example.com/status-link', { body: {} });
  assert.deepEqual((await desk.send('DELETE', `/api/v1/users/${JANE}/status-link`)).json, { ended: 2 });
  assert.equal((await look(other.json.url.split('#')[1])).status, 401);
  const last = await desk.send('POST', '/api/v1/users/jane@example.com/status-link', { body: { hours: 2 } });
  await http.clock.advance(2 * 3_600_000);
  assert.equal((await look(last.json.url.split('#')[1])).status, 401);
});

test('Requests are grouped under a key that is shown, with plain words, what to do, and whom a retry concerns', async () => {
  desk = await http.signedIn('help desk', 'desk2@example.com');
  const { json } = await desk.send('GET', '/api/v1/requests/causes?app=Wiki');
  assert.deepEqual(json.items.length, 1);
  const { key, message, nextStep, failedUsers, requests } = json.items[0];
  assert.deepEqual(
    { key, message, nextStep, failedUsers, requests },
    {
      key: 'Wiki create name_taken',
      message: 'A unique value is taken by another account',
      nextStep: 'Rename it',
      failedUsers: 1,
      requests: 1,
    },
  );
  const list = await desk.send('GET', '/api/v1/requests?app=Wiki');
  assert.equal(list.json.items[0].id, REQUEST);
  assert.equal((await desk.send('GET', `/api/v1/requests/${REQUEST}`)).status, 403, 'no bodies for the help desk');
  const body = { app: 'Wiki', cause: 'name_taken', operation: 'update' };
  assert.equal((await desk.send('POST', '/api/v1/requests/retry', { body })).status, 403);
  operator = await http.signedIn('operator', 'operator2@example.com');
  assert.deepEqual((await operator.send('POST', '/api/v1/requests/retry', { body })).json, { retried: 0 });
  const create = { ...body, operation: 'create' };
  assert.deepEqual((await operator.send('POST', '/api/v1/requests/retry', { body: create })).json, { retried: 1 });
});

test('What an exchange tells of a person is masked for people, and opened one by one with a reason that is kept', async () => {
  const { json, text } = await operator.send('GET', `/api/v1/requests/${REQUEST}`);
  assert.doesNotMatch(text, /1234567/);
  const [line] = json.log;
  assert.deepEqual(line.exchanges[0].masked.request, ['/phoneNumbers/0/value']);
  const place = { logId: line.id, exchange: 0, part: 'request', path: '/phoneNumbers/0/value' };
  const show = (body: object, by = operator) => by.send('POST', `/api/v1/requests/${REQUEST}/unmask`, { body });
  assert.equal((await show(place)).status, 400, 'without a reason');
  assert.equal((await show({ ...place, reason: 'Ticket 77: which number' }, desk)).status, 403);
  assert.equal((await show({ ...place, path: '/userName', reason: 'Ticket 77' })).status, 404);
  const shown = await show({ ...place, reason: 'Ticket 77: which number' });
  assert.deepEqual(shown.json, { value: '+49 30 1234567' });
  const { json: audit } = await http.send('GET', '/api/v1/audit?action=exchange.unmasked');
  assert.equal(audit.items.length, 1);
  const [event] = audit.items;
  assert.deepEqual(
    [event.actor, event.role, event.reason],
    ['operator2@example.com', 'operator', 'Ticket 77: which number'],
  );
  assert.deepEqual(event.after, place);
  assert.doesNotMatch(JSON.stringify(event), /1234567/);
  const { key } = await http.makeKey(['exchanges:read', 'provisioning:read']);
  assert.match((await http.send('GET', `/api/v1/requests/${REQUEST}`, { key })).text, /1234567/);
  const { key: narrow } = await http.makeKey(['provisioning:read']);
  assert.doesNotMatch((await http.send('GET', `/api/v1/requests/${REQUEST}`, { key: narrow })).text, /1234567/);
});

test('Users are found by the beginnings of their names in any order, by a name of two words, and by number', async () => {
  for (const [typed, expected] of [
    ['jane van', 1],
    ['van dyke', 2],
    ['van max', 1],
    ['MAX@', 1],
    ['E-Max', 1],
    ['dyke', 2],
    ['dyk jan', 1],
    ['yke', 0],
    ['%', 0],
    ['jane nobody', 0],
  ] as const) {
    const { json, text } = await desk.send('GET', `/api/v1/users?search=${encodeURIComponent(typed)}`);
    assert.equal(json.items?.length, expected, `${typed}: ${text.slice(0, 200)}`);
  }
});

test('Whom to ask about an app is told to the help desk, and to callers whom nobody here can help further', async () => {
  const { pool } = http.database;
  await pool.query(
    `insert into app_presentation (app_id, contact_name, contact_email, updated_at) values (1, 'Eva Lang', 'eva@example.com', $1), (2, null, 'wiki@example.com', $1)`,
    [http.clock.now()],
  );
  const { json } = await desk.send('GET', '/api/v1/users/jane@example.com/apps');
  const [chat, wiki, vault] = json.items;
  assert.deepEqual(chat.contact, { name: 'Eva Lang', email: 'eva@example.com', phone: null });
  assert.match(chat.sayToCaller, /Questions about Chat for all go to Eva Lang, eva@example\.com\.$/);
  assert.equal(wiki.contact.email, 'wiki@example.com');
  assert.doesNotMatch(wiki.sayToCaller, /wiki@example/, 'it is one of us who corrects it');
  assert.equal(vault.contact, null);
});
