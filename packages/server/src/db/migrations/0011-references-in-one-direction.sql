-- A rollout refers to its app, so that the app cannot refer to the rollout: a backup is restored in the order of references,
-- and a circle has none. The two are written in one transaction, and a rollout is deleted with its app alone.
alter table connected_app drop constraint connected_app_rollout_id_fkey;
