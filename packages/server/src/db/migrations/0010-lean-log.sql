-- The body of the last answer where it is the account as the link keeps it; the exchanges leave it out then.
alter table provisioning_log add column answer json;
