import { type Queryable, statement } from '../../db/index.ts';
import type { PlanScope } from '../population-plan.ts';

/*
 * Everybody whom an app concerns: who is granted it, and who ever had an account of it. $1 is the app, $2 now, $3 says
 * everybody, $4 to $7 name who else.
 */
const PEOPLE = `
  select x.user_id
  from (
    select user_id from link_schedule where app_id = $1
    union select user_id from account_link where app_id = $1
    union select user_id from effective_grant where app_id = $1 and (expires_at is null or expires_at > $2)
  ) x
  join directory_user u on u.id = x.user_id
  where $3::boolean
    or u.id::text = any ($4::text[]) or lower(u.username) = any ($4::text[])
    or u.profile_id in (select id from profile where lower(name) = any ($5::text[]))
    or exists (
      select from permission_set_assignment a
      left join permission_set_group g on g.id = a.permission_set_group_id
      left join permission_set_group_component c on c.permission_set_group_id = g.id
      left join permission_set s on s.id = coalesce(a.permission_set_id, c.permission_set_id)
      where a.user_id = u.id and (a.expires_at is null or a.expires_at > $2)
        and (lower(s.name) = any ($6::text[]) or lower(g.name) = any ($7::text[]))
    )`;

const FIX = statement<{ total: number }>(
  'plan-population-fix',
  `with fixed as (
     insert into population_plan_user (plan_id, user_id) select $8::uuid, p.user_id from (${PEOPLE}) p
     on conflict do nothing returning 1
   )
   select count(*)::int as total from fixed`,
);
const BATCH = statement<{ user_id: string }>(
  'plan-population-batch',
  `select user_id from population_plan_user
   where plan_id = $1 and user_id > coalesce($2, '00000000-0000-0000-0000-000000000000'::uuid)
   order by user_id limit $3`,
);
const SAMPLE = statement<{ total: number; ids: string[] }>(
  'plan-population-sample',
  `with people as materialized (${PEOPLE})
   select (select count(*)::int from people) as total,
     array(select user_id::text from people order by hashtextextended(user_id::text, 7301), user_id limit $8) as ids`,
);
const COLLISIONS = statement<{ path: string; ids: string[]; groups: number }>(
  'plan-collisions',
  `select path, (array_agg(user_id::text order by user_id))[1:20] as ids, (count(*) over ())::int as groups
   from population_plan_value where plan_id = $1
   group by path, hash having count(*) > 1 order by path, min(user_id::text) limit $2`,
);
const CLEAR_PEOPLE = statement('plan-population-clear', 'delete from population_plan_user where plan_id = $1');
const CLEAR_VALUES = statement('plan-values-clear', 'delete from population_plan_value where plan_id = $1');
const LOST = statement<{ lost: boolean }>(
  'plan-population-lost',
  'select not exists (select from population_plan_user where plan_id = $1) as lost',
);

function peopleParameters(appId: number, now: Date, scope: PlanScope | null): unknown[] {
  const lower = (names: string[] | undefined) => (names ?? []).map((name) => name.toLowerCase());
  const { users, profiles, permissionSets, permissionSetGroups } = scope ?? {};
  const named = [users, profiles, permissionSets, permissionSetGroups].map(lower);
  return [appId, now, scope === null, ...named];
}

/** Writes down who is planned. Gives how many they are. */
export async function fixPopulation(
  db: Queryable,
  plan: { id: string; appId: number; scope: PlanScope | null },
  now: Date,
): Promise<number> {
  return (await FIX.find(db, [...peopleParameters(plan.appId, now, plan.scope), plan.id]))?.total ?? 0;
}

export async function listPopulation(
  db: Queryable,
  planId: string,
  after: string | null,
  limit: number,
): Promise<string[]> {
  return (await BATCH.rows(db, [planId, after, limit])).map((row) => row.user_id);
}

/** The tables beside the plan are emptied by a crash of the database. */
export async function isPopulationLost(db: Queryable, planId: string): Promise<boolean> {
  return (await LOST.find(db, [planId]))?.lost ?? true;
}

/** Everybody counted, and so many of them at random: the same ones every time. */
export async function samplePopulation(
  db: Queryable,
  appId: number,
  now: Date,
  size: number,
): Promise<{ total: number; ids: string[] }> {
  return (await SAMPLE.find(db, [...peopleParameters(appId, now, null), size])) ?? { total: 0, ids: [] };
}

/** Groups of users with one value, and how many groups there are altogether. */
export async function listCollidingUsers(
  db: Queryable,
  planId: string,
  most: number,
): Promise<{ count: number; groups: { path: string; ids: string[] }[] }> {
  const rows = await COLLISIONS.rows(db, [planId, most]);
  return { count: rows[0]?.groups ?? 0, groups: rows.map(({ path, ids }) => ({ path, ids })) };
}

export async function clearPopulation(db: Queryable, planId: string): Promise<void> {
  await CLEAR_PEOPLE.run(db, [planId]);
  await CLEAR_VALUES.run(db, [planId]);
}
