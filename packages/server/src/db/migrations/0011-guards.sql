-- When a released hold let its change go: what continues the same request need not be let through again.
alter table hold add column let_go_at timestamptz;
create index hold_let_go on hold (app_id, user_id) where let_go_at is not null;

-- When the quarantine is told next; null: it was not told.
alter table connected_app add column quarantine_alert_at timestamptz;

-- A dismissal may be taken back.
alter table dismissal
  add column undone_at timestamptz,
  add column undone_by text;
create index dismissal_user on dismissal (user_id);
create index guard_ledger_user on guard_ledger (user_id);
