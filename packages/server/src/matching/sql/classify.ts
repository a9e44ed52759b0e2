import { type Queryable, statement } from '../../db/index.ts';
import type { Category, ReportCounts } from '../matching-report.ts';

/*
 * Sorts what was read, as the engine would choose: the first attribute that finds anything decides (`chooseAccount`), and a
 * linked account is its user's whatever its values. $1 is the report, $2 the app, $3 the names of the matching attributes,
 * $4 now.
 *
 * - found: for each user without a link, the first attribute by which accounts are found, and how many
 * - sole: users for whom that is one account; several: those for whom it is more
 * - claim: the users of one account, those who shall have one before the others
 */
const CLASSIFY = statement(
  'matching-classify',
  `with a as materialized (select * from matching_account where report_id = $1),
   u as materialized (select * from matching_user where report_id = $1),
   a_key as materialized (
     select k.ord, k.key, count(*)::int as accounts, min(a.remote_id) as remote_id, (array_agg(a.remote_id order by a.remote_id))[1:10] as some
     from a, unnest(a.keys) with ordinality k (key, ord) where k.key is not null group by k.ord, k.key
   ),
   link as materialized (select a.remote_id, u.user_id from u join a on a.remote_id = u.linked),
   found as materialized (
     select distinct on (u.user_id) u.user_id, u.username, u.standing, k.ord, k.key, f.accounts, f.remote_id, f.some
     from u, unnest(u.keys) with ordinality k (key, ord)
     join a_key f on f.ord = k.ord and f.key = k.key
     where u.linked is null and k.key is not null
     order by u.user_id, k.ord
   ),
   claim as materialized (
     select remote_id,
       count(*)::int as users, count(*) filter (where standing = 'entitled')::int as entitled,
       (array_agg(user_id order by standing = 'entitled' desc, username))[1] as user_id,
       (array_agg(username order by standing = 'entitled' desc, username))[1] as username,
       (array_agg(standing order by standing = 'entitled' desc, username))[1] as standing,
       (array_agg(ord order by standing = 'entitled' desc, username))[1] as ord,
       (array_agg(user_id order by standing = 'entitled' desc, username))[2:20] as others
     from found where accounts = 1 group by remote_id
   ),
   several as materialized (
     select ord, key, count(*)::int as users, min(user_id::text)::uuid as user_id, (array_agg(user_id order by username))[1:20] as some
     from found where accounts > 1 group by ord, key
   ),
   unsure as materialized (
     select distinct on (a.remote_id) a.remote_id, s.ord, s.key, s.users, s.user_id, s.some
     from a, unnest(a.keys) with ordinality k (key, ord) join several s on s.ord = k.ord and s.key = k.key
     where k.key is not null order by a.remote_id, k.ord
   ),
   -- A weaker attribute of somebody who has another account.
   weak as materialized (
     select distinct on (a.remote_id) a.remote_id, o.user_id, k.ord
     from a, unnest(a.keys) with ordinality k (key, ord)
     join (
       select distinct on (k.ord, k.key) k.ord, k.key, u.user_id
       from u, unnest(u.keys) with ordinality k (key, ord) where k.key is not null
       order by k.ord, k.key, u.standing = 'entitled' desc, u.username
     ) o on o.ord = k.ord and o.key = k.key
     where k.key is not null order by a.remote_id, k.ord
   ),
   sorted as (
     select a.remote_id, a.name, a.display_name, a.email, a.active,
       case
         when l.user_id is not null then case when a.active is false then 'inactive' else 'matched' end
         when c.remote_id is not null and (c.users = 1 or c.entitled = 1)
           then case when a.active is false then 'inactive' else 'matched' end
         when c.remote_id is not null then 'ambiguous'
         when n.remote_id is not null then 'ambiguous'
         when w.user_id is not null then 'duplicate'
         else 'orphaned'
       end as category,
       case
         when l.user_id is not null then l.user_id
         when c.remote_id is not null then case when c.users = 1 or c.entitled = 1 then c.user_id end
         when n.remote_id is not null then case when n.users = 1 then n.user_id end
         else w.user_id
       end as user_id,
       l.user_id is not null as linked,
       case when l.user_id is null then coalesce(c.ord, n.ord, w.ord) end as ord,
       case
         when l.user_id is not null then case when c.remote_id is not null then array_prepend(c.user_id, c.others) end
         when c.remote_id is not null and (c.users = 1 or c.entitled = 1) then c.others
         when c.remote_id is not null then array_prepend(c.user_id, c.others)
         when n.remote_id is not null and n.users > 1 then n.some
       end as other_users,
       case when l.user_id is null and c.remote_id is null and n.remote_id is not null
         then array(select r from unnest(f.some) r where r <> a.remote_id) end as other_accounts
     from a
     left join link l on l.remote_id = a.remote_id
     left join claim c on c.remote_id = a.remote_id
     left join unsure n on n.remote_id = a.remote_id
     left join a_key f on f.ord = n.ord and f.key = n.key
     left join weak w on w.remote_id = a.remote_id
   ),
   lines as (
     select s.category, s.remote_id, s.name, s.display_name, s.email, s.active, s.user_id, u.username, u.standing,
       ($3::text[])[s.ord] as matched_by, s.linked, s.other_accounts, s.other_users,
       case s.category
         when 'matched' then case when coalesce(cardinality(s.other_users), 0) > 0 then 'other users match this account too' end
         when 'ambiguous' then case when coalesce(cardinality(s.other_users), 0) > 1
           then 'several users match this account' else 'several accounts match this user' end
         when 'duplicate' then 'the user has another account' || coalesce(': ' || coalesce(u.linked, d.remote_id), '')
         when 'orphaned' then 'nobody here matches it'
       end as explanation
     from sorted s
     left join u on u.user_id = s.user_id
     left join found d on d.user_id = s.user_id
     union all
     select 'missing', u.linked, null, null, null, null, u.user_id, u.username, u.standing, null, u.linked is not null, null, null,
       case when u.linked is not null then 'the linked account is not in the target''s list' else 'no account matches this user' end
     from u
     where u.standing = 'entitled'
       and case when u.linked is not null then not exists (select from a where a.remote_id = u.linked)
         else not exists (select from found f where f.user_id = u.user_id) end
   )
   insert into matching_item (report_id, id, category, remote_id, account_name, display_name, email, active, user_id, username,
     standing, matched_by, linked, other_accounts, other_users, explanation, decision, decided_at, decided_by, decision_note)
   select $1, row_number() over (order by i.category, lower(coalesce(i.name, i.username, i.remote_id)), i.remote_id, i.user_id),
     i.category, i.remote_id, i.name, i.display_name, i.email, i.active, i.user_id, i.username, i.standing, i.matched_by, i.linked,
     coalesce(i.other_accounts, '{}'), coalesce(i.other_users, '{}'), i.explanation,
     case when g.remote_id is not null then 'ignore' end, g.at, g.by, g.note
   from lines i
   left join ignored_account g on g.app_id = $2 and g.remote_id = i.remote_id and i.category in ('orphaned', 'duplicate', 'ambiguous')`,
);
const COUNT = statement<{ category: Category; matched_by: string | null; n: number; linked: number; leavers: number }>(
  'matching-count',
  `select category, matched_by, count(*)::int as n, (count(*) filter (where linked and category <> 'missing'))::int as linked,
     (count(*) filter (where category = 'matched' and standing in ('inactive', 'deleted') and active is distinct from false))::int as leavers
   from matching_item where report_id = $1 group by category, matched_by`,
);
/* Staging tables are new to the planner, and its guesses about them are bad. */
const ANALYZE = ['analyze matching_account', 'analyze matching_user'];

/** Sorts what was read into the lines of the report. */
export async function classify(
  db: Queryable,
  report: { id: string; appId: number; matchingAttributes: readonly string[] },
): Promise<void> {
  for (const text of ANALYZE) await db.query(text);
  await CLASSIFY.run(db, [report.id, report.appId, [...report.matchingAttributes]]);
}

export async function countItems(db: Queryable, reportId: string): Promise<ReportCounts> {
  const counts: ReportCounts = { byCategory: {}, leaversInside: 0, linked: 0, byMatchedBy: {} };
  for (const { category, matched_by: by, n, linked, leavers } of await COUNT.rows(db, [reportId])) {
    counts.byCategory[category] = (counts.byCategory[category] ?? 0) + n;
    counts.linked += linked;
    counts.leaversInside += leavers;
    if (by !== null && (category === 'matched' || category === 'inactive')) {
      counts.byMatchedBy[by] = (counts.byMatchedBy[by] ?? 0) + n;
    }
  }
  return counts;
}
