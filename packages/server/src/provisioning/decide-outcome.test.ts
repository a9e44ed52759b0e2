import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CONNECTOR_ERROR_KINDS, ConnectorError, type ConnectorErrorKind } from '@usher/connector-sdk';
import { decideFailure } from './decide-outcome.ts';

const NOW = new Date('2026-03-01T00:00:00Z');

/** The decision in one line: what, after how many seconds, and how. */
function decided(kind: ConnectorErrorKind, attempt: number, options: { status?: number; retryAfterMs?: number } = {}) {
  const decision = decideFailure(new ConnectorError(kind, 'it failed', options), attempt, NOW, 0.5);
  const seconds = (at: Date) => `${(at.getTime() - NOW.getTime()) / 1000} s`;
  switch (decision.kind) {
    case 'retry':
      return `retry after ${seconds(decision.retryAt)}${decision.readFirst ? ', reading first' : ''}`;
    case 'parked':
      return `parked: ${decision.reason.code}`;
    case 'app stopped':
      return decision.stop.kind === 'rate limited' ? `app waits ${seconds(decision.stop.until)}` : decision.stop.kind;
  }
}

const cases: [ConnectorErrorKind, number, { status?: number; retryAfterMs?: number }, string][] = [
  ['transient', 1, {}, 'retry after 2 s'],
  ['transient', 4, {}, 'retry after 16 s'],
  ['transient', 40, {}, 'retry after 3600 s'],
  ['transient', 1, { retryAfterMs: 60_000 }, 'retry after 60 s'],
  ['ambiguous', 1, {}, 'retry after 2 s, reading first'],
  ['partially_created', 1, {}, 'retry after 2 s, reading first'],
  ['precondition_failed', 1, {}, 'retry after 2 s, reading first'],
  ['precondition_failed', 6, {}, 'parked: precondition_failed'],
  ['rate_limited', 1, { retryAfterMs: 7_000 }, 'app waits 7 s'],
  ['rate_limited', 1, {}, 'app waits 5 s'],
  ['transient', 1, { retryAfterMs: 3e11 }, 'retry after 3600 s'],
  ['transient', 1, { status: 503 }, 'retry after 2 s'],
  ['transient', 1, { status: 503, retryAfterMs: 9_000 }, 'app waits 9 s'],
  ['transient', 1, { status: 503, retryAfterMs: 3e11 }, 'app waits 3600 s'],
  ['transient', 1, { status: 503, retryAfterMs: 0 }, 'retry after 2 s'],
  ['rate_limited', 1, { retryAfterMs: -5 }, 'app waits 1 s'],
  ['rate_limited', 1, { retryAfterMs: 3e11 }, 'app waits 3600 s'],
  ['unauthorized', 1, { status: 401 }, 'credential refused'],
  ['unauthorized', 9, { status: 401 }, 'credential refused'],
  ['unauthorized', 1, { status: 403 }, 'credential refused'],
  ['unauthorized', 4, { status: 403 }, 'parked: refused_credential'],
  ['invalid_request', 1, {}, 'parked: refused_by_target'],
  ['already_exists', 1, {}, 'parked: name_taken'],
  ['not_found', 1, {}, 'parked: vanished_twice'],
  ['unsupported', 1, {}, 'parked: unsupported_by_target'],
];

describe('what a failure means', () => {
  for (const [kind, attempt, options, expected] of cases) {
    test(`${kind} ${JSON.stringify(options)} at attempt ${attempt}: ${expected}`, () =>
      assert.equal(decided(kind, attempt, options), expected));
  }
  test('is decided for every kind', () => {
    assert.deepEqual([...new Set(cases.map(([kind]) => kind))].sort(), [...CONNECTOR_ERROR_KINDS].sort());
  });
});
