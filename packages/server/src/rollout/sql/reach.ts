import type { PoolClient, Queryable } from '../../db/index.ts';
import { statement } from '../../db/index.ts';
import type { StageKind } from '../rollout.ts';

/*
 * Who a stage brings in. The share of a stage is cut from one hash of rollout and user, so that a larger share holds the
 * smaller one, and nobody's turn depends on who else there is.
 */

/** Everyone who is granted the app or has a link with it. `$2` is the app, `$3` now. */
const POPULATION = `
  select s.user_id from link_schedule s where s.app_id = $2
  union
  select g.user_id from effective_grant g where g.app_id = $2 and (g.expires_at is null or g.expires_at > $3)`;

const PILOT_MEMBERS = `
  select p.user_id, 'user' as because from rollout_pilot p where p.rollout_id = $1 and p.user_id is not null
  union all
  select u.id, 'profile ' || p.profile_id from rollout_pilot p
    join directory_user u on u.profile_id = p.profile_id where p.rollout_id = $1
  union all
  select a.user_id, 'permission set ' || p.permission_set_id from rollout_pilot p
    join permission_set_assignment a on a.permission_set_id = p.permission_set_id
    where p.rollout_id = $1 and (a.expires_at is null or a.expires_at > $3)
  union all
  select a.user_id, 'permission set ' || p.permission_set_id from rollout_pilot p
    join permission_set_group_component c on c.permission_set_id = p.permission_set_id
    join permission_set_assignment a on a.permission_set_group_id = c.permission_set_group_id
    where p.rollout_id = $1 and (a.expires_at is null or a.expires_at > $3)`;

const CANDIDATES: Record<StageKind | 'taken over', string> = {
  pilot: `select distinct on (m.user_id) m.user_id, m.because from (${PILOT_MEMBERS}) m
    where exists (select from link_schedule s where s.app_id = $2 and s.user_id = m.user_id)
       or exists (select from effective_grant g where g.app_id = $2 and g.user_id = m.user_id
                  and (g.expires_at is null or g.expires_at > $3))
    order by m.user_id, m.because`,
  percent: `select p.user_id, 'bucket ' || rollout_bucket($1::int, p.user_id) as because from (${POPULATION}) p
    where rollout_bucket($1::int, p.user_id) < 100 * (select percent from rollout_stage where rollout_id = $1 and ordinal = $4)`,
  everyone: `select p.user_id, 'everyone' as because from (${POPULATION}) p`,
  'taken over': `select rr.user_id, 'taken over ' || rr.rollout_id as because from rollout_reach rr
    where rr.rollout_id = $6 and rr.undone_at is null`,
};

/*
 * Reaches whoever a stage brings in and is not reached yet, and makes exactly their links due, in one statement. The
 * links are locked in the order of their key, as marking and outcomes lock them.
 */
const REACH = (candidates: string) => `
with candidates as materialized (${candidates}),
fresh as materialized (
  select c.user_id, c.because from candidates c
  where not exists (
    select from rollout_reach rr where rr.rollout_id = $1 and rr.user_id = c.user_id and rr.undone_at is null)
),
known as materialized (
  select s.user_id from link_schedule s join fresh f on f.user_id = s.user_id
  where s.app_id = $2 order by s.user_id for no key update of s
),
raised as (
  update link_schedule s set wanted_rev = s.wanted_rev + 1, next_due_at = least(s.next_due_at, $3)
  from known k where s.app_id = $2 and s.user_id = k.user_id
  returning s.user_id, s.wanted_rev
),
begun as (
  insert into link_schedule as s (app_id, user_id, next_due_at, urgency)
  select $2, f.user_id, $3, 2 from fresh f
  where not exists (select from known k where k.user_id = f.user_id)
  order by f.user_id
  on conflict (app_id, user_id) do update set wanted_rev = s.wanted_rev + 1, next_due_at = least(s.next_due_at, $3)
  returning s.user_id, s.wanted_rev
),
reached as (
  insert into rollout_reach as rr (rollout_id, user_id, stage, at, rev, because, was_parked, parked_for, observed)
  select $1, f.user_id, $4, $3, m.wanted_rev, f.because, coalesce(l.standing = 'parked', false),
    case when l.standing = 'parked' then l.reason ->> 'code' end, case when $5 then l.observed end
  from fresh f
  join (select * from raised union all select * from begun) m on m.user_id = f.user_id
  left join account_link l on l.app_id = $2 and l.user_id = f.user_id
  order by f.user_id
  on conflict (rollout_id, user_id) do update
    set stage = excluded.stage, at = excluded.at, rev = excluded.rev, because = excluded.because, undone_at = null,
        was_parked = excluded.was_parked, parked_for = excluded.parked_for
  returning 1
)
select count(*)::int as reached, case when count(*) > 0 then pg_notify('usher_due', $2::int::text) end as told from reached`;

interface Reached {
  reached: number;
}

const REACH_STAGE = {
  pilot: statement<Reached>('rollout-reach-pilot', REACH(CANDIDATES.pilot)),
  percent: statement<Reached>('rollout-reach-percent', REACH(CANDIDATES.percent)),
  everyone: statement<Reached>('rollout-reach-everyone', REACH(CANDIDATES.everyone)),
};
const TAKE_OVER = statement<Reached>('rollout-take-over', REACH(CANDIDATES['taken over']));

export interface ReachRequest {
  rolloutId: number;
  appId: number;
  now: Date;
  stage: number;
  /** Keep the account as it was last read: the version before does not say everything that this one writes. */
  keepObserved: boolean;
}

/** Reaches whoever the stage brings in. Gives how many those are. */
export async function reachStage(db: PoolClient, kind: StageKind, request: ReachRequest): Promise<number> {
  const { rolloutId, appId, now, stage, keepObserved } = request;
  const row = await REACH_STAGE[kind].find(db, [rolloutId, appId, now, stage, keepObserved]);
  return row?.reached ?? 0;
}

/** Reaches whoever the rollout before had reached. */
export async function takeOverReached(db: PoolClient, from: number, request: ReachRequest): Promise<number> {
  const { rolloutId, appId, now, stage, keepObserved } = request;
  const row = await TAKE_OVER.find(db, [rolloutId, appId, now, stage, keepObserved, from]);
  return row?.reached ?? 0;
}

const TAKEN_OVER_AGAIN = statement<Reached>(
  'rollout-take-over-again',
  REACH(`select rr.user_id, rr.because from rollout_reach rr
    where rr.rollout_id = $1 and rr.undone_at is not null and rr.because like 'taken over%'`),
);

/** Reaches again whoever was taken over and withdrawn while the rollout stood still. */
export async function reachTakenOverAgain(db: PoolClient, request: ReachRequest): Promise<number> {
  const { rolloutId, appId, now, stage, keepObserved } = request;
  return (await TAKEN_OVER_AGAIN.find(db, [rolloutId, appId, now, stage, keepObserved]))?.reached ?? 0;
}

/*
 * Takes back whom a rollout has reached, from a stage on, and makes exactly their links due: they are brought back to
 * what served them before. `unworked` takes back only those whose link has not been worked since.
 */
const WITHDRAW = (which: string) => `
with taken as materialized (
  select s.user_id from rollout_reach rr join link_schedule s on s.app_id = $2 and s.user_id = rr.user_id
  where rr.rollout_id = $1 and rr.undone_at is null and rr.stage >= $4 ${which}
  order by s.user_id for no key update of s
),
raised as (
  update link_schedule s set wanted_rev = s.wanted_rev + 1, next_due_at = least(s.next_due_at, $3)
  from taken t where s.app_id = $2 and s.user_id = t.user_id
  returning s.user_id, s.wanted_rev
),
undone as (
  update rollout_reach rr set undone_at = $3 from taken t where rr.rollout_id = $1 and rr.user_id = t.user_id returning rr.user_id
),
proof as (
  insert into rollback_account (rollback_id, user_id, rev)
  select $5, r.user_id, r.wanted_rev from raised r where $5::int is not null
  returning 1
)
select (select count(*)::int from undone) as reached, (select count(*) from proof) as proofs,
  case when exists (select from undone) then pg_notify('usher_due', $2::int::text) end as told`;
const WITHDRAW_ALL = statement<Reached>('rollout-withdraw', WITHDRAW(''));
const WITHDRAW_UNWORKED = statement<Reached>('rollout-withdraw-unworked', WITHDRAW('and s.done_rev < rr.rev'));

export interface WithdrawRequest {
  rolloutId: number;
  appId: number;
  now: Date;
  /** Of this stage and those after it. */
  fromStage: number;
  /** Whose way back is proved from the target. */
  rollbackId: number | null;
}

export async function withdrawReached(db: PoolClient, request: WithdrawRequest): Promise<number> {
  const { rolloutId, appId, now, fromStage, rollbackId } = request;
  return (await WITHDRAW_ALL.find(db, [rolloutId, appId, now, fromStage, rollbackId]))?.reached ?? 0;
}

/** Takes back whoever has not been worked yet: nothing of the version was written for them, or it is written back. */
export async function withdrawUnworked(db: PoolClient, request: Omit<WithdrawRequest, 'rollbackId'>): Promise<number> {
  const { rolloutId, appId, now, fromStage } = request;
  return (await WITHDRAW_UNWORKED.find(db, [rolloutId, appId, now, fromStage, null]))?.reached ?? 0;
}

const MARK_WRITTEN = statement<Reached>(
  'rollback-mark-written',
  `with taken as materialized (
     select s.user_id, l.version = $3 and l.remote_id is not null as is_written
     from link_schedule s left join account_link l on l.app_id = s.app_id and l.user_id = s.user_id
     where s.app_id = $1 order by s.user_id for no key update of s
   ),
   raised as (
     update link_schedule s set wanted_rev = s.wanted_rev + 1, next_due_at = least(s.next_due_at, $2)
     from taken t where s.app_id = $1 and s.user_id = t.user_id
     returning s.user_id, s.wanted_rev, t.is_written
   ),
   proof as (
     insert into rollback_account (rollback_id, user_id, rev)
     select $4, user_id, wanted_rev from raised where is_written returning 1
   )
   select count(*)::int as reached, pg_notify('usher_due', $1::int::text) as told from proof`,
);

/** Makes every link of an app due, and proves those whose account the version wrote. Gives how many those are. */
export async function markWritten(
  db: PoolClient,
  request: { appId: number; now: Date; version: number; rollbackId: number },
): Promise<number> {
  const { appId, now, version, rollbackId } = request;
  return (await MARK_WRITTEN.find(db, [appId, now, version, rollbackId]))?.reached ?? 0;
}

const COUNT_PILOT = statement<{ count: number }>(
  'rollout-count-pilot',
  `select count(*)::int as count from (${CANDIDATES.pilot}) c where $4::int is null`,
);

/** How many of those named in a pilot are concerned by the app. */
export async function countPilot(db: Queryable, rolloutId: number, appId: number, now: Date): Promise<number> {
  return (await COUNT_PILOT.find(db, [rolloutId, appId, now, null]))?.count ?? 0;
}

/* Each user counts in the first stage that brings them in, and no more once they are reached. */
const COUNT_NEWCOMERS = statement<{ ordinal: number; newcomers: number }>(
  'rollout-count-newcomers',
  `with people as materialized (
     select p.user_id, rollout_bucket($1::int, p.user_id) as bucket, m.user_id is not null as is_pilot
     from (${POPULATION}) p
     left join (select distinct user_id from (${PILOT_MEMBERS}) pm) m on m.user_id = p.user_id
     where not exists (
       select from rollout_reach rr where rr.rollout_id = $1 and rr.user_id = p.user_id and rr.undone_at is null)
   ),
   first as (
     select (select min(s.ordinal) from rollout_stage s where s.rollout_id = $1 and (
         s.kind = 'everyone' or (s.kind = 'percent' and bucket < 100 * s.percent) or (s.kind = 'pilot' and is_pilot))) as ordinal
     from people
   )
   select s.ordinal, (select count(*)::int from first f where f.ordinal = s.ordinal) as newcomers
   from rollout_stage s where s.rollout_id = $1 order by s.ordinal`,
);

/** How many users each stage would bring in now, by its ordinal; those of a stage that has begun have their turn yet. */
export async function countNewcomers(
  db: Queryable,
  rolloutId: number,
  appId: number,
  now: Date,
): Promise<Map<number, number>> {
  const rows = await COUNT_NEWCOMERS.rows(db, [rolloutId, appId, now]);
  return new Map(rows.map(({ ordinal, newcomers }) => [ordinal, newcomers]));
}
