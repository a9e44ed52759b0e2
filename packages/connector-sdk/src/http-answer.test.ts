import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONNECTOR_ERROR_KINDS, ConnectorError } from './connector-error.ts';
import { buildHttpError, classifyHttpStatus, parseJsonBody } from './http-answer.ts';
import { readAttribute } from './read-attribute.ts';
import type { HttpRequest } from './transport.ts';

const now = new Date('2026-03-01T12:00:00Z');
const read: HttpRequest = { method: 'GET', path: 'people?email=ada%40example.com', effect: 'read' };
const write: HttpRequest = { method: 'POST', path: 'people', effect: 'write', body: '{}' };
const answer = (status: number, body = '', headers = {}) => ({ status, headers, body });

const kinds: [number, string, string][] = [
  [400, 'invalid_request', 'invalid_request'],
  [401, 'unauthorized', 'unauthorized'],
  [403, 'unauthorized', 'unauthorized'],
  [404, 'not_found', 'not_found'],
  [405, 'unsupported', 'unsupported'],
  [408, 'transient', 'transient'],
  [409, 'already_exists', 'already_exists'],
  [412, 'precondition_failed', 'precondition_failed'],
  [418, 'invalid_request', 'invalid_request'],
  [422, 'invalid_request', 'invalid_request'],
  [429, 'rate_limited', 'rate_limited'],
  [302, 'transient', 'transient'],
  [500, 'transient', 'ambiguous'],
  [501, 'unsupported', 'unsupported'],
  [502, 'transient', 'ambiguous'],
  [503, 'transient', 'transient'],
  [599, 'transient', 'ambiguous'],
  [0, 'transient', 'ambiguous'],
];
for (const [status, ofRead, ofWrite] of kinds) {
  test(`${status} is ${ofRead} for a read and ${ofWrite} for a write`, () => {
    assert.equal(classifyHttpStatus(status, 'read'), ofRead);
    assert.equal(classifyHttpStatus(status, 'write'), ofWrite);
  });
}

test('every status has a kind', () => {
  for (let status = -1; status < 1000; status++) {
    assert.ok(CONNECTOR_ERROR_KINDS.includes(classifyHttpStatus(status, 'write')));
  }
});

const waits: [string, number | undefined][] = [
  ['7', 7_000],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['999999999', 86_400_000],
  ['soon', undefined],
  ['-5', undefined],
];
for (const [header, wanted] of waits) {
  test(`Retry-After: ${header} is ${wanted} ms`, () => {
    assert.equal(buildHttpError(read, answer(429, '', { 'retry-after': header }), now).retryAfterMs, wanted);
  });
}

test('an error names the call without its query, and says what the target said', () => {
  const error = buildHttpError(read, answer(422, '{"error":{"message":"email <b>is</b>\\u0000 taken"}}'), now);
  assert.match(error.message, /^GET people was answered with 422: /);
  assert.equal(error.message.includes('ada'), false);
  assert.deepEqual([error.kind, error.status, error.detail], ['invalid_request', 422, 'email is taken']);
  assert.equal(buildHttpError(read, answer(500, 'x'.repeat(9_000)), now).detail?.length, 501);
  assert.equal(buildHttpError(write, answer(409), now, 'invalid_request').kind, 'invalid_request');
});

test('an answer that is not JSON leaves the outcome of a write unknown', () => {
  const kindOf = (request: HttpRequest) => {
    try {
      parseJsonBody(request, answer(200, '<html>'));
    } catch (error) {
      return error instanceof ConnectorError ? error.kind : error;
    }
    return undefined;
  };
  assert.deepEqual([kindOf(read), kindOf(write)], ['transient', 'ambiguous']);
  assert.deepEqual(parseJsonBody(read, answer(200, '{"a":[1]}')), { a: [1] });
  assert.equal(parseJsonBody(write, answer(204, ' ')), undefined);
});

const record = {
  email: 'a@b',
  name: { first: 'Ada', '': 1 },
  'x.y': 2,
  x: { y: 3 },
  none: null,
  empty: '',
  tags: ['t'],
};
const paths: [string, unknown][] = [
  ['email', 'a@b'],
  ['name.first', 'Ada'],
  ['x.y', 2],
  ['none', undefined],
  ['empty', undefined],
  ['tags', ['t']],
  ['tags.0', undefined],
  ['name.last', undefined],
  ['email.length', undefined],
  ['constructor', undefined],
  ['name.constructor.name', undefined],
  ['__proto__', undefined],
];
for (const [path, wanted] of paths) {
  test(`${path} of a representation reads ${JSON.stringify(wanted)}`, () => {
    assert.deepEqual(readAttribute(record, path), wanted);
  });
}
