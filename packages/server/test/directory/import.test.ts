import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { createDirectoryFixture, type DirectoryFixture } from './directory-fixture.ts';

const SAMPLE = new URL('../../../sandbox/sample-org/', import.meta.url);

let dir: DirectoryFixture;
before(async () => {
  dir = await createDirectoryFixture();
});
after(() => dir.close());

async function readSample(name: string): Promise<Record<string, string>[]> {
  return parse(await readFile(new URL(name, SAMPLE)), { columns: true });
}

test('The sample org is imported whole, and the second import changes nothing', async () => {
  for (const profile of await readSample('profiles.csv')) await dir.ok('POST', '/profiles', profile);
  for (const set of await readSample('permission-sets.csv')) await dir.ok('POST', '/permission-sets', set);
  for (const { PermissionSets, ...group } of await readSample('permission-set-groups.csv')) {
    await dir.ok('POST', '/permission-set-groups', { ...group, PermissionSets: PermissionSets?.split(';') });
  }
  await dir.ok('POST', '/custom-fields', { Name: 'CostCenter__c', Type: 'text', Length: 80 });
  await dir.ok('POST', '/custom-fields', { Name: 'StartDate__c', Type: 'date' });
  const csv = await readFile(new URL('users.csv', SAMPLE));
  const rows = await readSample('users.csv');

  const dry = await dir.importCsv(csv, '?dryRun=true');
  assert.equal(dry.status, 200, dry.text.slice(0, 2000));
  assert.deepEqual([dry.json.applied, dry.json.created, dry.json.problemCount], [false, rows.length, 0]);
  assert.equal((await dir.query('select count(*)::int as n from directory_user'))[0]?.['n'], 0);

  const first = await dir.importCsv(csv);
  assert.equal(first.status, 200, first.text.slice(0, 2000));
  assert.deepEqual([first.json.applied, first.json.created, first.json.updated], [true, rows.length, 0]);

  const before = await dir.snapshot();
  const second = await dir.importCsv(csv);
  assert.deepEqual([second.json.created, second.json.updated, second.json.unchanged], [0, 0, rows.length]);
  assert.equal(await dir.snapshot(), before);
});
