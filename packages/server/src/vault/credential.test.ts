import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import {
  buildAuthorization,
  parseCredential,
  type StaticCredential,
  serializeCredential,
  summarizeCredential,
} from './index.ts';

function parse(input: unknown): StaticCredential {
  const parsed = parseCredential(input);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.credential;
}

describe('a credential', () => {
  const good: [input: Record<string, unknown>, headers: Record<string, string>][] = [
    [{ kind: 'bearer', token: 'abc.DEF-1~+/=' }, { authorization: 'Bearer abc.DEF-1~+/=' }],
    [
      { kind: 'basic', username: 'Aladdin', password: 'open sesame' },
      { authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' },
    ],
    [
      { kind: 'basic', username: 'test', password: '123£:' },
      { authorization: `Basic ${Buffer.from('test:123£:').toString('base64')}` },
    ],
    [{ kind: 'header', name: 'X-Api-Key', value: 'a b' }, { 'x-api-key': 'a b' }],
    [{ kind: 'header', name: 'Authorization', value: 'SSWS 00abc' }, { authorization: 'SSWS 00abc' }],
  ];
  for (const [input, headers] of good) {
    it(`${input['kind']} becomes ${Object.keys(headers)[0]}`, () => {
      const credential = parse(input);
      assert.deepEqual(buildAuthorization(credential), headers);
      const text = serializeCredential(credential);
      assert.deepEqual(JSON.parse(text.reveal()), input);
      assert.deepEqual(buildAuthorization(parse(JSON.parse(text.reveal()))), headers);
      const secret = String(input['token'] ?? input['password'] ?? input['value']);
      const shown =
        inspect(credential) + JSON.stringify(credential) + JSON.stringify(summarizeCredential(credential)) + text;
      assert.ok(!shown.includes(secret));
    });
  }

  const bad: [input: unknown, field: string, says: RegExp][] = [
    [undefined, '', /object/],
    [[], '', /object/],
    [{}, 'kind', /one of bearer, basic, header, certificate/],
    [{ kind: 'oauth' }, 'kind', /one of/],
    [{ kind: 'constructor' }, 'kind', /one of/],
    [{ kind: 'bearer' }, 'token', /missing/],
    [{ kind: 'bearer', token: 7 }, 'token', /missing/],
    [{ kind: 'bearer', token: 'Bearer canary' }, 'token', /begins with "Bearer"/],
    [{ kind: 'bearer', token: 'canary\n' }, 'token', /line break/],
    [{ kind: 'bearer', token: 'canaryé' }, 'token', /no header can carry/],
    [{ kind: 'bearer', token: 'x'.repeat(20_000) }, 'token', /more than/],
    [{ kind: 'certificate', key: 'canary' }, 'key', /it has nothing else/],
    [{ kind: 'bearer', token: 'canary', user: 'x' }, 'user', /has no "user"; it has token/],
    [{ kind: 'basic', username: 'a:b', password: 'canary' }, 'username', /colon/],
    [{ kind: 'basic', username: 'a', password: 'canary\r' }, 'password', /control character/],
    [{ kind: 'header', name: 'X Key', value: 'canary' }, 'name', /letters, digits and hyphens/],
    [{ kind: 'header', name: 'X-A\r\nX-B', value: 'canary' }, 'name', /letters/],
    [{ kind: 'header', name: 'Host', value: 'canary' }, 'name', /not for credentials/],
    [{ kind: 'header', name: 'Content-Length', value: 'canary' }, 'name', /not for credentials/],
    [{ kind: 'header', name: 'X-Key', value: 'canary\r\nX-Evil: 1' }, 'value', /no header can carry/],
    [{ kind: 'header', name: 'X-Key', value: ' canary' }, 'value', /begins or ends/],
  ];
  for (const [input, field, says] of bad) {
    it(`is not ${JSON.stringify(input)?.slice(0, 60)}`, () => {
      const parsed = parseCredential(input);
      assert.ok(!parsed.ok);
      const problem = parsed.problems.find((found) => found.field === field);
      assert.match(problem?.message ?? '', says);
      assert.ok(!JSON.stringify(parsed.problems).includes('canary'));
    });
  }

  it('is told everything that is wrong at once', () => {
    const parsed = parseCredential({ kind: 'basic', extra: 1 });
    assert.deepEqual(!parsed.ok && parsed.problems.map((problem) => problem.field), ['extra', 'username', 'password']);
  });
});
