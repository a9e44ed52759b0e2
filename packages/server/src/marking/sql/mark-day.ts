import { type Queryable, statement } from '../../db/index.ts';

/*
 * $1 is now, $2 the day in the organisation's zone, $3 over how many seconds the links are spread. A first sight of an app
 * marks too: how long its formulas have been in force is not known.
 */
const MARK_DAY = statement<{ app_id: number; links: number | bigint }>(
  'mark-day',
  `with begun as materialized (
     select a.id from connected_app a
     where a.state <> 'draft' and (a.day_marked is null or a.day_marked < $2::date)
       and exists (
         select from app_configuration c
         left join rollout r on r.id = a.rollout_id
         where c.app_id = a.id and c.reads_clock and c.version in (a.active_version, r.version, r.base_version))
     for update of a skip locked
   ),
   noted as (update connected_app a set day_marked = $2::date from begun b where a.id = b.id returning a.id),
   due as materialized (
     select s.app_id, s.user_id from link_schedule s join begun b on b.id = s.app_id
     order by s.app_id, s.user_id for no key update of s
   ),
   marked as (
     update link_schedule s
     set wanted_rev = s.wanted_rev + 1,
         next_due_at = least(s.next_due_at, $1::timestamptz + make_interval(secs => $3 * (abs(hashtextextended(s.user_id::text, 17)) % 1000) / 1000.0))
     from due d where s.app_id = d.app_id and s.user_id = d.user_id
     returning s.app_id
   )
   select n.id as app_id, (select count(*) from marked m where m.app_id = n.id) as links,
     pg_notify('usher_due', n.id::text)
   from noted n`,
);

/**
 * Once a day and app whose formulas read the clock: makes every link due within the given time, spread out so that
 * ordinary work goes on. Gives how many links of which apps.
 */
export async function markDay(
  db: Queryable,
  now: Date,
  day: string,
  spreadSeconds: number,
): Promise<{ appId: number; links: number }[]> {
  const rows = await MARK_DAY.rows(db, [now, day, spreadSeconds]);
  return rows.map(({ app_id, links }) => ({ appId: app_id, links: Number(links) }));
}
