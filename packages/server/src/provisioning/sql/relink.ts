import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

export interface StoredLink {
  userId: string;
  username: string;
  departed: boolean;
  remoteId: string | null;
  remoteUsername: string | null;
  accountState: string;
}

const BY_REMOTE_ID = statement<StoredLink>(
  'link-by-remote-id',
  `select l.user_id as "userId", u.username, not u.is_active or u.deleted_at is not null as departed,
     l.remote_id as "remoteId", l.remote_username as "remoteUsername", l.account_state as "accountState"
   from account_link l join directory_user u on u.id = l.user_id
   where l.app_id = $1 and l.remote_id = $2 for update of l`,
);
const BY_USER = statement<StoredLink>(
  'link-by-user',
  `select l.user_id as "userId", u.username, not u.is_active or u.deleted_at is not null as departed,
     l.remote_id as "remoteId", l.remote_username as "remoteUsername", l.account_state as "accountState"
   from account_link l join directory_user u on u.id = l.user_id
   where l.app_id = $1 and l.user_id = $2 for update of l`,
);
const FORGET = statement(
  'link-forget',
  `update account_link set remote_id = null, account_state = 'absent', applied = null, observed = null,
     observed_version = null, remote_username = null, standing = 'settled', reason = null, delete_at = null,
     linked_at = null, request_id = null, request_created_at = null, updated_at = $3
   where app_id = $1 and user_id = $2`,
);
/*
 * What was applied is unknown: the account is read before the first write, and everything that differs is sent then.
 */
const JOIN = statement(
  'link-join',
  `with schedule as (
     insert into link_schedule (app_id, user_id, next_due_at, urgency, read_first) values ($1, $2, $5, 1, true)
     on conflict (app_id, user_id) do update set read_first = true
   )
   insert into account_link (app_id, user_id, remote_id, account_state, remote_username, applied, standing, linked_at, updated_at)
   values ($1, $2, $3, $4, $6, '{}', 'settled', $5, $5)
   on conflict (app_id, user_id) do update
     set remote_id = excluded.remote_id, account_state = excluded.account_state, applied = '{}', observed = null,
         observed_version = null, remote_username = excluded.remote_username, standing = 'settled', reason = null,
         delete_at = null, linked_at = excluded.linked_at, updated_at = excluded.updated_at`,
);

/** The link that owns an account of the target, locked. */
export function findLinkByRemoteId(db: Queryable, appId: number, remoteId: string): Promise<StoredLink | undefined> {
  return BY_REMOTE_ID.find(db, [appId, remoteId]);
}

export function findLinkByUser(db: Queryable, appId: number, userId: string): Promise<StoredLink | undefined> {
  return BY_USER.find(db, [appId, userId]);
}

/** Forgets here whose account it was; nothing happens at the target. */
export async function forgetLink(db: Queryable, appId: number, userId: string, now: Date): Promise<void> {
  await FORGET.run(db, [appId, userId, now]);
}

export async function joinLink(
  db: Queryable,
  link: {
    appId: number;
    userId: string;
    remoteId: string;
    remoteUsername: string | null;
    accountState: 'active' | 'deactivated';
    now: Date;
  },
): Promise<void> {
  const { appId, userId, remoteId, accountState, now, remoteUsername } = link;
  await JOIN.run(db, [appId, userId, remoteId, accountState, now, remoteUsername]);
}

const WAITING_FOR_NAMES = statement(
  'mark-waiting-for-names',
  `with freed as (
     update link_schedule s set wanted_rev = s.wanted_rev + 1, next_due_at = least(s.next_due_at, $2)
     from account_link l
     where l.app_id = $1 and l.standing = 'parked' and l.reason ->> 'code' in ('name_taken', 'hidden_conflict')
       and s.app_id = l.app_id and s.user_id = l.user_id
     returning 1
   )
   select 1 from freed`,
);

/** A unique value was given up at the target: those parked for a taken one are tried again. Gives how many. */
export function markWaitingForNames(db: Queryable, appId: number, now: Date): Promise<number> {
  return WAITING_FOR_NAMES.run(db, [appId, now]);
}

const NAME_HOLDER = statement<{ id: string; username: string; remote_username: string }>(
  'remote-name-holder',
  `select u.id, u.username, l.remote_username from account_link l join directory_user u on u.id = l.user_id
   where l.app_id = $1 and lower(l.remote_username) = lower($2) and l.user_id <> $3 and l.remote_id is not null limit 1`,
);

/** Whose account has this userName at the target, and what they are called here by now. */
export async function findNameHolder(
  db: Queryable,
  appId: number,
  remoteUsername: string,
  exceptUserId: string,
): Promise<{ userId: string; username: string } | undefined> {
  const row = await NAME_HOLDER.find(db, [appId, remoteUsername, exceptUserId]);
  return row && { userId: row.id, username: row.username };
}
