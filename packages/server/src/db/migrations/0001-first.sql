-- Times are written by the server from its clock, so that tests can move it; only leases use the database's.

-- ── directory ────────────────────────────────────────────────────────────────────────────────────────────────

create table profile (
  id int generated always as identity primary key,
  name text not null,
  description text,
  revision bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index profile_name_key on profile (lower(name));

create table permission_set (
  id int generated always as identity primary key,
  name text not null,
  label text not null,
  description text,
  revision bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index permission_set_name_key on permission_set (lower(name));

create table permission_set_group (
  id int generated always as identity primary key,
  name text not null,
  label text not null,
  description text,
  revision bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index permission_set_group_name_key on permission_set_group (lower(name));

create table permission_set_group_component (
  permission_set_group_id int not null references permission_set_group on delete cascade,
  permission_set_id int not null references permission_set on delete cascade,
  primary key (permission_set_group_id, permission_set_id)
);
create index permission_set_group_component_set on permission_set_group_component (permission_set_id);

create table custom_field (
  name text primary key check (name ~ '^[A-Za-z][A-Za-z0-9_]*__c$'),
  label text not null,
  type text not null check (type in ('text', 'number', 'boolean', 'date', 'dateTime', 'picklist', 'multipicklist')),
  length int,
  picklist_values text[],
  required boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index custom_field_name_key on custom_field (lower(name));

-- The columns are what SQL itself decides by; `fields` has every other field of the Salesforce User object and the
-- custom ones by API name, blank ones absent.
create table directory_user (
  id uuid primary key,
  username text not null,
  is_active boolean not null,
  profile_id int not null references profile,
  manager_id uuid references directory_user,
  is_test boolean not null default false,
  fields jsonb not null,
  revision bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz
) with (fillfactor = 85);
create unique index directory_user_username_key on directory_user (lower(username)) where deleted_at is null;
create index directory_user_email on directory_user (lower(fields ->> 'Email'));
create index directory_user_name on directory_user (lower(fields ->> 'LastName'), lower(fields ->> 'FirstName'));
create unique index directory_user_federation_identifier_key on directory_user ((fields ->> 'FederationIdentifier'))
  where deleted_at is null and fields ? 'FederationIdentifier';
create index directory_user_profile on directory_user (profile_id);
create index directory_user_manager on directory_user (manager_id) where manager_id is not null;

create table permission_set_assignment (
  id bigint generated always as identity primary key,
  user_id uuid not null references directory_user,
  permission_set_id int references permission_set on delete cascade,
  permission_set_group_id int references permission_set_group on delete cascade,
  expires_at timestamptz,
  created_at timestamptz not null,
  check (num_nonnulls(permission_set_id, permission_set_group_id) = 1)
);
create unique index permission_set_assignment_set_key on permission_set_assignment (user_id, permission_set_id)
  where permission_set_id is not null;
create unique index permission_set_assignment_group_key on permission_set_assignment (user_id, permission_set_group_id)
  where permission_set_group_id is not null;
create index permission_set_assignment_set on permission_set_assignment (permission_set_id) where permission_set_id is not null;
create index permission_set_assignment_group on permission_set_assignment (permission_set_group_id)
  where permission_set_group_id is not null;

-- ── connected apps ───────────────────────────────────────────────────────────────────────────────────────────

create table connected_app (
  id int generated always as identity primary key,
  name text not null check (name ~ '^[A-Za-z][A-Za-z0-9_]*$'),
  label text not null,
  description text,
  connector text not null,
  base_url text not null,
  state text not null default 'draft' check (state in ('draft', 'active', 'paused')),
  active_version int,
  create_enabled boolean not null default true,
  update_enabled boolean not null default true,
  deactivate_enabled boolean not null default true,
  reactivate_enabled boolean not null default true,
  deactivation_limit_count int not null default 10 check (deactivation_limit_count >= 0),
  deactivation_limit_percent real not null default 5 check (deactivation_limit_percent between 0 and 100),
  max_concurrency int not null default 8 check (max_concurrency between 1 and 256),
  max_per_second real check (max_per_second > 0),
  -- The target asked to be left alone until then (Retry-After).
  stopped_until timestamptz,
  quarantined_at timestamptz,
  quarantine_cause text,
  quarantine_detail json,
  probe_at timestamptz,
  probe_attempts int not null default 0,
  revision bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index connected_app_name_key on connected_app (lower(name));

create table app_configuration (
  app_id int not null references connected_app on delete cascade,
  version int not null,
  document jsonb not null,
  author text not null,
  note text,
  created_at timestamptz not null,
  primary key (app_id, version)
);

create table app_credential (
  app_id int primary key references connected_app on delete cascade,
  kind text not null,
  sealed text not null,
  key_id text not null,
  origins text[] not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table app_assignment (
  id int generated always as identity primary key,
  app_id int not null references connected_app on delete cascade,
  profile_id int references profile on delete cascade,
  permission_set_id int references permission_set on delete cascade,
  permission_set_group_id int references permission_set_group on delete cascade,
  created_at timestamptz not null,
  check (num_nonnulls(profile_id, permission_set_id, permission_set_group_id) = 1)
);
create unique index app_assignment_key on app_assignment
  (app_id, coalesce(profile_id, 0), coalesce(permission_set_id, 0), coalesce(permission_set_group_id, 0));
create index app_assignment_profile on app_assignment (profile_id) where profile_id is not null;
create index app_assignment_set on app_assignment (permission_set_id) where permission_set_id is not null;
create index app_assignment_group on app_assignment (permission_set_group_id) where permission_set_group_id is not null;

-- Who is granted which app, by what, until when. The caller compares expires_at with its own now.
create view effective_grant (app_id, user_id, kind, name, through, expires_at) as
  select aa.app_id, u.id, 'profile', p.name, null::text, null::timestamptz
    from app_assignment aa
    join directory_user u on u.profile_id = aa.profile_id
    join profile p on p.id = aa.profile_id
  union all
  select aa.app_id, a.user_id, 'permission set', s.name, null::text, a.expires_at
    from app_assignment aa
    join permission_set_assignment a on a.permission_set_id = aa.permission_set_id
    join permission_set s on s.id = aa.permission_set_id
  union all
  select aa.app_id, a.user_id, 'permission set', s.name, g.name, a.expires_at
    from app_assignment aa
    join permission_set_group_component c on c.permission_set_id = aa.permission_set_id
    join permission_set_assignment a on a.permission_set_group_id = c.permission_set_group_id
    join permission_set s on s.id = aa.permission_set_id
    join permission_set_group g on g.id = c.permission_set_group_id
  union all
  select aa.app_id, a.user_id, 'permission set group', g.name, null::text, a.expires_at
    from app_assignment aa
    join permission_set_assignment a on a.permission_set_group_id = aa.permission_set_group_id
    join permission_set_group g on g.id = aa.permission_set_group_id;

-- ── engine ───────────────────────────────────────────────────────────────────────────────────────────────────

-- At most one pump works an app. A takeover raises the epoch, and every commit of a pump checks it.
create table pump_lease (
  app_id int primary key references connected_app on delete cascade,
  holder text not null,
  epoch bigint not null,
  expires_at timestamptz not null
);

-- The tables of the hot path have no foreign keys: users are never deleted here, and an app takes its rows along.

-- When a link is worked next: narrow and apart from the snapshot, so that marking 100,000 links rewrites little.
-- Due means next_due_at <= now. An outcome moves done_rev to the wanted_rev that was read at claim, never further.
create table link_schedule (
  app_id int not null,
  user_id uuid not null,
  wanted_rev bigint not null default 1,
  done_rev bigint not null default 0,
  next_due_at timestamptz,
  -- 0 may take access away, 1 a person waits for it, 2 the rest
  urgency smallint not null default 2,
  attempts smallint not null default 0,
  -- a write was sent whose outcome is unknown: the target is read before anything is written
  read_first boolean not null default false,
  -- by user first: changes of the directory name users, and one index serves both look-ups
  primary key (user_id, app_id)
) with (fillfactor = 70);
create index link_schedule_due on link_schedule (app_id, urgency, next_due_at) where next_due_at is not null;

-- What we know of the account of a user at an app.
create table account_link (
  app_id int not null,
  user_id uuid not null,
  remote_id text,
  account_state text not null default 'absent' check (account_state in ('absent', 'active', 'deactivated', 'deleted')),
  -- the configuration version that made `applied`
  version int,
  applied json,
  observed json,
  observed_version text,
  remote_username text,
  standing text not null default 'settled'
    check (standing in ('settled', 'waiting', 'retrying', 'parked', 'held')),
  reason json,
  -- unfinished request that the next attempt continues
  request_id uuid,
  request_created_at timestamptz,
  delete_at timestamptz,
  recreated_at timestamptz,
  linked_at timestamptz,
  updated_at timestamptz not null,
  primary key (app_id, user_id)
) with (fillfactor = 60); -- room for the next version of the row on its page: no index is touched then
create unique index account_link_remote_id_key on account_link (app_id, remote_id) where remote_id is not null;
create index account_link_user on account_link (user_id);
create index account_link_standing on account_link (app_id, standing) where standing <> 'settled';
create index account_link_remote_username on account_link (app_id, lower(remote_username)) where remote_username is not null;

create table provisioning_request (
  id uuid not null,
  created_at timestamptz not null,
  app_id int not null,
  user_id uuid not null,
  operation text not null check (operation in ('create', 'update', 'deactivate', 'reactivate', 'delete', 'link')),
  state text not null check (state in ('New', 'Requested', 'Completed', 'Failed', 'Retried', 'Manually Completed')),
  cause text not null,
  version int,
  attempts smallint not null default 0,
  -- the change as planned: path, before, after
  changes json,
  outcome text,
  reason_code text,
  reason text,
  next_step text,
  retry_at timestamptz,
  parent_id uuid,
  completed_at timestamptz,
  completed_by text,
  note text,
  primary key (id, created_at)
) partition by range (created_at);
create index provisioning_request_user on provisioning_request (user_id, app_id, created_at desc);
create index provisioning_request_failed on provisioning_request (app_id, reason_code) where state = 'Failed';
create index provisioning_request_app on provisioning_request (app_id, created_at desc);

-- Calls that are about to be made: a row a batch, committed before the first of them. An item is open until the log has
-- its attempt. However old it is, its call may begin at any moment: a takeover sets the deadline until which it may be
-- under way, and reads the target for open items before it writes.
create table open_intent (
  id bigint generated always as identity primary key,
  -- the writing transaction: what the log tells of these attempts later has a later one, whatever the clock says
  tx xid8 not null default pg_current_xact_id(),
  app_id int not null,
  epoch bigint not null,
  written_at timestamptz not null,
  deadline timestamptz not null,
  request_ids uuid[] not null,
  created_ats timestamptz[] not null,
  user_ids uuid[] not null,
  operations text[] not null,
  causes text[] not null,
  versions int[] not null,
  attempts smallint[] not null
);
create index open_intent_app on open_intent (app_id);

create sequence provisioning_log_id;
create table provisioning_log (
  id bigint not null default nextval('provisioning_log_id'),
  at timestamptz not null,
  -- the writing transaction: a reader that follows (tx, id) below the oldest running transaction misses nothing
  tx xid8 not null default pg_current_xact_id(),
  app_id int not null,
  user_id uuid not null,
  request_id uuid not null,
  attempt smallint not null,
  operation text not null,
  outcome text not null,
  reason_code text,
  message text not null,
  next_step text,
  exchanges json
) partition by range (at);
create index provisioning_log_request on provisioning_log (request_id);
create index provisioning_log_tx on provisioning_log (tx, id);
create table provisioning_request_default partition of provisioning_request default;
create table provisioning_log_default partition of provisioning_log default;

-- A change that a guard stopped. Released, it is planned again and sent only if its hash is still the same.
create table hold (
  id bigint generated always as identity primary key,
  app_id int not null,
  user_id uuid not null,
  guard text not null,
  operation text not null,
  change_hash text not null,
  state text not null default 'open' check (state in ('open', 'released', 'rejected', 'closed')),
  reason text not null,
  changes json,
  request_id uuid,
  request_created_at timestamptz,
  opened_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  note text,
  next_alert_at timestamptz
);
create unique index hold_current_key on hold (app_id, user_id) where state in ('open', 'released', 'rejected');
create index hold_open on hold (app_id, opened_at) where state = 'open';

-- What the deactivation threshold counts: written in the intent's commit, so that its limit is exact.
create table deactivation_ledger (
  app_id int not null,
  user_id uuid not null,
  at timestamptz not null,
  released boolean not null default false
);
create index deactivation_ledger_window on deactivation_ledger (app_id, at);

-- ── access and audit ─────────────────────────────────────────────────────────────────────────────────────────

create table api_key (
  id uuid primary key,
  name text not null,
  hash bytea not null unique,
  prefix text not null,
  scopes text[] not null,
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table audit_event (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('api key', 'person', 'command line', 'system')),
  actor text not null,
  action text not null,
  entity_kind text not null,
  entity_id text not null,
  app_id int,
  user_id uuid,
  before json,
  after json,
  reason text,
  origin text
);
create index audit_event_entity on audit_event (entity_kind, entity_id, id desc);
create index audit_event_user on audit_event (user_id, id desc) where user_id is not null;

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit_event is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_event_append_only before update or delete on audit_event
  for each row execute function refuse_audit_change();

create table instance_setting (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null
);
