import type { CreateRequest, DeactivateRequest, DeleteRequest, TargetAccount, UpdateRequest } from './accounts.ts';
import type { Failure } from './groups.ts';

/** One of the operations of {@link AccountBatch}, with the request that it has on its own. */
export type BatchOperation =
  | ({ operation: 'create' } & CreateRequest)
  | ({ operation: 'update' } & UpdateRequest)
  | ({ operation: 'deactivate' } & DeactivateRequest)
  | ({ operation: 'delete' } & DeleteRequest);

/** What became of one operation. `not tried`: something ended the batch before it, and nothing was sent of it. */
export type BatchResult =
  | { outcome: 'done'; remoteId: string; account: TargetAccount | undefined }
  | { outcome: 'failed'; failure: Failure }
  | { outcome: 'not tried' };

/**
 * Many operations with few requests: an accelerator, never needed, present where the target has one. Operations of
 * different accounts, in their order; one result each, in order, whatever happened. An operation of a request whose
 * answer was lost is `ambiguous`. Rejects only while nothing was sent.
 */
export type AccountBatch = (request: { operations: readonly BatchOperation[] }) => Promise<{ results: BatchResult[] }>;
