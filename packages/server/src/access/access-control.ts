import { timingSafeEqual } from 'node:crypto';
import { writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { type ApiKey, hashKey, isUsable, parseBearer } from './api-key.ts';
import type { Access, Authentication, Caller } from './caller.ts';
import { networkOf } from './network-of.ts';
import { ROLE_SCOPES } from './role.ts';
import { type GrantedScope, intersectScopes } from './scope.ts';
import { authenticateSession, isAlive } from './session.ts';
import { findKey, findKeyByHash, type KeyOwner, noteKeyUsed } from './sql/api-keys.ts';
import { findSessionById } from './sql/sessions.ts';
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
    if (!isUsable(row, now) || row.owner?.disabledAt) {
      await noteWrong(network, address);
      await auditDeadKey(row, now, address);
      return { kind: 'refused', why: row.revokedAt === null && !row.owner?.disabledAt ? 'expired' : 'revoked' };
    }
    limit.noteWorked(network, hash.toString('hex'));
    await noteUse(row, now);
    return { kind: 'caller', caller: describeKeyCaller(row, row.owner, address) };
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
    authenticateSession: (token, address) => authenticateSession(ground, token, address),
    isStillAllowed: async (caller) => {
      const now = ground.clock.now();
      if (caller.kind === 'person') {
        const session = await findSessionById(ground.pool, caller.id);
        return session !== undefined && isAlive(session, now) && session.role === caller.signedIn?.role;
      }
      const row = await findKey(ground.pool, caller.id);
      return row !== undefined && isUsable(row, now) && !row.owner?.disabledAt;
    },
  };
}

function describeKeyCaller(row: ApiKey, owner: KeyOwner | null, address: string): Caller {
  const granted = row.scopes as GrantedScope[];
  return {
    id: row.id,
    kind: 'key',
    name: row.name,
    scopes: owner ? intersectScopes(granted, ROLE_SCOPES[owner.role]) : granted,
    expiresAt: row.expiresAt,
    actor: {
      kind: 'api key',
      name: row.name,
      origin: address,
      through: 'api',
      ...(owner && row.personId !== null ? { personId: row.personId, role: owner.role } : {}),
    },
  };
}
