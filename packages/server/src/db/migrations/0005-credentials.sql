-- ── secrets ──────────────────────────────────────────────────────────────────────────────────────────────────

-- Whatever is sealed beside the credential in force: consumer secrets, refresh tokens, private keys, secrets of alert
-- channels. `owner` is "app 12", "alert channel 3": with the field and the origins it is what the seal belongs to.
create table sealed_secret (
  owner text not null,
  field text not null,
  app_id int references connected_app on delete cascade,
  sealed text not null,
  key_id text not null,
  origins text[] not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (owner, field)
);
create index sealed_secret_app on sealed_secret (app_id) where app_id is not null;

-- ── the connected app as others see it ───────────────────────────────────────────────────────────────────────

create table app_presentation (
  app_id int primary key references connected_app on delete cascade,
  contact_name text,
  contact_email text,
  contact_phone text,
  info_url text,
  logo bytea,
  logo_type text,
  updated_at timestamptz not null
);

-- How an app is known to its target's authorization server. The endpoints in the document were pinned when it was saved:
-- what a discovery document says later changes nothing.
create table oauth_settings (
  app_id int primary key references connected_app on delete cascade,
  document json not null,
  consumer_key text,
  consumer_source text check (consumer_source in ('generated', 'entered', 'registered')),
  consumer_secret_expires_at timestamptz,
  -- the second pair of a rotation: one that is to come, or the one that was replaced
  staged_key text,
  staged_state text check (staged_state in ('staged', 'rotated')),
  staged_at timestamptz,
  staged_by text,
  staged_expires_at timestamptz,
  -- the staged pair was accepted while the present one was not
  staged_worked_at timestamptz,
  registration json,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- The certificate that an app shows to its target and to the target's authorization server.
create table client_certificate (
  app_id int primary key references connected_app on delete cascade,
  certificate text not null,
  subject text not null,
  fingerprint text not null,
  not_before timestamptz not null,
  not_after timestamptz not null,
  updated_at timestamptz not null
);

-- An authorization that a person has begun at the target and that has not come back yet.
create table authorization_attempt (
  id uuid primary key,
  state_hash bytea not null unique,
  app_id int not null references connected_app on delete cascade,
  callback_url text not null,
  -- of the cookie of the browser that began it; null where no browser did
  browser_hash bytea,
  begun_by text not null,
  -- the code verifier and the nonce
  sealed text not null,
  -- of the settings that it was begun with
  settings_hash text not null,
  return_to text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index authorization_attempt_expires on authorization_attempt (expires_at);

-- ── the life of the credential in force ──────────────────────────────────────────────────────────────────────

create table credential_health (
  app_id int primary key references connected_app on delete cascade,
  kind text not null,
  grant_type text,
  -- raised by each new set of tokens; whoever renews does so for one generation
  generation bigint not null default 1,
  state text not null default 'live' check (state in ('live', 'refused', 'dead')),
  obtained_at timestamptz not null,
  access_expires_at timestamptz,
  has_refresh_token boolean not null default false,
  refresh_issued_at timestamptz,
  rotates boolean,
  refreshes bigint not null default 0,
  -- whose it is
  account json,
  owner_user_id uuid,
  authorized_at timestamptz not null,
  authorized_by text not null,
  scopes_requested text[] not null default '{}',
  scopes_granted text[] not null default '{}',
  verified_at timestamptz,
  verification json,
  -- how long it lives: entered by a person, and what was learned
  policy json,
  learned json,
  last_used_at timestamptz,
  last_used_for text,
  predicted_death_at timestamptz,
  predicted_why text,
  keep_alive_at timestamptz,
  -- after a restore: another instance may hold the same refresh token, and using it here would end both
  suspended boolean not null default false,
  died_at timestamptz,
  problem json,
  failures int not null default 0,
  retry_at timestamptz,
  -- the intent: a refresh token is about to be spent, by the database's clock until the deadline
  attempt_id uuid,
  attempt_started_at timestamptz,
  attempt_deadline timestamptz,
  -- a request that may have spent the refresh token of this generation was never answered
  lost_since timestamptz
);
create index credential_health_keep_alive on credential_health (keep_alive_at) where keep_alive_at is not null;

-- Ended lives, for what can be learned from them.
create table credential_life (
  id bigint generated always as identity primary key,
  app_id int not null references connected_app on delete cascade,
  kind text not null,
  authorized_at timestamptz not null,
  died_at timestamptz not null,
  -- since the refresh token was issued or last used
  idle_seconds bigint,
  age_seconds bigint not null,
  cause text not null,
  message text not null
);
create index credential_life_app on credential_life (app_id, id desc);

-- Everything of an app that ends by itself, and the last threshold that was told.
create table credential_expiry (
  app_id int not null references connected_app on delete cascade,
  what text not null check (what in ('credential', 'consumer secret', 'staged secret', 'client certificate')),
  expires_at timestamptz not null,
  why text not null,
  -- each refresh puts it off: it is told of only when the refresh is overdue
  put_off boolean not null default false,
  told_days int,
  primary key (app_id, what)
);
create index credential_expiry_at on credential_expiry (expires_at);

-- ── alerts ───────────────────────────────────────────────────────────────────────────────────────────────────

create table alert_channel (
  id int generated always as identity primary key,
  name text not null,
  kind text not null check (kind in ('webhook', 'email')),
  config json not null,
  -- kinds of alerts; empty is all
  kinds text[] not null default '{}',
  enabled boolean not null default true,
  revision bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index alert_channel_name_key on alert_channel (lower(name));

create table alert (
  id uuid primary key,
  -- the same cause is told once
  key text not null unique,
  kind text not null,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  app_id int references connected_app on delete set null,
  app text,
  title text not null,
  message text not null,
  next_step text not null,
  link text,
  facts json,
  created_at timestamptz not null,
  resolved_at timestamptz
);
create index alert_created on alert (created_at desc, id desc);
create index alert_open on alert (app_id, kind) where resolved_at is null;

create table alert_delivery (
  alert_id uuid not null references alert on delete cascade,
  channel_id int not null references alert_channel on delete cascade,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'given up')),
  attempts int not null default 0,
  -- who sends moves it past the longest that a sending may last
  next_attempt_at timestamptz,
  last_problem text,
  delivered_at timestamptz,
  primary key (alert_id, channel_id)
);
create index alert_delivery_due on alert_delivery (next_attempt_at) where state = 'waiting';
