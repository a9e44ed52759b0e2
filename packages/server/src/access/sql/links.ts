import { type Queryable, statement } from '../../db/index.ts';

export type LinkKind = 'administrator' | 'invitation' | 'reset' | 'status';

export interface AccessLink {
  readonly id: string;
  readonly kind: LinkKind;
  readonly personId: string | null;
  readonly userId: string | null;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
}

const COLUMNS = `id, kind, person_id as "personId", user_id as "userId", created_at as "createdAt",
  created_by as "createdBy", expires_at as "expiresAt", used_at as "usedAt"`;
const BY_HASH = statement<AccessLink>('find-access-link', `select ${COLUMNS} from access_link where token_hash = $1`);
const INSERT = statement(
  'insert-access-link',
  `insert into access_link (id, kind, token_hash, person_id, user_id, created_at, created_by, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const USE = statement(
  'use-access-link',
  'update access_link set used_at = $2 where id = $1 and used_at is null and expires_at > $2',
);
const END_KIND = statement('end-access-links', 'delete from access_link where kind = $1 and used_at is null');
const END_OF_PERSON = statement(
  'end-access-links-of-person',
  'delete from access_link where person_id = $1 and used_at is null',
);
const END_STATUS = statement('end-status-links', `delete from access_link where kind = 'status' and user_id = $1`);
const OPEN = statement<{ open: number }>(
  'count-open-links',
  'select count(*)::int as open from access_link where kind = $1 and used_at is null and expires_at > $2',
);
const DELETE_OLD = statement('delete-old-links', 'delete from access_link where expires_at <= $1');

export function findLinkByHash(db: Queryable, hash: Buffer): Promise<AccessLink | undefined> {
  return BY_HASH.find(db, [hash]);
}

export async function insertLink(db: Queryable, link: Omit<AccessLink, 'usedAt'>, tokenHash: Buffer): Promise<void> {
  const { id, kind, personId, userId, createdAt, createdBy, expiresAt } = link;
  await INSERT.run(db, [id, kind, tokenHash, personId, userId, createdAt, createdBy, expiresAt]);
}

/** False when it was used or has expired. */
export async function useLink(db: Queryable, id: string, now: Date): Promise<boolean> {
  return (await USE.run(db, [id, now])) === 1;
}

export async function endLinksOfKind(db: Queryable, kind: LinkKind): Promise<void> {
  await END_KIND.run(db, [kind]);
}

export async function endLinksOfPerson(db: Queryable, personId: string): Promise<void> {
  await END_OF_PERSON.run(db, [personId]);
}

export async function endStatusLinks(db: Queryable, userId: string): Promise<number> {
  return await END_STATUS.run(db, [userId]);
}

export async function countOpenLinks(db: Queryable, kind: LinkKind, now: Date): Promise<number> {
  return (await OPEN.find(db, [kind, now]))?.open ?? 0;
}

export async function deleteOldLinks(db: Queryable, before: Date): Promise<void> {
  await DELETE_OLD.run(db, [before]);
}
