import { type Queryable, statement } from '../../db/index.ts';
import type { Standing } from '../matching-report.ts';

/*
 * One page in one commit, with where the list goes on. An account that comes twice is one. Nothing is written when the
 * report is not being read any more.
 */
const WRITE_PAGE = statement<{ cancelled: boolean }>(
  'matching-write-page',
  `with lazily as materialized (select set_config('synchronous_commit', 'off', true)),
   fresh as (
     insert into matching_account (report_id, remote_id, name, display_name, email, active, keys)
     select $1, a."remoteId", a.name, a."displayName", a.email, a.active, array(select json_array_elements_text(a.keys)::bigint)
     from json_to_recordset($2) as a ("remoteId" text, name text, "displayName" text, email text, active bool, keys json)
     where exists (select from matching_report where id = $1 and state = 'reading')
     on conflict do nothing returning 1
   )
   update matching_report r set cursor = $3, pages = pages + 1, accounts = accounts + (select count(*) from fresh),
     retry_at = null, failures = 0, problem = null
   from lazily where r.id = $1 and r.state = 'reading' returning r.cancel_requested as cancelled`,
);
const WRITE_USERS = statement<{ cancelled: boolean }>(
  'matching-write-users',
  `with lazily as materialized (select set_config('synchronous_commit', 'off', true)),
   written as (
     insert into matching_user (report_id, user_id, username, standing, keys, linked)
     select $1, u."userId", u.username, u.standing, array(select json_array_elements_text(u.keys)::bigint), u.linked
     from json_to_recordset($2) as u ("userId" uuid, username text, standing text, keys json, linked text)
     on conflict do nothing
   )
   update matching_report r set at_user = $3, users = users + $4
   from lazily where r.id = $1 and r.state = 'matching' returning r.cancel_requested as cancelled`,
);
const USERS = statement<{ id: string }>(
  'matching-users',
  `select id from directory_user
   where id > coalesce($1, '00000000-0000-0000-0000-000000000000'::uuid) order by id limit $2`,
);
const CLEAR_ACCOUNTS = statement('matching-clear-accounts', 'delete from matching_account where report_id = $1');
const CLEAR_USERS = statement('matching-clear-users', 'delete from matching_user where report_id = $1');
const CLEAR_ITEMS = statement('matching-clear-items', 'delete from matching_item where report_id = $1');

export interface ReadAccount {
  remoteId: string;
  name: string | null;
  displayName: string | null;
  email: string | null;
  active: boolean | null;
  /** One for each matching attribute; null is blank. As text, since JSON has no 64-bit numbers. */
  keys: (string | null)[];
}

export interface ReadUser {
  userId: string;
  username: string;
  standing: Standing;
  keys: (string | null)[];
  /** The account that is linked with the user. */
  linked: string | null;
}

/** Undefined: the report is not being read any more. */
export function writePage(
  db: Queryable,
  reportId: string,
  accounts: readonly ReadAccount[],
  cursor: string | null,
): Promise<{ cancelled: boolean } | undefined> {
  return WRITE_PAGE.find(db, [reportId, JSON.stringify(accounts), cursor]);
}

/** Undefined: nobody is being matched any more. */
export function writeUsers(
  db: Queryable,
  reportId: string,
  batch: { users: readonly ReadUser[]; atUser: string; count: number },
): Promise<{ cancelled: boolean } | undefined> {
  return WRITE_USERS.find(db, [reportId, JSON.stringify(batch.users), batch.atUser, batch.count]);
}

/** Everybody of the directory, also who was deleted, in the order of their ids. */
export async function listUserIds(db: Queryable, after: string | null, limit: number): Promise<string[]> {
  return (await USERS.rows(db, [after, limit])).map(({ id }) => id);
}

export async function clearReading(db: Queryable, reportId: string): Promise<void> {
  await CLEAR_ACCOUNTS.run(db, [reportId]);
  await CLEAR_USERS.run(db, [reportId]);
}

export async function clearItems(db: Queryable, reportId: string): Promise<void> {
  await CLEAR_ITEMS.run(db, [reportId]);
}
