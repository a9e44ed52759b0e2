import type { Actor } from '../audit/index.ts';
import type { PoolClient } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { Refusal } from '../refusal.ts';
import type { Visit } from './access-ground.ts';
import type { Authentication, Caller, SignedIn } from './caller.ts';
import type { Person } from './person.ts';
import { ROLE_SCOPES } from './role.ts';
import { noteSignIn } from './sql/people.ts';
import {
  deleteSession,
  findSessionByHash,
  insertSession,
  noteSessionSeen,
  type SessionOfPerson,
} from './sql/sessions.ts';
import { hashToken, isTokenText, makeToken } from './token.ts';

/** Without a request for so long, a session ends (OWASP ASVS 5.0, 7.3.1). */
export const SESSION_IDLE_MS = 2 * 3_600_000;
/** However busy, it ends after a working day (7.3.2). */
export const SESSION_LONGEST_MS = 12 * 3_600_000;
/** What changes how one signs in asks for a fresh proof after so long (7.5.1). */
const PROOF_LASTS_MS = 15 * 60_000;
const NOTE_SEEN_EVERY_MS = 60_000;

/** A session with its token, which is told to the browser and kept nowhere. */
export interface OpenedSession {
  readonly token: string;
  readonly signedIn: SignedIn;
}

/**
 * Opens a session under a new token, and ends the one that this browser had: whatever token it came with, chosen by somebody
 * else perhaps, means nothing afterwards.
 */
export async function openSession(
  ground: Ground,
  db: PoolClient,
  person: Person,
  visit: Visit,
  { stage, method }: Pick<SignedIn, 'stage' | 'method'>,
): Promise<OpenedSession> {
  const now = ground.clock.now();
  const token = makeToken();
  const tokenHash = hashToken(token);
  await endSessionOfVisit(db, visit);
  const row = {
    id: ground.clock.uuid(),
    personId: person.id,
    stage,
    method,
    createdAt: now,
    provedAt: now,
    lastSeenAt: now,
    expiresAt: new Date(now.getTime() + SESSION_LONGEST_MS),
    address: visit.address,
    userAgent: visit.userAgent,
  };
  await insertSession(db, row, tokenHash);
  if (stage === 'full') await noteSignIn(db, person.id, now);
  const { email, name, role } = person;
  return { token, signedIn: toSignedIn({ ...row, email, name, role, disabledAt: null }, tokenHash) };
}

async function endSessionOfVisit(db: PoolClient, { sessionToken }: Visit): Promise<void> {
  if (sessionToken === undefined || !isTokenText(sessionToken)) return;
  const old = await findSessionByHash(db, hashToken(sessionToken));
  if (old) await deleteSession(db, old.id, old.personId);
}

export async function authenticateSession(ground: Ground, token: string, address: string): Promise<Authentication> {
  if (!isTokenText(token)) return { kind: 'refused', why: 'signed out' };
  const hash = hashToken(token);
  const row = await findSessionByHash(ground.pool, hash);
  const now = ground.clock.now();
  if (!row || !isAlive(row, now)) return { kind: 'refused', why: 'signed out' };
  await noteSeen(ground, row, now);
  return { kind: 'caller', caller: describeCaller(toSignedIn(row, hash), address) };
}

export function isAlive(row: Pick<SessionOfPerson, 'expiresAt' | 'lastSeenAt' | 'disabledAt'>, now: Date): boolean {
  return row.disabledAt === null && row.expiresAt > now && row.lastSeenAt.getTime() + SESSION_IDLE_MS > now.getTime();
}

async function noteSeen(ground: Ground, row: SessionOfPerson, now: Date): Promise<void> {
  if (Math.abs(now.getTime() - row.lastSeenAt.getTime()) < NOTE_SEEN_EVERY_MS) return;
  try {
    await noteSessionSeen(ground.pool, row.id, now);
  } catch (error) {
    // A database that can be read but not written still answers questions.
    ground.log.warn({ err: error, sessionId: row.id }, 'Could not note the use of a session');
  }
}

export function toSignedIn(row: SessionOfPerson, tokenHash: Buffer): SignedIn {
  const { id, personId, email, name, role, stage, method, provedAt, expiresAt, lastSeenAt } = row;
  const idleExpiresAt = new Date(Math.min(lastSeenAt.getTime() + SESSION_IDLE_MS, expiresAt.getTime()));
  return { sessionId: id, tokenHash, personId, email, name, role, stage, method, provedAt, expiresAt, idleExpiresAt };
}

/** While enrolling a person may do nothing that a scope would allow. */
function describeCaller(signedIn: SignedIn, address: string): Caller {
  return {
    id: signedIn.sessionId,
    kind: 'person',
    name: signedIn.email,
    scopes: signedIn.stage === 'full' ? ROLE_SCOPES[signedIn.role] : [],
    expiresAt: signedIn.expiresAt,
    actor: actorOf(signedIn, address),
    signedIn,
  };
}

export function actorOf(person: Pick<SignedIn, 'personId' | 'email' | 'role'>, address: string): Actor {
  const { personId, email, role } = person;
  return { kind: 'person', name: email, origin: address, personId, role, through: 'console' };
}

/** Whoever finds an unlocked screen must not change how its owner signs in. */
export function assertFreshProof(signedIn: SignedIn, now: Date): void {
  if (now.getTime() - signedIn.provedAt.getTime() <= PROOF_LASTS_MS) return;
  throw new Refusal(
    'confirmation_required',
    'You signed in more than 15 minutes ago. Prove once more who you are, then do it again.',
  );
}
