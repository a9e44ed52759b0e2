import type pg from 'pg';

/**
 * Marks the links of one app due before the ordinary ones, because a person waits. A user who is neither granted the
 * app nor linked with it gets no link: there is nothing to do for them. Gives the revision to wait for, by user.
 */
export async function markOnDemand(
  db: pg.ClientBase,
  now: Date,
  appId: number,
  userIds: string[],
): Promise<Map<string, number>> {
  const { rows } = await db.query<{ user_id: string; wanted_rev: number }>({
    name: 'mark-on-demand',
    text: `
      with wanted as materialized (select distinct u.user_id from unnest($3::uuid[]) u (user_id)),
      begun as (
        insert into link_schedule as s (app_id, user_id, next_due_at, urgency)
        select $2, w.user_id, $1, 1 from wanted w
        where exists (select 1 from link_schedule s where s.app_id = $2 and s.user_id = w.user_id)
           or exists (select 1 from effective_grant g
                      where g.app_id = $2 and g.user_id = w.user_id and (g.expires_at is null or g.expires_at > $1))
        on conflict (app_id, user_id) do update
          set wanted_rev = s.wanted_rev + 1, next_due_at = least(s.next_due_at, $1), urgency = least(s.urgency, 1)
        returning user_id, wanted_rev
      )
      select b.user_id, b.wanted_rev from begun b, (select pg_notify('usher_due', $2::int::text)) n`,
    values: [now, appId, userIds],
  });
  return new Map(rows.map((row) => [row.user_id, Number(row.wanted_rev)]));
}
