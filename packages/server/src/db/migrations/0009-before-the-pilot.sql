-- ── matching reports ─────────────────────────────────────────────────────────────────────────────────────────────

-- Which accounts of a target are whose, read from its list before anything is written there.
create table matching_report (
  id uuid primary key,
  app_id int not null references connected_app on delete cascade,
  -- What it is made under, and where.
  version int not null,
  connector text not null,
  base_url text not null,
  state text not null check (state in ('waiting', 'reading', 'matching', 'ready', 'failed', 'cancelled')),
  created_at timestamptz not null,
  created_by text not null,
  note text,
  started_at timestamptz,
  finished_at timestamptz,
  -- How far the list is read, and how far the users are.
  cursor text,
  pages int not null default 0,
  accounts int not null default 0,
  at_user uuid,
  users int not null default 0,
  -- The present pause after a failure, and how many there were in a row.
  retry_at timestamptz,
  failures int not null default 0,
  problem text,
  cancel_requested boolean not null default false,
  counts json
);
create index matching_report_app on matching_report (app_id, created_at desc);
create index matching_report_unfinished on matching_report (created_at) where state in ('waiting', 'reading', 'matching');

-- What was read, until it is sorted. Keys are the values of the matching attributes, hashed; null is none.
create unlogged table matching_account (
  report_id uuid not null references matching_report on delete cascade,
  remote_id text not null,
  name text,
  display_name text,
  email text,
  active boolean,
  keys bigint[] not null,
  primary key (report_id, remote_id)
);
create unlogged table matching_user (
  report_id uuid not null references matching_report on delete cascade,
  user_id uuid not null,
  username text not null,
  standing text not null,
  keys bigint[] not null,
  linked text,
  primary key (report_id, user_id)
);

-- One line of a report: an account with whose it is, or a user who has none.
create table matching_item (
  report_id uuid not null references matching_report on delete cascade,
  id int not null,
  category text not null
    check (category in ('matched', 'ambiguous', 'missing', 'orphaned', 'inactive', 'duplicate')),
  remote_id text,
  account_name text,
  display_name text,
  email text,
  active boolean,
  user_id uuid,
  username text,
  standing text check (standing in ('entitled', 'out of scope', 'not assigned', 'inactive', 'deleted')),
  matched_by text,
  -- It was linked already when the report was made.
  linked boolean not null default false,
  -- Other accounts and users that it might belong to.
  other_accounts text[] not null default '{}',
  other_users uuid[] not null default '{}',
  explanation text,
  decision text check (decision in ('link', 'ignore')),
  decided_at timestamptz,
  decided_by text,
  decision_note text,
  -- Why a decision could not be carried out.
  refusal text,
  primary key (report_id, id)
);
create index matching_item_category on matching_item (report_id, category, id);
create index matching_item_user on matching_item (user_id) where user_id is not null;

-- A decision for everything that a filter finds, carried out in the background.
create table matching_resolution (
  id uuid primary key,
  report_id uuid not null references matching_report on delete cascade,
  decision text not null check (decision in ('link', 'ignore', 'undecided')),
  filter json not null,
  note text,
  state text not null check (state in ('waiting', 'running', 'done', 'failed')),
  at_item int not null default 0,
  done int not null default 0,
  refused int not null default 0,
  created_at timestamptz not null,
  actor json not null,
  finished_at timestamptz,
  problem text
);
create index matching_resolution_report on matching_resolution (report_id, created_at);
create index matching_resolution_unfinished on matching_resolution (created_at) where state in ('waiting', 'running');

-- Decisions that are made by themselves on each report that becomes ready, in their order.
create table matching_rule (
  app_id int not null references connected_app on delete cascade,
  ordinal int not null,
  decision text not null check (decision in ('link', 'ignore')),
  filter json not null,
  note text,
  primary key (app_id, ordinal)
);

-- Accounts that a person said are nobody's here.
create table ignored_account (
  app_id int not null references connected_app on delete cascade,
  remote_id text not null,
  at timestamptz not null,
  by text not null,
  note text,
  primary key (app_id, remote_id)
);

-- ── deactivation drills ──────────────────────────────────────────────────────────────────────────────────────────

-- Whether an account can be taken away and given back, tried on a test user.
create table drill (
  id uuid primary key,
  app_id int not null references connected_app on delete cascade,
  user_id uuid not null,
  username text not null,
  version int not null,
  -- What it proves something about: another one expires it.
  fingerprint text not null,
  connector text not null,
  base_url text not null,
  state text not null check (state in ('waiting', 'running', 'passed', 'failed', 'cancelled')),
  created_at timestamptz not null,
  created_by text not null,
  started_at timestamptz,
  finished_at timestamptz,
  -- The account that it made, while it may be there.
  remote_id text,
  problem text,
  next_step text,
  cancel_requested boolean not null default false
);
create index drill_app on drill (app_id, created_at desc);
create index drill_unfinished on drill (created_at) where state in ('waiting', 'running');

create table drill_step (
  drill_id uuid not null references drill on delete cascade,
  ordinal int not null,
  step text not null,
  state text not null check (state in ('running', 'passed', 'failed', 'skipped')),
  message text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  -- What was sent and answered, as evidence.
  exchanges json,
  primary key (drill_id, ordinal)
);
