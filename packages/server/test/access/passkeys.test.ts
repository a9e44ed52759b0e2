import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { totpCode, totpStepAt } from '../../src/access/totp.ts';
import {
  type Browser,
  createPeopleFixture,
  PASSWORD,
  type PeopleFixture,
  type SignedInBrowser,
} from './people-fixture.ts';
import { createSoftAuthenticator, type SoftAuthenticator } from './soft-authenticator.ts';

const HERE = { origin: 'http://localhost:4780' };
let http: PeopleFixture;
let eva: SignedInBrowser;
let passkey: SoftAuthenticator;
before(async () => {
  http = await createPeopleFixture();
  eva = await http.signedIn('operator', 'eva@example.com');
  passkey = createSoftAuthenticator();
});
after(() => http.close());

async function add(browser: Browser, authenticator: SoftAuthenticator, page = HERE) {
  const { json, status, text } = await browser.send('POST', '/api/v1/session/passkeys/options', { body: {} });
  assert.equal(status, 200, text);
  const response = authenticator.create(json.options, page);
  return await browser.send('POST', '/api/v1/session/passkeys', { body: { response, name: 'Laptop' } });
}

async function signIn(
  browser: Browser,
  authenticator: SoftAuthenticator,
  page: { origin: string; verified?: boolean } = HERE,
) {
  const { json } = await browser.send('POST', '/api/v1/session/passkey/options', { body: {} });
  const response = authenticator.sign(json.options, page);
  const send = () => browser.send('POST', '/api/v1/session/passkey', { body: { response } });
  return { answer: await send(), again: send };
}

test('A passkey is set up, opens the console by itself, and its answer is good once', async () => {
  const added = await add(eva, passkey);
  assert.equal(added.status, 200, added.text);
  assert.equal(added.json.session.secondFactor.passkeys, 1);
  const browser = http.browser();
  const { answer, again } = await signIn(browser, passkey);
  assert.deepEqual([answer.json.next, answer.json.session?.method], ['done', 'passkey'], answer.text);
  assert.equal((await browser.send('GET', '/api/v1/me')).json.email, 'eva@example.com');
  assert.equal((await again()).status, 401, 'the same answer once more');
});

test('A passkey without PIN or finger is no whole sign-in, and after a password it is the second factor', async () => {
  const alone = await signIn(http.browser(), passkey, { ...HERE, verified: false });
  assert.equal(alone.answer.status, 401);
  const browser = http.browser();
  const first = await browser.send('POST', '/api/v1/session/password', {
    body: { email: eva.email, password: PASSWORD },
  });
  assert.deepEqual(first.json.methods, ['passkey', 'totp', 'recovery code']);
  const second = await signIn(browser, passkey, { ...HERE, verified: false });
  assert.equal(second.answer.json.session?.method, 'password and passkey', second.answer.text);
});

test('Answers for another page, another challenge, by a stranger or a copy are refused', async () => {
  const phished = await signIn(http.browser(), passkey, { origin: 'https://usher.evil.example' });
  assert.equal(phished.answer.status, 401);
  const stranger = await signIn(http.browser(), createSoftAuthenticator());
  assert.equal(stranger.answer.status, 401);
  const [one, two] = [http.browser(), http.browser()];
  const { json } = await one.send('POST', '/api/v1/session/passkey/options', { body: {} });
  await two.send('POST', '/api/v1/session/passkey/options', { body: {} });
  const response = passkey.sign(json.options, HERE);
  assert.equal((await two.send('POST', '/api/v1/session/passkey', { body: { response } })).status, 401);
  passkey.counter = 0;
  const copy = await signIn(http.browser(), passkey);
  assert.equal(copy.answer.status, 401, 'a counter that went back');
  passkey.counter = 50;
  assert.equal((await signIn(http.browser(), passkey)).answer.json.next, 'done');
});

test('The passkey of one person does not end the sign-in that the password of another began', async () => {
  const other = await http.signedIn('auditor', 'other@example.com');
  const browser = http.browser();
  await browser.send('POST', '/api/v1/session/password', { body: { email: other.email, password: PASSWORD } });
  assert.equal((await signIn(browser, passkey)).answer.status, 401);
  assert.equal((await browser.send('GET', '/api/v1/me')).status, 401);
});

test('Changes of factors ask for a fresh proof, end other sessions, and leave one factor', async () => {
  await http.clock.advance(60_000);
  const browser = http.browser();
  assert.equal((await signIn(browser, passkey)).answer.json.next, 'done');
  const another = http.browser();
  assert.equal((await signIn(another, passkey)).answer.json.next, 'done');
  await http.clock.advance(16 * 60_000);
  const late = await browser.send('DELETE', '/api/v1/session/totp');
  assert.deepEqual([late.status, late.json.code], [403, 'confirmation_required']);
  assert.equal((await signIn(browser, passkey)).answer.json.next, 'done');
  assert.equal((await browser.send('DELETE', '/api/v1/session/totp')).status, 200);
  assert.equal((await another.send('GET', '/api/v1/me')).status, 401, 'the other session has ended');
  const { json } = await browser.send('GET', '/api/v1/session/passkeys');
  const last = await browser.send('DELETE', `/api/v1/session/passkeys/${json.items[0].id}`);
  assert.deepEqual([last.status, last.json.code], [409, 'conflict'], 'the only one that is left');
});

test('Until a second factor is set up, a session opens nothing else', async () => {
  const { json } = await http.send('POST', '/api/v1/people', {
    body: { email: 'new@example.com', name: 'New', role: 'administrator' },
  });
  const browser = http.browser();
  const body = { token: json.link.url.split('#')[1], password: PASSWORD };
  const accepted = await browser.send('POST', '/api/v1/session/link/accept', { body });
  assert.equal(accepted.json.next, 'set up a second factor');
  for (const path of ['/api/v1/me', '/api/v1/people', '/api/v1/audit', '/api/v1/roles', '/api/v1/session/keys']) {
    const { status } = await browser.send('GET', path);
    assert.equal(status, 403, path);
  }
  const { json: setup } = await browser.send('POST', '/api/v1/session/totp/setup', { body: {} });
  const wrong = await browser.send('POST', '/api/v1/session/totp/confirm', { body: { code: '000000' } });
  assert.equal(wrong.status, 422);
  assert.match(setup.uri, /^otpauth:\/\/totp\/Usher:new%40example\.com\?secret=[A-Z2-7]{32}&issuer=Usher$/);
  assert.equal((await add(browser, createSoftAuthenticator())).json.session.stage, 'full');
  assert.equal((await browser.send('GET', '/api/v1/people')).status, 200);
});

test('At a bare address browsers keep no passkeys, and the answer says what to do', async () => {
  const headers = { host: '127.0.0.1:4780', origin: 'http://127.0.0.1:4780' };
  const browser = http.browser();
  assert.equal((await browser.send('GET', '/api/v1/session', { headers })).json.signIn.passkey, false);
  const { status, json } = await browser.send('POST', '/api/v1/session/passkey/options', { body: {}, headers });
  assert.equal(status, 409);
  assert.match(json.detail, /USHER_PUBLIC_URL/);
});

test('RFC 6238 appendix B, cut to six digits', () => {
  const secret = Buffer.from('12345678901234567890');
  for (const [seconds, code] of [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ] as const) {
    assert.equal(totpCode(secret, totpStepAt(new Date(seconds * 1000))), code);
  }
});
