import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDirectoryFixture, type DirectoryFixture } from './directory-fixture.ts';

let dir: DirectoryFixture;
before(async () => {
  dir = await createDirectoryFixture();
  await dir.ok('POST', '/profiles', { Name: 'Sales' });
  for (const Name of ['Crm', 'Vpn', 'Chat']) await dir.ok('POST', '/permission-sets', { Name });
  await dir.ok('POST', '/permission-set-groups', { Name: 'Office', PermissionSets: ['Vpn', 'Chat'] });
});
after(() => dir.close());

test('A new user gets what Salesforce demands and the caller left out', async () => {
  const user = await dir.createUser('zoe.obrien@example.com', { FirstName: 'Zoë', LastName: "O'Brien-Müller" });
  assert.equal(user.Alias, 'zobrienm');
  assert.equal(user.CommunityNickname, 'zoe.obrien');
  assert.equal(user.Name, "Zoë O'Brien-Müller");
  assert.deepEqual(
    [user.IsActive, user.Profile, user.TimeZoneSidKey, user.LocaleSidKey, user.EmailEncodingKey],
    [true, 'Standard User', 'UTC', 'en_US', 'UTF-8'],
  );
  assert.deepEqual([user.Department, user.Manager, user.PermissionSets], [null, null, []]);
});

test('The organization’s defaults are those of new users only', async () => {
  const old = await dir.createUser('before.move@example.com');
  await dir.ok('PATCH', '/organization', { TimeZoneSidKey: 'Europe/Dublin', LocaleSidKey: 'en_IE' });
  const fresh = await dir.createUser('after.move@example.com');
  assert.deepEqual([fresh.TimeZoneSidKey, fresh.LocaleSidKey], ['Europe/Dublin', 'en_IE']);
  assert.equal((await dir.ok('GET', `/users/${old.Id}`)).TimeZoneSidKey, 'UTC');
  const [zone] = await dir.query("select value from instance_setting where name = 'time_zone'");
  assert.equal(zone?.['value'], 'Europe/Dublin', 'mappings find the zone of TODAY()');
});

test('A change needs the present ETag, raises it, and one that changes nothing writes nothing', async () => {
  const { Id } = await dir.createUser('etag@example.com');
  const url = `/api/v1/users/${Id}`;
  const first = await dir.send('GET', url);
  const etag = String(first.headers['etag']);
  const without = await dir.send('PATCH', url, { body: { Title: 'Engineer' } });
  assert.equal(without.status, 428);
  const changed = await dir.send('PATCH', url, { body: { Title: 'Engineer' }, headers: { 'if-match': etag } });
  assert.equal(changed.status, 200);
  assert.notEqual(changed.headers['etag'], etag);
  const stale = await dir.send('PATCH', url, { body: { Title: 'Other' }, headers: { 'if-match': etag } });
  assert.equal(stale.status, 412);
  const before = await dir.snapshot();
  const same = await dir.send('PATCH', url, { body: { Title: 'Engineer' }, headers: { 'if-match': '*' } });
  assert.equal(same.headers['etag'], changed.headers['etag']);
  assert.equal(await dir.snapshot(), before);
});

test('Every change leaves one audit row with who, before and after', async () => {
  const { Id } = await dir.createUser('audited@example.com', { Department: 'Sales' });
  await dir.ok('PATCH', `/users/${Id}`, { Department: 'Legal', Title: null, PermissionSets: ['Crm'] });
  await dir.ok('DELETE', `/users/${Id}`);
  await dir.ok('POST', `/users/${Id}/restore`);
  const rows = await dir.query(
    'select action, before, after, actor_kind from audit_event where user_id = $1 order by id',
    [Id],
  );
  assert.deepEqual(
    rows.map((row) => row['action']),
    ['user.created', 'user.updated', 'user.deleted', 'user.restored'],
  );
  assert.deepEqual(rows[1]?.['before'], { Department: 'Sales' });
  assert.deepEqual(rows[1]?.['after'], { Department: 'Legal', PermissionSets: ['Crm'] });
  assert.deepEqual(rows[2]?.['after'], { IsDeleted: true });
  assert.ok(rows.every((row) => row['actor_kind'] === 'api key'));
});

test('A deleted user frees the Username, is found on request only, and comes back unless it was taken', async () => {
  const first = await dir.createUser('rehired@example.com');
  await dir.ok('DELETE', `/users/${first.Id}`);
  const byName = await dir.send('GET', '/api/v1/users/rehired@example.com');
  assert.equal(byName.status, 404);
  assert.equal((await dir.ok('GET', `/users/${first.Id}`)).IsDeleted, true);
  const change = await dir.send('PATCH', `/api/v1/users/${first.Id}`, {
    body: { Title: 'x' },
    headers: { 'if-match': '*' },
  });
  assert.equal(change.status, 409);
  const second = await dir.createUser('REHIRED@example.com');
  const restore = await dir.send('POST', `/api/v1/users/${first.Id}/restore`, { headers: { 'if-match': '*' } });
  assert.deepEqual([restore.status, restore.json.errors[0].field], [409, 'Username']);
  const deleted = await dir.ok('GET', '/users?deleted=only&filter[Username]=rehired@example.com');
  assert.deepEqual(
    deleted.items.map((user: { Id: string }) => user.Id),
    [first.Id],
  );
  await dir.ok('DELETE', `/users/${second.Id}`);
  assert.equal((await dir.ok('POST', `/users/${first.Id}/restore`)).IsDeleted, false);
});

test('A manager is named by Username or Id, a deleted one is nobody, and two may manage each other', async () => {
  const boss = await dir.createUser('boss@example.com');
  const report = await dir.createUser('report@example.com', { Manager: 'BOSS@example.com' });
  assert.deepEqual([report.ManagerId, report.Manager], [boss.Id, 'boss@example.com']);
  await dir.ok('PATCH', `/users/${boss.Id}`, { ManagerId: report.Id });
  await dir.ok('DELETE', `/users/${boss.Id}`);
  assert.deepEqual((await dir.ok('GET', `/users/${report.Id}`)).ManagerId, null);
});

test('Permission sets are written as the whole list, and an assignment that expired is given anew', async () => {
  const { Id } = await dir.createUser('sets@example.com', {
    PermissionSets: 'Vpn; crm',
    PermissionSetGroups: ['Office'],
  });
  const url = `/users/${Id}`;
  assert.deepEqual((await dir.ok('GET', url)).PermissionSets, ['Crm', 'Vpn']);
  await dir.ok('PATCH', url, { PermissionSets: ['Vpn'] });
  const { items } = await dir.ok('GET', `${url}/assignments`);
  assert.deepEqual(
    items.map((item: Record<string, unknown>) => item['PermissionSet'] ?? item['PermissionSetGroup']).sort(),
    ['Office', 'Vpn'],
  );
  const until = new Date(dir.clock.now().getTime() + 3_600_000).toISOString();
  const vpn = items.find((item: Record<string, unknown>) => item['PermissionSet'] === 'Vpn');
  await dir.ok('PATCH', `${url}/assignments/${vpn.Id}`, { ExpirationDate: until });
  await dir.ok('PATCH', url, { PermissionSets: ['Vpn'] });
  const kept = (await dir.ok('GET', `${url}/assignments`)).items;
  assert.ok(
    kept.some((item: Record<string, unknown>) => item['ExpirationDate'] === until),
    'its expiry stays',
  );
  await dir.clock.advance(3_600_001);
  assert.deepEqual((await dir.ok('GET', url)).PermissionSets, []);
  await dir.ok('PATCH', url, { PermissionSets: ['Vpn'] });
  assert.deepEqual((await dir.ok('GET', url)).PermissionSets, ['Vpn']);
});

test('Custom fields are typed, and go with their values only when told so', async () => {
  await dir.ok('POST', '/custom-fields', { Name: 'Start__c', Type: 'date' });
  await dir.ok('POST', '/custom-fields', {
    Name: 'Langs__c',
    Type: 'multipicklist',
    PicklistValues: ['de', 'en', 'fr'],
  });
  await dir.ok('POST', '/custom-fields', { Name: 'Grade__c', Type: 'number' });
  const { Id } = await dir.createUser('custom@example.com', {
    Start__c: '2024-02-29',
    Langs__c: ['FR', 'de'],
    Grade__c: 7.5,
  });
  const user = await dir.ok('GET', `/users/${Id}`);
  assert.deepEqual([user.Start__c, user.Langs__c, user.Grade__c], ['2024-02-29', ['de', 'fr'], 7.5]);
  assert.equal((await dir.ok('GET', '/users?filter[Langs__c]=fr')).items.length, 1);
  const fewer = await dir.send('PATCH', '/api/v1/custom-fields/Langs__c', {
    body: { PicklistValues: ['de', 'en'] },
    headers: { 'if-match': '*' },
  });
  assert.equal(fewer.status, 409);
  const kept = await dir.send('DELETE', '/api/v1/custom-fields/Langs__c', { headers: { 'if-match': '*' } });
  assert.deepEqual([kept.status, kept.json.errors[0].field], [409, 'query.deleteValues']);
  await dir.ok('DELETE', '/custom-fields/Langs__c?deleteValues=true');
  assert.ok(!('Langs__c' in (await dir.ok('GET', `/users/${Id}`))));
});

test('Lists filter by any field, search beginnings, and page without gaps or repeats', async () => {
  for (let n = 0; n < 25; n++) {
    await dir.createUser(`page${String(n).padStart(2, '0')}@list.example`, {
      FirstName: n % 2 ? 'Ännie' : 'Bert',
      Department: n % 5 ? 'Lists' : 'Rare_%',
      IsActive: n % 3 > 0,
      Profile: n < 4 ? 'Sales' : 'Standard User',
      PermissionSets: n === 7 ? ['Chat'] : [],
    });
  }
  const collect = async (query: string) => {
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await dir.ok('GET', `/users?limit=4&${query}${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.items.map((user: { Username: string }) => user.Username));
      if (page.nextCursor === null) return seen;
      cursor = page.nextCursor;
    }
  };
  const all = await collect('search=PAGE');
  assert.equal(new Set(all).size, 25);
  assert.deepEqual(await collect('search=page&sort=Username'), all.toSorted());
  assert.equal((await collect('filter[Department]=rare_%25')).length, 5);
  assert.equal((await collect('search=%C3%A4nnie')).length, 12);
  assert.equal((await collect('search=page&isActive=false')).length, 9);
  assert.equal((await collect('profile=Sales')).length, 4);
  assert.deepEqual(await collect('permissionSet=Chat'), ['page07@list.example']);
  assert.equal((await collect('filter[Department]=&search=page')).length, 0);
  assert.equal((await collect('search=%25')).length, 0, 'a percent sign is no wildcard');
  const counted = await dir.ok('GET', '/users?search=page&count=true&limit=1');
  assert.equal(counted.total, 25);
});

test('An export holds the filtered set whole, runs as no formula, and is told in the audit', async () => {
  await dir.createUser('=cmd@example.com', {
    FirstName: '=HYPERLINK("x")',
    Department: 'Exports',
    PermissionSets: ['Crm', 'Vpn'],
  });
  await dir.createUser('quiet@example.com', { FirstName: '+49', Department: 'Exports' });
  const file = await dir.send('GET', '/api/v1/users/export?filter[Department]=Exports');
  assert.equal(file.status, 200, file.text);
  assert.match(String(file.headers['content-disposition']), /usher-users-.*\.csv/);
  const [head = '', ...lines] = file.text.trimEnd().split('\r\n');
  assert.ok(head.startsWith('Id,') && head.includes(',Department,'));
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? '', /"'=cmd@example\.com".*"'=HYPERLINK\(""x""\)".*Crm;Vpn/);
  assert.match(lines[1] ?? '', /"'\+49"/);
  const whole = await dir.send('GET', '/api/v1/users/export?format=jsonl&search=quiet');
  assert.equal(JSON.parse(whole.text).FirstName, '+49');
  const refused = await dir.send('GET', '/api/v1/users/export?limit=5');
  assert.deepEqual([refused.status, refused.json.errors[0].field], [400, 'query.limit']);
  const [first] = await dir.query(
    "select after -> 'filter' as filter from audit_event where action = 'users.exported' order by id",
  );
  assert.deepEqual(first?.['filter'], { 'filter[Department]': 'Exports', deleted: 'no' });
});
