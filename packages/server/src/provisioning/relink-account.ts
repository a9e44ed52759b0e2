import { ConnectorError, type TargetAccount } from '@usher/connector-sdk';
import type { AppRuntime } from '../apps/index.ts';
import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/pool.ts';
import type { Ground } from '../ground.ts';
import { markUsers } from '../marking/index.ts';
import { Refusal, refuseField } from '../refusal.ts';
import { findLinkByRemoteId, findLinkByUser, forgetLink, joinLink } from './sql/relink.ts';

/**
 * Links an account of the target to a user by hand. An account that a departed user owns is transferred; one of an
 * active user never is. The account is read first, so that only one that exists is linked.
 */
export async function linkAccount(
  ground: Ground,
  actor: Actor,
  runtime: AppRuntime,
  userId: string,
  remoteId: string,
  note: string | undefined,
): Promise<void> {
  const account = await readAccount(runtime, remoteId);
  const { app } = runtime;
  const now = ground.clock.now();
  await inTransaction(ground.pool, async (db) => {
    const own = await findLinkByUser(db, app.id, userId);
    if (own?.remoteId && own.remoteId !== remoteId && own.accountState !== 'deleted') {
      throw new Refusal('conflict', `The user is linked with ${own.remoteId} already. Unlink that account first.`);
    }
    const owner = await findLinkByRemoteId(db, app.id, remoteId);
    if (owner && owner.userId !== userId) {
      if (!owner.departed) {
        const problem = `belongs to ${owner.username}, who is active`;
        throw refuseField('conflict', 'remoteId', problem, 'Settle whose account it is; unlink it from them first.');
      }
      await forgetLink(db, app.id, owner.userId, now);
    }
    const accountState = account.active === false ? ('deactivated' as const) : ('active' as const);
    const userName = account.representation['userName'];
    const remoteUsername = typeof userName === 'string' ? userName : null;
    await joinLink(db, { appId: app.id, userId, remoteId, remoteUsername, accountState, now });
    await writeAudit(db, now, actor, [
      {
        action: owner && owner.userId !== userId ? 'link.transferred' : 'link.made',
        entityKind: 'link',
        entityId: `${app.name}/${userId}`,
        appId: app.id,
        userId,
        before: owner ? { userId: owner.userId, remoteId } : { remoteId: own?.remoteId ?? null },
        after: { userId, remoteId },
        reason: note,
      },
    ]);
    await markUsers(db, now, [userId, ...(owner && owner.userId !== userId ? [owner.userId] : [])]);
  });
}

/** Forgets here that an account is the user's. At the target nothing happens. */
export async function unlinkAccount(
  ground: Ground,
  actor: Actor,
  app: { id: number; name: string },
  userId: string,
  note: string | undefined,
): Promise<void> {
  const now = ground.clock.now();
  await inTransaction(ground.pool, async (db) => {
    const own = await findLinkByUser(db, app.id, userId);
    if (!own?.remoteId) throw new Refusal('not_found', 'The user is linked with no account of this app.');
    await forgetLink(db, app.id, userId, now);
    await writeAudit(db, now, actor, [
      {
        action: 'link.unlinked',
        entityKind: 'link',
        entityId: `${app.name}/${userId}`,
        appId: app.id,
        userId,
        before: { remoteId: own.remoteId, accountState: own.accountState },
        reason: note,
      },
    ]);
  });
}

async function readAccount(runtime: AppRuntime, remoteId: string): Promise<TargetAccount> {
  const signal = AbortSignal.timeout(15_000);
  const http = {
    request: (request: Parameters<typeof runtime.transport.request>[0]) =>
      runtime.transport.request(request, { signal }),
  };
  try {
    const found = await runtime.connect(http, signal).accounts.get({ remoteId });
    if (found.found) return found.account;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    throw new Refusal('conflict', `The account could not be read at the target: ${error.message}`);
  }
  throw refuseField('invalid_value', 'remoteId', 'is no account of the target', 'Give the id that the target shows.');
}
