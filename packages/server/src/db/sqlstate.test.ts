import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommitOutcomeUnknownError, isConnectionFailure, isRetryable, isUniqueViolation } from './sqlstate.ts';

const withCode = (code: string, more: object = {}) => Object.assign(new Error('x'), { code, ...more });

const verdicts: Array<[string, unknown, { retryable: boolean; connection: boolean }]> = [
  ['serialization failure', withCode('40001'), { retryable: true, connection: false }],
  ['deadlock', withCode('40P01'), { retryable: true, connection: false }],
  ['lock timeout', withCode('55P03'), { retryable: true, connection: false }],
  ['admin shutdown', withCode('57P01'), { retryable: true, connection: true }],
  ['crash shutdown', withCode('57P02'), { retryable: true, connection: true }],
  ['starting up', withCode('57P03'), { retryable: true, connection: true }],
  ['statement cancelled', withCode('57014'), { retryable: false, connection: false }],
  ['read-only after a failover', withCode('25006'), { retryable: true, connection: false }],
  ['disk full', withCode('53100'), { retryable: true, connection: false }],
  ['too many connections', withCode('53300'), { retryable: true, connection: false }],
  ['connection lost, as a state', withCode('08006'), { retryable: true, connection: true }],
  ['connection refused', withCode('ECONNREFUSED'), { retryable: true, connection: true }],
  ['no socket', withCode('ENOENT', { syscall: 'connect' }), { retryable: true, connection: true }],
  ['no file', withCode('ENOENT', { syscall: 'open' }), { retryable: false, connection: false }],
  ['cut by the peer', withCode('ECONNRESET'), { retryable: true, connection: true }],
  ['cut while written to', withCode('EPIPE'), { retryable: true, connection: true }],
  ['cut, as pg says it', new Error('Connection terminated unexpectedly'), { retryable: true, connection: true }],
  ['every address failed', new AggregateError([withCode('ECONNREFUSED')]), { retryable: true, connection: true }],
  ['unique violation', withCode('23505'), { retryable: false, connection: false }],
  ['syntax error', withCode('42601'), { retryable: false, connection: false }],
  ['our bug', new TypeError('x is not a function'), { retryable: false, connection: false }],
  ['commit unknown', new CommitOutcomeUnknownError(withCode('08006')), { retryable: false, connection: false }],
  ['nothing', undefined, { retryable: false, connection: false }],
];
for (const [name, error, expected] of verdicts) {
  test(`${name} is judged`, () => {
    assert.deepEqual({ retryable: isRetryable(error), connection: isConnectionFailure(error) }, expected);
  });
}

test('a unique violation is of a constraint', () => {
  const error = withCode('23505', { constraint: 'a_key' });
  assert.deepEqual(
    [isUniqueViolation(error), isUniqueViolation(error, 'a_key'), isUniqueViolation(error, 'b_key')],
    [true, true, false],
  );
});
