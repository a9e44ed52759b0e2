-- One index does what three did: every assignment is written into each of them.
create unique index permission_set_assignment_key
  on permission_set_assignment (user_id, permission_set_id, permission_set_group_id) nulls not distinct;
drop index permission_set_assignment_set_key, permission_set_assignment_group_key, permission_set_assignment_user;
