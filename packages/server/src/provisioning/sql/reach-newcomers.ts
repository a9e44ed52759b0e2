import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

/*
 * Whoever came into a stage that has begun is reached when their link is worked: a new holder of the pilot's permission
 * set, a new user whose share's turn has come. The rollout is locked for share, so that one that is paused, or taken a
 * stage back, at this moment is seen, or waits.
 */
const REACH = statement<{ user_id: string }>(
  'rollout-reach-newcomers',
  `with r as materialized (select id, app_id, stage from rollout where id = $1 and state = 'running' for share),
   fresh as materialized (
     select d.user_id, s.wanted_rev, u.profile_id from r, unnest($2::uuid[]) d (user_id)
     join link_schedule s on s.app_id = $3 and s.user_id = d.user_id
     join directory_user u on u.id = d.user_id
     where not exists (
       select from rollout_reach rr where rr.rollout_id = $1 and rr.user_id = d.user_id and rr.undone_at is null)
   ),
   entering as materialized (
     select distinct on (f.user_id) f.user_id, f.wanted_rev, st.ordinal, m.because
     from fresh f
     cross join r
     join rollout_stage st on st.rollout_id = r.id and st.ordinal <= r.stage
     cross join lateral (
       select 'everyone' as because where st.kind = 'everyone'
       union all
       select 'bucket ' || rollout_bucket(r.id, f.user_id)
         where st.kind = 'percent' and rollout_bucket(r.id, f.user_id) < 100 * st.percent
       union all
       select 'user' from rollout_pilot p where st.kind = 'pilot' and p.rollout_id = r.id and p.user_id = f.user_id
       union all
       select 'profile ' || p.profile_id from rollout_pilot p
         where st.kind = 'pilot' and p.rollout_id = r.id and p.profile_id = f.profile_id
       union all
       select 'permission set ' || p.permission_set_id from rollout_pilot p
         where st.kind = 'pilot' and p.rollout_id = r.id and p.permission_set_id is not null and exists (
           select from permission_set_assignment a
           left join permission_set_group_component c on c.permission_set_group_id = a.permission_set_group_id
           where a.user_id = f.user_id and (a.expires_at is null or a.expires_at > $4)
             and p.permission_set_id in (a.permission_set_id, c.permission_set_id))
     ) m
     order by f.user_id, st.ordinal, m.because
   )
   insert into rollout_reach as rr (rollout_id, user_id, stage, at, rev, because, was_parked, parked_for, observed)
   select $1, e.user_id, e.ordinal, $4, e.wanted_rev, e.because, coalesce(l.standing = 'parked', false),
     case when l.standing = 'parked' then l.reason ->> 'code' end, case when ro.added_paths <> '{}' then l.observed end
   from entering e
   join rollout ro on ro.id = $1
   left join account_link l on l.app_id = $3 and l.user_id = e.user_id
   order by e.user_id
   on conflict (rollout_id, user_id) do update
     set stage = excluded.stage, at = excluded.at, rev = excluded.rev, because = excluded.because, undone_at = null,
         was_parked = excluded.was_parked, parked_for = excluded.parked_for
   returning rr.user_id`,
);

/** Reaches those of these users whom a stage that has begun brings in. Gives how many those are. */
export function reachNewcomers(
  db: Queryable,
  request: { rolloutId: number; appId: number; userIds: string[]; now: Date },
): Promise<number> {
  return REACH.run(db, [request.rolloutId, request.userIds, request.appId, request.now]);
}
