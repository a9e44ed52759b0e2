import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ensureFirstAdministratorLink, makeAdministratorLink } from '../../src/access/index.ts';
import { createPeopleFixture, join, PASSWORD, type PeopleFixture, type SignedInBrowser } from './people-fixture.ts';

let http: PeopleFixture;
let ada: SignedInBrowser;
before(async () => {
  http = await createPeopleFixture();
  ada = await http.signedIn('administrator');
});
after(() => http.close());

const patch = (id: string, body: object) =>
  http.send('PATCH', `/api/v1/people/${id}`, { body, headers: { 'if-match': '*' } });

test('The last administrator is neither deleted, demoted nor disabled, also not by two at once', async () => {
  for (const change of [{ role: 'auditor' }, { disabled: true }]) {
    const { status, json } = await patch(ada.personId, change);
    assert.deepEqual([status, json.code], [409, 'conflict']);
  }
  assert.equal((await http.send('DELETE', `/api/v1/people/${ada.personId}`)).status, 409);
  const invited = await http.send('POST', '/api/v1/people', {
    body: { email: 'never@example.com', name: 'Never came', role: 'administrator' },
  });
  assert.equal((await patch(ada.personId, { disabled: true })).status, 409, 'who never came in does not count');
  await http.send('DELETE', `/api/v1/people/${invited.json.id}`);
  const second = await http.signedIn('administrator', 'second@example.com');
  const both = await Promise.all([ada.personId, second.personId].map((id) => patch(id, { role: 'auditor' })));
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409]);
  for (const id of [ada.personId, second.personId]) await patch(id, { role: 'administrator' });
  await http.send('DELETE', `/api/v1/people/${second.personId}`);
});

test('A role that is taken away and a person who is disabled count from the next request on', async () => {
  const bob = await http.signedIn('operator', 'bob@example.com');
  assert.equal((await bob.send('GET', '/api/v1/audit')).status, 403);
  await patch(bob.personId, { role: 'auditor' });
  assert.equal((await bob.send('GET', '/api/v1/audit')).status, 200);
  const expiresAt = new Date(http.clock.now().getTime() + 86_400_000).toISOString();
  const made = await bob.send('POST', '/api/v1/session/keys', {
    body: { name: 'bob at work', scopes: ['audit:read', 'directory:read'], expiresAt },
  });
  assert.equal(made.status, 201, made.text);
  const { key } = made.json;
  assert.equal((await http.send('GET', '/api/v1/audit', { key })).status, 200);
  await patch(bob.personId, { role: 'help desk' });
  assert.equal((await http.send('GET', '/api/v1/audit', { key })).status, 403, 'the key may no more than its owner');
  const wider = await bob.send('POST', '/api/v1/session/keys', { body: { name: 'wide', scopes: ['all'], expiresAt } });
  assert.equal(wider.status, 403);
  await patch(bob.personId, { disabled: true });
  assert.equal((await bob.send('GET', '/api/v1/me')).status, 401);
  assert.equal((await http.send('GET', '/api/v1/me', { key })).status, 401);
  const again = await http
    .browser()
    .send('POST', '/api/v1/session/password', { body: { email: bob.email, password: PASSWORD } });
  assert.equal(again.status, 401);
});

test('Nobody makes a person who may do more than they may, and who acts is never taken from the body', async () => {
  const { key } = await http.makeKey(['people:write', 'directory:read']);
  const body = { email: 'mallory@example.com', name: 'M', role: 'administrator' };
  assert.equal((await http.send('POST', '/api/v1/people', { key, body })).status, 403);
  const touched = await http.send('PATCH', `/api/v1/people/${ada.personId}`, {
    key,
    body: { email: 'mallory@example.com' },
    headers: { 'if-match': '*' },
  });
  assert.equal(touched.status, 403, 'and changes nobody who may do more');
  const reset = await http.send('POST', `/api/v1/people/${ada.personId}/link`, { key, body: { kind: 'reset' } });
  assert.equal(reset.status, 403);
  for (const extra of [{ personId: ada.personId }, { createdBy: 'x' }, { userId: ada.personId }]) {
    const answer = await http.send('POST', '/api/v1/people', { body: { ...body, ...extra } });
    assert.equal(answer.status, 400);
  }
});

test('Sessions are seen and ended: one, everywhere, by an administrator, by a new password, and by time', async () => {
  const eve = await http.signedIn('auditor', 'eve@example.com');
  const { json } = await eve.send('GET', '/api/v1/session/sessions');
  assert.deepEqual([json.items.length, json.items[0].current], [1, true]);
  const ended = await http.send('DELETE', `/api/v1/people/${eve.personId}/sessions`);
  assert.deepEqual(ended.json, { ended: 1 });
  assert.equal((await eve.send('GET', '/api/v1/me')).status, 401);

  const reset = await http.send('POST', `/api/v1/people/${eve.personId}/link`, {
    body: { kind: 'reset', secondFactor: true },
  });
  const back = await join(http, http.browser(), {
    token: reset.json.url.split('#')[1],
    password: 'another long sentence',
  });
  const old = await http
    .browser()
    .send('POST', '/api/v1/session/password', { body: { email: eve.email, password: PASSWORD } });
  assert.equal(old.status, 401, 'the password before is dead');
  for (let hour = 0; hour < 11; hour++) {
    await http.clock.advance(3_600_000);
    assert.equal((await back.send('GET', '/api/v1/me')).status, 200, `after ${hour + 1} hours of work`);
  }
  await http.clock.advance(3_600_000);
  assert.equal((await back.send('GET', '/api/v1/me')).status, 401, 'after a working day');
});

test('A session that is not used ends after two hours', async () => {
  const idle = await http.signedIn('auditor', 'idle@example.com');
  await http.clock.advance(2 * 3_600_000 - 60_000);
  assert.equal((await idle.send('GET', '/api/v1/me')).status, 200);
  await http.clock.advance(2 * 3_600_000);
  assert.equal((await idle.send('GET', '/api/v1/me')).status, 401);
});

test('A new administrator comes by the terminal’s link at any time; at a start only while there is none', async () => {
  assert.deepEqual(await ensureFirstAdministratorLink(http.ground), { needed: false });
  const actor = { kind: 'command line', name: 'root' } as const;
  const first = await makeAdministratorLink(http.ground, actor);
  const second = await makeAdministratorLink(http.ground, actor);
  const accept = (path: string) =>
    http.browser().send('POST', '/api/v1/session/link/accept', {
      body: { token: path.split('#')[1], email: 'rescue@example.com', name: 'Rescue', password: PASSWORD },
    });
  assert.equal((await accept(first.path)).status, 401, 'the newer link ended it');
  assert.equal((await accept(second.path)).json.next, 'set up a second factor');
});

test('Passwords that are short, common or one’s own name are refused with what to do', async () => {
  const { json } = await http.send('POST', '/api/v1/people', {
    body: { email: 'weak.person@example.com', name: 'Weak Person', role: 'auditor' },
  });
  const token = json.link.url.split('#')[1];
  for (const password of ['short', 'aaaaaaaaaaaaaaaa', 'Password1234', 'weak.person12']) {
    const answer = await http.browser().send('POST', '/api/v1/session/link/accept', { body: { token, password } });
    assert.equal(answer.status, 422, password);
    assert.equal(answer.json.errors[0].field, 'password');
  }
});

test('Every change of people has its event with who, role, way, place and reason', async () => {
  const helper = await http.signedIn('administrator', 'helper@example.com');
  const headers = { 'x-usher-reason': encodeURIComponent('Grüße: verließ das Haus'), 'user-agent': 'Trial/1' };
  const { json } = await helper.send('POST', '/api/v1/people', {
    body: { email: 'audited@example.com', name: 'Audited', role: 'help desk' },
    headers,
  });
  const { json: audit } = await http.send('GET', `/api/v1/audit?entityId=${json.id}`);
  const [event] = audit.items;
  assert.deepEqual(
    {
      action: event.action,
      actor: event.actor,
      actorKind: event.actorKind,
      role: event.role,
      through: event.through,
      reason: event.reason,
      userAgent: event.userAgent,
      personId: event.personId,
    },
    {
      action: 'person.created',
      actor: 'helper@example.com',
      actorKind: 'person',
      role: 'administrator',
      through: 'console',
      reason: 'Grüße: verließ das Haus',
      userAgent: 'Trial/1',
      personId: helper.personId,
    },
  );
  assert.match(event.origin, /^192\.0\.2\./);
  assert.deepEqual(
    event.changes.map(({ path }: { path: string }) => path),
    ['email', 'name', 'role'],
  );
  const bad = await helper.send('POST', '/api/v1/people', { body: {}, headers: { 'x-usher-reason': '%E0%A4' } });
  assert.equal(bad.status, 400);
});

test('An export holds what the filter leaves, and no cell of it is a formula', async () => {
  for (const name of ['=HYPERLINK("http://evil.example")', '+1', '@SUM(A1)', '<script>alert(1)</script>']) {
    const email = `x${Math.abs(name.length)}${name.charCodeAt(0)}@example.com`;
    assert.equal((await http.send('POST', '/api/v1/people', { body: { email, name, role: 'auditor' } })).status, 201);
  }
  const headers = { 'x-usher-reason': encodeURIComponent('=cmd|calc') };
  await http.send('POST', '/api/v1/people', { body: { email: 'f@example.com', name: 'F', role: 'auditor' }, headers });
  const csv = await http.send('GET', '/api/v1/audit/export?action=person.created&format=csv');
  assert.match(String(csv.headers['content-disposition']), /^attachment; filename="usher-audit-[\d-]+\.csv"$/);
  assert.match(String(csv.headers['content-type']), /^text\/csv/);
  const lines = csv.text.split('\r\n');
  assert.ok(lines.length > 6);
  for (const cell of csv.text.split(/[,\r\n]/)) assert.doesNotMatch(cell, /^[=+@-]/, cell);
  assert.ok(csv.text.includes(`"'=cmd|calc"`));
  const jsonl = await http.send('GET', '/api/v1/audit/export?action=person.created&format=jsonl');
  const events = jsonl.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.ok(events.every(({ action }) => action === 'person.created'));
  assert.equal(events.length, lines.length - 2, 'both forms hold the same events');
  const { json } = await http.send('GET', '/api/v1/audit?action=audit');
  assert.equal(json.items[0].action, 'audit.exported', 'the export itself is on record');
});

test('The audit pages by key, filters, and takes no change', async () => {
  const seen: number[] = [];
  let cursor: string | null = null;
  do {
    const page: { status: number; json: { items: { id: number }[]; nextCursor: string | null } } = await http.send(
      'GET',
      `/api/v1/audit?limit=7${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    seen.push(...page.json.items.map(({ id }) => id));
    cursor = page.json.nextCursor;
  } while (cursor !== null);
  assert.deepEqual(
    seen,
    [...new Set(seen)].sort((a, b) => b - a),
    'each once, the newest first',
  );
  const { json } = await http.send('GET', '/api/v1/audit?through=console&role=administrator&limit=500');
  assert.ok(json.items.length > 0 && json.items.every((event: { role: string }) => event.role === 'administrator'));
  for (const statement of ['update audit_event set actor = $1', 'delete from audit_event where actor <> $1']) {
    await assert.rejects(http.database.pool.query(statement, ['x']), /append-only/);
  }
});
