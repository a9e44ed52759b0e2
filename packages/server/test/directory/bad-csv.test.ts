import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDirectoryFixture, type DirectoryFixture } from './directory-fixture.ts';

let dir: DirectoryFixture;
before(async () => {
  dir = await createDirectoryFixture();
  await dir.ok('POST', '/profiles', { Name: 'Sales' });
  await dir.ok('POST', '/permission-sets', { Name: 'Crm' });
  await dir.ok('POST', '/custom-fields', { Name: 'Grade__c', Type: 'number' });
  await dir.createUser('there@csv.example', { FederationIdentifier: 'idp|1' });
});
after(() => dir.close());

const HEAD = 'Username,LastName,Email';
const GOOD = 'new@csv.example,New,new@csv.example';
const file = (...rows: string[]) => `${rows.join('\n')}\n`;
const withColumn = (column: string, cell: string) => file(`${HEAD},${column}`, `${GOOD},${cell}`);
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

/** What is wrong, the file, the status, the text of the detail or of a problem with its place. */
const CASES: [string, string | Buffer, number, RegExp][] = [
  ['an empty file', '', 400, /missing|empty/],
  ['nothing but a line break', '\n', 400, /empty/],
  ['UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(file(HEAD, GOOD))]), 400, /UTF-16/],
  ['UTF-16 without a mark', utf16(file(HEAD, GOOD)), 400, /UTF-16/],
  ['Latin-1', Buffer.from(file(HEAD, GOOD, 'a@csv.example,Müller,a@csv.example'), 'latin1'), 400, /line 3 .*Latin-1/],
  ['a workbook', Buffer.from('PK\u0003\u0004aaaaaaaaaaaa', 'latin1'), 400, /workbook/],
  ['NUL characters', file(HEAD, 'a@csv.example,A\0B,a@csv.example'), 400, /NUL/],
  ['semicolons between columns', file('Username;LastName;Email', 'a;b;c'), 400, /semicolons/],
  ['tabs between columns', file('Username\tLastName\tEmail', 'a\tb\tc'), 400, /tabs/],
  ['an unknown column', withColumn('Depatment', 'x'), 400, /line 1, column "Depatment".*Did you mean Department/],
  ['a column twice', withColumn('lastname', 'x'), 400, /line 1, column "lastname" is there twice/],
  ['a column without a name', withColumn('', 'x'), 400, /column "4" has no name/],
  ['a read-only column', withColumn('Id', 'x'), 400, /column "Id" is set by Usher/],
  ['no key column', file('LastName,Email', 'New,new@csv.example'), 400, /"Username" is missing/],
  ['a quotation mark that is never closed', file(HEAD, 'a@csv.example,"A,a@csv.example', GOOD), 400, /never closed/],
  [
    'a quotation mark inside a cell',
    file(HEAD, GOOD, 'a@csv.example,A 5" B,a@csv.example'),
    400,
    /Line 3.*quotation mark/,
  ],
  ['text after a quotation mark', file(HEAD, GOOD, 'a@csv.example,"A" B,a@csv.example'), 400, /Line 3.*closing/],
  ['a cell of 10 MB', file(HEAD, `a@csv.example,${'x'.repeat(10_000_000)},a@csv.example`), 413, /1 MiB/],
  ['a quoted cell of 10 MB', file(HEAD, `a@csv.example,"${'x\n'.repeat(5_000_000)}",a`), 413, /1 MiB/],
  ['too few cells', file(HEAD, GOOD, 'a@csv.example,A'), 422, /line 3 has 2 cells, and the header has 3/],
  ['too many cells', file(HEAD, 'a@csv.example,A,B,a@csv.example'), 422, /line 2 has 4 cells/],
  [
    'the same user twice',
    file(HEAD, GOOD, 'x@csv.example,X,x@csv.example', GOOD.toUpperCase()),
    422,
    /line 2, column Username.*line 4.*line 4, column Username.*line 2/s,
  ],
  [
    'the same FederationIdentifier twice',
    file(`${HEAD},FederationIdentifier`, `${GOOD},f1`, 'b@csv.example,B,b@csv.example,f1'),
    422,
    /"f1" is also on line 3/,
  ],
  [
    'a FederationIdentifier of another user',
    withColumn('FederationIdentifier', 'idp|1'),
    422,
    /FederationIdentifier of another user/,
  ],
  ['a blank key', file(HEAD, ',New,new@csv.example'), 422, /line 2, column Username is blank/],
  [
    'a new user without what is required',
    file('Username,LastName', 'new@csv.example,New'),
    422,
    /line 2, column Email is missing/,
  ],
  ['a blank last name', file(HEAD, 'there@csv.example,,there@csv.example'), 422, /column LastName is blank/],
  ['a wrong address', file(HEAD, 'new@csv.example,New,nowhere'), 422, /line 2, column Email "nowhere"/],
  [
    'a text that is too long',
    file(HEAD, `new@csv.example,${'é'.repeat(81)},new@csv.example`),
    422,
    /81 characters.*at most 80/,
  ],
  ['neither true nor false', withColumn('IsActive', 'perhaps'), 422, /column IsActive "perhaps" is neither/],
  ['no number', withColumn('grade__C', '1,5'.replace(',', 'x')), 422, /column grade__C "1x5" is not a number/],
  ['an unknown profile', withColumn('Profile', 'Slaes'), 422, /Did you mean "Sales"/],
  ['an unknown permission set', withColumn('PermissionSets', 'Crm;Crn'), 422, /"Crn" is not a permission set/],
  ['an unknown manager', withColumn('Manager', 'nobody@csv.example'), 422, /column Manager "nobody@csv.example"/],
  ['a user who manages themselves', withColumn('Manager', 'NEW@csv.example'), 422, /themselves/],
  [
    'the line of a record below one with line breaks',
    file(`${HEAD},Street`, `${GOOD},"a\nb\nc"`, 'x,X,x@csv.example,'),
    422,
    /line 5, column Username/,
  ],
];

test('Every wrong file gets an error of its own with the line, and nothing changes', async (t) => {
  const before = await dir.snapshot();
  for (const [name, csv, status, text] of CASES) {
    await t.test(`${name}: ${status}`, async () => {
      const answer = await dir.importCsv(csv);
      assert.equal(answer.status, status, answer.text.slice(0, 500));
      const errors = answer.json.errors.map((e: Record<string, string>) => `${e['field']} ${e['problem']} ${e['fix']}`);
      assert.match([answer.json.detail, ...errors].join('\n'), text);
    });
  }
  assert.equal(await dir.snapshot(), before);
});

test('A mark at the beginning, CRLF, blank lines and quoted line breaks are read', async () => {
  const csv = `\ufeff${HEAD},Street\r\n\r\nmark@csv.example,"Mark ""M"" O, Neill",mark@csv.example,"One\r\nTwo"\r\n\r\n`;
  const report = await dir.importCsv(csv, '?dryRun=true');
  assert.deepEqual([report.json.rows, report.json.created, report.json.problemCount], [1, 1, 0], report.text);
});

test('Wrong parameters of an import are refused', async () => {
  const cases: [string, number, string][] = [
    ['?mode=some', 400, 'query.mode'],
    ['?key=Alias', 400, 'query.key'],
    ['?dryrun=true', 400, 'query.dryrun'],
    ['?snapshotToken=x', 400, 'query.snapshotToken'],
    ['?allowLeavers=3', 400, 'query.allowLeavers'],
    ['?snapshot=true&allowLeavers=-1', 400, 'query.allowLeavers'],
  ];
  for (const [query, status, field] of cases) {
    const answer = await dir.importCsv(file(HEAD, GOOD), query);
    assert.deepEqual([answer.status, answer.json.errors[0]?.field], [status, field], answer.text);
  }
});

test('A file whose faults are without end is refused with the first of them', async () => {
  const rows = Array.from({ length: 12_000 }, (_, n) => `bad${n},B,b@csv.example`);
  const answer = await dir.importCsv(file(HEAD, ...rows));
  assert.equal(answer.status, 422);
  assert.equal(answer.json.errors.length, 10_000);
  assert.match(answer.json.detail, /12000 problems/);
});
