import { type Queryable, statement } from '../../db/index.ts';

/** One account that is to be a user's. */
export interface WantedLink {
  item: number;
  remoteId: string;
  userId: string;
  accountName: string | null;
  active: boolean | null;
}

/*
 * Links accounts with users who have none, where nobody else has the account. What was applied is unknown, so that the account
 * is read before the first write. A link of a draft is not due: nothing is sent before the app works.
 */
const LINK = statement<{ user_id: string; username: string; problem: string | null }>(
  'matching-link',
  `with wanted as materialized (
     select distinct on (w."userId") w.* from json_to_recordset($2)
       as w (item int, "remoteId" text, "userId" uuid, "accountName" text, active bool) order by w."userId", w.item
   ),
   judged as materialized (
     select w.*, u.username, case
       when u.id is null then 'the user does not exist any more'
       when own.remote_id is not null and own.account_state <> 'deleted' and own.remote_id <> w."remoteId"
         then 'the user is linked with ' || own.remote_id || ' already'
       when own.remote_id = w."remoteId" and own.account_state <> 'deleted' then 'it is linked with the user already'
       when other.user_id is not null then 'it is linked with another user already'
     end as problem
     from wanted w
     left join directory_user u on u.id = w."userId"
     left join account_link own on own.app_id = $1 and own.user_id = w."userId"
     left join account_link other on other.app_id = $1 and other.remote_id = w."remoteId" and other.user_id <> w."userId"
   ),
   scheduled as (
     insert into link_schedule (app_id, user_id, next_due_at, urgency, read_first)
     select $1, j."userId", null, 2, true from judged j where j.problem is null order by j."userId"
     on conflict (app_id, user_id) do update set read_first = true
   ),
   linked as (
     insert into account_link (app_id, user_id, remote_id, account_state, remote_username, applied, standing, linked_at, updated_at)
     select $1, j."userId", j."remoteId", case when j.active is false then 'deactivated' else 'active' end, j."accountName", '{}',
       'settled', $3, $3
     from judged j where j.problem is null order by j."userId"
     on conflict (app_id, user_id) do update
       set remote_id = excluded.remote_id, account_state = excluded.account_state, applied = '{}', observed = null,
           observed_version = null, remote_username = excluded.remote_username, standing = 'settled', reason = null,
           delete_at = null, linked_at = excluded.linked_at, updated_at = excluded.updated_at
   )
   select j."userId" as user_id, j.username, j.problem from judged j`,
);
const IGNORE = statement(
  'matching-ignore',
  `insert into ignored_account (app_id, remote_id, at, by, note) select $1, unnest($2::text[]), $3, $4, $5
   on conflict (app_id, remote_id) do nothing`,
);
const HEED = statement(
  'matching-heed',
  'delete from ignored_account where app_id = $1 and remote_id = any ($2::text[])',
);
const USERNAME = statement<{ username: string }>(
  'matching-username',
  'select username from directory_user where id = $1 and deleted_at is null',
);

export interface LinkedUser {
  userId: string;
  username: string;
  /** Why it was not linked. */
  problem: string | null;
}

/** Tries to link each; gives what became of them by user. */
export async function linkAccounts(
  db: Queryable,
  appId: number,
  wanted: readonly WantedLink[],
  now: Date,
): Promise<LinkedUser[]> {
  const rows = await LINK.rows(db, [appId, JSON.stringify(wanted), now]);
  return rows.map(({ user_id: userId, username, problem }) => ({ userId, username, problem }));
}

export async function ignoreAccounts(
  db: Queryable,
  appId: number,
  remoteIds: readonly string[],
  by: { now: Date; name: string; note: string | null },
): Promise<void> {
  await IGNORE.run(db, [appId, [...remoteIds], by.now, by.name, by.note]);
}

/** Takes it back that these accounts are ignored. */
export async function heedAccounts(db: Queryable, appId: number, remoteIds: readonly string[]): Promise<void> {
  await HEED.run(db, [appId, [...remoteIds]]);
}

export async function findUsername(db: Queryable, userId: string): Promise<string | undefined> {
  return (await USERNAME.find(db, [userId]))?.username;
}
