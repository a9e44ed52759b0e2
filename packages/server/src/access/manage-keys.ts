import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction, type PoolClient } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { Refusal, refuseField } from '../refusal.ts';
import { type ApiKey, hashKey, isUsable, makeKey, prefixOf } from './api-key.ts';
import type { Caller } from './caller.ts';
import { type GrantedScope, includesScope } from './scope.ts';
import {
  findKey,
  findKeyByHash,
  insertKey,
  listKeyRows,
  listLiveKeys,
  lockKeys,
  revokeKeyRow,
} from './sql/api-keys.ts';

export interface KeyRequest {
  readonly name: string;
  readonly scopes: readonly GrantedScope[];
  readonly expiresAt?: Date | undefined;
  /** Whose key it is to be: it never may do more than they may, and ends with them. */
  readonly personId?: string | undefined;
}

/** Makes a key. It never may do more than the key that makes it. `key` is shown to the caller and kept nowhere. */
export async function createKey(
  ground: Ground,
  caller: Caller,
  request: KeyRequest,
): Promise<{ key: string; stored: ApiKey }> {
  const now = ground.clock.now();
  const wider = request.scopes.find((scope) => !includesScope(caller.scopes, scope));
  if (wider) {
    throw refuseField(
      'forbidden',
      'scopes',
      `"${wider}" is more than your own key may do`,
      'Leave it out, or use a key that has it.',
    );
  }
  if (request.expiresAt && request.expiresAt <= now) {
    throw refuseField('invalid_value', 'expiresAt', 'is in the past', 'Give a time to come, or leave it out.');
  }
  const key = makeKey();
  const stored = await inTransaction(ground.pool, async (db) => {
    await lockKeys(db);
    const live = await listLiveKeys(db, now);
    if (live.some((other) => other.name.toLowerCase() === request.name.toLowerCase())) {
      throw refuseField(
        'already_exists',
        'name',
        `a key is called "${request.name}" already`,
        'Choose another name, or revoke that key.',
      );
    }
    return await storeKey(ground, db, caller.actor, key, request);
  });
  return { key, stored };
}

export async function listKeys(
  ground: Ground,
  after: string | undefined,
  limit: number,
  personId?: string,
): Promise<ApiKey[]> {
  return await listKeyRows(ground.pool, after, limit, personId);
}

/** Ends a key at once; again without effect. The last key that may do everything stays, or nobody could make another. */
export async function revokeKey(ground: Ground, caller: Caller, id: string, ownerId?: string): Promise<ApiKey> {
  const now = ground.clock.now();
  return await inTransaction(ground.pool, async (db) => {
    await lockKeys(db);
    const before = await findKey(db, id);
    if (!before || (ownerId !== undefined && before.personId !== ownerId)) {
      throw new Refusal('not_found', `There is no key ${id}. List the keys to find its id.`);
    }
    if (before.revokedAt !== null) return before;
    const wider = before.scopes.find((scope) => !includesScope(caller.scopes, scope as GrantedScope));
    // Whoever lost a role may still end what they made with it.
    if (wider && ownerId === undefined) {
      throw new Refusal(
        'forbidden',
        `The key "${before.name}" has the scope ${wider}, which yours lacks. Use a key that has it.`,
      );
    }
    if (isAdmin(before) && isUsable(before, now)) await assertAnotherAdmin(db, before, now);
    const after = await revokeKeyRow(db, id, now);
    await writeAudit(db, now, caller.actor, [
      { action: 'key.revoked', entityKind: 'key', entityId: id, before: describe(before), after: describe(after) },
    ]);
    return after;
  });
}

async function assertAnotherAdmin(db: PoolClient, key: ApiKey, now: Date): Promise<void> {
  const live = await listLiveKeys(db, now);
  if (live.some((other) => other.id !== key.id && isAdmin(other))) return;
  throw new Refusal(
    'conflict',
    `"${key.name}" is the last key that may do everything. Make another with the scope "all" first.`,
  );
}

export interface FirstAdminKey {
  /** Only when it was made now: to be shown once. */
  readonly made?: string;
}

/**
 * Sees to it at start that somebody can get in: stores the key that was chosen, or makes one when no key that may do everything
 * is usable. Whoever can start the server has its database anyway. Replicas that start together make one.
 */
export async function ensureAdminKey(ground: Ground, chosen: string | undefined): Promise<FirstAdminKey> {
  const now = ground.clock.now();
  const actor: Actor = { kind: 'system', name: 'start' };
  return await inTransaction(ground.pool, async (db) => {
    await lockKeys(db);
    const live = await listLiveKeys(db, now);
    if (chosen !== undefined) {
      const known = await findKeyByHash(db, hashKey(chosen));
      if (!known) {
        await storeKey(ground, db, actor, chosen, { name: freeName(live, 'USHER_ADMIN_KEY'), scopes: ['all'] });
      } else if (!isUsable(known, now)) {
        ground.log.warn('USHER_ADMIN_KEY names a key that was revoked or has expired; it stays so. Choose another.');
      }
      return {};
    }
    if (live.some(isAdmin)) return {};
    const made = makeKey();
    await storeKey(ground, db, actor, made, { name: freeName(live, 'admin'), scopes: ['all'] });
    return { made };
  });
}

async function storeKey(
  ground: Ground,
  db: PoolClient,
  actor: Actor,
  key: string,
  request: KeyRequest,
): Promise<ApiKey> {
  const now = ground.clock.now();
  const stored = await insertKey(db, {
    id: ground.clock.uuid(),
    name: request.name,
    hash: hashKey(key),
    prefix: prefixOf(key),
    scopes: [...request.scopes],
    createdAt: now,
    createdBy: actor.name,
    expiresAt: request.expiresAt ?? null,
    personId: request.personId ?? null,
  });
  await writeAudit(db, now, actor, [
    { action: 'key.created', entityKind: 'key', entityId: stored.id, after: describe(stored) },
  ]);
  return stored;
}

/** A person's key ends with the person, so that it is not counted on. */
function isAdmin(key: ApiKey): boolean {
  return key.scopes.includes('all') && key.personId === null;
}

function freeName(live: readonly ApiKey[], wanted: string): string {
  const taken = new Set(live.map((key) => key.name.toLowerCase()));
  let name = wanted;
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted} ${n}`;
  return name;
}

/** For the audit: everything but when it was last used. */
function describe(key: ApiKey): Omit<ApiKey, 'lastUsedAt'> {
  const { id, name, prefix, scopes, createdAt, createdBy, expiresAt, revokedAt, personId } = key;
  return { id, name, prefix, scopes, createdAt, createdBy, expiresAt, revokedAt, personId };
}
