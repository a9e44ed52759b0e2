-- Whether any rule may read the user's manager: over the text of the mapping, for one that is asked in vain costs little
-- and one that is forgotten leaves an account without its manager.
alter table app_configuration add column reads_manager boolean not null
  generated always as (position('manager' in lower((document -> 'mapping')::text)) > 0) stored;

-- A link that gains, changes or loses its remote id changes what the mapping says of those whose manager the user is.
-- In the database, because every way to write a link must mark them in its own transaction: outcomes, links made and
-- forgotten by hand, transfers, and whatever comes later.
create function mark_reports(linked_app int, linked_users uuid[], at timestamptz) returns void language plpgsql as $$
declare
  marked bigint;
begin
  if not exists (select from app_configuration c where c.app_id = linked_app and c.reads_manager) then
    return;
  end if;
  with reports as materialized (
    select s.app_id, s.user_id
    from directory_user u
    join link_schedule s on s.app_id = linked_app and s.user_id = u.id
    where u.manager_id = any (linked_users)
    order by s.app_id, s.user_id for no key update of s
  )
  update link_schedule s
  set wanted_rev = s.wanted_rev + 1, next_due_at = least(s.next_due_at, at)
  from reports r where s.app_id = r.app_id and s.user_id = r.user_id;
  get diagnostics marked = row_count;
  if marked > 0 then
    perform pg_notify('usher_due', linked_app::text);
  end if;
end $$;

create function mark_reports_of_new_links() returns trigger language plpgsql as $$
declare
  fresh record;
begin
  for fresh in
    select app_id, array_agg(user_id) as users, max(updated_at) as at from linked where remote_id is not null group by app_id
  loop
    perform mark_reports(fresh.app_id, fresh.users, fresh.at);
  end loop;
  return null;
end $$;
create trigger account_link_new_references after insert on account_link referencing new table as linked
  for each statement execute function mark_reports_of_new_links();

create function mark_reports_of_changed_link() returns trigger language plpgsql as $$
begin
  perform mark_reports(new.app_id, array[new.user_id], new.updated_at);
  return null;
end $$;
create trigger account_link_changed_reference after update on account_link
  for each row when (old.remote_id is distinct from new.remote_id)
  execute function mark_reports_of_changed_link();

-- ── population plans ─────────────────────────────────────────────────────────────────────────────────────────

-- What a configuration would do to everybody, computed once and kept with its inputs until newer plans replace it.
create table population_plan (
  id uuid primary key,
  app_id int not null references connected_app on delete cascade,
  state text not null
    check (state in ('waiting', 'running', 'ready', 'failed', 'cancelled', 'applying', 'applied')),
  -- The configuration that was planned, complete; a saved version, or one that an apply will save.
  document jsonb not null,
  version int,
  -- What was in force, and where, when the plan was asked for: an apply demands that it still is.
  base_version int,
  connector text not null,
  base_url text not null,
  -- Names of who is planned; null is everybody.
  scope json,
  -- The moment that the plan is made for.
  planned_at timestamptz not null,
  created_at timestamptz not null,
  created_by text not null,
  note text,
  finished_at timestamptz,
  total int not null default 0,
  done int not null default 0,
  -- The last user that is done, of the planning or of the applying.
  at_user uuid,
  counts json not null,
  collisions json,
  problem text,
  cancel_requested boolean not null default false,
  applied_at timestamptz,
  applied_by text,
  applied_version int,
  -- Users of the plan that were marked, and that were left out because they changed meanwhile.
  marked int not null default 0,
  left_out int not null default 0
);
create index population_plan_app on population_plan (app_id, created_at desc);
create index population_plan_unfinished on population_plan (created_at) where state in ('waiting', 'running', 'applying');

-- Only users for whom something would happen have a row.
create table population_plan_change (
  plan_id uuid not null references population_plan on delete cascade,
  user_id uuid not null,
  username text not null,
  operation text not null
    check (operation in ('create', 'update', 'deactivate', 'reactivate', 'delete', 'unlink', 'look for', 'park')),
  -- The same as that of the present plan: the user has not changed since.
  hash text not null,
  cause text not null,
  -- enters: will have a usable account and has none now; leaves: the other way round
  movement text check (movement in ('enters', 'leaves')),
  held boolean not null default false,
  changes json not null,
  paths text[] not null,
  reason json,
  left_out text,
  primary key (plan_id, user_id)
);

-- Who is looked at, fixed at the beginning; emptied at the end.
create unlogged table population_plan_user (
  plan_id uuid not null,
  user_id uuid not null,
  primary key (plan_id, user_id)
);
-- Unique values of everybody, by hash, to find two users with one value; emptied at the end.
create unlogged table population_plan_value (
  plan_id uuid not null,
  path text not null,
  hash bigint not null,
  user_id uuid not null
);
create index population_plan_value_plan on population_plan_value (plan_id);
