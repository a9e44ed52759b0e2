-- A file is imported in the order of its lines, and a manager may stand below their reports.
alter table directory_user alter constraint directory_user_manager_id_fkey deferrable initially immediate;

alter table custom_field add column revision bigint not null default 1;

-- What lists filter by most. The "C" collation lets a prefix be found by the index in any database.
drop index directory_user_email;
drop index directory_user_name;
create index directory_user_username_prefix on directory_user ((lower(username) collate "C"));
create index directory_user_email_prefix on directory_user ((lower(fields ->> 'Email') collate "C"));
create index directory_user_last_name_prefix on directory_user ((lower(fields ->> 'LastName') collate "C"));
create index directory_user_first_name_prefix on directory_user ((lower(fields ->> 'FirstName') collate "C"));
create index directory_user_department on directory_user (lower(fields ->> 'Department'));
create index directory_user_employee_number on directory_user ((fields ->> 'EmployeeNumber'))
  where fields ? 'EmployeeNumber';
create index directory_user_inactive on directory_user (id) where not is_active and deleted_at is null;
create index directory_user_deleted on directory_user (id) where deleted_at is not null;

-- The unique indexes leave out one kind each, so that neither finds all that a user holds.
create index permission_set_assignment_user on permission_set_assignment (user_id);
