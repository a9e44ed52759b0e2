-- ── people: who signs in to the console ──────────────────────────────────────────────────────────────────────

-- Not to be confused with users: a user is provisioned, a person works with Usher.
create table person (
  id uuid primary key,
  email text not null,
  name text not null,
  role text not null check (role in ('administrator', 'operator', 'help desk', 'auditor')),
  -- PHC string of argon2id; null for those who come by single sign-on or were only invited
  password_hash text,
  password_changed_at timestamptz,
  totp_sealed text,
  totp_confirmed_at timestamptz,
  -- the newest time step that was accepted: a code is good once
  totp_last_step bigint not null default 0,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  last_sign_in_at timestamptz,
  disabled_at timestamptz,
  revision bigint not null default 1
);
create unique index person_email_key on person (lower(email));
create index person_role on person (role) where disabled_at is null;

-- A person as an identity provider knows them: by issuer and subject, never by an address that may be given to another.
create table person_identity (
  issuer text not null,
  subject text not null,
  person_id uuid not null references person on delete cascade,
  created_at timestamptz not null,
  last_used_at timestamptz,
  primary key (issuer, subject)
);
create index person_identity_person on person_identity (person_id);

create table passkey (
  id uuid primary key,
  person_id uuid not null references person on delete cascade,
  credential_id text not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null,
  backed_up boolean not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkey_person on passkey (person_id);

create table recovery_code (
  person_id uuid not null references person on delete cascade,
  hash bytea not null,
  used_at timestamptz,
  primary key (person_id, hash)
);

-- Only hashes of what a browser holds: whoever reads this database gets no session.
create table session (
  id uuid primary key,
  token_hash bytea not null unique,
  person_id uuid not null references person on delete cascade,
  -- 'enrolling' may do nothing but set up a second factor
  stage text not null check (stage in ('enrolling', 'full')),
  method text not null,
  created_at timestamptz not null,
  -- when the person last proved who they are, within this session
  proved_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  address text not null,
  user_agent text not null
);
create index session_person on session (person_id);
create index session_expires on session (expires_at);

-- What is between the steps of a sign-in, bound to the browser that began it.
create table sign_in_attempt (
  token_hash bytea primary key,
  person_id uuid references person on delete cascade,
  -- proved by the steps before: the password, or nothing yet
  proved text check (proved in ('password')),
  failures smallint not null default 0,
  challenge text,
  payload json,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index sign_in_attempt_expires on sign_in_attempt (expires_at);

-- Wrong attempts by what they were made on (a network, an e-mail address), shared by every replica.
create table sign_in_limit (
  subject text primary key,
  wrong real not null,
  at timestamptz not null
);

-- Links that let somebody in without a session, each once and for a time: to the first administrator, to whom is
-- invited, to whom lost their password; and to a user, as often as they like, to see where their accounts stand.
create table access_link (
  id uuid primary key,
  kind text not null check (kind in ('administrator', 'invitation', 'reset', 'status')),
  token_hash bytea not null unique,
  person_id uuid references person on delete cascade,
  user_id uuid,
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  check ((kind = 'status') = (user_id is not null)),
  check ((kind in ('invitation', 'reset')) = (person_id is not null))
);
create index access_link_person on access_link (person_id) where person_id is not null;
create index access_link_user on access_link (user_id) where user_id is not null;
create index access_link_expires on access_link (expires_at);

-- A key of a person never may do more than the person, and goes with them.
alter table api_key add column person_id uuid references person on delete cascade;
create index api_key_person on api_key (person_id) where person_id is not null;

-- ── audit ────────────────────────────────────────────────────────────────────────────────────────────────────

alter table audit_event
  add column person_id uuid,
  add column role text,
  add column through text,
  add column user_agent text,
  add column request_id uuid;
create index audit_event_actor on audit_event (actor, id desc);
create index audit_event_action on audit_event (action text_pattern_ops, id desc);
create index audit_event_at on audit_event (at, id);

create or replace function refuse_audit_change() returns trigger language plpgsql as $$
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
end $$;

-- ── search as one types ──────────────────────────────────────────────────────────────────────────────────────

-- The beginnings of whole names have indexes already; these hold what follows the first part of a name of several, such
-- as Dyke of van Dyke and Luise of Anna-Luise, for the few who have one.
create index directory_user_last_name_part on directory_user
  ((lower(substring(fields ->> 'LastName' from '[ -](.*)$')) collate "C"))
  where substring(fields ->> 'LastName' from '[ -](.*)$') is not null;
create index directory_user_first_name_part on directory_user
  ((lower(substring(fields ->> 'FirstName' from '[ -](.*)$')) collate "C"))
  where substring(fields ->> 'FirstName' from '[ -](.*)$') is not null;
