-- The schema that the migrations make, written by `npm run generate`. Do not edit.
-- Partitions by time are made as months go by, and are left out.

create sequence provisioning_log_id as bigint start 1 increment 1;

create table access_link (
  id uuid not null,
  kind text not null,
  token_hash bytea not null,
  person_id uuid,
  user_id uuid,
  created_at timestamp with time zone not null,
  created_by text not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint access_link_pkey PRIMARY KEY (id),
  constraint access_link_token_hash_key UNIQUE (token_hash),
  constraint access_link_check CHECK ((kind = 'status'::text) = (user_id IS NOT NULL)),
  constraint access_link_check1 CHECK ((kind = ANY (ARRAY['invitation'::text, 'reset'::text])) = (person_id IS NOT NULL)),
  constraint access_link_kind_check CHECK (kind = ANY (ARRAY['administrator'::text, 'invitation'::text, 'reset'::text, 'status'::text])),
  constraint access_link_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);

create table account_link (
  app_id integer not null,
  user_id uuid not null,
  remote_id text,
  account_state text default 'absent'::text not null,
  version integer,
  applied json,
  observed json,
  observed_version text,
  remote_username text,
  standing text default 'settled'::text not null,
  reason json,
  request_id uuid,
  request_created_at timestamp with time zone,
  delete_at timestamp with time zone,
  recreated_at timestamp with time zone,
  linked_at timestamp with time zone,
  updated_at timestamp with time zone not null,
  unverified boolean default false not null,
  dismissed text,
  constraint account_link_pkey PRIMARY KEY (app_id, user_id),
  constraint account_link_account_state_check CHECK (account_state = ANY (ARRAY['absent'::text, 'active'::text, 'deactivated'::text, 'deleted'::text])),
  constraint account_link_dismissed_check CHECK (dismissed = ANY (ARRAY['create'::text, 'deactivate'::text, 'reactivate'::text, 'delete'::text])),
  constraint account_link_standing_check CHECK (standing = ANY (ARRAY['settled'::text, 'waiting'::text, 'retrying'::text, 'parked'::text, 'held'::text]))
) with (fillfactor=60);

create table alert (
  id uuid not null,
  key text not null,
  kind text not null,
  severity text not null,
  app_id integer,
  app text,
  title text not null,
  message text not null,
  next_step text not null,
  link text,
  facts json,
  created_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  constraint alert_pkey PRIMARY KEY (id),
  constraint alert_key_key UNIQUE (key),
  constraint alert_severity_check CHECK (severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text])),
  constraint alert_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE SET NULL
);

create table alert_channel (
  id integer generated always as identity not null,
  name text not null,
  kind text not null,
  config json not null,
  kinds text[] default '{}'::text[] not null,
  enabled boolean default true not null,
  revision bigint default 1 not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint alert_channel_pkey PRIMARY KEY (id),
  constraint alert_channel_kind_check CHECK (kind = ANY (ARRAY['webhook'::text, 'email'::text]))
);

create table alert_delivery (
  alert_id uuid not null,
  channel_id integer not null,
  state text default 'waiting'::text not null,
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone,
  last_problem text,
  delivered_at timestamp with time zone,
  constraint alert_delivery_pkey PRIMARY KEY (alert_id, channel_id),
  constraint alert_delivery_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'given up'::text])),
  constraint alert_delivery_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alert(id) ON DELETE CASCADE,
  constraint alert_delivery_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES alert_channel(id) ON DELETE CASCADE
);

create table api_key (
  id uuid not null,
  name text not null,
  hash bytea not null,
  prefix text not null,
  scopes text[] not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  person_id uuid,
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_hash_key UNIQUE (hash),
  constraint api_key_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);

create table app_assignment (
  id integer generated always as identity not null,
  app_id integer not null,
  profile_id integer,
  permission_set_id integer,
  permission_set_group_id integer,
  created_at timestamp with time zone not null,
  constraint app_assignment_pkey PRIMARY KEY (id),
  constraint app_assignment_check CHECK (num_nonnulls(profile_id, permission_set_id, permission_set_group_id) = 1),
  constraint app_assignment_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE,
  constraint app_assignment_permission_set_group_id_fkey FOREIGN KEY (permission_set_group_id) REFERENCES permission_set_group(id) ON DELETE CASCADE,
  constraint app_assignment_permission_set_id_fkey FOREIGN KEY (permission_set_id) REFERENCES permission_set(id) ON DELETE CASCADE,
  constraint app_assignment_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES profile(id) ON DELETE CASCADE
);

create table app_configuration (
  app_id integer not null,
  version integer not null,
  document jsonb not null,
  author text not null,
  note text,
  created_at timestamp with time zone not null,
  reads_manager boolean generated always as (((POSITION(('manager'::text) IN (lower(((document -> 'mapping'::text))::text))) > 0) OR (POSITION(('manager'::text) IN (lower(COALESCE((document ->> 'scopingFilter'::text), ''::text)))) > 0))) stored not null,
  reads_clock boolean generated always as ((upper((((document -> 'mapping'::text))::text || COALESCE((document ->> 'scopingFilter'::text), ''::text))) ~ '\m(TODAY|NOW|TIMENOW)\s*\('::text)) stored not null,
  constraint app_configuration_pkey PRIMARY KEY (app_id, version),
  constraint app_configuration_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table app_credential (
  app_id integer not null,
  kind text not null,
  sealed text not null,
  key_id text not null,
  origins text[] not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint app_credential_pkey PRIMARY KEY (app_id),
  constraint app_credential_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table app_guards (
  app_id integer not null,
  document jsonb not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  constraint app_guards_pkey PRIMARY KEY (app_id),
  constraint app_guards_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table app_presentation (
  app_id integer not null,
  contact_name text,
  contact_email text,
  contact_phone text,
  info_url text,
  logo bytea,
  logo_type text,
  updated_at timestamp with time zone not null,
  constraint app_presentation_pkey PRIMARY KEY (app_id),
  constraint app_presentation_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table audit_event (
  id bigint generated always as identity not null,
  at timestamp with time zone not null,
  actor_kind text not null,
  actor text not null,
  action text not null,
  entity_kind text not null,
  entity_id text not null,
  app_id integer,
  user_id uuid,
  before json,
  after json,
  reason text,
  origin text,
  erasure_id bigint,
  person_id uuid,
  role text,
  through text,
  user_agent text,
  request_id uuid,
  constraint audit_event_pkey PRIMARY KEY (id),
  constraint audit_event_actor_kind_check CHECK (actor_kind = ANY (ARRAY['api key'::text, 'person'::text, 'command line'::text, 'system'::text]))
);

create table authorization_attempt (
  id uuid not null,
  state_hash bytea not null,
  app_id integer not null,
  callback_url text not null,
  browser_hash bytea,
  begun_by text not null,
  sealed text not null,
  settings_hash text not null,
  return_to text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint authorization_attempt_pkey PRIMARY KEY (id),
  constraint authorization_attempt_state_hash_key UNIQUE (state_hash),
  constraint authorization_attempt_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table client_certificate (
  app_id integer not null,
  certificate text not null,
  subject text not null,
  fingerprint text not null,
  not_before timestamp with time zone not null,
  not_after timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint client_certificate_pkey PRIMARY KEY (app_id),
  constraint client_certificate_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table connected_app (
  id integer generated always as identity not null,
  name text not null,
  label text not null,
  description text,
  connector text not null,
  base_url text not null,
  state text default 'draft'::text not null,
  active_version integer,
  create_enabled boolean default true not null,
  update_enabled boolean default true not null,
  deactivate_enabled boolean default true not null,
  reactivate_enabled boolean default true not null,
  deactivation_limit_count integer default 10 not null,
  deactivation_limit_percent real default 5 not null,
  max_concurrency integer default 8 not null,
  max_per_second real,
  stopped_until timestamp with time zone,
  quarantined_at timestamp with time zone,
  quarantine_cause text,
  quarantine_detail json,
  probe_at timestamp with time zone,
  probe_attempts integer default 0 not null,
  revision bigint default 1 not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  rollout_id integer,
  day_marked date,
  quarantine_alert_at timestamp with time zone,
  constraint connected_app_pkey PRIMARY KEY (id),
  constraint connected_app_deactivation_limit_count_check CHECK (deactivation_limit_count >= 0),
  constraint connected_app_deactivation_limit_percent_check CHECK (deactivation_limit_percent >= 0::double precision AND deactivation_limit_percent <= 100::double precision),
  constraint connected_app_max_concurrency_check CHECK (max_concurrency >= 1 AND max_concurrency <= 256),
  constraint connected_app_max_per_second_check CHECK (max_per_second > 0::double precision),
  constraint connected_app_name_check CHECK (name ~ '^[A-Za-z][A-Za-z0-9_]*$'::text),
  constraint connected_app_state_check CHECK (state = ANY (ARRAY['draft'::text, 'active'::text, 'paused'::text]))
);

create table credential_expiry (
  app_id integer not null,
  what text not null,
  expires_at timestamp with time zone not null,
  why text not null,
  put_off boolean default false not null,
  told_days integer,
  constraint credential_expiry_pkey PRIMARY KEY (app_id, what),
  constraint credential_expiry_what_check CHECK (what = ANY (ARRAY['credential'::text, 'consumer secret'::text, 'staged secret'::text, 'client certificate'::text])),
  constraint credential_expiry_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table credential_health (
  app_id integer not null,
  kind text not null,
  grant_type text,
  generation bigint default 1 not null,
  state text default 'live'::text not null,
  obtained_at timestamp with time zone not null,
  access_expires_at timestamp with time zone,
  has_refresh_token boolean default false not null,
  refresh_issued_at timestamp with time zone,
  rotates boolean,
  refreshes bigint default 0 not null,
  account json,
  owner_user_id uuid,
  authorized_at timestamp with time zone not null,
  authorized_by text not null,
  scopes_requested text[] default '{}'::text[] not null,
  scopes_granted text[] default '{}'::text[] not null,
  verified_at timestamp with time zone,
  verification json,
  policy json,
  learned json,
  last_used_at timestamp with time zone,
  last_used_for text,
  predicted_death_at timestamp with time zone,
  predicted_why text,
  keep_alive_at timestamp with time zone,
  suspended boolean default false not null,
  died_at timestamp with time zone,
  problem json,
  failures integer default 0 not null,
  retry_at timestamp with time zone,
  attempt_id uuid,
  attempt_started_at timestamp with time zone,
  attempt_deadline timestamp with time zone,
  lost_since timestamp with time zone,
  constraint credential_health_pkey PRIMARY KEY (app_id),
  constraint credential_health_state_check CHECK (state = ANY (ARRAY['live'::text, 'refused'::text, 'dead'::text])),
  constraint credential_health_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table credential_life (
  id bigint generated always as identity not null,
  app_id integer not null,
  kind text not null,
  authorized_at timestamp with time zone not null,
  died_at timestamp with time zone not null,
  idle_seconds bigint,
  age_seconds bigint not null,
  cause text not null,
  message text not null,
  constraint credential_life_pkey PRIMARY KEY (id),
  constraint credential_life_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table custom_field (
  name text not null,
  label text not null,
  type text not null,
  length integer,
  picklist_values text[],
  required boolean default false not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  revision bigint default 1 not null,
  constraint custom_field_pkey PRIMARY KEY (name),
  constraint custom_field_name_check CHECK (name ~ '^[A-Za-z][A-Za-z0-9_]*__c$'::text),
  constraint custom_field_type_check CHECK (type = ANY (ARRAY['text'::text, 'number'::text, 'boolean'::text, 'date'::text, 'dateTime'::text, 'picklist'::text, 'multipicklist'::text]))
);

create table deactivation_ledger (
  app_id integer not null,
  user_id uuid not null,
  at timestamp with time zone not null,
  released boolean default false not null
);

create table directory_user (
  id uuid not null,
  username text not null,
  is_active boolean not null,
  profile_id integer not null,
  manager_id uuid,
  is_test boolean default false not null,
  fields jsonb not null,
  revision bigint default 1 not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint directory_user_pkey PRIMARY KEY (id),
  constraint directory_user_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES directory_user(id) DEFERRABLE,
  constraint directory_user_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES profile(id)
) with (fillfactor=85);

create table dismissal (
  id bigint generated always as identity not null,
  app_id integer not null,
  user_id uuid not null,
  operation text not null,
  changes json,
  reason text not null,
  at timestamp with time zone not null,
  by text not null,
  undone_at timestamp with time zone,
  undone_by text,
  constraint dismissal_pkey PRIMARY KEY (id)
);

create table drill (
  id uuid not null,
  app_id integer not null,
  user_id uuid not null,
  username text not null,
  version integer not null,
  fingerprint text not null,
  connector text not null,
  base_url text not null,
  state text not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  remote_id text,
  problem text,
  next_step text,
  cancel_requested boolean default false not null,
  constraint drill_pkey PRIMARY KEY (id),
  constraint drill_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'running'::text, 'passed'::text, 'failed'::text, 'cancelled'::text])),
  constraint drill_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table drill_step (
  drill_id uuid not null,
  ordinal integer not null,
  step text not null,
  state text not null,
  message text not null,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  exchanges json,
  constraint drill_step_pkey PRIMARY KEY (drill_id, ordinal),
  constraint drill_step_state_check CHECK (state = ANY (ARRAY['running'::text, 'passed'::text, 'failed'::text, 'skipped'::text])),
  constraint drill_step_drill_id_fkey FOREIGN KEY (drill_id) REFERENCES drill(id) ON DELETE CASCADE
);

create table guard_ledger (
  app_id integer not null,
  guard text not null,
  user_id uuid not null,
  at timestamp with time zone not null,
  released boolean default false not null
);

create table hold (
  id bigint generated always as identity not null,
  app_id integer not null,
  user_id uuid not null,
  guard text not null,
  operation text not null,
  change_hash text not null,
  state text default 'open'::text not null,
  reason text not null,
  changes json,
  request_id uuid,
  request_created_at timestamp with time zone,
  opened_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  decided_by text,
  note text,
  next_alert_at timestamp with time zone,
  cause text default ''::text not null,
  approvers json,
  passed text[] default '{}'::text[] not null,
  alerts integer default 0 not null,
  let_go_at timestamp with time zone,
  constraint hold_pkey PRIMARY KEY (id),
  constraint hold_state_check CHECK (state = ANY (ARRAY['open'::text, 'released'::text, 'rejected'::text, 'closed'::text]))
);

create table ignored_account (
  app_id integer not null,
  remote_id text not null,
  at timestamp with time zone not null,
  by text not null,
  note text,
  constraint ignored_account_pkey PRIMARY KEY (app_id, remote_id),
  constraint ignored_account_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table instance_setting (
  name text not null,
  value jsonb not null,
  updated_at timestamp with time zone not null,
  constraint instance_setting_pkey PRIMARY KEY (name)
);

create table link_schedule (
  app_id integer not null,
  user_id uuid not null,
  wanted_rev bigint default 1 not null,
  done_rev bigint default 0 not null,
  next_due_at timestamp with time zone,
  urgency smallint default 2 not null,
  attempts smallint default 0 not null,
  read_first boolean default false not null,
  constraint link_schedule_pkey PRIMARY KEY (user_id, app_id)
) with (fillfactor=70);

create unlogged table matching_account (
  report_id uuid not null,
  remote_id text not null,
  name text,
  display_name text,
  email text,
  active boolean,
  keys bigint[] not null,
  constraint matching_account_pkey PRIMARY KEY (report_id, remote_id),
  constraint matching_account_report_id_fkey FOREIGN KEY (report_id) REFERENCES matching_report(id) ON DELETE CASCADE
);

create table matching_item (
  report_id uuid not null,
  id integer not null,
  category text not null,
  remote_id text,
  account_name text,
  display_name text,
  email text,
  active boolean,
  user_id uuid,
  username text,
  standing text,
  matched_by text,
  linked boolean default false not null,
  other_accounts text[] default '{}'::text[] not null,
  other_users uuid[] default '{}'::uuid[] not null,
  explanation text,
  decision text,
  decided_at timestamp with time zone,
  decided_by text,
  decision_note text,
  refusal text,
  constraint matching_item_pkey PRIMARY KEY (report_id, id),
  constraint matching_item_category_check CHECK (category = ANY (ARRAY['matched'::text, 'ambiguous'::text, 'missing'::text, 'orphaned'::text, 'inactive'::text, 'duplicate'::text])),
  constraint matching_item_decision_check CHECK (decision = ANY (ARRAY['link'::text, 'ignore'::text])),
  constraint matching_item_standing_check CHECK (standing = ANY (ARRAY['entitled'::text, 'out of scope'::text, 'not assigned'::text, 'inactive'::text, 'deleted'::text])),
  constraint matching_item_report_id_fkey FOREIGN KEY (report_id) REFERENCES matching_report(id) ON DELETE CASCADE
);

create table matching_report (
  id uuid not null,
  app_id integer not null,
  version integer not null,
  connector text not null,
  base_url text not null,
  state text not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  note text,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  cursor text,
  pages integer default 0 not null,
  accounts integer default 0 not null,
  at_user uuid,
  users integer default 0 not null,
  retry_at timestamp with time zone,
  failures integer default 0 not null,
  problem text,
  cancel_requested boolean default false not null,
  counts json,
  constraint matching_report_pkey PRIMARY KEY (id),
  constraint matching_report_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'reading'::text, 'matching'::text, 'ready'::text, 'failed'::text, 'cancelled'::text])),
  constraint matching_report_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table matching_resolution (
  id uuid not null,
  report_id uuid not null,
  decision text not null,
  filter json not null,
  note text,
  state text not null,
  at_item integer default 0 not null,
  done integer default 0 not null,
  refused integer default 0 not null,
  created_at timestamp with time zone not null,
  actor json not null,
  finished_at timestamp with time zone,
  problem text,
  constraint matching_resolution_pkey PRIMARY KEY (id),
  constraint matching_resolution_decision_check CHECK (decision = ANY (ARRAY['link'::text, 'ignore'::text, 'undecided'::text])),
  constraint matching_resolution_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text])),
  constraint matching_resolution_report_id_fkey FOREIGN KEY (report_id) REFERENCES matching_report(id) ON DELETE CASCADE
);

create table matching_rule (
  app_id integer not null,
  ordinal integer not null,
  decision text not null,
  filter json not null,
  note text,
  constraint matching_rule_pkey PRIMARY KEY (app_id, ordinal),
  constraint matching_rule_decision_check CHECK (decision = ANY (ARRAY['link'::text, 'ignore'::text])),
  constraint matching_rule_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create unlogged table matching_user (
  report_id uuid not null,
  user_id uuid not null,
  username text not null,
  standing text not null,
  keys bigint[] not null,
  linked text,
  constraint matching_user_pkey PRIMARY KEY (report_id, user_id),
  constraint matching_user_report_id_fkey FOREIGN KEY (report_id) REFERENCES matching_report(id) ON DELETE CASCADE
);

create table oauth_settings (
  app_id integer not null,
  document json not null,
  consumer_key text,
  consumer_source text,
  consumer_secret_expires_at timestamp with time zone,
  staged_key text,
  staged_state text,
  staged_at timestamp with time zone,
  staged_by text,
  staged_expires_at timestamp with time zone,
  staged_worked_at timestamp with time zone,
  registration json,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint oauth_settings_pkey PRIMARY KEY (app_id),
  constraint oauth_settings_consumer_source_check CHECK (consumer_source = ANY (ARRAY['generated'::text, 'entered'::text, 'registered'::text])),
  constraint oauth_settings_staged_state_check CHECK (staged_state = ANY (ARRAY['staged'::text, 'rotated'::text])),
  constraint oauth_settings_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table open_intent (
  id bigint generated always as identity not null,
  tx xid8 default pg_current_xact_id() not null,
  app_id integer not null,
  epoch bigint not null,
  written_at timestamp with time zone not null,
  deadline timestamp with time zone not null,
  request_ids uuid[] not null,
  created_ats timestamp with time zone[] not null,
  user_ids uuid[] not null,
  operations text[] not null,
  causes text[] not null,
  versions integer[] not null,
  attempts smallint[] not null,
  constraint open_intent_pkey PRIMARY KEY (id)
);

create table passkey (
  id uuid not null,
  person_id uuid not null,
  credential_id text not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null,
  backed_up boolean not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  constraint passkey_pkey PRIMARY KEY (id),
  constraint passkey_credential_id_key UNIQUE (credential_id),
  constraint passkey_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);

create table permission_set (
  id integer generated always as identity not null,
  name text not null,
  label text not null,
  description text,
  revision bigint default 1 not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint permission_set_pkey PRIMARY KEY (id)
);

create table permission_set_assignment (
  id bigint generated always as identity not null,
  user_id uuid not null,
  permission_set_id integer,
  permission_set_group_id integer,
  expires_at timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint permission_set_assignment_pkey PRIMARY KEY (id),
  constraint permission_set_assignment_check CHECK (num_nonnulls(permission_set_id, permission_set_group_id) = 1),
  constraint permission_set_assignment_permission_set_group_id_fkey FOREIGN KEY (permission_set_group_id) REFERENCES permission_set_group(id) ON DELETE CASCADE,
  constraint permission_set_assignment_permission_set_id_fkey FOREIGN KEY (permission_set_id) REFERENCES permission_set(id) ON DELETE CASCADE,
  constraint permission_set_assignment_user_id_fkey FOREIGN KEY (user_id) REFERENCES directory_user(id)
);

create table permission_set_group (
  id integer generated always as identity not null,
  name text not null,
  label text not null,
  description text,
  revision bigint default 1 not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint permission_set_group_pkey PRIMARY KEY (id)
);

create table permission_set_group_component (
  permission_set_group_id integer not null,
  permission_set_id integer not null,
  constraint permission_set_group_component_pkey PRIMARY KEY (permission_set_group_id, permission_set_id),
  constraint permission_set_group_component_permission_set_group_id_fkey FOREIGN KEY (permission_set_group_id) REFERENCES permission_set_group(id) ON DELETE CASCADE,
  constraint permission_set_group_component_permission_set_id_fkey FOREIGN KEY (permission_set_id) REFERENCES permission_set(id) ON DELETE CASCADE
);

create table person (
  id uuid not null,
  email text not null,
  name text not null,
  role text not null,
  password_hash text,
  password_changed_at timestamp with time zone,
  totp_sealed text,
  totp_confirmed_at timestamp with time zone,
  totp_last_step bigint default 0 not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  updated_at timestamp with time zone not null,
  last_sign_in_at timestamp with time zone,
  disabled_at timestamp with time zone,
  revision bigint default 1 not null,
  constraint person_pkey PRIMARY KEY (id),
  constraint person_role_check CHECK (role = ANY (ARRAY['administrator'::text, 'operator'::text, 'help desk'::text, 'auditor'::text]))
);

create table person_identity (
  issuer text not null,
  subject text not null,
  person_id uuid not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  constraint person_identity_pkey PRIMARY KEY (issuer, subject),
  constraint person_identity_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);

create table population_plan (
  id uuid not null,
  app_id integer not null,
  state text not null,
  document jsonb not null,
  version integer,
  base_version integer,
  connector text not null,
  base_url text not null,
  scope json,
  planned_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  note text,
  finished_at timestamp with time zone,
  total integer default 0 not null,
  done integer default 0 not null,
  at_user uuid,
  counts json not null,
  collisions json,
  problem text,
  cancel_requested boolean default false not null,
  applied_at timestamp with time zone,
  applied_by text,
  applied_version integer,
  marked integer default 0 not null,
  left_out integer default 0 not null,
  constraint population_plan_pkey PRIMARY KEY (id),
  constraint population_plan_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'running'::text, 'ready'::text, 'failed'::text, 'cancelled'::text, 'applying'::text, 'applied'::text])),
  constraint population_plan_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table population_plan_change (
  plan_id uuid not null,
  user_id uuid not null,
  username text not null,
  operation text not null,
  hash text not null,
  cause text not null,
  movement text,
  held boolean default false not null,
  changes json not null,
  paths text[] not null,
  reason json,
  left_out text,
  constraint population_plan_change_pkey PRIMARY KEY (plan_id, user_id),
  constraint population_plan_change_movement_check CHECK (movement = ANY (ARRAY['enters'::text, 'leaves'::text])),
  constraint population_plan_change_operation_check CHECK (operation = ANY (ARRAY['create'::text, 'update'::text, 'deactivate'::text, 'reactivate'::text, 'delete'::text, 'unlink'::text, 'look for'::text, 'park'::text])),
  constraint population_plan_change_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES population_plan(id) ON DELETE CASCADE
);

create unlogged table population_plan_user (
  plan_id uuid not null,
  user_id uuid not null,
  constraint population_plan_user_pkey PRIMARY KEY (plan_id, user_id)
);

create unlogged table population_plan_value (
  plan_id uuid not null,
  path text not null,
  hash bigint not null,
  user_id uuid not null
);

create table profile (
  id integer generated always as identity not null,
  name text not null,
  description text,
  revision bigint default 1 not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint profile_pkey PRIMARY KEY (id)
);

create table provisioning_log (
  id bigint default nextval('provisioning_log_id'::regclass) not null,
  at timestamp with time zone not null,
  tx xid8 default pg_current_xact_id() not null,
  app_id integer not null,
  user_id uuid not null,
  request_id uuid not null,
  attempt smallint not null,
  operation text not null,
  outcome text not null,
  reason_code text,
  message text not null,
  next_step text,
  exchanges json,
  answer json
) partition by RANGE (at);

create table provisioning_log_default partition of provisioning_log default;

create table provisioning_request (
  id uuid not null,
  created_at timestamp with time zone not null,
  app_id integer not null,
  user_id uuid not null,
  operation text not null,
  state text not null,
  cause text not null,
  version integer,
  attempts smallint default 0 not null,
  changes json,
  outcome text,
  reason_code text,
  reason text,
  next_step text,
  retry_at timestamp with time zone,
  parent_id uuid,
  completed_at timestamp with time zone,
  completed_by text,
  note text,
  constraint provisioning_request_pkey PRIMARY KEY (id, created_at),
  constraint provisioning_request_operation_check CHECK (operation = ANY (ARRAY['create'::text, 'update'::text, 'deactivate'::text, 'reactivate'::text, 'delete'::text, 'link'::text])),
  constraint provisioning_request_state_check CHECK (state = ANY (ARRAY['New'::text, 'Requested'::text, 'Completed'::text, 'Failed'::text, 'Retried'::text, 'Manually Completed'::text]))
) partition by RANGE (created_at);

create table provisioning_request_default partition of provisioning_request default;

create table pump_lease (
  app_id integer not null,
  holder text not null,
  epoch bigint not null,
  expires_at timestamp with time zone not null,
  constraint pump_lease_pkey PRIMARY KEY (app_id),
  constraint pump_lease_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table recovery_code (
  person_id uuid not null,
  hash bytea not null,
  used_at timestamp with time zone,
  constraint recovery_code_pkey PRIMARY KEY (person_id, hash),
  constraint recovery_code_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);

create table rollback (
  id integer generated always as identity not null,
  rollout_id integer not null,
  app_id integer not null,
  from_stage integer not null,
  from_version integer not null,
  to_version integer,
  state text not null,
  at timestamp with time zone not null,
  by text not null,
  reason text not null,
  marked integer default 0 not null,
  at_user uuid,
  finished_at timestamp with time zone,
  constraint rollback_pkey PRIMARY KEY (id),
  constraint rollback_state_check CHECK (state = ANY (ARRAY['healing'::text, 'proving'::text, 'done'::text])),
  constraint rollback_rollout_id_fkey FOREIGN KEY (rollout_id) REFERENCES rollout(id) ON DELETE CASCADE
);

create table rollback_account (
  rollback_id integer not null,
  user_id uuid not null,
  rev bigint not null,
  state text default 'healing'::text not null,
  differences json,
  detail text,
  read_at timestamp with time zone,
  constraint rollback_account_pkey PRIMARY KEY (rollback_id, user_id),
  constraint rollback_account_state_check CHECK (state = ANY (ARRAY['healing'::text, 'as before'::text, 'differs'::text, 'gone'::text, 'no account'::text, 'held'::text, 'parked'::text, 'left'::text, 'could not be read'::text])),
  constraint rollback_account_rollback_id_fkey FOREIGN KEY (rollback_id) REFERENCES rollback(id) ON DELETE CASCADE
);

create table rollout (
  id integer generated always as identity not null,
  app_id integer not null,
  version integer not null,
  base_version integer,
  state text not null,
  stage integer default '-1'::integer not null,
  settings jsonb not null,
  without_rollout text,
  added_paths text[] default '{}'::text[] not null,
  halt json,
  revision bigint default 1 not null,
  note text,
  created_at timestamp with time zone not null,
  created_by text not null,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  changed_at timestamp with time zone not null,
  changed_by text not null,
  changed_how text not null,
  constraint rollout_pkey PRIMARY KEY (id),
  constraint rollout_state_check CHECK (state = ANY (ARRAY['planned'::text, 'running'::text, 'paused'::text, 'halted'::text, 'stopped'::text, 'completed'::text, 'rolled back'::text, 'superseded'::text])),
  constraint rollout_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table rollout_pilot (
  rollout_id integer not null,
  user_id uuid,
  profile_id integer,
  permission_set_id integer,
  constraint rollout_pilot_check CHECK (num_nonnulls(user_id, profile_id, permission_set_id) = 1),
  constraint rollout_pilot_permission_set_id_fkey FOREIGN KEY (permission_set_id) REFERENCES permission_set(id) ON DELETE CASCADE,
  constraint rollout_pilot_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES profile(id) ON DELETE CASCADE,
  constraint rollout_pilot_rollout_id_fkey FOREIGN KEY (rollout_id) REFERENCES rollout(id) ON DELETE CASCADE,
  constraint rollout_pilot_user_id_fkey FOREIGN KEY (user_id) REFERENCES directory_user(id)
);

create table rollout_reach (
  rollout_id integer not null,
  user_id uuid not null,
  stage integer not null,
  at timestamp with time zone not null,
  rev bigint not null,
  because text not null,
  was_parked boolean default false not null,
  observed json,
  undone_at timestamp with time zone,
  parked_for text,
  constraint rollout_reach_pkey PRIMARY KEY (rollout_id, user_id)
);

create table rollout_stage (
  rollout_id integer not null,
  ordinal integer not null,
  kind text not null,
  percent real,
  started_at timestamp with time zone,
  started_by text,
  override_reason text,
  overridden json,
  soaked_ms bigint default 0 not null,
  seen_at timestamp with time zone,
  seen_by text,
  reached integer default 0 not null,
  constraint rollout_stage_pkey PRIMARY KEY (rollout_id, ordinal),
  constraint rollout_stage_kind_check CHECK (kind = ANY (ARRAY['pilot'::text, 'percent'::text, 'everyone'::text])),
  constraint rollout_stage_rollout_id_fkey FOREIGN KEY (rollout_id) REFERENCES rollout(id) ON DELETE CASCADE
);

create table schema_migration (
  number integer not null,
  name text not null,
  applied_at timestamp with time zone default now() not null,
  checksum text not null,
  breaking boolean default false not null,
  constraint schema_migration_pkey PRIMARY KEY (number),
  constraint schema_migration_number_check CHECK (number > 0)
);

create table sealed_secret (
  owner text not null,
  field text not null,
  app_id integer,
  sealed text not null,
  key_id text not null,
  origins text[] not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint sealed_secret_pkey PRIMARY KEY (owner, field),
  constraint sealed_secret_app_id_fkey FOREIGN KEY (app_id) REFERENCES connected_app(id) ON DELETE CASCADE
);

create table session (
  id uuid not null,
  token_hash bytea not null,
  person_id uuid not null,
  stage text not null,
  method text not null,
  created_at timestamp with time zone not null,
  proved_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  address text not null,
  user_agent text not null,
  constraint session_pkey PRIMARY KEY (id),
  constraint session_token_hash_key UNIQUE (token_hash),
  constraint session_stage_check CHECK (stage = ANY (ARRAY['enrolling'::text, 'full'::text])),
  constraint session_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);

create table sign_in_attempt (
  token_hash bytea not null,
  person_id uuid,
  proved text,
  failures smallint default 0 not null,
  challenge text,
  payload json,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint sign_in_attempt_pkey PRIMARY KEY (token_hash),
  constraint sign_in_attempt_proved_check CHECK (proved = 'password'::text),
  constraint sign_in_attempt_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);

create table sign_in_limit (
  subject text not null,
  wrong real not null,
  at timestamp with time zone not null,
  constraint sign_in_limit_pkey PRIMARY KEY (subject)
);

CREATE INDEX access_link_expires ON public.access_link USING btree (expires_at);

CREATE INDEX access_link_person ON public.access_link USING btree (person_id) WHERE (person_id IS NOT NULL);

CREATE INDEX access_link_user ON public.access_link USING btree (user_id) WHERE (user_id IS NOT NULL);

CREATE INDEX account_link_accounts ON public.account_link USING btree (app_id, account_state) WHERE (remote_id IS NOT NULL);

CREATE INDEX account_link_deletions ON public.account_link USING btree (app_id, delete_at) WHERE (delete_at IS NOT NULL);

CREATE UNIQUE INDEX account_link_remote_id_key ON public.account_link USING btree (app_id, remote_id) WHERE (remote_id IS NOT NULL);

CREATE INDEX account_link_remote_username ON public.account_link USING btree (app_id, lower(remote_username)) WHERE (remote_username IS NOT NULL);

CREATE INDEX account_link_standing ON public.account_link USING btree (app_id, standing) WHERE (standing <> 'settled'::text);

CREATE INDEX account_link_user ON public.account_link USING btree (user_id);

CREATE INDEX alert_created ON public.alert USING btree (created_at DESC, id DESC);

CREATE INDEX alert_open ON public.alert USING btree (app_id, kind) WHERE (resolved_at IS NULL);

CREATE UNIQUE INDEX alert_channel_name_key ON public.alert_channel USING btree (lower(name));

CREATE INDEX alert_delivery_due ON public.alert_delivery USING btree (next_attempt_at) WHERE (state = 'waiting'::text);

CREATE INDEX api_key_person ON public.api_key USING btree (person_id) WHERE (person_id IS NOT NULL);

CREATE INDEX app_assignment_group ON public.app_assignment USING btree (permission_set_group_id) WHERE (permission_set_group_id IS NOT NULL);

CREATE UNIQUE INDEX app_assignment_key ON public.app_assignment USING btree (app_id, COALESCE(profile_id, 0), COALESCE(permission_set_id, 0), COALESCE(permission_set_group_id, 0));

CREATE INDEX app_assignment_profile ON public.app_assignment USING btree (profile_id) WHERE (profile_id IS NOT NULL);

CREATE INDEX app_assignment_set ON public.app_assignment USING btree (permission_set_id) WHERE (permission_set_id IS NOT NULL);

CREATE INDEX audit_event_action ON public.audit_event USING btree (action text_pattern_ops, id DESC);

CREATE INDEX audit_event_actor ON public.audit_event USING btree (actor, id DESC);

CREATE INDEX audit_event_at ON public.audit_event USING btree (at, id);

CREATE INDEX audit_event_entity ON public.audit_event USING btree (entity_kind, entity_id, id DESC);

CREATE INDEX audit_event_user ON public.audit_event USING btree (user_id, id DESC) WHERE (user_id IS NOT NULL);

CREATE INDEX authorization_attempt_expires ON public.authorization_attempt USING btree (expires_at);

CREATE UNIQUE INDEX connected_app_name_key ON public.connected_app USING btree (lower(name));

CREATE INDEX credential_expiry_at ON public.credential_expiry USING btree (expires_at);

CREATE INDEX credential_health_keep_alive ON public.credential_health USING btree (keep_alive_at) WHERE (keep_alive_at IS NOT NULL);

CREATE INDEX credential_life_app ON public.credential_life USING btree (app_id, id DESC);

CREATE UNIQUE INDEX custom_field_name_key ON public.custom_field USING btree (lower(name));

CREATE INDEX deactivation_ledger_window ON public.deactivation_ledger USING btree (app_id, at);

CREATE INDEX directory_user_deleted ON public.directory_user USING btree (id) WHERE (deleted_at IS NOT NULL);

CREATE INDEX directory_user_department ON public.directory_user USING btree (lower((fields ->> 'Department'::text)));

CREATE INDEX directory_user_email_prefix ON public.directory_user USING btree (lower((fields ->> 'Email'::text)) COLLATE "C");

CREATE INDEX directory_user_employee_number ON public.directory_user USING btree (((fields ->> 'EmployeeNumber'::text))) WHERE (fields ? 'EmployeeNumber'::text);

CREATE UNIQUE INDEX directory_user_federation_identifier_key ON public.directory_user USING btree (((fields ->> 'FederationIdentifier'::text))) WHERE ((deleted_at IS NULL) AND (fields ? 'FederationIdentifier'::text));

CREATE INDEX directory_user_first_name_part ON public.directory_user USING btree (lower("substring"((fields ->> 'FirstName'::text), '[ -](.*)$'::text)) COLLATE "C") WHERE ("substring"((fields ->> 'FirstName'::text), '[ -](.*)$'::text) IS NOT NULL);

CREATE INDEX directory_user_first_name_prefix ON public.directory_user USING btree (lower((fields ->> 'FirstName'::text)) COLLATE "C");

CREATE INDEX directory_user_inactive ON public.directory_user USING btree (id) WHERE ((NOT is_active) AND (deleted_at IS NULL));

CREATE INDEX directory_user_last_name_part ON public.directory_user USING btree (lower("substring"((fields ->> 'LastName'::text), '[ -](.*)$'::text)) COLLATE "C") WHERE ("substring"((fields ->> 'LastName'::text), '[ -](.*)$'::text) IS NOT NULL);

CREATE INDEX directory_user_last_name_prefix ON public.directory_user USING btree (lower((fields ->> 'LastName'::text)) COLLATE "C");

CREATE INDEX directory_user_manager ON public.directory_user USING btree (manager_id) WHERE (manager_id IS NOT NULL);

CREATE INDEX directory_user_profile ON public.directory_user USING btree (profile_id);

CREATE UNIQUE INDEX directory_user_username_key ON public.directory_user USING btree (lower(username)) WHERE (deleted_at IS NULL);

CREATE INDEX directory_user_username_prefix ON public.directory_user USING btree (lower(username) COLLATE "C");

CREATE INDEX dismissal_app ON public.dismissal USING btree (app_id, id DESC);

CREATE INDEX dismissal_user ON public.dismissal USING btree (user_id);

CREATE INDEX drill_app ON public.drill USING btree (app_id, created_at DESC);

CREATE INDEX drill_unfinished ON public.drill USING btree (created_at) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));

CREATE INDEX guard_ledger_user ON public.guard_ledger USING btree (user_id);

CREATE INDEX guard_ledger_window ON public.guard_ledger USING btree (app_id, guard, at);

CREATE INDEX hold_alert ON public.hold USING btree (next_alert_at) WHERE (state = 'open'::text);

CREATE INDEX hold_cause ON public.hold USING btree (app_id, cause) WHERE (state = 'open'::text);

CREATE UNIQUE INDEX hold_current_key ON public.hold USING btree (app_id, user_id) WHERE (state = ANY (ARRAY['open'::text, 'released'::text, 'rejected'::text]));

CREATE INDEX hold_let_go ON public.hold USING btree (app_id, user_id) WHERE (let_go_at IS NOT NULL);

CREATE INDEX hold_open ON public.hold USING btree (app_id, opened_at) WHERE (state = 'open'::text);

CREATE INDEX link_schedule_due ON public.link_schedule USING btree (app_id, urgency, next_due_at) WHERE (next_due_at IS NOT NULL);

CREATE INDEX matching_item_category ON public.matching_item USING btree (report_id, category, id);

CREATE INDEX matching_item_user ON public.matching_item USING btree (user_id) WHERE (user_id IS NOT NULL);

CREATE INDEX matching_report_app ON public.matching_report USING btree (app_id, created_at DESC);

CREATE INDEX matching_report_unfinished ON public.matching_report USING btree (created_at) WHERE (state = ANY (ARRAY['waiting'::text, 'reading'::text, 'matching'::text]));

CREATE INDEX matching_resolution_report ON public.matching_resolution USING btree (report_id, created_at);

CREATE INDEX matching_resolution_unfinished ON public.matching_resolution USING btree (created_at) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));

CREATE INDEX open_intent_app ON public.open_intent USING btree (app_id);

CREATE INDEX passkey_person ON public.passkey USING btree (person_id);

CREATE UNIQUE INDEX permission_set_name_key ON public.permission_set USING btree (lower(name));

CREATE INDEX permission_set_assignment_group ON public.permission_set_assignment USING btree (permission_set_group_id) WHERE (permission_set_group_id IS NOT NULL);

CREATE UNIQUE INDEX permission_set_assignment_key ON public.permission_set_assignment USING btree (user_id, permission_set_id, permission_set_group_id) NULLS NOT DISTINCT;

CREATE INDEX permission_set_assignment_set ON public.permission_set_assignment USING btree (permission_set_id) WHERE (permission_set_id IS NOT NULL);

CREATE UNIQUE INDEX permission_set_group_name_key ON public.permission_set_group USING btree (lower(name));

CREATE INDEX permission_set_group_component_set ON public.permission_set_group_component USING btree (permission_set_id);

CREATE UNIQUE INDEX person_email_key ON public.person USING btree (lower(email));

CREATE INDEX person_role ON public.person USING btree (role) WHERE (disabled_at IS NULL);

CREATE INDEX person_identity_person ON public.person_identity USING btree (person_id);

CREATE INDEX population_plan_app ON public.population_plan USING btree (app_id, created_at DESC);

CREATE INDEX population_plan_unfinished ON public.population_plan USING btree (created_at) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text, 'applying'::text]));

CREATE INDEX population_plan_value_plan ON public.population_plan_value USING btree (plan_id);

CREATE UNIQUE INDEX profile_name_key ON public.profile USING btree (lower(name));

CREATE INDEX provisioning_log_request ON ONLY public.provisioning_log USING btree (request_id);

CREATE INDEX provisioning_log_tx ON ONLY public.provisioning_log USING btree (tx, id);

CREATE INDEX provisioning_request_app ON ONLY public.provisioning_request USING btree (app_id, created_at DESC);

CREATE INDEX provisioning_request_cause ON ONLY public.provisioning_request USING btree (created_at, id, app_id, reason_code, operation, state, user_id) WHERE (reason_code IS NOT NULL);

CREATE INDEX provisioning_request_failed ON ONLY public.provisioning_request USING btree (app_id, reason_code, operation, user_id, created_at) WHERE (state = 'Failed'::text);

CREATE INDEX provisioning_request_newest ON ONLY public.provisioning_request USING btree (created_at, id);

CREATE INDEX provisioning_request_rare_operation ON ONLY public.provisioning_request USING btree (operation, created_at, id) WHERE (operation = ANY (ARRAY['deactivate'::text, 'reactivate'::text, 'delete'::text, 'link'::text]));

CREATE INDEX provisioning_request_state ON ONLY public.provisioning_request USING btree (state, created_at, id) WHERE (state <> 'Completed'::text);

CREATE INDEX provisioning_request_user ON ONLY public.provisioning_request USING btree (user_id, app_id, created_at DESC);

CREATE INDEX rollback_app ON public.rollback USING btree (app_id, id DESC);

CREATE INDEX rollback_unfinished ON public.rollback USING btree (at) WHERE (state <> 'done'::text);

CREATE INDEX rollout_app ON public.rollout USING btree (app_id, id DESC);

CREATE UNIQUE INDEX rollout_open ON public.rollout USING btree (app_id) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text, 'halted'::text, 'stopped'::text]));

CREATE INDEX rollout_pilot_rollout ON public.rollout_pilot USING btree (rollout_id);

CREATE INDEX rollout_reach_stage ON public.rollout_reach USING btree (rollout_id, stage) WHERE (undone_at IS NULL);

CREATE INDEX sealed_secret_app ON public.sealed_secret USING btree (app_id) WHERE (app_id IS NOT NULL);

CREATE INDEX session_expires ON public.session USING btree (expires_at);

CREATE INDEX session_person ON public.session USING btree (person_id);

CREATE INDEX sign_in_attempt_expires ON public.sign_in_attempt USING btree (expires_at);

create view effective_grant as
 SELECT aa.app_id,
    u.id AS user_id,
    'profile'::text AS kind,
    p.name,
    NULL::text AS through,
    NULL::timestamp with time zone AS expires_at
   FROM app_assignment aa
     JOIN directory_user u ON u.profile_id = aa.profile_id
     JOIN profile p ON p.id = aa.profile_id
UNION ALL
 SELECT aa.app_id,
    a.user_id,
    'permission set'::text AS kind,
    s.name,
    NULL::text AS through,
    a.expires_at
   FROM app_assignment aa
     JOIN permission_set_assignment a ON a.permission_set_id = aa.permission_set_id
     JOIN permission_set s ON s.id = aa.permission_set_id
UNION ALL
 SELECT aa.app_id,
    a.user_id,
    'permission set'::text AS kind,
    s.name,
    g.name AS through,
    a.expires_at
   FROM app_assignment aa
     JOIN permission_set_group_component c ON c.permission_set_id = aa.permission_set_id
     JOIN permission_set_assignment a ON a.permission_set_group_id = c.permission_set_group_id
     JOIN permission_set s ON s.id = aa.permission_set_id
     JOIN permission_set_group g ON g.id = c.permission_set_group_id
UNION ALL
 SELECT aa.app_id,
    a.user_id,
    'permission set group'::text AS kind,
    g.name,
    NULL::text AS through,
    a.expires_at
   FROM app_assignment aa
     JOIN permission_set_assignment a ON a.permission_set_group_id = aa.permission_set_group_id
     JOIN permission_set_group g ON g.id = aa.permission_set_group_id;

CREATE OR REPLACE FUNCTION public.mark_reports(linked_app integer, linked_users uuid[], at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.mark_reports_of_changed_link()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform mark_reports(new.app_id, array[new.user_id], new.updated_at);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.mark_reports_of_new_links()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  fresh record;
begin
  for fresh in
    select app_id, array_agg(user_id) as users, max(updated_at) as at from linked where remote_id is not null group by app_id
  loop
    perform mark_reports(fresh.app_id, fresh.users, fresh.at);
  end loop;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE'
    and (old.id, old.at, old.actor_kind, old.actor, old.action, old.entity_kind, old.app_id, old.user_id, old.origin,
        old.person_id, old.role, old.through, old.user_agent, old.request_id)
      is not distinct from
      (new.id, new.at, new.actor_kind, new.actor, new.action, new.entity_kind, new.app_id, new.user_id, new.origin,
        new.person_id, new.role, new.through, new.user_agent, new.request_id)
    and old.id <> new.erasure_id
    and exists (
      select from audit_event e
      where e.id = new.erasure_id and e.action = 'user.erased' and e.xmin = pg_current_xact_id()::xid
    )
  then
    return new;
  end if;
  raise exception 'audit_event is append-only' using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION public.rollout_bucket(rollout integer, "user" uuid)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN ((((('x'::text || substr(md5(((rollout || ':'::text) || "user")), 1, 8)))::bit(32))::bigint % (10000)::bigint))::integer;

CREATE TRIGGER account_link_changed_reference AFTER UPDATE ON account_link FOR EACH ROW WHEN (old.remote_id IS DISTINCT FROM new.remote_id) EXECUTE FUNCTION mark_reports_of_changed_link();

CREATE TRIGGER account_link_new_references AFTER INSERT ON account_link REFERENCING NEW TABLE AS linked FOR EACH STATEMENT EXECUTE FUNCTION mark_reports_of_new_links();

CREATE TRIGGER audit_event_append_only BEFORE DELETE OR UPDATE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
