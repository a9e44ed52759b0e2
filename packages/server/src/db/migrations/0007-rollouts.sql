-- ── rollouts ─────────────────────────────────────────────────────────────────────────────────────────────────

-- How a configuration version reaches people: by stages, or everyone at once with a reason.
create table rollout (
  id int generated always as identity primary key,
  app_id int not null references connected_app on delete cascade,
  version int not null,
  -- What serves those whom it has not reached; null: nobody was served before, and they wait.
  base_version int,
  state text not null check (state in
    ('planned', 'running', 'paused', 'halted', 'stopped', 'completed', 'rolled back', 'superseded')),
  -- Ordinal of the stage that it is in; -1 before the start.
  stage int not null default -1,
  settings jsonb not null,
  -- Why it reached everyone at once, watched by no gate.
  without_rollout text,
  -- Attributes that this version writes and the one before does not name.
  added_paths text[] not null default '{}',
  -- Why it stands still or ended: the cause, who, when.
  halt json,
  revision bigint not null default 1,
  note text,
  created_at timestamptz not null,
  created_by text not null,
  started_at timestamptz,
  ended_at timestamptz,
  -- The last command, for whoever comes too late.
  changed_at timestamptz not null,
  changed_by text not null,
  changed_how text not null
);
create unique index rollout_open on rollout (app_id) where state in ('running', 'paused', 'halted', 'stopped');
create index rollout_app on rollout (app_id, id desc);

create table rollout_stage (
  rollout_id int not null references rollout on delete cascade,
  ordinal int not null,
  kind text not null check (kind in ('pilot', 'percent', 'everyone')),
  percent real,
  started_at timestamptz,
  started_by text,
  -- Why a gate that was closed was passed, and which ones those were.
  override_reason text,
  overridden json,
  -- Time in which the stage was watched, and the last moment that is counted in it.
  soaked_ms bigint not null default 0,
  seen_at timestamptz,
  seen_by text,
  reached int not null default 0,
  primary key (rollout_id, ordinal)
);

create table rollout_pilot (
  rollout_id int not null references rollout on delete cascade,
  user_id uuid references directory_user,
  profile_id int references profile on delete cascade,
  permission_set_id int references permission_set on delete cascade,
  check (num_nonnulls(user_id, profile_id, permission_set_id) = 1)
);
create index rollout_pilot_rollout on rollout_pilot (rollout_id);

-- Whom a rollout has reached. Stays when the user leaves what made them part of it; only going back undoes it.
create table rollout_reach (
  rollout_id int not null,
  user_id uuid not null,
  stage int not null,
  at timestamptz not null,
  -- The revision of the link that this made due: when it is done, the stage's work for the user is.
  rev bigint not null,
  -- user, profile 3, permission set 12, bucket 734, everyone, taken over 4
  because text not null,
  -- Was in trouble already, which is not this version's doing.
  was_parked boolean not null default false,
  -- The account as it was last read, where the version before does not say what it was.
  observed json,
  undone_at timestamptz,
  primary key (rollout_id, user_id)
);
create index rollout_reach_stage on rollout_reach (rollout_id, stage) where undone_at is null;

-- Cuts everyone into 10,000 shares, anew for each rollout: the share of a stage is those below its percent.
create function rollout_bucket(rollout int, "user" uuid) returns int
  language sql immutable parallel safe
  return (('x' || substr(md5(rollout || ':' || "user"), 1, 8))::bit(32)::bigint % 10000)::int;

-- The rollout that decides what serves whom; null: the active version serves everyone.
alter table connected_app add column rollout_id int;

-- A way back, with its proof from the target.
create table rollback (
  id int generated always as identity primary key,
  rollout_id int not null references rollout on delete cascade,
  app_id int not null,
  -- Users of this stage and above go back.
  from_stage int not null,
  from_version int not null,
  to_version int,
  state text not null check (state in ('healing', 'proving', 'done')),
  at timestamptz not null,
  by text not null,
  reason text not null,
  marked int not null default 0,
  -- The last user whose account was read.
  at_user uuid,
  finished_at timestamptz
);
create index rollback_app on rollback (app_id, id desc);
create index rollback_unfinished on rollback (at) where state <> 'done';

create table rollback_account (
  rollback_id int not null references rollback on delete cascade,
  user_id uuid not null,
  rev bigint not null,
  state text not null default 'healing' check (state in
    ('healing', 'as before', 'differs', 'gone', 'no account', 'held', 'parked', 'left', 'could not be read')),
  -- Attributes that are not what the version before says: path, expected, found.
  differences json,
  detail text,
  read_at timestamptz,
  primary key (rollback_id, user_id)
);

-- ── guards ───────────────────────────────────────────────────────────────────────────────────────────────────

-- Guard limits of an app that differ from the defaults: app state, effective at once.
create table app_guards (
  app_id int primary key references connected_app on delete cascade,
  document jsonb not null,
  updated_at timestamptz not null,
  updated_by text not null
);

-- What thresholds other than that of deactivations count: written in the intent's commit.
create table guard_ledger (
  app_id int not null,
  guard text not null,
  user_id uuid not null,
  at timestamptz not null,
  released boolean not null default false
);
create index guard_ledger_window on guard_ledger (app_id, guard, at);

-- What holds are grouped by, who may decide one that asks for approval, and the guards that people let it through.
alter table hold
  add column cause text not null default '',
  add column approvers json,
  add column passed text[] not null default '{}',
  add column alerts int not null default 0;
create index hold_cause on hold (app_id, cause) where state = 'open';
create index hold_alert on hold (next_alert_at) where state = 'open';

-- ── what is left undone on purpose ───────────────────────────────────────────────────────────────────────────

-- The operation that a person decided not to have for this link: until the user leaves or returns.
alter table account_link add column dismissed text check (dismissed in ('create', 'deactivate', 'reactivate', 'delete'));
create index account_link_deletions on account_link (app_id, delete_at) where delete_at is not null;

create table dismissal (
  id bigint generated always as identity primary key,
  app_id int not null,
  user_id uuid not null,
  operation text not null,
  -- The change that will not be sent.
  changes json,
  reason text not null,
  at timestamptz not null,
  by text not null
);
create index dismissal_app on dismissal (app_id, id desc);
