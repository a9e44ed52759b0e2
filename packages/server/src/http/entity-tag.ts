import type { FastifyRequest } from 'fastify';
import { Refusal } from '../refusal.ts';

/** Revisions that a change is meant for; `any` is `If-Match: *`. */
export type ExpectedRevision = 'any' | readonly bigint[];

/** The ETag of a revision of a record (RFC 9110 section 8.8.3). */
export function etagOf(revision: number | bigint): string {
  return `"${revision}"`;
}

/**
 * The revisions that If-Match names. Refuses a request without it (428), for a change of what was not read may undo another's
 * change. A weak tag counts too: proxies that compress answers weaken ours.
 */
export function requireIfMatch(request: FastifyRequest): ExpectedRevision {
  const header = request.headers['if-match'];
  if (header === undefined) {
    throw new Refusal('precondition_required', 'The change needs If-Match with the ETag of the record that was read.', [
      { field: 'header.if-match', problem: 'is missing', fix: 'Read the record, and send its ETag as If-Match.' },
    ]);
  }
  if (header.trim() === '*') return 'any';
  return header.split(',').map((tag) => {
    const match = /^\s*(?:W\/)?"(\d{1,18})"\s*$/.exec(tag);
    if (match) return BigInt(match[1] ?? '');
    throw new Refusal(
      'precondition_failed',
      `If-Match is ${JSON.stringify(header.slice(0, 60))}, which no record has.`,
      [
        {
          field: 'header.if-match',
          problem: 'is not an ETag of this API',
          fix: 'Send the ETag as it was received, with its quotes.',
        },
      ],
    );
  });
}

/** Refuses the change (412) of a record that is at another revision by now. Call it in the transaction that locked the record. */
export function assertRevision(expected: ExpectedRevision, current: number | bigint): void {
  if (expected === 'any' || expected.includes(BigInt(current))) return;
  throw new Refusal('precondition_failed', `The record was changed meanwhile; its ETag is ${etagOf(current)} now.`, [
    {
      field: 'header.if-match',
      problem: `does not name ${etagOf(current)}`,
      fix: 'Read the record again, and repeat the change on it.',
    },
  ]);
}
