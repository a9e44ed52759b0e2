import type { Connection, ConnectorContext, TargetTraits } from '@usher/connector-sdk';
import { createScimClient, type Dialect } from '@usher/scim';
import { detectTarget } from './detect-target.ts';
import { buildScimAccounts } from './scim-accounts.ts';
import { buildScimBatch } from './scim-batch.ts';
import { buildScimGroups } from './scim-groups.ts';
import { chooseDialect, type ScimOptions } from './scim-options.ts';
import { recallLearned } from './target-memory.ts';
import { testConnection } from './test-connection.ts';

/**
 * Joins a SCIM connector to an app. No request is made here, and none for discovery before any operation: the dialect
 * and the options say how the target speaks, and what it refuses is learned on the way and kept for an hour.
 */
export function connectScim(context: ConnectorContext<ScimOptions>, dialects: readonly Dialect[]): Connection {
  const dialect = chooseDialect(context.options, dialects);
  const { http, now } = context;
  const client = createScimClient({ transport: http, now: () => now(), dialect, learned: recallLearned(context) });
  return {
    accounts: buildScimAccounts(client, context),
    groups: buildScimGroups(client),
    batch: buildScimBatch(client),
    traits: buildTraits(dialect),
    test: () => testConnection(client, context),
    detect: ({ baseUrl }) => detectTarget(client, dialects, baseUrl),
  };
}

function buildTraits(dialect: Dialect): TargetTraits {
  const { visibilityDelayMs, uniqueness, deactivate, rateLimits, credentialLifetimeDays, notes, basis, sources } =
    dialect;
  return {
    visibilityDelayMs,
    uniqueness,
    searchable: dialect.filter.supported ? dialect.filter.attributes : [],
    deactivate,
    delete: dialect.delete,
    rateLimits,
    credentialLifetimeDays,
    notes,
    basis,
    sources,
  };
}
