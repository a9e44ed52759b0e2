import { Refusal } from '../refusal.ts';

/** Revisions that a change is meant for, from If-Match; `any` is `*`. */
export type ExpectedRevision = 'any' | readonly bigint[];

/** Refuses the change of a record that is at another revision by now. Call it in the transaction that locked the record. */
export function assertExpectedRevision(expected: ExpectedRevision, current: number | bigint, thing: string): void {
  if (expected === 'any' || expected.includes(BigInt(current))) return;
  throw new Refusal('precondition_failed', `${thing} was changed meanwhile; its ETag is "${current}" now.`, [
    {
      field: 'header.if-match',
      problem: `does not name "${current}"`,
      fix: 'Read the record again, and repeat the change on it.',
    },
  ]);
}
