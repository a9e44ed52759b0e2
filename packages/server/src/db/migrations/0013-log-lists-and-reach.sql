-- The log of every app, newest first.
create index provisioning_request_newest on provisioning_request (created_at, id);
-- What is not simply done is rare, and looked for among all that is.
create index provisioning_request_state on provisioning_request (state, created_at, id) where state <> 'Completed';
create index provisioning_request_rare_operation on provisioning_request (operation, created_at, id)
  where operation in ('deactivate', 'reactivate', 'delete', 'link');
-- Causes, one after another and counted, from the index alone.
create index provisioning_request_cause
  on provisioning_request (created_at, id, app_id, reason_code, operation, state, user_id) where reason_code is not null;

-- Whom a retry of a cause concerns.
drop index provisioning_request_failed;
create index provisioning_request_failed on provisioning_request (app_id, reason_code, operation, user_id, created_at)
  where state = 'Failed';

-- How many accounts an app has, from the index alone.
create index account_link_accounts on account_link (app_id, account_state) where remote_id is not null;

-- Why a user was parked when a rollout reached them: parked for another reason since is the version's doing.
alter table rollout_reach add column parked_for text;
