import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { totpCode, totpStepAt } from '../../src/access/totp.ts';
import { createPeopleFixture, PASSWORD, type PeopleFixture, type SignedInBrowser } from './people-fixture.ts';

let http: PeopleFixture;
let ada: SignedInBrowser;
before(async () => {
  http = await createPeopleFixture();
  ada = await http.signedIn('administrator');
});
after(() => http.close());

const codeNow = (browser: SignedInBrowser) => totpCode(browser.totp, totpStepAt(http.clock.now()));
const signInAs = (email: string, password = PASSWORD) => ({ body: { email, password } });

test('The first administrator signs out, and in again by password and authenticator app', async () => {
  await http.clock.advance(60_000);
  const browser = http.browser();
  const nobody = await browser.send('GET', '/api/v1/session');
  assert.deepEqual(
    [nobody.status, nobody.json.signedIn, nobody.json.signIn.firstAdministrator, nobody.json.signIn.passkey],
    [200, false, false, true],
  );
  const first = await browser.send('POST', '/api/v1/session/password', signInAs('ADA@example.com'));
  assert.equal(first.json.next, 'second factor', first.text);
  assert.deepEqual(first.json.methods, ['totp', 'recovery code']);
  assert.equal((await browser.send('GET', '/api/v1/me')).status, 401, 'the password alone opens nothing');
  const second = await browser.send('POST', '/api/v1/session/totp', { body: { code: codeNow(ada) } });
  assert.equal(second.json.next, 'done', second.text);
  const me = await browser.send('GET', '/api/v1/me');
  assert.deepEqual([me.json.kind, me.json.email, me.json.role], ['person', 'ada@example.com', 'administrator']);
  assert.equal((await browser.send('DELETE', '/api/v1/session')).status, 204);
  assert.equal((await browser.send('GET', '/api/v1/me')).status, 401);
});
