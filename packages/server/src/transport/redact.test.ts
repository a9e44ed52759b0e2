import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cutBody, findSecretTexts, redactBody, redactHeaders, redactUrl, removeSecrets } from './redact.ts';

const SECRET = 'hunter2-canary';

describe('redaction', () => {
  const hidden: [name: string, body: string][] = [
    ['a password', JSON.stringify({ userName: 'ann', password: SECRET })],
    ['in any case', JSON.stringify({ Password: SECRET })],
    ['deep', JSON.stringify({ a: [{ b: { clientSecret: SECRET } }] })],
    ['an object of secrets', JSON.stringify({ tokens: { a: SECRET, b: [SECRET] } })],
    ['the value of a PATCH path', JSON.stringify({ Operations: [{ op: 'replace', path: 'password', value: SECRET }] })],
    ['with the value first', JSON.stringify({ Operations: [{ value: SECRET, op: 'replace', path: 'password' }] })],
    [
      'under an extension path',
      JSON.stringify({ Operations: [{ path: 'urn:x:User:password', value: { v: SECRET } }] }),
    ],
    ['a token answer', JSON.stringify({ access_token: SECRET, token_type: 'Bearer', refresh_token: SECRET })],
    ['a form', `grant_type=refresh_token&refresh_token=${SECRET}&client_secret=${SECRET}`],
    ['broken JSON', `{"password":"${SECRET}`],
    ['JSON nested too deeply', `${'['.repeat(5000)}{"password":"${SECRET}"}${']'.repeat(5000)}`],
  ];
  for (const [name, body] of hidden) {
    it(`hides ${name}`, () => {
      const kept = redactBody(body);
      assert.ok(!kept.includes(SECRET), kept);
      assert.match(kept, /redacted|withheld/);
    });
  }

  const kept = [
    '',
    '{"userName":"ann","active":true}',
    '{"detail":"Invalid token"}',
    '{"changePassword":{"supported":true},"password":null}',
    '{"attributes":[{"name":"password","mutability":"writeOnly"}]}',
    '<html>Your token is invalid</html>',
    '{ "spacing" : "secret" }',
  ];
  for (const body of kept) it(`keeps ${body || 'nothing'} as it is`, () => assert.equal(redactBody(body), body));

  it('hides credential headers, cookies and the own header of the app', () => {
    const headers = { authorization: 'a', 'x-acme': 'b', 'set-cookie': 'c', 'x-api-key': 'd', etag: 'W/"1"' };
    assert.deepEqual(redactHeaders(headers, new Set(['x-acme'])), {
      authorization: '[redacted]',
      'x-acme': '[redacted]',
      'set-cookie': '[redacted]',
      'x-api-key': '[redacted]',
      etag: 'W/"1"',
    });
  });

  it('hides secrets of a query', () => {
    assert.equal(redactUrl('https://x.test/a?tenant=1&api_key=abc'), 'https://x.test/a?tenant=1&api_key=[redacted]');
    assert.equal(redactUrl('https://x.test/tokens?count=1'), 'https://x.test/tokens?count=1');
  });

  it('finds the secret within a header, and takes it out of a text', () => {
    const basic = `Basic ${Buffer.from('ann:correct-horse').toString('base64')}`;
    const secrets = findSecretTexts({ authorization: basic, 'x-key': 'abcdefgh12', short: 'abc' });
    const text = removeSecrets(`echo ${basic} correct-horse abcdefgh12 abc`, secrets);
    assert.equal(text, 'echo [redacted] [redacted] [redacted] abc');
  });

  it('cuts a long body and says so', () => {
    assert.equal(cutBody('abc', 3), 'abc');
    assert.match(cutBody('x'.repeat(100), 10), /^x{10}\n\[… 90 more characters were not kept\]$/);
  });

  it('takes linear time on hostile text', () => {
    const started = performance.now();
    for (const text of ['token'.repeat(20_000), `token${'='.repeat(100_000)}`, `{"token":${'['.repeat(100_000)}`]) {
      redactBody(text);
    }
    assert.ok(performance.now() - started < 1000);
  });
});
