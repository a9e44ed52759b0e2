import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import {
  buildSampleOrg,
  collaborationAccess,
  fieldLengths,
  listHolders,
  sampleOrgFolder,
  sampleUserFields,
} from '../src/index.ts';

type Row = Record<string, string>;

const read = (name: string): Row[] => parse(readFileSync(new URL(name, sampleOrgFolder)), { columns: true });
const rows = read('users.csv');
const list = (cell: string | undefined): string[] => (cell ? cell.split(';') : []);
const required = [
  'Username',
  'LastName',
  'Email',
  'Alias',
  'CommunityNickname',
  'Profile',
  'TimeZoneSidKey',
  'LocaleSidKey',
  'LanguageLocaleKey',
  'EmailEncodingKey',
];
const emailEncodings = [
  'UTF-8',
  'ISO-8859-1',
  'Shift_JIS',
  'ISO-2022-JP',
  'EUC-JP',
  'ks_c_5601-1987',
  'Big5',
  'GB2312',
  'Big5-HKSCS',
  'x-SJIS_0213',
];

describe('the committed sample org', () => {
  it('is what the generator writes', () => {
    const generator = fileURLToPath(new URL('../src/sample-org/generate.ts', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [generator, '--check'], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });

  it('has at least 1,200 users under the field names of the User object', () => {
    assert.ok(rows.length >= 1_200, String(rows.length));
    assert.deepEqual(Object.keys(rows[0] ?? {}), sampleUserFields);
    assert.deepEqual(
      rows.map((row) => row['Username']),
      buildSampleOrg().users.map(({ Username }) => Username),
    );
  });

  it('is valid: required fields, lengths, addresses, dates, times zones and locales', () => {
    for (const row of rows) {
      const where = row['Username'] ?? '';
      for (const field of required) assert.ok(row[field], `${where}: ${field} is blank`);
      for (const [field, length] of Object.entries(fieldLengths)) {
        assert.ok(
          (row[field] ?? '').length <= length,
          `${where}: ${field} has ${row[field]?.length} of ${length} characters`,
        );
      }
      for (const [field, value] of Object.entries(row))
        assert.equal(value, value.trim(), `${where}: ${field} has spaces around it`);
      assert.match(where, /^[a-z0-9.'+_-]{1,64}@([a-z0-9]+\.)?example\.com$/);
      assert.match(row['Email'] ?? '', /^[A-Za-z0-9.'+_-]{1,64}@([a-z-]{1,63}\.)?example\.com$/i);
      assert.match(row['StartDate__c'] ?? '', /^$|^\d{4}-\d{2}-\d{2}$/);
      if (row['StartDate__c'])
        assert.equal(new Date(row['StartDate__c']).toISOString().slice(0, 10), row['StartDate__c']);
      assert.ok(emailEncodings.includes(row['EmailEncodingKey'] ?? ''), where);
      assert.ok(['true', 'false'].includes(row['IsActive'] ?? ''), where);
      assert.doesNotThrow(
        () =>
          new Intl.DateTimeFormat(row['LocaleSidKey']?.replace('_', '-'), { timeZone: row['TimeZoneSidKey'] ?? '' }),
      );
      assert.doesNotMatch(Object.values(row).join(''), /\p{Emoji_Presentation}|[\ud800-\udfff]/u);
    }
  });

  it('has no two users with one Username, nickname or federation identifier', () => {
    for (const field of ['Username', 'CommunityNickname', 'FederationIdentifier']) {
      const values = rows.map((row) => row[field]?.toLowerCase()).filter((value) => value !== '');
      assert.equal(new Set(values).size, values.length, field);
    }
  });

  it('refers to profiles, permission sets, groups and managers that exist, without circles', () => {
    const names = (file: string) => new Set(read(file).map((row) => row['Name']));
    const [profiles, sets, groups] = [
      names('profiles.csv'),
      names('permission-sets.csv'),
      names('permission-set-groups.csv'),
    ];
    const managers = new Map(rows.map((row) => [row['Username'], row['Manager']]));
    for (const group of read('permission-set-groups.csv')) {
      for (const set of list(group['PermissionSets'])) assert.ok(sets.has(set), set);
    }
    for (const row of rows) {
      assert.ok(profiles.has(row['Profile']), row['Profile']);
      for (const set of list(row['PermissionSets'])) assert.ok(sets.has(set), set);
      for (const group of list(row['PermissionSetGroups'])) assert.ok(groups.has(group), group);
      const seen = new Set<string>();
      for (let manager = row['Manager']; manager; manager = managers.get(manager)) {
        assert.ok(managers.has(manager), `${row['Username']}: there is no manager ${manager}`);
        assert.ok(!seen.has(manager), `${row['Username']}: managers in a circle`);
        seen.add(manager);
      }
    }
    assert.deepEqual(
      [...groups].every((name) => /^[A-Z][A-Za-z_]+$/.test(name ?? '')),
      true,
    );
  });

  it('is nasty', () => {
    const all = readFileSync(new URL('users.csv', sampleOrgFolder), 'utf8');
    const has: [string, RegExp][] = [
      ['straight apostrophes', /O'Brien/],
      ['curly apostrophes', /O’Brien/],
      ['combining marks', /\p{L}\u0308/u],
      ['Han', /\p{Script=Han}/u],
      ['Hebrew', /\p{Script=Hebrew}/u],
      ['Arabic', /\p{Script=Arabic}/u],
      ['Thai', /\p{Script=Thai}/u],
      ['doubled quotes', /""Special Projects""/],
      ['line breaks in a cell', /"[^"\n]*\n[^"]*"/],
      ['cells that look like formulas', /,=1\+1,@SUM/],
    ];
    for (const [what, pattern] of has) assert.match(all, pattern, what);
    const atLimit = new Set(
      rows
        .flatMap((row) => Object.entries(fieldLengths).filter(([field, length]) => row[field]?.length === length))
        .map(([field]) => field),
    );
    const picklists = ['TimeZoneSidKey', 'LocaleSidKey', 'LanguageLocaleKey', 'EmailEncodingKey', 'Department'];
    assert.deepEqual(
      [...atLimit].sort(),
      Object.keys(fieldLengths)
        .filter((field) => !picklists.includes(field))
        .sort(),
    );
    for (const field of sampleUserFields.filter(
      (name) => !required.includes(name) && !['IsActive', 'Department'].includes(name),
    )) {
      assert.ok(
        rows.some((row) => row[field] === ''),
        `nobody has a blank ${field}`,
      );
    }
    const inactive = rows.filter((row) => row['IsActive'] === 'false');
    assert.ok(inactive.length >= 10 && inactive.length <= 50, String(inactive.length));
    const position = new Map(rows.map((row, index) => [row['Username'], index]));
    const before = rows.filter((row, index) => row['Manager'] && (position.get(row['Manager']) ?? 0) > index);
    assert.ok(before.length > 300, `${before.length} users come before their manager`);
  });

  it('gives the app of the demo to more than 1,000 people, and by one change to hundreds more', () => {
    const org = buildSampleOrg();
    const holders = listHolders(org, collaborationAccess).length;
    assert.ok(holders > 1_000, String(holders));
    const withSupport = {
      ...org,
      permissionSetGroups: org.permissionSetGroups.map((group) => ({
        ...group,
        PermissionSets: [...group.PermissionSets, collaborationAccess],
      })),
    };
    const more = listHolders(withSupport, collaborationAccess).length - holders;
    assert.ok(more > 200, String(more));
  });
});
