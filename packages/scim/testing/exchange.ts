import type { RequestOperation, WriteEffect } from './target-state.ts';

/** One request as the target saw it, and what it answered. */
export interface Exchange {
  /** Rises by one with every request, in the order of arrival. */
  sequence: number;
  method: string;
  /** Path and query as sent. */
  url: string;
  headers: Record<string, string | string[] | undefined>;
  requestBody: string;
  operation: RequestOperation;
  /** Undefined when nothing was answered. */
  status: number | undefined;
  responseHeaders: Record<string, string>;
  responseBody: string;
  /** Whether the reader was given a whole answer; false for lost, cut and hung ones. */
  delivered: boolean;
  /** Points on one counter of the target: arrival of the head, application, end. They decide what overlapped. */
  arrivedTick: number;
  appliedTick: number | undefined;
  /** Undefined while the request is open. */
  endedTick: number | undefined;
  /** On the target's clock. */
  arrivedAtMs: number;
  endedAtMs: number | undefined;
  /** What changed, several for a bulk request. */
  effects: WriteEffect[];
  /** Ids of the fault rules that fired. */
  faults: string[];
  /** Rules for SCIM requests that this one broke. */
  violations: string[];
}

/** How much has happened since the start or the last reset. */
export interface TargetCounts {
  requests: number;
  byOperation: Partial<Record<RequestOperation, number>>;
  creates: number;
  updates: number;
  deletes: number;
  deactivations: number;
  reactivations: number;
  /** Accepted writes that left the record as it was. */
  unchanged: number;
  /** Answers of 400 and above, those injected included. */
  refusals: number;
  rateLimited: number;
}

export function emptyCounts(): TargetCounts {
  return {
    requests: 0,
    byOperation: {},
    creates: 0,
    updates: 0,
    deletes: 0,
    deactivations: 0,
    reactivations: 0,
    unchanged: 0,
    refusals: 0,
    rateLimited: 0,
  };
}

export function countEffect(counts: TargetCounts, effect: WriteEffect): void {
  if (effect.action === 'create') counts.creates++;
  else if (effect.action === 'delete') counts.deletes++;
  else if (effect.changed) counts.updates++;
  else counts.unchanged++;
  if (isDeactivation(effect)) counts.deactivations++;
  if (isReactivation(effect)) counts.reactivations++;
}

/** A user's account that was active and is not any more, deleted ones included. */
export function isDeactivation({ kind, activeBefore, activeAfter }: WriteEffect): boolean {
  return kind === 'User' && activeBefore === true && activeAfter !== true;
}

export function isReactivation({ kind, activeBefore, activeAfter }: WriteEffect): boolean {
  return kind === 'User' && activeBefore === false && activeAfter === true;
}
