import type { AccountBatch, BatchOperation, BatchResult } from '@usher/connector-sdk';
import type { BulkOperation, BulkResult, ScimClient, ScimResource } from '@usher/scim';
import { callTarget } from './connector-failure.ts';
import { buildAccount } from './scim-accounts.ts';
import { toFailure } from './scim-groups.ts';

/** Bulk requests, where the dialect or the administrator says that the target takes them; undefined elsewhere. */
export function buildScimBatch(client: ScimClient): AccountBatch | undefined {
  if (!client.dialect.bulk.supported) return undefined;
  return async ({ operations }) => {
    const results = await callTarget(() => client.bulk(operations.map(buildOperation)));
    return { results: results.map(buildResult) };
  };
}

function buildOperation(operation: BatchOperation): BulkOperation {
  switch (operation.operation) {
    case 'create':
      return { operation: 'create', attributes: operation.attributes };
    case 'update':
      return { operation: 'update', id: operation.remoteId, changes: operation.changes, version: operation.version };
    case 'deactivate': {
      const active = { path: 'active', operation: 'set', value: false } as const;
      return { operation: 'update', id: operation.remoteId, changes: [active] };
    }
    case 'delete':
      return { operation: 'delete', id: operation.remoteId };
  }
}

function buildResult(result: BulkResult): BatchResult {
  switch (result.outcome) {
    case 'done':
      return { outcome: 'done', remoteId: result.id, account: showAccount(result.resource) };
    case 'failed':
      return { outcome: 'failed', failure: toFailure(result.error) };
    case 'not_tried':
      return { outcome: 'not tried' };
  }
}

function showAccount(resource: ScimResource | undefined) {
  return resource === undefined ? undefined : buildAccount(resource);
}
