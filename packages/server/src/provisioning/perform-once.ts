import { ConnectorError, type TargetAccount } from '@usher/connector-sdk';
import type { AppRuntime } from '../apps/index.ts';
import type { Clock } from '../clock.ts';
import type { Pool } from '../db/pool.ts';
import type { Plan } from '../planning/index.ts';
import type { Exchange } from '../transport/index.ts';
import { performWork } from './perform-operation.ts';
import { findOwners } from './sql/link-lookups.ts';
import type { LoadedLink } from './sql/load-links.ts';
import type { Performed } from './work.ts';

/** What came of one piece of work that was done at once, with all that was sent and answered. */
export type PerformedOnce = { exchanges: Exchange[] } & (
  | { ok: true; performed: Performed }
  | { ok: false; error: ConnectorError }
);

/** What came of reading an account. */
export type ReadOnce = { exchanges: Exchange[] } & (
  | { ok: true; account: TargetAccount | undefined }
  | { ok: false; error: ConnectorError }
);

/**
 * Does the work of a plan at once and outside the queue, by the code and the transport of the pumps: for trials on a test
 * user, whose account nobody else works at. Nothing of it is stored here. An account that exists already is never adopted.
 */
export async function performOnce(
  { pool, clock }: { pool: Pool; clock: Clock },
  runtime: AppRuntime,
  loaded: LoadedLink,
  plan: Extract<Plan, { kind: 'change' }>,
  signal: AbortSignal,
): Promise<PerformedOnce> {
  const { connection, exchanges } = connect(runtime, signal);
  const target = {
    connection,
    correlation: { ...runtime.document.correlation, adoption: 'park' as const },
    triggers: { create: true, update: true, deactivate: true, reactivate: true },
    ownersOf: (remoteIds: string[]) => findOwners(pool, runtime.app.id, loaded.userId, remoteIds),
    lastObserved: async () => null,
    unseenUntil: async () => null,
  };
  const { userId, link } = loaded;
  try {
    const work = { userId, link, task: plan, readFirst: false, now: clock.now() };
    return { ok: true, performed: await performWork(target, work), exchanges };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { ok: false, error, exchanges };
  }
}

/** The account as the target shows it now; undefined when it has none. */
export async function readOnce(runtime: AppRuntime, remoteId: string, signal: AbortSignal): Promise<ReadOnce> {
  const { connection, exchanges } = connect(runtime, signal);
  try {
    const read = await connection.accounts.get({ remoteId });
    return { ok: true, account: read.found ? read.account : undefined, exchanges };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { ok: false, error, exchanges };
  }
}

/** Every account that one of these values finds. */
export async function findOnce(
  runtime: AppRuntime,
  values: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<
  { exchanges: Exchange[] } & ({ ok: true; accounts: TargetAccount[] } | { ok: false; error: ConnectorError })
> {
  const { connection, exchanges } = connect(runtime, signal);
  const found = new Map<string, TargetAccount>();
  try {
    for (const [path, value] of Object.entries(values)) {
      if (typeof value !== 'string' || value === '') continue;
      const { accounts } = await connection.accounts.find({ path, value });
      for (const account of accounts) found.set(account.remoteId, account);
    }
    return { ok: true, accounts: [...found.values()], exchanges };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { ok: false, error, exchanges };
  }
}

function connect(runtime: AppRuntime, signal: AbortSignal) {
  const exchanges: Exchange[] = [];
  const options = { signal, sink: (exchange: Exchange) => exchanges.push(exchange) };
  const http = {
    request: (request: Parameters<typeof runtime.transport.request>[0]) => runtime.transport.request(request, options),
  };
  return { connection: runtime.connect(http, signal), exchanges };
}
