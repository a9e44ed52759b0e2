import { type Queryable, statement } from '../../db/index.ts';
import type { StageWork } from '../check-gates.ts';

interface WorkRow extends StageWork {
  stage: number;
}

/** Of the same cause, that is: another one is this version's doing. Rows from before causes were kept have none. */
const IN_TROUBLE_BEFORE = "u.was_parked and coalesce(u.parked_for = u.reason ->> 'code', true)";

/*
 * Each user of a stage counted once. The work of the stage is done for a user when the link has come to the revision that
 * reaching made due; what it says before that is about the version before.
 */
const WORK_OF = (users: string) => `
  select u.*,
    case
      when u.done_rev < u.rev then
        case when u.standing = 'retrying' and u.updated_at >= u.at
             then case when u.attempts >= 3 then 'failed' else 'retrying' end
             else 'pending' end
      when u.standing = 'parked' then case when ${IN_TROUBLE_BEFORE} then 'failed before' else 'failed' end
      when u.standing = 'held' then 'held'
      when u.standing = 'waiting' then 'waiting'
      when u.standing = 'retrying' then case when u.attempts >= 3 then 'failed' else 'retrying' end
      else 'done'
    end as work
  from (
    select rr.*, s.done_rev, s.attempts, l.standing, l.reason, l.updated_at
    from rollout_reach rr
    join rollout r on r.id = rr.rollout_id
    join link_schedule s on s.app_id = r.app_id and s.user_id = rr.user_id
    left join account_link l on l.app_id = r.app_id and l.user_id = rr.user_id
    where rr.rollout_id = $1 and rr.undone_at is null ${users}
  ) u`;

const WORK = statement<WorkRow>(
  'rollout-work',
  `select stage, count(*)::int as reached, count(*) filter (where work = 'done')::int as done,
     count(*) filter (where work = 'pending')::int as pending, count(*) filter (where work = 'retrying')::int as retrying,
     count(*) filter (where work = 'failed')::int as failed, count(*) filter (where work = 'held')::int as held,
     count(*) filter (where work = 'waiting')::int as waiting,
     count(*) filter (where work = 'failed before')::int as "failedBefore"
   from (${WORK_OF('')}) w
   group by stage`,
);

/** How far each stage's work is, by its ordinal. */
export async function loadStageWork(db: Queryable, rolloutId: number): Promise<Map<number, StageWork>> {
  const rows = await WORK.rows(db, [rolloutId]);
  return new Map(rows.map(({ stage, ...work }) => [stage, work]));
}

const CHANGED = statement<{ stage: number; path: string; count: number }>(
  'rollout-changed-attributes',
  `select rr.stage, c ->> 'path' as path, count(distinct q.user_id)::int as count
   from rollout r
   join provisioning_request q on q.app_id = r.app_id and q.created_at >= r.started_at and q.version = r.version
   join rollout_reach rr on rr.rollout_id = r.id and rr.user_id = q.user_id and q.created_at >= rr.at
   cross join lateral json_array_elements(case when json_typeof(q.changes) = 'array' then q.changes else '[]' end) c
   where r.id = $1 and q.state = 'Completed' and q.outcome = 'applied'
   group by rr.stage, c ->> 'path' order by count(distinct q.user_id) desc, path`,
);

/** How many accounts of each stage got another value, by attribute. */
export async function loadChangedAttributes(
  db: Queryable,
  rolloutId: number,
): Promise<Map<number, { path: string; count: number }[]>> {
  const byStage = new Map<number, { path: string; count: number }[]>();
  for (const { stage, ...changed } of await CHANGED.rows(db, [rolloutId])) {
    byStage.set(stage, [...(byStage.get(stage) ?? []), changed]);
  }
  return byStage;
}

export interface StageLatency {
  calls: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

const LATENCY = statement<{ stage: number; calls: number; p50: number | null; p95: number | null }>(
  'rollout-latency',
  `select stage, count(*)::int as calls, percentile_cont(0.5) within group (order by ms) as p50,
     percentile_cont(0.95) within group (order by ms) as p95
   from (
     select rr.stage, (e ->> 'latencyMs')::float8 as ms
     from (
       select l.* from provisioning_log l join rollout r on r.id = $1
       where l.app_id = r.app_id and l.at >= r.started_at order by l.id desc limit 5000
     ) l
     join rollout_reach rr on rr.rollout_id = $1 and rr.user_id = l.user_id and l.at >= rr.at
     cross join lateral json_array_elements(case when json_typeof(l.exchanges) = 'array' then l.exchanges else '[]' end) e
   ) calls group by stage`,
);

/** How long the target took to answer, of the latest calls, by stage. */
export async function loadStageLatency(db: Queryable, rolloutId: number): Promise<Map<number, StageLatency>> {
  const rows = await LATENCY.rows(db, [rolloutId]);
  return new Map(rows.map(({ stage, calls, p50, p95 }) => [stage, { calls, p50Ms: p50, p95Ms: p95 }]));
}

/** What the stages of a rollout have come to. */
export interface Progress {
  work: Map<number, StageWork>;
  latency: Map<number, StageLatency>;
  changed: Map<number, { path: string; count: number }[]>;
}

export async function loadProgress(db: Queryable, rolloutId: number): Promise<Progress> {
  return {
    work: await loadStageWork(db, rolloutId),
    latency: await loadStageLatency(db, rolloutId),
    changed: await loadChangedAttributes(db, rolloutId),
  };
}

export const USER_WORK = ['done', 'pending', 'retrying', 'failed', 'held', 'waiting', 'failed before'] as const;

export interface ReachedUser {
  userId: string;
  username: string;
  stage: number;
  work: (typeof USER_WORK)[number];
  because: string;
  at: Date;
  reasonCode: string | null;
  reason: string | null;
  nextStep: string | null;
}

const USERS = statement<ReachedUser>(
  'rollout-users',
  `select w.user_id as "userId", d.username, w.stage, w.work, w.because, w.at, w.reason ->> 'code' as "reasonCode",
     w.reason ->> 'message' as reason, w.reason ->> 'nextStep' as "nextStep"
   from (${WORK_OF('and ($2::int is null or rr.stage = $2) and ($4::uuid is null or rr.user_id > $4)')}) w
   join directory_user d on d.id = w.user_id
   where $3::text is null or w.work = $3
   order by w.user_id limit $5`,
);

export function listReachedUsers(
  db: Queryable,
  rolloutId: number,
  filter: { stage?: number | undefined; work?: string | undefined },
  page: { limit: number; after?: string | undefined },
): Promise<ReachedUser[]> {
  return USERS.rows(db, [rolloutId, filter.stage ?? null, filter.work ?? null, page.after ?? null, page.limit]);
}

export interface PlaceRow {
  stage: number | null;
  because: string | null;
  at: Date | null;
  undone_at: Date | null;
  bucket: number;
  concerned: boolean;
  pilot: string[];
}

const PLACE = statement<PlaceRow>(
  'rollout-place-of-user',
  `select rr.stage, rr.because, rr.at, rr.undone_at, rollout_bucket(r.id, u.id) as bucket,
     exists (select from link_schedule s where s.app_id = r.app_id and s.user_id = u.id)
       or exists (select from effective_grant g where g.app_id = r.app_id and g.user_id = u.id
                  and (g.expires_at is null or g.expires_at > $3)) as concerned,
     array(
       select 'by name' from rollout_pilot p where p.rollout_id = r.id and p.user_id = u.id
       union all select 'by the profile ' || x.name from rollout_pilot p join profile x on x.id = p.profile_id
         where p.rollout_id = r.id and p.profile_id = u.profile_id
       union all select 'by the permission set ' || s.name from rollout_pilot p join permission_set s on s.id = p.permission_set_id
         where p.rollout_id = r.id and exists (
           select from permission_set_assignment a
           left join permission_set_group_component c on c.permission_set_group_id = a.permission_set_group_id
           where a.user_id = u.id and (a.expires_at is null or a.expires_at > $3)
             and p.permission_set_id in (a.permission_set_id, c.permission_set_id))
     ) as pilot
   from rollout r cross join directory_user u
   left join rollout_reach rr on rr.rollout_id = r.id and rr.user_id = u.id
   where r.id = $1 and u.id = $2`,
);

/** What decides the place of one user in a rollout. */
export function findPlace(db: Queryable, rolloutId: number, userId: string, now: Date): Promise<PlaceRow | undefined> {
  return PLACE.find(db, [rolloutId, userId, now]);
}
