import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDirectoryFixture, type DirectoryFixture } from './directory-fixture.ts';

let dir: DirectoryFixture;
before(async () => {
  dir = await createDirectoryFixture();
});
after(() => dir.close());

const withoutAudit = async () => {
  const tables = [
    'directory_user',
    'permission_set',
    'permission_set_group',
    'permission_set_assignment',
    'link_schedule',
  ];
  const counts = await Promise.all(tables.map((table) => dir.query(`select count(*)::int as n from ${table}`)));
  return counts.map(([row]) => row?.['n']);
};

test('A demo company comes into an empty directory, whole and as real people would', async () => {
  assert.equal((await dir.ok('GET', '/demo-company')).loaded, null);
  const loaded = await dir.ok('POST', '/demo-company');
  assert.deepEqual([loaded.users, loaded.loaded.by, loaded.obstacles], [20, 'admin', []]);
  assert.deepEqual(await withoutAudit(), [20, 3, 1, 23, 0]);
  const { items } = await dir.ok('GET', '/users?search=milan.novak');
  assert.deepEqual(
    [items[0].Name, items[0].Manager, items[0].PermissionSetGroups],
    ['Milan Novák', 'ines.okafor@demo.example', ['Demo_Office']],
  );
  const again = await dir.send('POST', '/api/v1/demo-company', {});
  assert.deepEqual([again.status, again.json.errors[0].field], [409, 'directory']);
});

test('It goes in one act, takes nobody else along, and may come again', async () => {
  await dir.createUser('real@example.com', { Manager: 'milan.novak@demo.example', PermissionSets: ['Demo_Wiki'] });
  const held = await dir.send('DELETE', '/api/v1/demo-company');
  assert.deepEqual([held.status, held.json.errors[0].field], [409, 'Demo_Wiki']);
  await dir.ok('PATCH', '/users/real@example.com', { PermissionSets: [] });
  assert.deepEqual(await dir.ok('DELETE', '/demo-company'), { users: 20, unmanaged: 1 });
  assert.deepEqual(await withoutAudit(), [1, 0, 0, 0, 0]);
  assert.equal((await dir.ok('GET', '/users/real@example.com')).Manager, null);
  const nothing = await dir.send('DELETE', '/api/v1/demo-company');
  assert.equal(nothing.status, 409);
  const mixed = await dir.send('POST', '/api/v1/demo-company', {});
  assert.match(mixed.json.detail, /directory: has users already/);
});

test('It stays while an account of it is remembered anywhere, and says where', async () => {
  await dir.query('delete from directory_user');
  await dir.ok('POST', '/demo-company');
  await dir.query(
    `insert into connected_app (name, label, connector, base_url, state, created_at, updated_at)
     values ('Wiki', 'Wiki', 'scim2', 'https://wiki.example', 'paused', now(), now())`,
  );
  await dir.query(
    `insert into account_link (app_id, user_id, remote_id, account_state, updated_at)
     select a.id, u.id, 'r1', 'active', now() from connected_app a, directory_user u where u.username like 'ines.%'`,
  );
  const refused = await dir.send('DELETE', '/api/v1/demo-company');
  assert.deepEqual([refused.status, refused.json.errors[0].field], [409, 'Wiki']);
  assert.deepEqual((await dir.ok('GET', '/demo-company')).obstacles.length, 1);
  await dir.query("delete from connected_app where name = 'Wiki'");
  await dir.query('delete from account_link');
  assert.equal((await dir.ok('DELETE', '/demo-company')).users, 20);
});
