import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRetryAfter } from './retry-after.ts';

const now = new Date('2026-03-01T12:00:00Z');
const day = 24 * 60 * 60 * 1000;

describe('parseRetryAfter', () => {
  const table: [Record<string, string>, number | undefined][] = [
    [{ 'retry-after': '30' }, 30_000],
    [{ 'retry-after': ' 1.5 ' }, 1500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '-30' }, 0],
    [{ 'retry-after': '5, 10' }, 10_000],
    [{ 'retry-after': '99999999999999999999' }, day],
    [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:05 GMT' }, 5000],
    [{ 'retry-after': 'Sunday, 01-Mar-26 12:00:05 GMT' }, 5000],
    [{ 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': 'Sun, 01 Mar 2099 11:00:00 GMT' }, day],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after': '1e3' }, undefined],
    [{ 'retry-after': '9'.repeat(1000) }, undefined],
    [{ 'retry-after': 'Sun'.repeat(1000) }, undefined],
    [{}, undefined],
    [{ 'x-ratelimit-reset': '20' }, 20_000],
    [{ 'x-ratelimit-reset': String(now.getTime() / 1000 + 40) }, 40_000],
    [{ 'ratelimit-reset': '7' }, 7000],
    [{ 'retry-after': '3', 'x-ratelimit-reset': '20' }, 3000],
  ];
  for (const [headers, expected] of table) {
    it(`makes ${expected} of ${JSON.stringify(headers).slice(0, 80)}`, () => {
      assert.equal(parseRetryAfter(headers, now), expected);
    });
  }
});
