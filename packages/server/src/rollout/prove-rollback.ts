import { type Connection, ConnectorError, type TargetAccount } from '@usher/connector-sdk';
import { type AppRuntime, getApp } from '../apps/index.ts';
import { departureCause, sameValue } from '../planning/index.ts';
import { chooseServing, type LoadedLink, loadLinks } from '../provisioning/index.ts';
import { Pacer } from '../transport/index.ts';
import { judgeProof } from './describe-rollback.ts';
import type { RolloutGround } from './rollout-ground.ts';
import { findRollback, finishRollback, listReadyForProof, type Proof, writeProofs } from './sql/rollbacks.ts';
import { tellUnproved } from './tell-rollout.ts';

const BATCH = 50;
const READ_LIMIT_MS = 30_000;

/**
 * Reads the accounts of those whose way back has been worked, and compares them with what the version that serves them
 * now says. Goes on until none is ready; those that are still on their way, and those that the target does not answer about
 * now, are read at the next look.
 */
export async function proveRollback(ground: RolloutGround, id: number, signal: AbortSignal): Promise<void> {
  const { pool, clock } = ground;
  const rollback = await findRollback(pool, id);
  if (!rollback || rollback.state === 'done') return;
  if ((await listReadyForProof(pool, id, 1)).length > 0) {
    const runtime = await ground.openApp(rollback.appId);
    if (!runtime) return;
    try {
      await proveReady(ground, runtime, id, signal);
    } finally {
      await runtime.close();
    }
  }
  if (!(await finishRollback(pool, id, clock.now()))) return;
  await tellIfUnproved(ground, id);
}

async function proveReady(ground: RolloutGround, runtime: AppRuntime, id: number, signal: AbortSignal): Promise<void> {
  const { pool, clock } = ground;
  const pacer = new Pacer(runtime.app.maxPerSecond, clock);
  for (;;) {
    const ready = await listReadyForProof(pool, id, BATCH);
    if (ready.length === 0 || signal.aborted) return;
    const proofs = await proveAccounts(ground, runtime, ready, { pacer, signal });
    const read = proofs.filter((proof) => proof !== undefined);
    await writeProofs(pool, id, read, clock.now());
    if (read.length < proofs.length) return;
  }
}

async function tellIfUnproved(ground: RolloutGround, id: number): Promise<void> {
  const rollback = await findRollback(ground.pool, id);
  if (!rollback) return;
  const { isProved, sentence } = judgeProof(rollback);
  if (!isProved) await tellUnproved(ground, await getApp(ground, String(rollback.appId)), rollback, sentence);
}

async function proveAccounts(
  { pool, clock }: RolloutGround,
  runtime: AppRuntime,
  userIds: string[],
  { pacer, signal }: { pacer: Pacer; signal: AbortSignal },
): Promise<(Proof | undefined)[]> {
  const needs = { manager: true, entitlements: true };
  const reading = { rolloutId: runtime.rollout?.id, healingId: runtime.healing?.rolloutId };
  const loaded = await loadLinks(pool, { appId: runtime.app.id, userIds, now: clock.now(), needs, ...reading });
  const limited = AbortSignal.any([signal, AbortSignal.timeout(READ_LIMIT_MS)]);
  return Promise.all(
    loaded.map(async (link) => {
      const { runtime: served, waits } = chooseServing(runtime, link);
      const { transport } = served;
      const http = {
        request: async (request: Parameters<typeof transport.request>[0]) => {
          await pacer.take(false);
          return transport.request(request, { signal: limited });
        },
      };
      const connection = served.connect(http, limited);
      const healing = served === runtime ? runtime.healing : undefined;
      return proveAccount({ served, waits, healing, connection }, link);
    }),
  );
}

interface Serving {
  served: AppRuntime;
  /** No version serves the user: there is nothing that the account could be compared with. */
  waits: boolean;
  healing: AppRuntime['healing'];
  connection: Connection;
}

/** Undefined: the target does not answer now. */
async function proveAccount(serving: Serving, loaded: LoadedLink): Promise<Proof | undefined> {
  const { userId, link } = loaded;
  const { connection } = serving;
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
    if (PASSING.has(error.kind)) return undefined;
    return proof('could not be read', { detail: error.message });
  }
  const differences = listDifferences(serving, loaded, account);
  if (differences.length === 0) return proof(departureCause(loaded.entitlement) ? 'left' : 'as before');
  if (link.standing === 'parked') return proof('parked', { differences, detail: `Parked: ${link.reasonCode}` });
  return proof('differs', { differences });
}

/** The target is away, busy, or does not let us in now. */
const PASSING: ReadonlySet<ConnectorError['kind']> = new Set([
  'transient',
  'rate_limited',
  'unauthorized',
  'ambiguous',
]);

/** What the account has otherwise than the version before says. */
function listDifferences(
  { served, waits, healing, connection: { accounts } }: Serving,
  loaded: LoadedLink,
  account: TargetAccount,
): NonNullable<Proof['differences']> {
  if (departureCause(loaded.entitlement)) {
    const found = accounts.read(account, 'active') ?? null;
    return found === false ? [] : [{ path: 'active', expected: false, found }];
  }
  if (waits) return [];
  const desired = served.mapping.evaluate(loaded.record, served.evaluationContext());
  if (!desired.ok) return [{ path: desired.problem.attribute, expected: desired.problem.message, found: null }];
  const kept = new Set(desired.initial ?? []);
  const differences: NonNullable<Proof['differences']> = [];
  for (const [path, expected] of Object.entries({ active: true, ...desired.always })) {
    const found = accounts.read(account, path) ?? null;
    if (kept.has(path) || isSame(path, expected, found)) continue;
    differences.push({ path, expected, found });
  }
  return [...differences, ...listLeftovers(healing, accounts, loaded, account)];
}

/** Attributes that only the version that was taken back writes: they are to be what they were before it. */
function listLeftovers(
  healing: AppRuntime['healing'],
  accounts: Connection['accounts'],
  { before }: LoadedLink,
  account: TargetAccount,
): NonNullable<Proof['differences']> {
  if (!healing) return [];
  return healing.paths.flatMap((path) => {
    const was = { ...account, representation: before ?? {} };
    const expected = before ? (accounts.read(was, path) ?? null) : null;
    const found = accounts.read(account, path) ?? null;
    return isSame(path, expected, found) ? [] : [{ path, expected, found }];
  });
}

/** Names and addresses are stored by many targets in a case of their own; everything else is to be as it was, to the letter. */
const CASELESS = /^(?:userName|emails\b.*)$/i;

function isSame(path: string, expected: unknown, found: unknown): boolean {
  if (isBlank(expected) && isBlank(found)) return true;
  if (typeof expected === 'string' && typeof found === 'string' && CASELESS.test(path)) {
    return expected.toLowerCase() === found.toLowerCase();
  }
  return sameValue(expected as never, found as never);
}

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}
