import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { type ImportProgress, importUsers } from '../../src/directory/index.ts';
import { createDirectoryFixture, type DirectoryFixture } from './directory-fixture.ts';

const SAMPLE = new URL('../../../sandbox/sample-org/', import.meta.url);

let dir: DirectoryFixture;
before(async () => {
  dir = await createDirectoryFixture();
  await dir.ok('POST', '/permission-sets', { Name: 'Crm' });
  await dir.ok('POST', '/permission-sets', { Name: 'Vpn' });
});
after(() => dir.close());

async function readSample(name: string): Promise<Record<string, string>[]> {
  return parse(await readFile(new URL(name, SAMPLE)), { columns: true });
}

const lines = (...rows: string[]) => `${rows.join('\n')}\n`;

test('The sample org is imported whole, and the second import changes nothing', async () => {
  const org = await createDirectoryFixture();
  try {
    for (const profile of await readSample('profiles.csv')) await org.ok('POST', '/profiles', profile);
    for (const set of await readSample('permission-sets.csv')) await org.ok('POST', '/permission-sets', set);
    for (const { PermissionSets, ...group } of await readSample('permission-set-groups.csv')) {
      await org.ok('POST', '/permission-set-groups', { ...group, PermissionSets: PermissionSets?.split(';') });
    }
    await org.ok('POST', '/custom-fields', { Name: 'CostCenter__c', Type: 'text', Length: 80 });
    await org.ok('POST', '/custom-fields', { Name: 'StartDate__c', Type: 'date' });
    const csv = await readFile(new URL('users.csv', SAMPLE));
    const rows = await readSample('users.csv');

    const dry = await org.importCsv(csv, '?dryRun=true');
    assert.equal(dry.status, 200, dry.text.slice(0, 2000));
    assert.deepEqual([dry.json.applied, dry.json.created, dry.json.problemCount], [false, rows.length, 0]);
    assert.equal((await org.query('select count(*)::int as n from directory_user'))[0]?.['n'], 0);

    const first = await org.importCsv(csv);
    assert.equal(first.status, 200, first.text.slice(0, 2000));
    assert.deepEqual([first.json.applied, first.json.created, first.json.updated], [true, rows.length, 0]);
    for (const row of rows) {
      const user = await org.ok('GET', `/users/${encodeURIComponent(row['Username'] ?? '')}`);
      for (const field of ['FirstName', 'LastName', 'Street', 'Title', 'Phone', 'Manager', 'Profile', 'StartDate__c']) {
        assert.equal(user[field] ?? '', row[field], `${field} of ${row['Username']}`);
      }
      const held = [...user.PermissionSets, ...user.PermissionSetGroups].sort();
      const wanted = `${row['PermissionSets']};${row['PermissionSetGroups']}`.split(';').filter(Boolean).sort();
      assert.deepEqual(held, wanted);
    }

    const before = await org.snapshot();
    const second = await org.importCsv(csv);
    assert.deepEqual([second.json.created, second.json.updated, second.json.unchanged], [0, 0, rows.length]);
    assert.equal(await org.snapshot(), before);
  } finally {
    await org.close();
  }
});

test('Columns that are absent leave what users have, blank cells take it away, and what cannot be blank stays', async () => {
  await dir.importCsv(
    lines(
      'Username,LastName,Email,Title,Department,IsActive,PermissionSets,Alias',
      'blank@csv.example,Blank,blank@csv.example,Boss,Legal,no,Crm;Vpn,nick',
    ),
  );
  const report = await dir.importCsv(
    lines('Username,LastName,Email,Title,IsActive,Alias', 'blank@csv.example,Blank,blank@csv.example,,,'),
  );
  assert.deepEqual([report.json.updated, report.json.changes[0].fields], [1, ['Title']]);
  const user = await dir.ok('GET', '/users/blank@csv.example');
  assert.deepEqual(
    [user.Title, user.Department, user.IsActive, user.Alias, user.PermissionSets],
    [null, 'Legal', false, 'nick', ['Crm', 'Vpn']],
  );
  await dir.importCsv(lines('Username,LastName,Email,PermissionSets', 'blank@csv.example,Blank,blank@csv.example,'));
  assert.deepEqual((await dir.ok('GET', '/users/blank@csv.example')).PermissionSets, []);
});

test('A manager may stand below the report, and two may manage each other', async () => {
  const report = await dir.importCsv(
    lines(
      'Username,LastName,Email,Manager',
      'low@csv.example,Low,low@csv.example,HIGH@csv.example',
      'high@csv.example,High,high@csv.example,low@csv.example',
    ),
  );
  assert.equal(report.json.created, 2, report.text);
  assert.equal((await dir.ok('GET', '/users/low@csv.example')).Manager, 'high@csv.example');
  assert.equal((await dir.ok('GET', '/users/high@csv.example')).Manager, 'low@csv.example');
});

const MIXED = lines(
  'Username,LastName,Email,Manager,Title',
  'good@csv.example,Good,good@csv.example,,First',
  'bad@csv.example,Bad,not an address,,',
  'below.bad@csv.example,Below,below@csv.example,bad@csv.example,',
  'below.below@csv.example,Lowest,lowest@csv.example,below.bad@csv.example,',
  'also.good@csv.example,Also,also@csv.example,good@csv.example,',
);

test('All or nothing: one bad row, and nothing is imported; every problem has its line, column and fix', async () => {
  const before = await dir.snapshot();
  const refused = await dir.importCsv(MIXED);
  assert.equal(refused.status, 422);
  assert.deepEqual(
    refused.json.errors.map((error: { field: string }) => error.field),
    ['line 3, column Email'],
  );
  assert.equal(await dir.snapshot(), before);
});

test('Skipping bad rows imports the others, but nobody whose manager was skipped', async () => {
  const dry = await dir.importCsv(MIXED, '?mode=skip-bad-rows&dryRun=true');
  const report = await dir.importCsv(MIXED, '?mode=skip-bad-rows');
  assert.deepEqual(
    report.json.problems.map((p: { line: number; column: string }) => [p.line, p.column]),
    [
      [3, 'Email'],
      [4, 'Manager'],
      [5, 'Manager'],
    ],
  );
  assert.deepEqual([report.json.rows, report.json.created, report.json.bad], [5, 2, 3]);
  assert.deepEqual([dry.json.created, dry.json.bad, dry.json.applied], [2, 3, false]);
  assert.deepEqual(
    dry.json.changes.map((c: { line: number }) => c.line),
    [2, 6],
  );
  assert.equal((await dir.ok('GET', '/users/also.good@csv.example')).Manager, 'good@csv.example');
  assert.equal((await dir.send('GET', '/api/v1/users/below.bad@csv.example')).status, 404);
});

test('Another key renames users, and a key that several users have is refused', async () => {
  await dir.createUser('hr1@csv.example', { EmployeeNumber: '007' });
  await dir.createUser('hr2@csv.example', { EmployeeNumber: '008' });
  await dir.createUser('hr3@csv.example', { EmployeeNumber: '008' });
  const renamed = await dir.importCsv(
    lines('EmployeeNumber,Username,LastName,Email', '007,bond@csv.example,Smith,hr1@csv.example'),
    '?key=EmployeeNumber',
  );
  assert.deepEqual(renamed.json.changes[0]?.fields, ['Username'], renamed.text);
  const several = await dir.importCsv(
    lines('EmployeeNumber,LastName', '008,Smith', '007,Bond'),
    '?key=EmployeeNumber&mode=skip-bad-rows',
  );
  assert.deepEqual([several.json.updated, several.json.bad], [1, 1]);
  assert.match(several.json.problems[0].problem, /several users/);
});

test('Formula-looking cells are plain text', async () => {
  await dir.importCsv(
    lines(
      'Username,FirstName,LastName,Email,Title',
      'formula@csv.example,=1+1,@SUM(A1),f@csv.example,"=HYPERLINK(""x"")"',
    ),
  );
  const user = await dir.ok('GET', '/users/formula@csv.example');
  assert.deepEqual([user.FirstName, user.LastName, user.Title], ['=1+1', '@SUM(A1)', '=HYPERLINK("x")']);
});

test('Backslashes, line breaks, quotes and what looks like no value arrive as they are, in the audit as well', async () => {
  const street = 'C:\\temp\\new\r\n"Hall" 3\n\\N\\.';
  const csv = `Username,Email,LastName,Title,Street,EmployeeNumber\nodd@example.com,odd@example.com,\\N,\\\\t,"${street.replaceAll('"', '""')}",\\\\\n`;
  const result = await dir.importCsv(csv);
  assert.equal(result.status, 200, result.text);
  const user = await dir.ok('GET', '/users/odd@example.com');
  const wanted = { LastName: '\\N', Title: '\\\\t', Street: street, EmployeeNumber: '\\\\' };
  for (const [field, value] of Object.entries(wanted)) assert.equal(user[field], value, field);
  const [event] = await dir.query(
    `select after from audit_event where user_id = '${user.Id}' and action = 'user.created'`,
  );
  const after = event?.['after'] as Record<string, unknown>;
  assert.deepEqual({ ...after, ...wanted }, after);
  assert.equal(after['Username'], 'odd@example.com');
  const again = await dir.importCsv(csv);
  assert.deepEqual([again.json.created, again.json.updated, again.json.unchanged], [0, 0, 1]);
});

test('A snapshot shows its leavers first, and takes them only with the token of that very dry run', async () => {
  const org = await createDirectoryFixture();
  try {
    const everybody = Array.from({ length: 60 }, (_, n) => `p${n}@snap.example,P${n},p${n}@snap.example`);
    const file = (rows: string[]) => lines('Username,LastName,Email', ...rows);
    await org.importCsv(file(everybody));
    await org.createUser('trial@snap.example');
    await org.query("update directory_user set is_test = true where username = 'trial@snap.example'");
    const shorter = file(everybody.slice(3));

    const without = await org.importCsv(shorter, '?snapshot=true');
    assert.deepEqual([without.status, without.json.errors[0].field], [400, 'query.snapshotToken']);
    const dry = await org.importCsv(shorter, '?snapshot=true&dryRun=true');
    assert.deepEqual([dry.json.leavers.count, dry.json.leavers.activeUsers, dry.json.leavers.limit], [3, 60, 10]);
    assert.deepEqual(
      dry.json.leavers.users.map((user: { Username: string }) => user.Username),
      ['p0@snap.example', 'p1@snap.example', 'p2@snap.example'],
    );
    const token = `snapshotToken=${dry.json.leavers.snapshotToken}`;
    const otherFile = await org.importCsv(file(everybody.slice(2)), `?snapshot=true&${token}`);
    assert.equal(otherFile.status, 409);
    await org.createUser('late@snap.example');
    const otherLeavers = await org.importCsv(shorter, `?snapshot=true&${token}`);
    assert.equal(otherLeavers.status, 409, 'somebody joined since the dry run');
    await org.ok('DELETE', '/users/late@snap.example');

    const real = await org.importCsv(shorter, `?snapshot=true&${token}`);
    assert.deepEqual([real.json.left, real.json.deactivated, real.json.unchanged], [3, 3, 57], real.text);
    assert.equal((await org.ok('GET', '/users/p1@snap.example')).IsActive, false);
    assert.equal((await org.ok('GET', '/users/trial@snap.example')).IsActive, true);

    const tiny = file(everybody.slice(40));
    const many = await org.importCsv(tiny, '?snapshot=true&dryRun=true');
    const manyToken = `snapshotToken=${many.json.leavers.snapshotToken}`;
    const guarded = await org.importCsv(tiny, `?snapshot=true&${manyToken}`);
    assert.deepEqual([guarded.status, guarded.json.errors[0].field], [409, 'query.allowLeavers']);
    const few = await org.importCsv(tiny, `?snapshot=true&${manyToken}&allowLeavers=36`);
    assert.equal(few.status, 409);
    const allowed = await org.importCsv(tiny, `?snapshot=true&${manyToken}&allowLeavers=37`);
    assert.equal(allowed.json.left, 37, allowed.text);
  } finally {
    await org.close();
  }
});

test('A bad row of a snapshot is no leaver, and one that does not say whom it means stops the snapshot', async () => {
  const org = await createDirectoryFixture();
  try {
    await org.createUser('kept@snap.example');
    await org.createUser('gone@snap.example');
    const head = 'Username,LastName,Email';
    const dry = await org.importCsv(
      lines(head, 'kept@snap.example,,broken'),
      '?snapshot=true&dryRun=true&mode=skip-bad-rows',
    );
    assert.deepEqual(
      dry.json.leavers.users.map((user: { Username: string }) => user.Username),
      ['gone@snap.example'],
    );
    const unsure = await org.importCsv(
      lines(head, 'kept@snap.example,Smith,kept@snap.example', ',Smith,x@snap.example'),
      '?snapshot=true&dryRun=true&mode=skip-bad-rows',
    );
    assert.deepEqual([unsure.status, unsure.json.errors[0].field], [409, 'line 3']);
    const empty = await org.importCsv(lines(head), '?snapshot=true&dryRun=true');
    assert.equal(empty.status, 409);
  } finally {
    await org.close();
  }
});

test('Progress is told while it runs, and a source that breaks changes nothing', async () => {
  const actor = { kind: 'system', name: 'test' } as const;
  const seen: ImportProgress[] = [];
  const options = { mode: 'all-or-nothing', dryRun: false, key: 'Username' } as const;
  const rows = Array.from({ length: 4_500 }, (_, n) => `prog${n}@csv.example,P${n},prog${n}@csv.example`);
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from(lines('Username,LastName,Email', ...rows));
      throw new Error('The connection was lost');
    })(),
  );
  const before = await dir.snapshot();
  await assert.rejects(importUsers(dir.ground, actor, { source: broken, ...options }), /connection was lost/);
  assert.equal(await dir.snapshot(), before);
  await importUsers(dir.ground, actor, {
    source: Readable.from([Buffer.from(lines('Username,LastName,Email', ...rows))]),
    onProgress: (progress) => seen.push(progress),
    ...options,
  });
  assert.deepEqual([...new Set(seen.map(({ phase }) => phase))], ['reading', 'checking', 'writing', 'marking']);
  assert.deepEqual(
    seen.findLast(({ phase }) => phase === 'writing'),
    { phase: 'writing', done: 4_500, total: 4_500 },
  );
});
