import { type Queryable, statement } from '../../db/index.ts';

/** Fields that can tell which user a row of a file or a path means. */
export type UserKeyField = 'Username' | 'FederationIdentifier' | 'EmployeeNumber';

// Lateral joins make them look-ups by name, whatever the statistics say of a table that is just being filled.
const BY_USERNAME = statement<{ asked: string; id: string }>(
  'find-users-by-username',
  `select k.asked, u.id from unnest($1::text[]) k (asked)
   cross join lateral (
     select id from directory_user d where lower(d.username) = lower(k.asked) and d.deleted_at is null limit 1) u`,
);
const BY_FEDERATION_IDENTIFIER = statement<{ asked: string; id: string }>(
  'find-users-by-federation-identifier',
  `select k.asked, u.id from unnest($1::text[]) k (asked)
   cross join lateral (
     select id from directory_user d where d.fields ->> 'FederationIdentifier' = k.asked and d.deleted_at is null
       and d.fields ? 'FederationIdentifier' limit 1) u`,
);
const EXISTING = statement<{ id: string }>(
  'find-users-by-id',
  'select id from directory_user where id = any ($1::uuid[]) and deleted_at is null',
);

/** Ids of users that are not deleted, by the Username as it was asked for. */
export async function findIdsByUsername(db: Queryable, usernames: readonly string[]): Promise<Map<string, string>> {
  if (usernames.length === 0) return new Map();
  return new Map((await BY_USERNAME.rows(db, [usernames])).map((row) => [row.asked, row.id]));
}

export async function findIdsByFederationIdentifier(
  db: Queryable,
  identifiers: readonly string[],
): Promise<Map<string, string>> {
  if (identifiers.length === 0) return new Map();
  return new Map((await BY_FEDERATION_IDENTIFIER.rows(db, [identifiers])).map((row) => [row.asked, row.id]));
}

/** Which of these are users that are not deleted. */
export async function findExistingIds(db: Queryable, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  return new Set((await EXISTING.rows(db, [ids])).map((row) => row.id));
}
