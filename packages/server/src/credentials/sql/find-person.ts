import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { DirectoryPerson } from '../account-behind.ts';

const FIND = statement<DirectoryPerson>(
  'credential-person',
  `select id, username, coalesce(nullif(concat_ws(' ', fields ->> 'FirstName', fields ->> 'LastName'), ''), username) as name
   from directory_user
   where deleted_at is null and (lower(username) = any ($1::text[]) or lower(fields ->> 'Email') = any ($1::text[]))
   order by lower(username) = any ($1::text[]) desc, is_active desc limit 1`,
);

/** The user of the directory whose Username or e-mail address is one of these. */
export function findPerson(db: Queryable, names: readonly string[]): Promise<DirectoryPerson | undefined> {
  return FIND.find(db, [names.map((name) => name.toLowerCase())]);
}
