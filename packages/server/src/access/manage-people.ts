import { writeAudit } from '../audit/index.ts';
import { inTransaction, type PoolClient } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { Refusal, refuseField } from '../refusal.ts';
import type { Caller } from './caller.ts';
import { type MadeLink, makeLink } from './links.ts';
import { canSignIn, type Person } from './person.ts';
import { ROLE_SCOPES, type Role } from './role.ts';
import { includesScope } from './scope.ts';
import { SESSION_IDLE_MS } from './session.ts';
import { deleteSecondFactors } from './sql/factors.ts';
import { endLinksOfPerson } from './sql/links.ts';
import {
  countOtherAdministrators,
  deletePersonRow,
  findPerson,
  findPersonByEmail,
  insertPerson,
  listPersonRows,
  lockPeople,
  type PeoplePage,
  updatePersonRow,
} from './sql/people.ts';
import { deleteSessionsOf, listSessionsOf, type SessionRow } from './sql/sessions.ts';
import { deleteAttemptsOf } from './sql/sign-in.ts';

export interface NewPerson {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}

/** Makes a person and the link by which they come in for the first time. */
export async function invitePerson(
  ground: Ground,
  caller: Caller,
  { email, name, role }: NewPerson,
): Promise<{ person: Person; link: MadeLink }> {
  assertMayGive(caller, role);
  const now = ground.clock.now();
  return await inTransaction(ground.pool, async (db) => {
    await lockPeople(db);
    await assertFree(db, email);
    const id = ground.clock.uuid();
    await insertPerson(db, { id, email, name, role, createdAt: now, createdBy: caller.actor.name });
    await writeAudit(db, now, caller.actor, [
      { action: 'person.created', entityKind: 'person', entityId: id, after: { email, name, role } },
    ]);
    const link = await makeLink(ground, db, caller.actor, { kind: 'invitation', personId: id });
    return { person: await getPerson(db, id), link };
  });
}

export async function listPeople(ground: Ground, page: PeoplePage): Promise<Person[]> {
  return await listPersonRows(ground.pool, page);
}

export async function getPerson(db: Parameters<typeof findPerson>[0], id: string): Promise<Person> {
  const person = await findPerson(db, id);
  if (!person) throw new Refusal('not_found', `There is no person ${id}. List the people to find their ids.`);
  return person;
}

export interface PersonChange {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
}

/** Effective at the person's next request. Who is disabled is signed out; who gets another role has its scopes at once. */
export async function changePerson(
  ground: Ground,
  caller: Caller,
  id: string,
  change: PersonChange,
  expected: 'any' | readonly bigint[],
): Promise<Person> {
  const now = ground.clock.now();
  return await inTransaction(ground.pool, async (db) => {
    await lockPeople(db);
    const before = await getPerson(db, id);
    if (expected !== 'any' && !expected.includes(BigInt(before.revision))) {
      throw new Refusal('precondition_failed', 'The person was changed meanwhile. Read the person again.');
    }
    assertMayTouch(caller, before);
    const after = {
      id,
      email: change.email ?? before.email,
      name: change.name ?? before.name,
      role: change.role ?? before.role,
      disabledAt:
        change.disabled === undefined ? before.disabledAt : change.disabled ? (before.disabledAt ?? now) : null,
    };
    if (after.role !== before.role) assertMayGive(caller, after.role);
    if (after.email.toLowerCase() !== before.email.toLowerCase()) await assertFree(db, after.email);
    if (after.role !== 'administrator' || after.disabledAt !== null) await assertAnotherAdministrator(db, before);
    await updatePersonRow(db, after, now);
    if (after.disabledAt !== null) await signOut(db, id);
    await writeAudit(db, now, caller.actor, [
      {
        action: 'person.updated',
        entityKind: 'person',
        entityId: id,
        before: describe(before),
        after: describe(after),
      },
    ]);
    return await getPerson(db, id);
  });
}

/** With their keys, passkeys and sessions. What they did stays in the audit. */
export async function deletePerson(ground: Ground, caller: Caller, id: string): Promise<void> {
  const now = ground.clock.now();
  await inTransaction(ground.pool, async (db) => {
    await lockPeople(db);
    const before = await getPerson(db, id);
    assertMayTouch(caller, before);
    await assertAnotherAdministrator(db, before);
    await deletePersonRow(db, id);
    await writeAudit(db, now, caller.actor, [
      { action: 'person.deleted', entityKind: 'person', entityId: id, before: describe(before) },
    ]);
  });
}

/**
 * A link for somebody who was invited and lost it, or forgot the password; the ones before it end. `secondFactor` also takes away
 * passkeys, authenticator app and recovery codes, for whoever lost the device.
 */
export async function makePersonLink(
  ground: Ground,
  caller: Caller,
  id: string,
  { kind, secondFactor }: { kind: 'invitation' | 'reset'; secondFactor: boolean },
): Promise<MadeLink> {
  return await inTransaction(ground.pool, async (db) => {
    await lockPeople(db);
    const person = await getPerson(db, id);
    assertMayTouch(caller, person);
    if (person.disabledAt !== null) {
      throw new Refusal('conflict', `${person.email} is disabled. Enable the person first.`);
    }
    await endLinksOfPerson(db, id);
    if (secondFactor) {
      await deleteSecondFactors(db, id);
      await signOut(db, id);
      await writeAudit(db, ground.clock.now(), caller.actor, [
        { action: 'person.second_factors_removed', entityKind: 'person', entityId: id },
      ]);
    }
    return await makeLink(ground, db, caller.actor, { kind, personId: id });
  });
}

export async function endSessionsOfPerson(ground: Ground, caller: Caller, id: string): Promise<number> {
  return await inTransaction(ground.pool, async (db) => {
    const person = await getPerson(db, id);
    assertMayTouch(caller, person);
    const ended = await signOut(db, id);
    await writeAudit(db, ground.clock.now(), caller.actor, [
      { action: 'person.signed_out_everywhere', entityKind: 'person', entityId: id, after: { sessions: ended } },
    ]);
    return ended;
  });
}

export async function listSessionsOfPerson(ground: Ground, personId: string): Promise<SessionRow[]> {
  const now = ground.clock.now();
  return await listSessionsOf(ground.pool, personId, now, new Date(now.getTime() - SESSION_IDLE_MS));
}

async function signOut(db: PoolClient, personId: string): Promise<number> {
  await deleteAttemptsOf(db, personId);
  return await deleteSessionsOf(db, personId);
}

async function assertFree(db: PoolClient, email: string): Promise<void> {
  if (!(await findPersonByEmail(db, email))) return;
  throw refuseField(
    'already_exists',
    'email',
    'is that of a person here',
    'Give another address, or change that person.',
  );
}

/** Nobody gives more than they have, also not to themselves by way of another. */
export function assertMayGive(caller: Caller, role: Role): void {
  const wider = ROLE_SCOPES[role].find((scope) => !includesScope(caller.scopes, scope));
  if (wider === undefined) return;
  throw refuseField(
    'forbidden',
    'role',
    `"${role}" may do more than you may yourself (${wider})`,
    'Choose a narrower role, or ask an administrator.',
  );
}

function assertMayTouch(caller: Caller, person: Person): void {
  const wider = ROLE_SCOPES[person.role].find((scope) => !includesScope(caller.scopes, scope));
  if (wider === undefined) return;
  throw new Refusal(
    'forbidden',
    `${person.email} is ${person.role} and may do more than you may. Ask an administrator.`,
  );
}

/** Called under the lock of people. */
export async function assertAnotherAdministrator(db: PoolClient, person: Person): Promise<void> {
  if (person.role !== 'administrator' || !canSignIn(person)) return;
  if ((await countOtherAdministrators(db, person.id)) > 0) return;
  throw new Refusal(
    'conflict',
    `${person.email} is the last administrator who can sign in. Make another one administrator first.`,
  );
}

function describe({ email, name, role, disabledAt }: Pick<Person, 'email' | 'name' | 'role' | 'disabledAt'>) {
  return { email, name, role, disabledAt };
}
