import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildAnswerError, classifyStatus, parseErrorAnswer } from './read-answer.ts';
import type { ScimErrorKind } from './scim-error.ts';

const call = { scimType: undefined, effect: 'write', creates: false, addressed: true, waits: false } as const;
const create = { creates: true, addressed: false };
const read = { effect: 'read' } as const;

describe('classifyStatus', () => {
  const table: [number, Partial<Parameters<typeof classifyStatus>[0]>, ScimErrorKind][] = [
    [400, {}, 'invalid_request'],
    [400, { scimType: 'uniqueness' }, 'already_exists'],
    [400, { scimType: 'Uniqueness' }, 'already_exists'],
    [400, { scimType: 'mutability' }, 'invalid_request'],
    [401, {}, 'unauthorized'],
    [403, {}, 'unauthorized'],
    [403, { waits: true }, 'rate_limited'],
    [404, {}, 'not_found'],
    [404, create, 'unsupported'],
    [405, {}, 'unsupported'],
    [408, {}, 'transient'],
    [409, create, 'already_exists'],
    [409, {}, 'invalid_request'],
    [409, { scimType: 'uniqueness' }, 'already_exists'],
    [410, {}, 'not_found'],
    [412, {}, 'precondition_failed'],
    [413, {}, 'invalid_request'],
    [415, {}, 'unsupported'],
    [422, {}, 'invalid_request'],
    [428, {}, 'precondition_failed'],
    [429, {}, 'rate_limited'],
    [429, { scimType: 'uniqueness' }, 'rate_limited'],
    [500, {}, 'ambiguous'],
    [500, read, 'transient'],
    [501, {}, 'unsupported'],
    [502, {}, 'ambiguous'],
    [502, read, 'transient'],
    [503, {}, 'transient'],
    [504, create, 'ambiguous'],
    [301, {}, 'transient'],
    [0, {}, 'ambiguous'],
    [0, read, 'transient'],
    [Number.NaN, {}, 'ambiguous'],
    [999, {}, 'ambiguous'],
  ];
  for (const [status, more, expected] of table) {
    it(`takes ${status} ${JSON.stringify(more)} for ${expected}`, () => {
      assert.equal(classifyStatus({ ...call, status, ...more }), expected);
    });
  }
});

describe('parseErrorAnswer', () => {
  const table: [string, { scimType?: string; detail?: string }][] = [
    [
      '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"scimType":"uniqueness","detail":"taken","status":"409"}',
      {
        scimType: 'uniqueness',
        detail: 'taken',
      },
    ],
    ['{"Errors":[{"description":"no such user","code":404}]}', { detail: 'no such user' }],
    ['[{"detail":"first"},{"detail":"second"}]', { detail: 'first' }],
    ['{"message":"vendor"}', { detail: 'vendor' }],
    ['{"error":{"message":"nested"}}', { detail: 'nested' }],
    ['{"error":"invalid_token","error_description":"expired"}', { detail: 'expired' }],
    ['{"Detail":"capital","SCIMTYPE":"noTarget"}', { detail: 'capital', scimType: 'noTarget' }],
    [
      '<html><head><title>502</title><script>alert(1)</script></head><body>Bad <b>gateway</b></body></html>',
      {
        detail: '502 Bad gateway',
      },
    ],
    ['', {}],
    ['plain\u0000 text\r\n', { detail: 'plain text' }],
    ['{"detail":{"a":1}}', { detail: '{"detail":{"a":1}}' }],
    ['{"scimType":["x"],"detail":7}', { detail: '{"scimType":["x"],"detail":7}' }],
    ['null', { detail: 'null' }],
  ];
  for (const [body, { scimType, detail }] of table) {
    it(`reads ${body.slice(0, 70)}`, () => {
      assert.deepEqual(parseErrorAnswer({ status: 400, headers: {}, body }), { scimType, detail });
    });
  }

  it('shortens what is long', () => {
    const { detail = '' } = parseErrorAnswer({ status: 500, headers: {}, body: 'x'.repeat(100_000) });
    assert.equal(detail.length, 501);
  });
});

describe('buildAnswerError', () => {
  it('says what was asked and what to do, and keeps values of the account out of its message', () => {
    const request = { method: 'GET', path: 'Users?filter=userName%20eq%20%22ada%22', effect: 'read' } as const;
    const error = buildAnswerError(
      request,
      { status: 401, headers: {}, body: '' },
      { creates: false, addressed: false, now: new Date() },
    );
    assert.equal(error.message, 'GET Users was answered with 401: the credential is not accepted. Renew it.');
  });

  it('carries the wait of a 503 and of a 429', () => {
    const request = { method: 'PATCH', path: 'Users/1', effect: 'write' } as const;
    for (const status of [429, 503]) {
      const response = { status, headers: { 'retry-after': '2' }, body: '' };
      assert.equal(
        buildAnswerError(request, response, { creates: false, addressed: true, now: new Date() }).retryAfterMs,
        2000,
      );
    }
  });
});
