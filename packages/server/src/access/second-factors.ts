import { writeAudit } from '../audit/index.ts';
import { inTransaction, type PoolClient } from '../db/index.ts';
import { Refusal, refuseField } from '../refusal.ts';
import type { AccessGround, Visit } from './access-ground.ts';
import type { SignedIn } from './caller.ts';
import type { Person } from './person.ts';
import { hashRecoveryCode, makeRecoveryCodes } from './recovery-codes.ts';
import { actorOf, assertFreshProof, type OpenedSession, openSession } from './session.ts';
import { findTotp, replaceRecoveryCodes, setTotp, useTotpStep } from './sql/factors.ts';
import { findPerson, lockPeople } from './sql/people.ts';
import { deleteSessionsOf } from './sql/sessions.ts';
import { encodeBase32, makeTotpSecret, totpUri } from './totp.ts';
import { openTotpStep, totpContext } from './totp-secret.ts';

/** What follows from a change of how somebody signs in: a session under a new token. */
export interface FactorChange {
  readonly session: OpenedSession;
  /** Only when they were made now: to be shown once. */
  readonly recoveryCodes: string[] | null;
}

export async function getOwnPerson(db: Parameters<typeof findPerson>[0], signedIn: SignedIn): Promise<Person> {
  const person = await findPerson(db, signedIn.personId);
  if (!person || person.disabledAt !== null)
    throw new Refusal('unauthenticated', 'You are not a person here any more.');
  return person;
}

/** Makes a secret for an authenticator app. It counts once a code of it was given. */
export async function setUpTotp(ground: AccessGround, signedIn: SignedIn): Promise<{ secret: string; uri: string }> {
  assertFreshProof(signedIn, ground.clock.now());
  const person = await getOwnPerson(ground.pool, signedIn);
  if (person.hasTotp) {
    throw new Refusal('conflict', 'You have an authenticator app already. Remove it first, then set up the new one.');
  }
  const secret = makeTotpSecret();
  const sealed = ground.vault.seal(secret.toString('base64'), totpContext(person.id));
  await setTotp(ground.pool, person.id, { sealed, confirmedAt: null, lastStep: 0 });
  return { secret: encodeBase32(secret), uri: totpUri(secret, person.email, 'Usher') };
}

export async function confirmTotp(
  ground: AccessGround,
  visit: Visit,
  signedIn: SignedIn,
  code: string,
): Promise<FactorChange> {
  assertFreshProof(signedIn, ground.clock.now());
  return await changeFactors(ground, visit, signedIn, 'person.authenticator_added', 'authenticator app', async (db) => {
    const totp = await findTotp(db, signedIn.personId);
    if (!totp?.sealed)
      throw new Refusal('conflict', 'There is no authenticator app to confirm. Begin its set-up anew.');
    if (totp.confirmedAt !== null) throw new Refusal('conflict', 'The authenticator app is confirmed already.');
    const step = await openTotpStep(ground, signedIn.personId, code, { db, unconfirmed: true });
    if (step === undefined) {
      throw refuseField(
        'invalid_value',
        'code',
        'is not what the authenticator app shows now',
        'Check that the clock of that device is right, and give the code that it shows.',
      );
    }
    await setTotp(db, signedIn.personId, { ...totp, confirmedAt: ground.clock.now() });
    await useTotpStep(db, signedIn.personId, step);
  });
}

export async function removeTotp(ground: AccessGround, visit: Visit, signedIn: SignedIn): Promise<FactorChange> {
  assertFreshProof(signedIn, ground.clock.now());
  return await changeFactors(ground, visit, signedIn, 'person.authenticator_removed', undefined, async (db, person) => {
    if (!person.hasTotp) throw new Refusal('not_found', 'You have no authenticator app.');
    assertAnotherFactor({ ...person, hasTotp: false });
    await setTotp(db, person.id, { sealed: null, confirmedAt: null, lastStep: 0 });
  });
}

/** A person who signs in by password keeps a second factor; who comes by single sign-on has theirs there. */
export function assertAnotherFactor(person: Person): void {
  if (person.hasTotp || person.passkeys > 0 || !person.hasPassword) return;
  throw new Refusal('conflict', 'It is your only second factor. Set up another one first.');
}

export async function renewRecoveryCodes(ground: AccessGround, visit: Visit, signedIn: SignedIn): Promise<string[]> {
  const now = ground.clock.now();
  assertFreshProof(signedIn, now);
  return await inTransaction(ground.pool, async (db) => {
    const person = await getOwnPerson(db, signedIn);
    const codes = await storeRecoveryCodes(db, person.id);
    await writeAudit(db, now, visitActor(signedIn, visit), [
      { action: 'person.recovery_codes_renewed', entityKind: 'person', entityId: person.id },
    ]);
    return codes;
  });
}

/**
 * Changes how the person signs in, and puts the session under a new token. A session that was only good for setting up a second
 * factor becomes whole by it; all others of the person end, for whoever holds one may be why this is changed.
 */
export async function changeFactors(
  ground: AccessGround,
  visit: Visit,
  signedIn: SignedIn,
  action: string,
  method: string | undefined,
  change: (db: PoolClient, person: Person) => Promise<void>,
): Promise<FactorChange> {
  return await inTransaction(ground.pool, async (db) => {
    await lockPeople(db);
    await change(db, await getOwnPerson(db, signedIn));
    const person = await getOwnPerson(db, signedIn);
    const needsCodes = person.recoveryCodesLeft === 0 && (person.hasTotp || person.passkeys > 0) && person.hasPassword;
    const recoveryCodes = needsCodes ? await storeRecoveryCodes(db, person.id) : null;
    await writeAudit(db, ground.clock.now(), visitActor(signedIn, visit), [
      { action, entityKind: 'person', entityId: person.id },
    ]);
    await deleteSessionsOf(db, person.id);
    const how = signedIn.stage === 'enrolling' && method ? `password and ${method}` : signedIn.method;
    const session = await openSession(ground, db, person, visit, { stage: 'full', method: how });
    return { session, recoveryCodes };
  });
}

async function storeRecoveryCodes(db: PoolClient, personId: string): Promise<string[]> {
  const codes = makeRecoveryCodes();
  await replaceRecoveryCodes(
    db,
    personId,
    codes.map((code) => hashRecoveryCode(personId, code)),
  );
  return codes;
}

export function visitActor(signedIn: SignedIn, { address, userAgent, requestId }: Visit) {
  return { ...actorOf(signedIn, address), userAgent, requestId };
}
