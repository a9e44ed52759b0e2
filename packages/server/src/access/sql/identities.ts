import { type Queryable, statement } from '../../db/index.ts';

const FIND = statement<{ personId: string }>(
  'person-of-identity',
  'select person_id as "personId" from person_identity where issuer = $1 and subject = $2',
);
const INSERT = statement(
  'insert-identity',
  `insert into person_identity (issuer, subject, person_id, created_at, last_used_at) values ($1, $2, $3, $4, $4)`,
);
const USED = statement(
  'identity-used',
  'update person_identity set last_used_at = $3 where issuer = $1 and subject = $2',
);

export async function findPersonOfIdentity(
  db: Queryable,
  issuer: string,
  subject: string,
): Promise<string | undefined> {
  return (await FIND.find(db, [issuer, subject]))?.personId;
}

export async function insertIdentity(
  db: Queryable,
  identity: { issuer: string; subject: string; personId: string },
  now: Date,
): Promise<void> {
  await INSERT.run(db, [identity.issuer, identity.subject, identity.personId, now]);
}

export async function noteIdentityUsed(db: Queryable, issuer: string, subject: string, now: Date): Promise<void> {
  await USED.run(db, [issuer, subject, now]);
}
