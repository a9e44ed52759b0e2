import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildRequestPath, parseBaseUrl } from './base-url.ts';

const strict = { allowHttp: false, allowedNetworks: [] };

function parse(text: string) {
  const parsed = parseBaseUrl(text, strict);
  assert.ok(parsed.ok, `${text}: ${parsed.ok ? '' : parsed.message}`);
  return parsed.baseUrl;
}

describe('the base URL', () => {
  const joined: [base: string, path: string, expected: string][] = [
    ['https://x.test/scim/v2', 'Users', '/scim/v2/Users'],
    ['https://x.test/scim/v2/', 'Users', '/scim/v2/Users'],
    ['https://x.test/scim/v2', '', '/scim/v2'],
    ['https://x.test/scim/v2/', '', '/scim/v2/'],
    ['https://x.test', 'Users/a%2Fb', '/Users/a%2Fb'],
    ['https://x.test/scim?aadOptscim062020', 'Users', '/scim/Users?aadOptscim062020'],
    ['https://x.test/scim/?tenant=7', 'Users?count=2', '/scim/Users?count=2&tenant=7'],
    ['https://x.test/scim?tenant=7', '?count=2', '/scim?count=2&tenant=7'],
    ['https://x.test/Scim/V2', 'users/..a', '/Scim/V2/users/..a'],
    ['https://x.test/scim', 'Users/a%252e?filter=a..b/../c', '/scim/Users/a%252e?filter=a..b/../c'],
  ];
  for (const [base, path, expected] of joined) {
    it(`${base} + "${path}"`, () =>
      assert.deepEqual(buildRequestPath(parse(base), path), { ok: true, path: expected }));
  }

  const escapes = [
    '/Users',
    '//evil.test/Users',
    'https://evil.test/Users',
    '../admin',
    'Users/../../admin',
    'Users/%2e%2e/x',
    'Users/%2E./x',
    'Users/..%2fGroups',
    'Users/..%5CGroups',
    './Users',
    'Users\\x',
    'Users x',
    'Users\r\nHost: evil',
    'Users#x',
    'Users/é',
  ];
  for (const path of escapes) {
    it(`refuses the path ${JSON.stringify(path)}`, () =>
      assert.equal(buildRequestPath(parse('https://x.test/scim'), path).ok, false));
  }

  const refused: [text: string, says: RegExp][] = [
    ['', /not a URL/],
    ['scim.example.com', /not a URL/],
    ['ftp://x.test', /https only/],
    ['file:///etc/passwd', /https only/],
    ['http://x.test', /unencrypted/],
    ['https://user:pw@x.test', /password/],
    ['https://x.test/#a', /fragment/],
    [' https://x.test', /blank/],
    ['https://10.0.0.1/scim', /private/],
    ['https://169.254.169.254/latest', /never sends there/],
  ];
  for (const [text, says] of refused) {
    it(`refuses ${JSON.stringify(text)} and says how to mend it`, () => {
      const parsed = parseBaseUrl(text, strict);
      assert.ok(!parsed.ok);
      assert.match(parsed.message, says);
      assert.ok(parsed.fix.length > 10);
    });
  }

  it('gives the origin, host and port', () => {
    assert.deepEqual(parse('https://[2606:4700::1]:8443/a'), {
      origin: 'https://[2606:4700::1]:8443',
      protocol: 'https:',
      hostname: '2606:4700::1',
      port: 8443,
      path: '/a',
      query: '',
    });
    assert.equal(parse('https://x.test').port, 443);
  });
});
