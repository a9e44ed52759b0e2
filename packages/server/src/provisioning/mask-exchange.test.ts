import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exchange } from '../transport/index.ts';
import { maskExchange, unmask } from './mask-exchange.ts';

const exchange = (more: Partial<Exchange>): Exchange => ({
  method: 'POST',
  url: 'https://target.example/Users',
  latencyMs: 5,
  status: 200,
  requestHeaders: {},
  requestBody: undefined,
  responseHeaders: undefined,
  responseBody: undefined,
  ...more,
});

test('How to reach a person is masked, who they are is not, and each mask opens by itself', () => {
  const body = {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'ada',
    name: { givenName: 'Ada' },
    active: true,
    emails: [{ value: 'ada@private.example', type: 'home', primary: true }],
    phoneNumbers: [{ value: '+49 30 1234567' }],
    'urn:x': { 'national_id/~': 'X-9', dateOfBirth: '1815-12-10', department: 'Engines' },
  };
  const found = exchange({ requestBody: JSON.stringify(body) });
  const masked = maskExchange(found);
  assert.doesNotMatch(masked.requestBody ?? '', /private|1234567|X-9|1815/);
  for (const shown of ['"ada"', 'Ada', 'Engines', '"home"', 'true'])
    assert.ok(masked.requestBody?.includes(shown), shown);
  assert.deepEqual(masked.masked.request, [
    '/emails/0/value',
    '/phoneNumbers/0/value',
    '/urn:x/national_id~1~0',
    '/urn:x/dateOfBirth',
  ]);
  assert.equal(unmask(found, 'request', '/emails/0/value'), 'ada@private.example');
  assert.equal(unmask(found, 'request', '/userName'), undefined, 'only what is masked is unmasked');
  assert.equal(unmask(found, 'response', '/emails/0/value'), undefined);
});

test('The value of a PATCH of a personal attribute, and the search for one, are masked', () => {
  const operations = [
    { op: 'replace', path: 'emails[type eq "work"].value', value: 'ada@private.example' },
    { op: 'replace', path: 'title', value: 'Countess' },
  ];
  const found = exchange({
    url: 'https://target.example/Users?filter=emails.value%20eq%20%22ada%40private.example%22&count=2',
    requestBody: JSON.stringify({ Operations: operations }),
  });
  const masked = maskExchange(found);
  assert.doesNotMatch(JSON.stringify(masked), /private/);
  assert.match(masked.requestBody ?? '', /Countess/);
  assert.match(masked.url, /count=2$/);
  assert.equal(unmask(found, 'request', '/Operations/0/value'), 'ada@private.example');
  assert.equal(unmask(found, 'url', ''), found.url);
});

test('A body that cannot be understood is masked whole, and a harmless one stays as it was', () => {
  const cut = exchange({ responseBody: '{"emails":[{"value":"ada@private.exa\n[… 20 more characters were not kept]' });
  assert.doesNotMatch(maskExchange(cut).responseBody ?? '', /private/);
  assert.equal(unmask(cut, 'response', ''), cut.responseBody);
  const plain = exchange({ responseBody: '{ "id" : "7" }' });
  assert.equal(maskExchange(plain).responseBody, '{ "id" : "7" }');
});
