-- What is remembered of the account may be older than the target, as after a restore: it is read there before anything
-- is decided about it, and an account that the target has deactivated or lost is not brought back without a person.
alter table account_link add column unverified boolean not null default false;

-- The id of the row `user.erased` whose transaction replaced the personal values of this one.
alter table audit_event add column erasure_id bigint;

-- Append-only, with one door: within the transaction that records an erasure, values may be replaced, never who did what
-- to which thing and when, and never a row deleted.
create or replace function refuse_audit_change() returns trigger language plpgsql as $$
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
end $$;
