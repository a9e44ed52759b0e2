import type { TargetAccount } from '@usher/connector-sdk';
import type { AccountOwner } from '../../correlation/index.ts';
import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

const OWNERS = statement<{ remote_id: string; id: string; username: string; departed: boolean }>(
  'account-owners',
  `select l.remote_id, u.id, u.username, not u.is_active or u.deleted_at is not null as departed
   from account_link l join directory_user u on u.id = l.user_id
   where l.app_id = $1 and l.remote_id = any ($2::text[]) and l.user_id <> $3`,
);
const CURRENT = statement<{ current: boolean }>(
  'link-revision-current',
  'select wanted_rev = $3 as current from link_schedule where app_id = $1 and user_id = $2',
);

const OBSERVED = statement<{ observed: TargetAccount['representation'] | null }>(
  'link-observed',
  'select observed from account_link where app_id = $1 and user_id = $2',
);

const UNCERTAIN = statement<{ at: Date | null }>(
  'link-last-uncertain',
  `select max(l.at) as at
   from provisioning_request r join provisioning_log l on l.request_id = r.id
   where r.user_id = $2 and r.app_id = $1 and l.at > $3
     and (l.reason_code = 'outcome_unknown' or l.outcome = 'applied' and l.operation = 'create')`,
);

/** When an account of this user was last created, or may have been, after `since`. */
export async function findLastUncertain(
  db: Queryable,
  appId: number,
  userId: string,
  since: Date,
): Promise<Date | null> {
  return (await UNCERTAIN.find(db, [appId, userId, since]))?.at ?? null;
}

/** Whose links these accounts are, other than this user's. */
export async function findOwners(
  db: Queryable,
  appId: number,
  userId: string,
  remoteIds: string[],
): Promise<Map<string, AccountOwner>> {
  const rows = await OWNERS.rows(db, [appId, remoteIds, userId]);
  return new Map(
    rows.map((row) => [row.remote_id, { userId: row.id, username: row.username, departed: row.departed }]),
  );
}

/** Whether nothing has changed since the link was claimed. */
export async function isRevisionCurrent(db: Queryable, appId: number, userId: string, rev: number): Promise<boolean> {
  return (await CURRENT.find(db, [appId, userId, rev]))?.current ?? false;
}

/** What the target showed of the account after our last write. */
export async function findObserved(
  db: Queryable,
  appId: number,
  userId: string,
): Promise<TargetAccount['representation'] | null> {
  return (await OBSERVED.find(db, [appId, userId]))?.observed ?? null;
}
