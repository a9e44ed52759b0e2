import { type Connection, ConnectorError, type TargetAccount } from '@usher/connector-sdk';
import type { AppRuntime } from '../apps/index.ts';
import { departureCause, sameValue } from '../planning/index.ts';
import { type LoadedLink, loadLinks } from '../provisioning/index.ts';
import type { RolloutGround } from './rollout-ground.ts';
import { findRollback, finishRollback, listReadyForProof, type Proof, writeProofs } from './sql/rollbacks.ts';

const BATCH = 50;
const READ_LIMIT_MS = 30_000;

/**
 * Reads the accounts of those whose way back has been worked, and compares them with what the version that serves them
 * now says. Goes on until none is ready; those that are still on their way are read at the next look.
 */
export async function proveRollback(ground: RolloutGround, id: number, signal: AbortSignal): Promise<void> {
  const { pool, clock } = ground;
  const rollback = await findRollback(pool, id);
  if (!rollback || rollback.state === 'done') return;
  const userIds = await listReadyForProof(pool, id, 1);
  if (userIds.length === 0) return void (await finishRollback(pool, id, clock.now()));
  const runtime = await ground.openApp(rollback.appId);
  if (!runtime) return;
  try {
    for (;;) {
      const ready = await listReadyForProof(pool, id, BATCH);
      if (ready.length === 0 || signal.aborted) break;
      await writeProofs(pool, id, await proveAccounts(ground, runtime, ready, signal), clock.now());
    }
  } finally {
    await runtime.close();
  }
  await finishRollback(pool, id, clock.now());
}

async function proveAccounts(
  { pool, clock }: RolloutGround,
  runtime: AppRuntime,
  userIds: string[],
  signal: AbortSignal,
): Promise<Proof[]> {
  const needs = { manager: true, entitlements: true };
  const reading = { rolloutId: runtime.rollout?.id, healingId: runtime.healing?.rolloutId };
  const wanted = { appId: runtime.app.id, userIds, now: clock.now(), needs, ...reading };
  const loaded = await loadLinks(pool, wanted);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(READ_LIMIT_MS)]);
  const { transport } = runtime;
  const http = {
    request: (request: Parameters<typeof transport.request>[0]) => transport.request(request, { signal: limited }),
  };
  const connection = runtime.connect(http, limited);
  return Promise.all(loaded.map((link) => proveAccount(runtime, connection, link)));
}

async function proveAccount(runtime: AppRuntime, connection: Connection, loaded: LoadedLink): Promise<Proof> {
  const { userId, link } = loaded;
  const proof = (state: Proof['state'], more: Partial<Proof> = {}): Proof => ({
    ...{ userId, state, differences: null, detail: null },
    ...more,
  });
  if (link.standing === 'held') return proof('held', { detail: 'A guard holds the change: decide the hold' });
  if (link.remoteId === null) return proof('no account');
  let account: TargetAccount;
  try {
    const read = await connection.accounts.get({ remoteId: link.remoteId });
    if (!read.found) return proof('gone', { detail: `The target has no account ${link.remoteId}` });
    account = read.account;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return proof('could not be read', { detail: error.message });
  }
  const differences = listDifferences(runtime, connection, loaded, account);
  if (differences.length === 0) return proof(departureCause(loaded.entitlement) ? 'left' : 'as before');
  if (link.standing === 'parked') return proof('parked', { differences, detail: `Parked: ${link.reasonCode}` });
  return proof('differs', { differences });
}

/** What the account has otherwise than the version before says. */
function listDifferences(
  runtime: AppRuntime,
  { accounts }: Connection,
  loaded: LoadedLink,
  account: TargetAccount,
): NonNullable<Proof['differences']> {
  if (departureCause(loaded.entitlement)) {
    const found = accounts.read(account, 'active') ?? null;
    return found === false ? [] : [{ path: 'active', expected: false, found }];
  }
  // Nobody was served before: there is nothing that the account could be compared with.
  if (runtime.rollout?.isFirst) return [];
  const desired = runtime.mapping.evaluate(loaded.record, runtime.evaluationContext());
  if (!desired.ok) return [{ path: desired.problem.attribute, expected: desired.problem.message, found: null }];
  const kept = new Set(desired.initial ?? []);
  const differences: NonNullable<Proof['differences']> = [];
  for (const [path, expected] of Object.entries({ active: true, ...desired.always })) {
    const found = accounts.read(account, path) ?? null;
    if (kept.has(path) || isSame(expected, found)) continue;
    differences.push({ path, expected, found });
  }
  return [...differences, ...listLeftovers(runtime, accounts, loaded, account)];
}

/** Attributes that only the version that was taken back writes: they are to be what they were before it. */
function listLeftovers(
  { healing }: AppRuntime,
  accounts: Connection['accounts'],
  { before }: LoadedLink,
  account: TargetAccount,
): NonNullable<Proof['differences']> {
  if (!healing) return [];
  return healing.paths.flatMap((path) => {
    const was = { ...account, representation: before ?? {} };
    const expected = before ? (accounts.read(was, path) ?? null) : null;
    const found = accounts.read(account, path) ?? null;
    return isSame(expected, found) ? [] : [{ path, expected, found }];
  });
}

/** Targets store names in a case of their own, and an empty value as none. */
function isSame(expected: unknown, found: unknown): boolean {
  const blank = (value: unknown) =>
    value === null || value === undefined || (Array.isArray(value) && value.length === 0);
  if (blank(expected) && blank(found)) return true;
  if (typeof expected === 'string' && typeof found === 'string') return expected.toLowerCase() === found.toLowerCase();
  return sameValue(expected as never, found as never);
}
