import { writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import { Refusal, refuseField } from '../refusal.ts';
import type { AccessGround, Visit } from './access-ground.ts';
import type { SignedIn } from './caller.ts';
import { assertPassword } from './links.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { changeFactors, type FactorChange, getOwnPerson, visitActor } from './second-factors.ts';
import { assertFreshProof } from './session.ts';
import { admitAttempt, auditFailure } from './sign-in.ts';
import { takeBackAttempt } from './sign-in-limit.ts';
import { findPasswordHash, setPasswordHash } from './sql/people.ts';
import { deleteSession, deleteSessionsOf } from './sql/sessions.ts';

/** Ends the session of this browser. */
export async function signOut(ground: AccessGround, visit: Visit, signedIn: SignedIn): Promise<void> {
  await inTransaction(ground.pool, async (db) => {
    await deleteSession(db, signedIn.sessionId, signedIn.personId);
    await writeAudit(db, ground.clock.now(), visitActor(signedIn, visit), [
      { action: 'person.signed_out', entityKind: 'person', entityId: signedIn.personId },
    ]);
  });
}

export async function signOutEverywhere(ground: AccessGround, visit: Visit, signedIn: SignedIn): Promise<number> {
  return await inTransaction(ground.pool, async (db) => {
    const ended = await deleteSessionsOf(db, signedIn.personId);
    await writeAudit(db, ground.clock.now(), visitActor(signedIn, visit), [
      {
        action: 'person.signed_out_everywhere',
        entityKind: 'person',
        entityId: signedIn.personId,
        after: { sessions: ended },
      },
    ]);
    return ended;
  });
}

export async function endOwnSession(ground: AccessGround, visit: Visit, signedIn: SignedIn, id: string): Promise<void> {
  await inTransaction(ground.pool, async (db) => {
    if (!(await deleteSession(db, id, signedIn.personId))) {
      throw new Refusal('not_found', `You have no session ${id}. It may have ended by itself.`);
    }
    await writeAudit(db, ground.clock.now(), visitActor(signedIn, visit), [
      { action: 'person.session_ended', entityKind: 'person', entityId: signedIn.personId, after: { session: id } },
    ]);
  });
}

/** Ends every other session of the person, and puts this one under a new token. */
export async function changePassword(
  ground: AccessGround,
  visit: Visit,
  signedIn: SignedIn,
  { current, next }: { current?: string | undefined; next: string },
): Promise<FactorChange> {
  const person = await getOwnPerson(ground.pool, signedIn);
  const stored = await findPasswordHash(ground.pool, person.id);
  if (stored === undefined) assertFreshProof(signedIn, ground.clock.now());
  else {
    await admitAttempt(ground, visit, person.email);
    if (current === undefined || !(await verifyPassword(current, stored))) {
      await auditFailure(ground, visit, person, 'The present password was given wrongly for a change');
      throw refuseField('invalid_value', 'current', 'is not your password', 'Give the password that you have now.');
    }
    await takeBackAttempt(ground.pool, person.email, visit.address);
  }
  assertPassword(next, [person.email.split('@')[0] ?? '', person.name], 'next');
  const hash = await hashPassword(next);
  return await changeFactors(ground, visit, signedIn, 'person.password_changed', undefined, async (db) => {
    await setPasswordHash(db, person.id, hash, ground.clock.now());
  });
}
