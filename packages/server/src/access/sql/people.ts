import { type Queryable, statement } from '../../db/index.ts';
import type { Person } from '../person.ts';
import type { Role } from '../role.ts';

const COLUMNS = `p.id, p.email, p.name, p.role, p.password_hash is not null as "hasPassword",
  p.totp_confirmed_at is not null as "hasTotp",
  (select count(*)::int from passkey k where k.person_id = p.id) as passkeys,
  (select count(*)::int from person_identity i where i.person_id = p.id) as identities,
  (select count(*)::int from recovery_code r where r.person_id = p.id and r.used_at is null) as "recoveryCodesLeft",
  p.created_at as "createdAt", p.created_by as "createdBy", p.updated_at as "updatedAt",
  p.last_sign_in_at as "lastSignInAt", p.disabled_at as "disabledAt", p.revision`;

const BY_ID = statement<Person>('find-person', `select ${COLUMNS} from person p where p.id = $1`);
const BY_EMAIL = statement<Person>(
  'find-person-by-email',
  `select ${COLUMNS} from person p where lower(p.email) = lower($1)`,
);
const PAGE = statement<Person>(
  'list-people',
  `select ${COLUMNS} from person p
   where ($1::uuid is null or p.id > $1) and ($2::text is null or p.role = $2)
     and ($4::text is null or lower(p.email) = lower($4)) order by p.id limit $3`,
);
const INSERT = statement(
  'insert-person',
  `insert into person (id, email, name, role, created_at, created_by, updated_at) values ($1, $2, $3, $4, $5, $6, $5)`,
);
const UPDATE = statement(
  'update-person',
  `update person set email = $2, name = $3, role = $4, disabled_at = $5, updated_at = $6, revision = revision + 1
   where id = $1`,
);
const DELETE = statement('delete-person', 'delete from person where id = $1');
const PASSWORD = statement<{ hash: string | null }>(
  'password-of-person',
  'select password_hash as hash from person where id = $1',
);
const SET_PASSWORD = statement(
  'set-password',
  `update person set password_hash = $2, password_changed_at = $3, updated_at = $3, revision = revision + 1 where id = $1`,
);
const SIGNED_IN = statement('note-sign-in', 'update person set last_sign_in_at = $2 where id = $1');
/* A person who was invited and never came cannot let anybody else in. */
const OTHER_ADMINISTRATORS = statement<{ others: number }>(
  'count-other-administrators',
  `select count(*)::int as others from person p
   where p.role = 'administrator' and p.disabled_at is null and p.id is distinct from $1
     and (p.password_hash is not null or exists (select from passkey k where k.person_id = p.id)
       or exists (select from person_identity i where i.person_id = p.id))`,
);

export function findPerson(db: Queryable, id: string): Promise<Person | undefined> {
  return BY_ID.find(db, [id]);
}

export function findPersonByEmail(db: Queryable, email: string): Promise<Person | undefined> {
  return BY_EMAIL.find(db, [email]);
}

export interface PeoplePage {
  readonly after: string | undefined;
  readonly role: Role | undefined;
  readonly email: string | undefined;
  readonly limit: number;
}

export function listPersonRows(db: Queryable, { after, role, email, limit }: PeoplePage): Promise<Person[]> {
  return PAGE.rows(db, [after ?? null, role ?? null, limit, email ?? null]);
}

export async function insertPerson(
  db: Queryable,
  person: Pick<Person, 'id' | 'email' | 'name' | 'role' | 'createdAt' | 'createdBy'>,
): Promise<void> {
  const { id, email, name, role, createdAt, createdBy } = person;
  await INSERT.run(db, [id, email, name, role, createdAt, createdBy]);
}

export async function updatePersonRow(
  db: Queryable,
  person: Pick<Person, 'id' | 'email' | 'name' | 'role' | 'disabledAt'>,
  now: Date,
): Promise<void> {
  const { id, email, name, role, disabledAt } = person;
  await UPDATE.run(db, [id, email, name, role, disabledAt, now]);
}

export async function deletePersonRow(db: Queryable, id: string): Promise<void> {
  await DELETE.run(db, [id]);
}

export async function findPasswordHash(db: Queryable, id: string): Promise<string | undefined> {
  return (await PASSWORD.find(db, [id]))?.hash ?? undefined;
}

export async function setPasswordHash(db: Queryable, id: string, hash: string, now: Date): Promise<void> {
  await SET_PASSWORD.run(db, [id, hash, now]);
}

export async function noteSignIn(db: Queryable, id: string, now: Date): Promise<void> {
  await SIGNED_IN.run(db, [id, now]);
}

/** Administrators who can sign in, without this person. */
export async function countOtherAdministrators(db: Queryable, id: string | undefined): Promise<number> {
  return (await OTHER_ADMINISTRATORS.find(db, [id ?? null]))?.others ?? 0;
}

/** Changes of people wait for each other, so that two administrators cannot remove each other at once. Reading goes on. */
export async function lockPeople(db: Queryable): Promise<void> {
  await db.query('lock table person in share row exclusive mode');
}
