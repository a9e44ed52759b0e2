import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { createDirectoryFixture, type DirectoryFixture } from './directory-fixture.ts';

// Which links become due by a change of the directory. `App` is granted by the set Crm alone, `GroupApp` by the group Office.
let dir: DirectoryFixture;
let crm: string;
let userId: string;
let managerId: string;

before(async () => {
  dir = await createDirectoryFixture();
  crm = (await dir.ok('POST', '/permission-sets', { Name: 'Crm' })).Id;
  await dir.ok('POST', '/permission-sets', { Name: 'Vpn' });
  await dir.ok('POST', '/permission-sets', { Name: 'Extra' });
  const office = (await dir.ok('POST', '/permission-set-groups', { Name: 'Office', PermissionSets: ['Vpn'] })).Id;
  await dir.ok('POST', '/profiles', { Name: 'Sales' });
  for (const [name, column, id] of [
    ['App', 'permission_set_id', crm],
    ['GroupApp', 'permission_set_group_id', office],
  ]) {
    const [app] = await dir.query(
      `insert into connected_app (name, label, connector, base_url, state, created_at, updated_at)
       values ($1, $1, 'scim2', 'https://target.example', 'active', now(), now()) returning id`,
      [name],
    );
    await dir.query(`insert into app_assignment (app_id, ${column}, created_at) values ($1, $2, now())`, [
      app?.['id'],
      id,
    ]);
  }
  managerId = (await dir.createUser('manager@example.com')).Id;
  userId = (
    await dir.createUser('holder@example.com', {
      Manager: 'manager@example.com',
      PermissionSets: ['Crm'],
      PermissionSetGroups: ['Office'],
    })
  ).Id;
});
after(() => dir.close());
beforeEach(() => dir.query('update link_schedule set done_rev = wanted_rev, next_due_at = null, urgency = 2'));

async function due(): Promise<string[]> {
  const rows = await dir.query(
    `select a.name || ' ' || s.urgency as link from link_schedule s join connected_app a on a.id = s.app_id
     where s.user_id = $1 and s.wanted_rev > s.done_rev and s.next_due_at is not null order by 1`,
    [userId],
  );
  return rows.map((row) => String(row['link']));
}

const BOTH = ['App 2', 'GroupApp 2'];
const CASES: [string, () => Promise<unknown>, string[]][] = [
  ['a change of a field', () => dir.ok('PATCH', `/users/${userId}`, { Title: 'Lead' }), BOTH],
  ['a change that changes nothing', () => dir.ok('PATCH', `/users/${userId}`, { Title: 'Lead' }), []],
  ['a change of the manager’s name', () => dir.ok('PATCH', `/users/${managerId}`, { LastName: 'Jones' }), BOTH],
  ['a change of the manager’s sets', () => dir.ok('PATCH', `/users/${managerId}`, { PermissionSets: ['Extra'] }), []],
  ['the manager’s deletion', () => dir.ok('DELETE', `/users/${managerId}`), BOTH],
  ['the manager’s return', () => dir.ok('POST', `/users/${managerId}/restore`), BOTH],
  ['another profile', () => dir.ok('PATCH', `/users/${userId}`, { Profile: 'Sales' }), BOTH],
  ['a new name of the profile', () => dir.ok('PATCH', '/profiles/Sales', { Name: 'Selling' }), BOTH],
  ['a description of the profile', () => dir.ok('PATCH', '/profiles/Selling', { Description: 'x' }), []],
  ['a new name of a set', () => dir.ok('PATCH', '/permission-sets/Vpn', { Name: 'Vpn2' }), BOTH],
  [
    'another component of the group',
    () => dir.ok('POST', '/permission-set-groups/Office/components', { add: ['Extra'], remove: [] }),
    BOTH,
  ],
  [
    'a component that is there already',
    () => dir.ok('POST', '/permission-set-groups/Office/components', { add: ['Extra'] }),
    [],
  ],
  ['deactivation, urgent', () => dir.ok('PATCH', `/users/${userId}`, { IsActive: false }), ['App 0', 'GroupApp 0']],
  ['reactivation', () => dir.ok('PATCH', `/users/${userId}`, { IsActive: true }), BOTH],
  [
    'the loss of a set, urgent',
    () => dir.ok('PATCH', `/users/${userId}`, { PermissionSets: [] }),
    ['App 0', 'GroupApp 2'],
  ],
  ['the set given back', () => dir.ok('POST', `/users/${userId}/assignments`, { PermissionSet: 'Crm' }), BOTH],
  ['the deletion of a set, urgent', () => dir.ok('DELETE', `/permission-sets/${crm}`), ['App 0', 'GroupApp 2']],
  ['the deletion of a group', () => dir.ok('DELETE', '/permission-set-groups/Office'), ['App 0', 'GroupApp 0']],
  ['the user’s deletion, urgent', () => dir.ok('DELETE', `/users/${userId}`), ['App 0', 'GroupApp 0']],
];

for (const [name, change, expected] of CASES) {
  test(`Due after ${name}: ${expected.join(', ') || 'nothing'}`, async () => {
    await change();
    assert.deepEqual(await due(), expected);
  });
}
