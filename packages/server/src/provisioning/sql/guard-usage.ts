import { arrayLiteral, textArrayLiteral, timeArrayLiteral } from '../../db/array-literal.ts';
import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

/*
 * Two ledgers, written in the commits of the intents: what takes access away counts in its own. What a person released
 * counts in no window.
 */
const IN_LEDGERS = `(
  select user_id, at, released from deactivation_ledger
  where w.budget = 'deactivation' and app_id = $1 and at > w.since
  union all
  select user_id, at, released from guard_ledger
  where w.budget <> 'deactivation' and app_id = $1 and guard = w.budget and at > w.since)`;
const WINDOWS = `unnest($2::text[], $3::timestamptz[]) with ordinality as w (budget, since, place)`;

const USED = statement<{ used: number }>(
  'guard-used',
  `select count(distinct l.user_id) filter (where not l.released)::int as used
   from ${WINDOWS} left join lateral ${IN_LEDGERS} l on true
   group by w.place order by w.place`,
);
const COUNTED = statement<{ place: number; user_id: string }>(
  'guard-counted',
  `select distinct w.place::int - 1 as place, l.user_id
   from ${WINDOWS} cross join lateral ${IN_LEDGERS} l where l.user_id = any ($4::uuid[])`,
);
const USABLE = statement<{ usable: number }>(
  'guard-usable',
  `select count(*)::int as usable from (
     select 1 from account_link where app_id = $1 and account_state = 'active' limit $2) l`,
);
const HELD_LATELY = statement<{ guard: string; cause: string; held: number }>(
  'guard-held-lately',
  `select guard, cause, count(*)::int as held from hold
   where app_id = $1 and state = 'open' and opened_at > $2 group by guard, cause`,
);
const LET_GO = statement<{ user_id: string; request_id: string; hash: string; guards: string[] }>(
  'guard-let-go',
  `select user_id, request_id, change_hash as hash, array_append(passed, guard) as guards from hold
   where app_id = $1 and user_id = any ($2::uuid[]) and let_go_at is not null and request_id is not null`,
);
/* Through a group too; a grant that has ended protects nobody. */
const PROTECTED = statement<{ id: string }>(
  'guard-protected',
  `select u.id from directory_user u
   where u.id = any ($1::uuid[]) and (u.id = any ($2::uuid[]) or u.profile_id = any ($3::int[])
     or exists (
       select from permission_set_assignment a
       left join permission_set_group_component c on c.permission_set_group_id = a.permission_set_group_id
       where a.user_id = u.id and (a.expires_at is null or a.expires_at > $5)
         and coalesce(a.permission_set_id, c.permission_set_id) = any ($4::int[])))`,
);
/* Whose link was marked by it and is not done since: what comes after is no part of it. */
const HEALING = statement<{ user_id: string }>(
  'guard-healing',
  `select a.user_id from rollback r join rollback_account a on a.rollback_id = r.id
   join link_schedule s on s.app_id = r.app_id and s.user_id = a.user_id and s.done_rev < a.rev
   where r.app_id = $1 and r.state = 'healing' and a.user_id = any ($2::uuid[]) and a.state = 'healing'`,
);

export interface Window {
  budget: string;
  since: Date;
}

const windowValues = (windows: readonly Window[]) => [
  textArrayLiteral(windows.map(({ budget }) => budget)),
  timeArrayLiteral(windows.map(({ since }) => since)),
];

/** How many users each window counts, in the order of the windows. */
export async function readUsed(db: Queryable, appId: number, windows: readonly Window[]): Promise<number[]> {
  const rows = await USED.rows(db, [appId, ...windowValues(windows)]);
  return rows.map(({ used }) => used);
}

/** Which of these users each window counts, or a person released: sets in the order of the windows. */
export async function listCounted(
  db: Queryable,
  appId: number,
  windows: readonly Window[],
  userIds: string[],
): Promise<Set<string>[]> {
  const counted = windows.map(() => new Set<string>());
  if (userIds.length === 0) return counted;
  const rows = await COUNTED.rows(db, [appId, ...windowValues(windows), arrayLiteral(userIds)]);
  for (const { place, user_id } of rows) counted[place]?.add(user_id);
  return counted;
}

const BUDGETS = statement<{ guard: string }>(
  'guard-used-budgets',
  'select distinct guard from guard_ledger where app_id = $1 and at > $2 order by guard',
);

/** Budgets of which something was used since then. */
export async function listUsedBudgets(db: Queryable, appId: number, since: Date): Promise<string[]> {
  return (await BUDGETS.rows(db, [appId, since])).map(({ guard }) => guard);
}

/** Accounts that can be used, counted up to `enough`. */
export async function countUsable(db: Queryable, appId: number, enough: number): Promise<number> {
  return (await USABLE.find(db, [appId, enough]))?.usable ?? 0;
}

export function listHeldLately(
  db: Queryable,
  appId: number,
  since: Date,
): Promise<{ guard: string; cause: string; held: number }[]> {
  return HELD_LATELY.rows(db, [appId, since]);
}

/** By user: changes of theirs that a person let go, with the request that they belong to and the guards they passed. */
export async function listLetGo(
  db: Queryable,
  appId: number,
  userIds: string[],
): Promise<Map<string, { requestId: string; hash: string; guards: string[] }[]>> {
  const byUser = new Map<string, { requestId: string; hash: string; guards: string[] }[]>();
  if (userIds.length === 0) return byUser;
  for (const { user_id, request_id: requestId, hash, guards } of await LET_GO.rows(db, [appId, userIds])) {
    byUser.set(user_id, [...(byUser.get(user_id) ?? []), { requestId, hash, guards }]);
  }
  return byUser;
}

export async function listProtected(
  db: Queryable,
  userIds: string[],
  by: { userIds: string[]; profileIds: number[]; permissionSetIds: number[] },
  now: Date,
): Promise<Set<string>> {
  const rows = await PROTECTED.rows(db, [userIds, by.userIds, by.profileIds, by.permissionSetIds, now]);
  return new Set(rows.map(({ id }) => id));
}

/** Which of these users a rollback under way brings back: a person commanded just that. */
export async function listHealing(db: Queryable, appId: number, userIds: string[]): Promise<Set<string>> {
  return new Set((await HEALING.rows(db, [appId, userIds])).map(({ user_id }) => user_id));
}
