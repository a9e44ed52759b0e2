-- The schema that the migrations make, written by `npm run generate`. Do not edit.
-- Partitions by time are made as months go by, and are left out.

create sequence provisioning_log_id as bigint start 1 increment 1;

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
  constraint account_link_pkey PRIMARY KEY (app_id, user_id),
  constraint account_link_account_state_check CHECK (account_state = ANY (ARRAY['absent'::text, 'active'::text, 'deactivated'::text, 'deleted'::text])),
  constraint account_link_standing_check CHECK (standing = ANY (ARRAY['settled'::text, 'waiting'::text, 'retrying'::text, 'parked'::text, 'held'::text]))
) with (fillfactor=60);

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
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_hash_key UNIQUE (hash)
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
  reads_manager boolean generated always as ((POSITION(('manager'::text) IN (lower(((document -> 'mapping'::text))::text))) > 0)) stored not null,
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
  constraint audit_event_pkey PRIMARY KEY (id),
  constraint audit_event_actor_kind_check CHECK (actor_kind = ANY (ARRAY['api key'::text, 'person'::text, 'command line'::text, 'system'::text]))
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
  constraint connected_app_pkey PRIMARY KEY (id),
  constraint connected_app_deactivation_limit_count_check CHECK (deactivation_limit_count >= 0),
  constraint connected_app_deactivation_limit_percent_check CHECK (deactivation_limit_percent >= 0::double precision AND deactivation_limit_percent <= 100::double precision),
  constraint connected_app_max_concurrency_check CHECK (max_concurrency >= 1 AND max_concurrency <= 256),
  constraint connected_app_max_per_second_check CHECK (max_per_second > 0::double precision),
  constraint connected_app_name_check CHECK (name ~ '^[A-Za-z][A-Za-z0-9_]*$'::text),
  constraint connected_app_state_check CHECK (state = ANY (ARRAY['draft'::text, 'active'::text, 'paused'::text]))
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
  constraint hold_pkey PRIMARY KEY (id),
  constraint hold_state_check CHECK (state = ANY (ARRAY['open'::text, 'released'::text, 'rejected'::text, 'closed'::text]))
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
  exchanges json
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

create table schema_migration (
  number integer not null,
  name text not null,
  applied_at timestamp with time zone default now() not null,
  checksum text not null,
  breaking boolean default false not null,
  constraint schema_migration_pkey PRIMARY KEY (number),
  constraint schema_migration_number_check CHECK (number > 0)
);

CREATE UNIQUE INDEX account_link_remote_id_key ON public.account_link USING btree (app_id, remote_id) WHERE (remote_id IS NOT NULL);

CREATE INDEX account_link_remote_username ON public.account_link USING btree (app_id, lower(remote_username)) WHERE (remote_username IS NOT NULL);

CREATE INDEX account_link_standing ON public.account_link USING btree (app_id, standing) WHERE (standing <> 'settled'::text);

CREATE INDEX account_link_user ON public.account_link USING btree (user_id);

CREATE INDEX app_assignment_group ON public.app_assignment USING btree (permission_set_group_id) WHERE (permission_set_group_id IS NOT NULL);

CREATE UNIQUE INDEX app_assignment_key ON public.app_assignment USING btree (app_id, COALESCE(profile_id, 0), COALESCE(permission_set_id, 0), COALESCE(permission_set_group_id, 0));

CREATE INDEX app_assignment_profile ON public.app_assignment USING btree (profile_id) WHERE (profile_id IS NOT NULL);

CREATE INDEX app_assignment_set ON public.app_assignment USING btree (permission_set_id) WHERE (permission_set_id IS NOT NULL);

CREATE INDEX audit_event_entity ON public.audit_event USING btree (entity_kind, entity_id, id DESC);

CREATE INDEX audit_event_user ON public.audit_event USING btree (user_id, id DESC) WHERE (user_id IS NOT NULL);

CREATE UNIQUE INDEX connected_app_name_key ON public.connected_app USING btree (lower(name));

CREATE UNIQUE INDEX custom_field_name_key ON public.custom_field USING btree (lower(name));

CREATE INDEX deactivation_ledger_window ON public.deactivation_ledger USING btree (app_id, at);

CREATE INDEX directory_user_deleted ON public.directory_user USING btree (id) WHERE (deleted_at IS NOT NULL);

CREATE INDEX directory_user_department ON public.directory_user USING btree (lower((fields ->> 'Department'::text)));

CREATE INDEX directory_user_email_prefix ON public.directory_user USING btree (lower((fields ->> 'Email'::text)) COLLATE "C");

CREATE INDEX directory_user_employee_number ON public.directory_user USING btree (((fields ->> 'EmployeeNumber'::text))) WHERE (fields ? 'EmployeeNumber'::text);

CREATE UNIQUE INDEX directory_user_federation_identifier_key ON public.directory_user USING btree (((fields ->> 'FederationIdentifier'::text))) WHERE ((deleted_at IS NULL) AND (fields ? 'FederationIdentifier'::text));

CREATE INDEX directory_user_first_name_prefix ON public.directory_user USING btree (lower((fields ->> 'FirstName'::text)) COLLATE "C");

CREATE INDEX directory_user_inactive ON public.directory_user USING btree (id) WHERE ((NOT is_active) AND (deleted_at IS NULL));

CREATE INDEX directory_user_last_name_prefix ON public.directory_user USING btree (lower((fields ->> 'LastName'::text)) COLLATE "C");

CREATE INDEX directory_user_manager ON public.directory_user USING btree (manager_id) WHERE (manager_id IS NOT NULL);

CREATE INDEX directory_user_profile ON public.directory_user USING btree (profile_id);

CREATE UNIQUE INDEX directory_user_username_key ON public.directory_user USING btree (lower(username)) WHERE (deleted_at IS NULL);

CREATE INDEX directory_user_username_prefix ON public.directory_user USING btree (lower(username) COLLATE "C");

CREATE UNIQUE INDEX hold_current_key ON public.hold USING btree (app_id, user_id) WHERE (state = ANY (ARRAY['open'::text, 'released'::text, 'rejected'::text]));

CREATE INDEX hold_open ON public.hold USING btree (app_id, opened_at) WHERE (state = 'open'::text);

CREATE INDEX link_schedule_due ON public.link_schedule USING btree (app_id, urgency, next_due_at) WHERE (next_due_at IS NOT NULL);

CREATE INDEX open_intent_app ON public.open_intent USING btree (app_id);

CREATE UNIQUE INDEX permission_set_name_key ON public.permission_set USING btree (lower(name));

CREATE INDEX permission_set_assignment_group ON public.permission_set_assignment USING btree (permission_set_group_id) WHERE (permission_set_group_id IS NOT NULL);

CREATE UNIQUE INDEX permission_set_assignment_group_key ON public.permission_set_assignment USING btree (user_id, permission_set_group_id) WHERE (permission_set_group_id IS NOT NULL);

CREATE INDEX permission_set_assignment_set ON public.permission_set_assignment USING btree (permission_set_id) WHERE (permission_set_id IS NOT NULL);

CREATE UNIQUE INDEX permission_set_assignment_set_key ON public.permission_set_assignment USING btree (user_id, permission_set_id) WHERE (permission_set_id IS NOT NULL);

CREATE INDEX permission_set_assignment_user ON public.permission_set_assignment USING btree (user_id);

CREATE UNIQUE INDEX permission_set_group_name_key ON public.permission_set_group USING btree (lower(name));

CREATE INDEX permission_set_group_component_set ON public.permission_set_group_component USING btree (permission_set_id);

CREATE INDEX population_plan_app ON public.population_plan USING btree (app_id, created_at DESC);

CREATE INDEX population_plan_unfinished ON public.population_plan USING btree (created_at) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text, 'applying'::text]));

CREATE INDEX population_plan_value_plan ON public.population_plan_value USING btree (plan_id);

CREATE UNIQUE INDEX profile_name_key ON public.profile USING btree (lower(name));

CREATE INDEX provisioning_log_request ON ONLY public.provisioning_log USING btree (request_id);

CREATE INDEX provisioning_log_tx ON ONLY public.provisioning_log USING btree (tx, id);

CREATE INDEX provisioning_request_app ON ONLY public.provisioning_request USING btree (app_id, created_at DESC);

CREATE INDEX provisioning_request_failed ON ONLY public.provisioning_request USING btree (app_id, reason_code) WHERE (state = 'Failed'::text);

CREATE INDEX provisioning_request_user ON ONLY public.provisioning_request USING btree (user_id, app_id, created_at DESC);

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
    and (old.id, old.at, old.actor_kind, old.actor, old.action, old.entity_kind, old.app_id, old.user_id, old.origin)
      is not distinct from
      (new.id, new.at, new.actor_kind, new.actor, new.action, new.entity_kind, new.app_id, new.user_id, new.origin)
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

CREATE TRIGGER account_link_changed_reference AFTER UPDATE ON account_link FOR EACH ROW WHEN (old.remote_id IS DISTINCT FROM new.remote_id) EXECUTE FUNCTION mark_reports_of_changed_link();

CREATE TRIGGER account_link_new_references AFTER INSERT ON account_link REFERENCING NEW TABLE AS linked FOR EACH STATEMENT EXECUTE FUNCTION mark_reports_of_new_links();

CREATE TRIGGER audit_event_append_only BEFORE DELETE OR UPDATE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
