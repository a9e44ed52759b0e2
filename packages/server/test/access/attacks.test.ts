import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { totpCode, totpStepAt } from '../../src/access/totp.ts';
import {
  createBrowser,
  createPeopleFixture,
  PASSWORD,
  type PeopleFixture,
  type SignedInBrowser,
} from './people-fixture.ts';

let http: PeopleFixture;
let ada: SignedInBrowser;
before(async () => {
  http = await createPeopleFixture();
  ada = await http.signedIn('administrator');
});
after(() => http.close());

const password = (email: string, text = PASSWORD) => ({ body: { email, password: text } });
const codeOf = (browser: SignedInBrowser) => totpCode(browser.totp, totpStepAt(http.clock.now()));
const invite = { email: 'eve@example.com', name: 'Eve', role: 'auditor' };

/** A person signs in with a fresh browser; the clock goes on, for a code is good once. */
async function signInAgain(person: SignedInBrowser) {
  await http.clock.advance(60_000);
  const browser = http.browser();
  await browser.send('POST', '/api/v1/session/password', password(person.email));
  const answer = await browser.send('POST', '/api/v1/session/totp', { body: { code: codeOf(person) } });
  assert.equal(answer.json.next, 'done', answer.text);
  return browser;
}

test('A change without the CSRF token, from another site, or from nowhere is refused', async () => {
  const url = '/api/v1/people';
  for (const [what, headers] of [
    ['another origin', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another port of this host', { origin: 'http://localhost:9999', 'sec-fetch-site': 'same-site' }],
    ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['our origin by another page', { 'sec-fetch-site': 'cross-site' }],
    ['no origin', { origin: '' }],
    ['no token', { 'x-csrf-token': '' }],
    ['a made-up token', { 'x-csrf-token': 'A'.repeat(43) }],
  ] as const) {
    const answer = await ada.send('POST', url, { body: invite, headers });
    assert.equal(answer.status, 403, `${what}: ${answer.text}`);
    assert.equal(answer.json.code, 'cross_site', what);
  }
  const form = { 'content-type': 'text/plain' };
  assert.equal((await ada.send('POST', url, { body: invite, headers: form })).status, 415, 'a form of another page');
  const stranger = http.browser();
  const login = { ...password(ada.email), headers: { origin: 'https://evil.example' } };
  assert.equal((await stranger.send('POST', '/api/v1/session/password', login)).json.code, 'cross_site', 'login CSRF');
  const { json } = await ada.send('GET', '/api/v1/people');
  assert.deepEqual(
    json.items.map(({ email }: { email: string }) => email),
    ['ada@example.com'],
  );
});

test('A token that was planted before the sign-in means nothing, and each step of trust brings a new one', async () => {
  const planted = 'P'.repeat(43);
  const victim = http.browser();
  victim.cookies.set('usher_session', planted);
  await http.clock.advance(60_000);
  await victim.send('POST', '/api/v1/session/password', password(ada.email));
  await victim.send('POST', '/api/v1/session/totp', { body: { code: codeOf(ada) } });
  assert.notEqual(victim.cookies.get('usher_session'), planted);
  const attacker = http.browser();
  attacker.cookies.set('usher_session', planted);
  assert.equal((await attacker.send('GET', '/api/v1/me')).status, 401);

  const before = victim.cookies.get('usher_session') ?? '';
  await victim.send('POST', '/api/v1/session/password/change', { body: { current: PASSWORD, next: PASSWORD } });
  assert.notEqual(victim.cookies.get('usher_session'), before);
  attacker.cookies.set('usher_session', before);
  assert.equal((await attacker.send('GET', '/api/v1/me')).status, 401, 'the token before the change is dead');
  ada = Object.assign(victim, { ...ada, cookies: victim.cookies, csrf: victim.csrf, send: victim.send });
});

test('The cookie is for this host alone, out of reach of scripts and other sites; behind https it bears the prefix', async () => {
  const plain = await http.browser().send('POST', '/api/v1/session/password', password(ada.email));
  const [cookie = ''] = [plain.headers['set-cookie'] ?? []].flat().map(String);
  assert.match(cookie, /^usher_sign_in=.+; HttpOnly; SameSite=Lax$/);
  assert.doesNotMatch(cookie, /Domain/i);
  const secure = await createPeopleFixture(() => [], {
    place: { host: '127.0.0.1', publicUrl: 'https://usher.example.com' },
  });
  try {
    const browser = createBrowser(secure, '192.0.2.1');
    const headers = { host: 'usher.example.com', origin: 'https://usher.example.com' };
    const body = { token: secure.firstToken, email: 'a@example.com', name: 'A', password: PASSWORD };
    const accepted = await browser.send('POST', '/api/v1/session/link/accept', { body, headers });
    const lines = [accepted.headers['set-cookie'] ?? []].flat().map(String);
    const session = lines.find((line) => line.startsWith('__Host-usher_session=')) ?? '';
    assert.match(session, /; Path=\/; HttpOnly; Secure; SameSite=Strict$/, lines.join('\n'));
    assert.match(String(accepted.headers['strict-transport-security']), /max-age/);
    const spoofed = { ...headers, 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const again = await browser.send('GET', '/api/v1/session', { headers: spoofed });
    assert.equal(again.json.stage, 'enrolling', 'what a header claims of the host changes nothing');
  } finally {
    await secure.close();
  }
});

test('Guessing passwords is slowed down by person and place; the person gets in from elsewhere all the while', async () => {
  const bob = await http.signedIn('operator', 'bob@example.com');
  const guess = (address: string, email = bob.email) =>
    createBrowser(http, address).send('POST', '/api/v1/session/password', password(email, 'a wrong sentence'));
  const statuses: number[] = [];
  for (let n = 0; n < 10; n++) statuses.push((await guess('198.51.100.7')).status);
  assert.deepEqual(statuses, [...new Array(8).fill(401), 429, 429]);
  const right = await createBrowser(http, '198.51.100.7').send('POST', '/api/v1/session/password', password(bob.email));
  assert.equal(right.status, 429, 'also the right one, or the answer would tell');
  assert.ok(Number(right.headers['retry-after']) > 0);
  const elsewhere = await http.browser().send('POST', '/api/v1/session/password', password(bob.email));
  assert.equal(elsewhere.json.next, 'second factor', 'the person is not locked out');
  await http.clock.advance(10 * 60_000);
  assert.equal((await guess('198.51.100.7')).status, 401, 'time opens it again');
});

test('Many guesses at once count as many, and one IPv6 network is one place', async () => {
  const eve = await http.signedIn('auditor', 'parallel@example.com');
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      createBrowser(http, `2001:db8:7:7::${(n + 1).toString(16)}`).send(
        'POST',
        '/api/v1/session/password',
        password(eve.email, 'a wrong sentence'),
      ),
    ),
  );
  assert.equal(all.filter(({ status }) => status === 401).length, 8);
  assert.equal(all.filter(({ status }) => status === 429).length, 12);
});

test('Who is known here shows neither in words nor in status', async () => {
  const known = await http.browser().send('POST', '/api/v1/session/password', password(ada.email, 'a wrong sentence'));
  const unknown = await http
    .browser()
    .send('POST', '/api/v1/session/password', password('x@example.com', 'a wrong sentence'));
  assert.deepEqual([known.status, known.json.detail], [unknown.status, unknown.json.detail]);
});

test('A code is good once, guesses of it are few, and another browser cannot finish what one began', async () => {
  const eve = await http.signedIn('auditor', 'codes@example.com');
  await http.clock.advance(60_000);
  const browser = http.browser();
  await browser.send('POST', '/api/v1/session/password', password(eve.email));
  const stranger = http.browser();
  assert.equal((await stranger.send('POST', '/api/v1/session/totp', { body: { code: codeOf(eve) } })).status, 401);
  assert.equal((await browser.send('POST', '/api/v1/session/totp', { body: { code: codeOf(eve) } })).json.next, 'done');
  const again = http.browser();
  await again.send('POST', '/api/v1/session/password', password(eve.email));
  const replay = await again.send('POST', '/api/v1/session/totp', { body: { code: codeOf(eve) } });
  assert.equal(replay.status, 401, 'the same code of the same half minute');
  const told: string[] = [];
  for (let n = 0; n < 12; n++) {
    const wrong = await again.send('POST', '/api/v1/session/totp', { body: { code: '000000' } });
    assert.equal(wrong.status, 401);
    told.push(wrong.json.detail);
  }
  assert.equal(told.filter((detail) => detail.startsWith('The code is wrong')).length, 7, told.join('\n'));
  const anew = await again.send('POST', '/api/v1/session/password', password(eve.email));
  assert.equal(anew.status, 429, 'and beginning anew does not bring more of them');
  const [code = ''] = eve.recoveryCodes;
  await http.clock.advance(30 * 60_000);
  const lost = http.browser();
  await lost.send('POST', '/api/v1/session/password', password(eve.email));
  const recovered = await lost.send('POST', '/api/v1/session/recovery-code', { body: { code: code.toUpperCase() } });
  assert.equal(recovered.json.next, 'done', recovered.text);
  const twice = http.browser();
  await twice.send('POST', '/api/v1/session/password', password(eve.email));
  assert.equal((await twice.send('POST', '/api/v1/session/recovery-code', { body: { code } })).status, 401);
});

test('A link works once, ends in time, and gives way to a newer one', async () => {
  const body = { token: http.firstToken, email: 'mallory@example.com', name: 'Mallory', password: PASSWORD };
  const used = await http.browser().send('POST', '/api/v1/session/link/accept', { body });
  assert.equal(used.status, 401, 'the first link was used');
  const admin = await signInAgain(ada);
  const { json } = await admin.send('POST', '/api/v1/people', { body: { ...invite, email: 'link@example.com' } });
  const old = json.link.url.split('#')[1];
  const { json: newer } = await admin.send('POST', `/api/v1/people/${json.id}/link`, { body: { kind: 'invitation' } });
  const accept = (token: string) =>
    http.browser().send('POST', '/api/v1/session/link/accept', { body: { token, password: PASSWORD } });
  assert.equal((await accept(old)).status, 401);
  const both = await Promise.all([1, 2, 3].map(() => accept(newer.url.split('#')[1])));
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 401, 401], 'many at once: one');
  const { json: late } = await admin.send('POST', '/api/v1/people', { body: { ...invite, email: 'late@example.com' } });
  await http.clock.advance(8 * 86_400_000);
  assert.equal((await accept(late.link.url.split('#')[1])).status, 401);
});

test('Nothing of what lets somebody in is in the database or the log as it is', async () => {
  const browser = await signInAgain(ada);
  const token = browser.cookies.get('usher_session') ?? '';
  const { rows } = await http.database.pool.query(
    `select (select json_agg(s) from session s)::text || (select json_agg(p) from person p)::text
       || (select json_agg(r) from recovery_code r)::text || (select json_agg(e) from audit_event e)::text
       || coalesce((select json_agg(l) from access_link l)::text, '') || coalesce((select json_agg(a) from sign_in_attempt a)::text, '')
       as everything`,
  );
  const log = JSON.stringify(http.log.entries);
  for (const secret of [
    token,
    browser.csrf ?? '',
    PASSWORD,
    http.firstToken,
    ...ada.recoveryCodes,
    ada.totp.toString('base64'),
  ]) {
    assert.ok(secret.length > 8 && !rows[0].everything.includes(secret), 'a secret is stored as it is');
    assert.ok(!log.includes(secret), 'a secret is logged');
  }
});
