import { type Queryable, statement } from '../../db/index.ts';

const LIST = statement<{ id: number; name: string }>(
  'list-components',
  `select s.id, s.name from permission_set_group_component c join permission_set s on s.id = c.permission_set_id
   where c.permission_set_group_id = $1 order by lower(s.name)`,
);
const ADD = statement(
  'add-components',
  `insert into permission_set_group_component (permission_set_group_id, permission_set_id)
   select $1, unnest($2::int[]) on conflict do nothing`,
);
const REMOVE = statement(
  'remove-components',
  'delete from permission_set_group_component where permission_set_group_id = $1 and permission_set_id = any ($2::int[])',
);

export async function listComponents(db: Queryable, groupId: number): Promise<{ id: number; name: string }[]> {
  return await LIST.rows(db, [groupId]);
}

export async function addComponents(db: Queryable, groupId: number, permissionSetIds: number[]): Promise<void> {
  if (permissionSetIds.length > 0) await ADD.run(db, [groupId, permissionSetIds]);
}

export async function removeComponents(db: Queryable, groupId: number, permissionSetIds: number[]): Promise<void> {
  if (permissionSetIds.length > 0) await REMOVE.run(db, [groupId, permissionSetIds]);
}
