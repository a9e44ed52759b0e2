import { timingSafeEqual } from 'node:crypto';
import { writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { type ApiKey, hashKey, isUsable, parseBearer } from './api-key.ts';
import type { Access, Authentication, Caller } from './caller.ts';
import { networkOf } from './network-of.ts';
import type { GrantedScope } from './scope.ts';
import { findKey, findKeyByHash, noteKeyUsed } from './sql/api-keys.ts';
import { WrongKeyLimit } from './wrong-key-limit.ts';

const NOTE_USE_EVERY_MS = 60_000;
const AUDIT_DEAD_KEY_EVERY_MS = 3_600_000;

/** Nothing of a key is kept in memory, so that a revoked one is refused by every replica at its next request. */
export function createAccess(ground: Ground): Access {
  const limit = new WrongKeyLimit();
  const deadKeyAudits = new Map<string, number>();

  async function authenticate(authorization: string | undefined, address: string): Promise<Authentication> {
    if (authorization === undefined) return { kind: 'refused', why: 'missing' };
    const key = parseBearer(authorization);
    if (key === undefined) return { kind: 'refused', why: 'malformed' };
    const hash = hashKey(key);
    const network = networkOf(address);
    const waitMs = limit.waitMs(network, hash.toString('hex'), ground.clock.monotonicMs());
    if (waitMs > 0) return { kind: 'limited', retryAfterSeconds: Math.ceil(waitMs / 1000) };

    const row = await findKeyByHash(ground.pool, hash);
    if (!row || !timingSafeEqual(row.hash, hash)) {
      await noteWrong(network, address);
      return { kind: 'refused', why: 'unknown' };
    }
    const now = ground.clock.now();
    if (!isUsable(row, now)) {
      await noteWrong(network, address);
      await auditDeadKey(row, now, address);
      return { kind: 'refused', why: row.revokedAt === null ? 'expired' : 'revoked' };
    }
    limit.noteWorked(network, hash.toString('hex'));
    await noteUse(row, now);
    return { kind: 'caller', caller: describeCaller(row, address) };
  }

  async function noteWrong(network: string, address: string): Promise<void> {
    if (!limit.noteWrong(network, ground.clock.monotonicMs())) return;
    ground.log.warn({ network }, 'Too many wrong keys from one network; it has to wait');
    await writeAccessAudit(address, { action: 'access.limited', entityKind: 'network', entityId: network });
  }

  /** A key that was revoked and is still tried may be in wrong hands. */
  async function auditDeadKey(row: ApiKey, now: Date, address: string): Promise<void> {
    const nowMs = ground.clock.monotonicMs();
    const lastMs = deadKeyAudits.get(row.id);
    if (lastMs !== undefined && nowMs - lastMs < AUDIT_DEAD_KEY_EVERY_MS) return;
    deadKeyAudits.set(row.id, nowMs);
    const reason = row.revokedAt === null ? 'The key has expired' : 'The key was revoked';
    await writeAccessAudit(address, { action: 'key.refused', entityKind: 'key', entityId: row.id, reason }, now);
  }

  async function writeAccessAudit(
    address: string,
    entry: Parameters<typeof writeAudit>[3][number],
    now = ground.clock.now(),
  ): Promise<void> {
    const actor = { kind: 'system', name: 'access', origin: address } as const;
    await inTransaction(ground.pool, (db) => writeAudit(db, now, actor, [entry]));
  }

  async function noteUse(row: ApiKey, now: Date): Promise<void> {
    if (row.lastUsedAt && Math.abs(now.getTime() - row.lastUsedAt.getTime()) < NOTE_USE_EVERY_MS) return;
    try {
      await noteKeyUsed(ground.pool, row.id, now);
    } catch (error) {
      // A database that can be read but not written still answers questions.
      ground.log.warn({ err: error, keyId: row.id }, 'Could not note the use of a key');
    }
  }

  return {
    authenticate,
    isUsable: async (keyId) => {
      const row = await findKey(ground.pool, keyId);
      return row !== undefined && isUsable(row, ground.clock.now());
    },
  };
}

function describeCaller(row: ApiKey, address: string): Caller {
  return {
    keyId: row.id,
    name: row.name,
    scopes: row.scopes as GrantedScope[],
    expiresAt: row.expiresAt,
    actor: { kind: 'api key', name: row.name, origin: address },
  };
}
